"""Benchmarks: what the plugin costs, as ratios to a named reference measured in the same run."""

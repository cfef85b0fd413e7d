"""Checks of what is shipped. Programs rather than tests: each wants an environment of its own (see tox.ini)."""

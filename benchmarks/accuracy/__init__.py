"""How far measured learning time lies from true attention, on simulated learners."""

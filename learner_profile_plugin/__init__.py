"""Learner profiles for Open edX: what learners state and what the platform recorded, told apart."""

__version__ = "0.1.0"

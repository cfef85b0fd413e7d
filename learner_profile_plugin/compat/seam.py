"""
The switch that lets another implementation stand in for the LMS.

Where ``LEARNER_PROFILE_COMPAT`` names a module, each function marked with :func:`replaceable` is
answered by that module's function of the same name. A host that is not the LMS (the demo, the
tests) sets it; an Open edX site does not.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from importlib import import_module
from typing import ParamSpec, TypeVar

from django.conf import settings

P = ParamSpec("P")
R = TypeVar("R")


def replaceable(function: Callable[P, R]) -> Callable[P, R]:
    """Answer calls of ``function`` from the stand-in module, where the settings name one."""

    @functools.wraps(function)
    def chosen(*args: P.args, **kwargs: P.kwargs) -> R:
        stand_in = getattr(settings, "LEARNER_PROFILE_COMPAT", None)
        target: Callable[P, R] = getattr(import_module(stand_in), function.__name__) if stand_in else function
        return target(*args, **kwargs)

    return chosen

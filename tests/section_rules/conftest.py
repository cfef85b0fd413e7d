"""The three places where an operator writes rules down."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from learner_profile_plugin.access import Audience
from learner_profile_plugin.models import SectionRule

Write = Callable[[Any], None]

NAME = "LEARNER_PROFILE_SECTIONS"
FIELDS = {
    "enabled": "is_enabled",
    "locked": "is_locked",
    "required": "is_required",
    "default_audience": "default_audience",
    "max_items": "max_items",
}


def add_row(section: str, **entry: Any) -> SectionRule:
    """Write a row in the words of the settings; what is not said is left open."""
    values = {FIELDS[key]: value for key, value in entry.items()}
    if "default_audience" in entry:
        values["default_audience"] = Audience[entry["default_audience"].upper()].value
    return SectionRule.objects.create(section=section, **values)


@pytest.fixture
def in_settings(settings: Any, db: None) -> Write:
    def write(configuration: Any) -> None:
        setattr(settings, NAME, configuration)

    return write


@pytest.fixture
def in_admin(db: None) -> Write:
    def write(configuration: Any) -> None:
        for section, entry in configuration.items():
            add_row(section, **entry)

    return write


@pytest.fixture
def on_site(settings: Any, db: None) -> Write:
    def write(configuration: Any) -> None:
        settings.SITE_CONFIGURATION = {NAME: configuration}

    return write

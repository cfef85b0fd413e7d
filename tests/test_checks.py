"""What an operator is told when the LMS starts."""

from __future__ import annotations

import pytest
from django.core import checks
from django.core.checks import Error, run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError

SECTIONS = "LEARNER_PROFILE_SECTIONS"


def found() -> list[tuple[type, str | None, str]]:
    """Run the checks as the LMS does, and return those of the plugin."""
    return [
        (type(message), message.id, message.msg)
        for message in run_checks()
        if (message.id or "").startswith("learner_profile.")
    ]


class TestSectionRules:
    @pytest.mark.parametrize("fine", [None, {}, {"skills": {}}, {"contact": {"default_audience": "connected"}}])
    def test_nothing_is_wrong(self, settings, fine):
        setattr(settings, SECTIONS, fine)

        assert found() == []

    @pytest.mark.parametrize(
        ("configuration", "level", "check_id", "start"),
        [
            ("off", Error, "E001", f"{SECTIONS}: 'off' is no dictionary"),
            ({"skills": False}, Error, "E001", f"{SECTIONS}[skills]: False is no dictionary"),
            ({"skill": {}}, Error, "E003", f"{SECTIONS}['skill']: There is no section of this name"),
            ({"skills": {"colour": 1}}, Error, "E004", f"{SECTIONS}[skills]: 'colour' is nothing"),
            ({"skills": {"locked": "no"}}, Error, "E005", f"{SECTIONS}[skills]: locked cannot be 'no'."),
            ({"header": {"enabled": False}}, Error, "E006", f"{SECTIONS}[header]: The head of the page cannot"),
            ({"links": {"max_items": 21}}, Error, "E006", f"{SECTIONS}[links]: There cannot be as many as 21"),
            (
                {"about": {"locked": True, "required": True}},
                checks.Warning,
                "W002",
                f"{SECTIONS}[about]: The",
            ),
        ],
    )
    def test_mistake_is_told(self, settings, configuration, level, check_id, start):
        setattr(settings, SECTIONS, configuration)

        ((told_level, told_id, text),) = found()

        assert (told_level, told_id) == (level, f"learner_profile.{check_id}")
        assert text.startswith(start)

    def test_every_mistake_is_told_with_a_hint(self, settings):
        setattr(settings, SECTIONS, {"skills": {"locked": 1, "max_items": 0}, "x": {}})

        messages = [message for message in run_checks() if (message.id or "").startswith("learner_profile.")]

        assert len(messages) == 3
        assert all(message.hint for message in messages)

    def test_command_stops(self, settings):
        setattr(settings, SECTIONS, {"skill": {}})

        with pytest.raises(SystemCheckError, match="The sections are: header, contact"):
            call_command("check")

    def test_mistake_can_be_silenced(self, settings):
        setattr(settings, SECTIONS, {"skill": {}})
        settings.SILENCED_SYSTEM_CHECKS = ["learner_profile.E003"]

        call_command("check", "--fail-level", "WARNING")


class TestStorage:
    def test_storage_that_there_is_is_fine(self, settings):
        settings.LEARNER_PROFILE_STORAGE = "default"

        assert found() == []

    @pytest.mark.parametrize("alias", ["pictures", None, ["default"]])
    def test_storage_that_there_is_not_is_told(self, settings, alias):
        settings.LEARNER_PROFILE_STORAGE = alias

        ((level, check_id, text),) = found()

        assert (level, check_id) == (Error, "learner_profile.E002")
        assert text.startswith("LEARNER_PROFILE_STORAGE: ")


class TestFlags:
    @pytest.mark.parametrize("value", [True, False])
    def test_yes_and_no_are_fine(self, settings, value):
        settings.LEARNER_PROFILE_COLLECT_LEARNING_TIME = value

        assert found() == []

    def test_anything_else_is_told_with_what_it_counts_as(self, settings):
        settings.LEARNER_PROFILE_COLLECT_LEARNING_TIME = "False"

        assert found() == [
            (
                checks.Warning,
                "learner_profile.W001",
                "LEARNER_PROFILE_COLLECT_LEARNING_TIME is 'False', and counts as True.",
            )
        ]


class TestApiRates:
    @pytest.mark.parametrize("rates", [{}, {"read": None}, {"read": "3/s", "change": "10/day"}, {"change": "0/hour"}])
    def test_limits_that_can_be_read_are_fine(self, settings, rates):
        settings.LEARNER_PROFILE_API_RATES = rates

        assert found() == []

    @pytest.mark.parametrize(
        ("rates", "text"),
        [
            ("3/s", "'3/s' is no dictionary."),
            (None, "None is no dictionary."),
            ({"read": "many"}, "'read' cannot be 'many'."),
            ({"change": 3}, "'change' cannot be 3."),
            ({"change": "3/fortnight"}, "'change' cannot be '3/fortnight'."),
            ({"write": "3/s"}, "there is no limit for 'write'."),
        ],
    )
    def test_others_are_told(self, settings, rates, text):
        settings.LEARNER_PROFILE_API_RATES = rates

        assert found() == [(Error, "learner_profile.E007", f"LEARNER_PROFILE_API_RATES: {text}")]

"""Names that several learners use alike: counted by a task, suggested to others, and telling nothing of a few."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from celery import current_app
from django.contrib.auth.models import User
from django.core.cache import cache

from learner_profile_plugin.access import Section
from learner_profile_plugin.profile_fields import api, common_names, tasks
from tests.conftest import NOW, PersonFactory
from tests.profile_fields.material import EVERYONE, add

SKILLS = Section.SKILLS


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def seven(person: PersonFactory) -> list[User]:
    """Make seven learners with published portfolios."""
    learners = [person(f"learner{number}") for number in range(7)]
    for learner in learners:
        api.publish(learner.pk, text="Yes.", audiences=EVERYONE)
    return learners


def counted(suggests: str = "skill") -> list[str]:
    tasks.count_common_names(suggests)
    return api.get_common_names(suggests)


def say(learners: list[User], name: str, section: Section = SKILLS, **values: Any) -> None:
    for learner in learners:
        add(learner.pk, section, **{"name": name} | values)


def test_a_name_takes_five_learners(seven: list[User]) -> None:
    say(seven[:5], "Knots")
    say(seven[:4], "Ropes")
    assert counted() == ["Knots"]


def test_one_learner_counts_once(seven: list[User]) -> None:
    for _ in range(6):
        say(seven[:4], "Knots")
    assert counted() == []


def test_the_most_frequent_come_first_and_then_the_alphabet_decides(seven: list[User]) -> None:
    say(seven[:5], "b")
    say(seven[1:6], "a")
    say(seven, "c")
    assert counted() == ["c", "a", "b"]


@pytest.mark.parametrize("obstacle", ["hidden", "removed", "taken back", "never published", "deleted"])
def test_what_a_learner_does_not_show_does_not_count(seven: list[User], person: PersonFactory, obstacle: str) -> None:
    say(seven[:4], "Knots")
    fifth = person("dan") if obstacle == "never published" else seven[4]
    item = add(fifth.pk, name="Knots")
    match obstacle:
        case "hidden":
            api.set_hidden(fifth.pk, item.id, is_hidden=True)
        case "removed":
            api.remove_item(fifth.pk, item.id)
        case "taken back":
            api.unpublish(fifth.pk)
        case "deleted":
            api.delete_profile(fifth.pk)
    assert counted() == []
    say(seven[5:6], "Knots")
    assert counted() == ["Knots"]


@pytest.mark.parametrize("name", ["Zürich", "日本語", "🛟", "a\\b\"c'd", "{}", "null", "5", "%s", "</script>"])
def test_any_script_is_counted_as_it_was_written(seven: list[User], name: str) -> None:
    say(seven[:5], name)
    assert counted() == [name]


@pytest.mark.parametrize(("one", "other"), [("knots", "Knots"), ("resume", "résumé"), ("🛟", "🦄"), ("ß", "ss")])
def test_names_that_are_written_in_two_ways_are_two_names(seven: list[User], one: str, other: str) -> None:
    say(seven[:4], one)
    say(seven[4:], other)
    assert counted() == []


def test_lists_are_filled_from_the_fields_that_offer_them(seven: list[User]) -> None:
    say(seven, "Knots")
    say(seven, "Dutch", Section.LANGUAGES)
    for learner in seven:
        add(learner.pk, Section.WORK_EXPERIENCE, title="Captain", employer="Sea")
        add(learner.pk, Section.VOLUNTEERING, role="Cook")
        add(learner.pk, Section.EDUCATION, school="School of Knots", degree="Master")
    assert counted("skill") == ["Knots"]
    assert counted("role") == ["Captain", "Cook"]
    assert counted("school") == ["School of Knots"]
    assert counted("language") == ["Dutch"]


def test_a_name_of_two_sections_is_named_once(seven: list[User]) -> None:
    for learner in seven:
        add(learner.pk, Section.WORK_EXPERIENCE, title="Cook")
        add(learner.pk, Section.VOLUNTEERING, role="Cook")
    assert counted("role") == ["Cook"]


def test_of_very_many_the_most_frequent_are_kept(seven: list[User], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(common_names, "MOST_NAMES", 2)
    for number, name in enumerate("dcba"):
        say(seven[: 5 + number // 2], name)
    assert counted() == ["a", "b"]


class TestRenewal:
    def test_whoever_asks_first_has_them_counted_and_nobody_else_for_a_day(
        self, seven: list[User], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked: list[tuple[Any, ...]] = []
        monkeypatch.setattr(tasks.count_common_names, "apply_async", lambda *given, **rest: asked.append((given, rest)))
        with time_machine.travel(NOW, tick=False) as clock:
            assert api.get_common_names("skill") == []
            api.get_common_names("skill")
            assert asked == [((("skill",),), {"retry": False})], "without waiting for a broker that does not answer"
            api.get_common_names("role")
            assert len(asked) == 2
            clock.shift(timedelta(days=1, seconds=1))
            api.get_common_names("skill")
            assert len(asked) == 3

    def test_they_are_there_for_a_week_though_nothing_counts_them_anew(
        self, seven: list[User], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(tasks.count_common_names, "apply_async", lambda *given, **rest: None)
        say(seven, "Knots")
        with time_machine.travel(NOW, tick=False) as clock:
            assert counted() == ["Knots"]
            clock.shift(timedelta(days=6))
            assert api.get_common_names("skill") == ["Knots"]
            clock.shift(timedelta(days=2))
            assert api.get_common_names("skill") == []

    def test_the_task_counts(self, seven: list[User]) -> None:
        # The demo does tasks at once.
        say(seven, "Knots")
        assert api.get_common_names("skill") == ["Knots"]

    def test_a_broker_that_is_down_is_no_error(self, learner: User, caplog: pytest.LogCaptureFixture) -> None:
        current_app.conf.task_always_eager = False
        try:
            with pytest.MonkeyPatch.context() as patch, caplog.at_level(logging.WARNING):
                patch.setattr("kombu.transport.memory.Channel._put", _refuse)
                assert api.get_common_names("skill") == []
        finally:
            current_app.conf.task_always_eager = True
        assert "Suggestions of skill are not renewed" in caplog.text


def _refuse(*args: Any, **kwargs: Any) -> None:
    raise ConnectionRefusedError("no broker")


class TestLeavingOut:
    def test_what_a_deleted_learner_wrote_is_no_longer_suggested(self, seven: list[User]) -> None:
        for name in ("Knots", "Ropes"):
            say(seven[1:], name)
        say(seven[:1], "Knots")
        add(seven[0].pk, Section.EDUCATION, school="School of Knots")
        say(seven, "Dutch", Section.LANGUAGES)
        assert counted("language") == ["Dutch"]
        assert counted() == ["Knots", "Ropes"]
        api.delete_learner(seven[0].pk)
        assert api.get_common_names("skill") == ["Ropes"]
        assert api.get_common_names("language") == []

    def test_the_next_count_brings_back_what_enough_others_write(self, seven: list[User]) -> None:
        say(seven, "Knots")
        assert counted() == ["Knots"]
        api.delete_learner(seven[0].pk)
        assert counted() == ["Knots"]

"""What learners stated before there were items is theirs still, in the new tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps.registry import Apps
from django.contrib.auth.models import User
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from learner_profile_plugin.access import Audience, Section
from learner_profile_plugin.profile_fields import api
from learner_profile_plugin.profile_fields.api import KINDS
from learner_profile_plugin.profile_fields.data import PartialDate, Profile
from tests.conftest import NOW, PersonFactory

APP = "learner_profile_plugin"
FIRST, TABLES, FILLED, LATEST = "0001_initial", "0002_items", "0003_statements_into_items", ""

Migrate = Callable[[str], Any]

# transaction=True: the schema changes under the test, and no database lets it do so within a transaction of its own.
pytestmark = pytest.mark.django_db(transaction=True)

JOBS = [
    # Dates would put them the other way round.
    ("Clerk", "Harbour", "Lisbon", "1999", "2001-05", "Counted.\r\nAnd counted."),
    ("Captain", "Sea & Co", "", "2019-03", "", ""),
    ("Pilot", "Sea & Co", "🛟", "2010-02-28", "2012", '**Ropes** \'n "knots" \\u0000'),
]
LINKS = [("https://example.org/ada?a=1&b=2", "My <notes>"), ("http://code.example.org", "")]


@pytest.fixture
def migrate(transactional_db: None) -> Iterator[Migrate]:
    """Bring the plugin's tables to a migration and return the models as they were then; in the end to the last one."""

    def to(name: str) -> Any:
        executor = MigrationExecutor(connection)
        target = [(APP, name)] if name else executor.loader.graph.leaf_nodes(APP)
        executor.migrate(target)
        apps = executor.loader.project_state(target).apps
        return SimpleNamespace(apps=apps, **{model.__name__: model for model in apps.get_app_config(APP).get_models()})

    yield to
    to(LATEST)


def state(old: Any, user: User, **fields: Any) -> Any:
    """Write an old profile."""
    return old.Profile.objects.create(user_id=user.pk, **fields)


def state_all(old: Any, user: User) -> None:
    profile = state(old, user, headline="Keeps engines thinking 🛟", about="I\r\nlike…", published_at=NOW, version=7)
    for place, (title, employer, location, start, end, description) in enumerate(JOBS):
        old.WorkExperience.objects.create(
            profile=profile,
            position=place * 2,
            title=title,
            employer=employer,
            location=location,
            start=start,
            end=end,
            description=description,
        )
    for place, (url, label) in enumerate(LINKS):
        old.Link.objects.create(profile=profile, position=5 - place, url=url, label=label)
    for section, audience in (("about", 0), ("work_experience", 2), ("courses", 4), ("of_another_version", 1)):
        old.SectionAudience.objects.create(profile=profile, section=section, audience=audience)


def said(profile: Profile) -> dict[str, list[dict[str, Any]]]:
    """Return what items say, without the fields that are empty."""
    return {
        section.value: [{name: value for name, value in item.values.items() if value} for item in items]
        for section, items in profile.items.items()
    }


ALL = {
    "header": [{"headline": "Keeps engines thinking 🛟"}],
    "about": [{"text": "I\r\nlike…"}],
    "work_experience": [
        {
            "title": "Clerk",
            "employer": "Harbour",
            "location": "Lisbon",
            "start": PartialDate(1999),
            "end": PartialDate(2001, 5),
            "description": "Counted.\r\nAnd counted.",
        },
        {"title": "Captain", "employer": "Sea & Co", "start": PartialDate(2019, 3)},
        {
            "title": "Pilot",
            "employer": "Sea & Co",
            "location": "🛟",
            "start": PartialDate(2010, 2, 28),
            "end": PartialDate(2012),
            "description": '**Ropes** \'n "knots" \\u0000',
        },
    ],
    "links": [{"url": url, **({"label": label} if label else {})} for url, label in reversed(LINKS)],
}


def test_what_was_stated_is_there_as_it_was(migrate: Migrate, person: PersonFactory) -> None:
    ada = person("ada")
    state_all(migrate(FIRST), ada)
    migrate(LATEST)
    profile = api.get_profile(ada.pk)
    assert said(profile) == ALL
    assert profile.by_hand == {Section.WORK_EXPERIENCE}
    assert profile.audiences == {
        Section.ABOUT: Audience.ONLY_ME,
        Section.WORK_EXPERIENCE: Audience.CONNECTED,
        Section.COURSES: Audience.EVERYONE,
    }
    assert (profile.published_at, profile.published_as_minor, profile.version) == (NOW, False, 7)
    assert not any(item.is_hidden or item.version != 1 for items in profile.items.values() for item in items)

    # It can be changed and added to from then on.
    for section, items in profile.items.items():
        for item in items:
            assert api.change_item(ada.pk, item.id, KINDS[section].dump(item.values), version=1).version == 2
    api.add_item(ada.pk, Section.LINKS, {"url": "https://last.example.org"})
    links = api.get_profile(ada.pk).items[Section.LINKS]
    assert [link.values["url"] for link in links] == [*(url for url, _ in reversed(LINKS)), "https://last.example.org"]


def test_what_was_empty_makes_no_item_and_a_single_position_no_order(migrate: Migrate, person: PersonFactory) -> None:
    old = migrate(FIRST)
    cases: list[tuple[dict[str, str], dict[str, Any]]] = [
        ({}, {}),
        ({"headline": "x"}, {"header": [{"headline": "x"}]}),
        ({"about": "y"}, {"about": [{"text": "y"}]}),
    ]
    learners = [person(f"learner{number}") for number in range(len(cases))]
    for user, (fields, _) in zip(learners, cases, strict=True):
        state(old, user, version=1, **fields)
    ada = person("ada")
    clerk = {"title": "Clerk", "employer": "Harbour", "start": "1999"}
    old.WorkExperience.objects.create(profile=state(old, ada), position=0, **clerk)
    migrate(LATEST)
    for user, (_, expected) in zip(learners, cases, strict=True):
        assert said(api.get_profile(user.pk)) == expected
        assert api.get_profile(user.pk).version == 1
    assert said(api.get_profile(ada.pk)) == {"work_experience": [clerk | {"start": PartialDate(1999)}]}
    assert api.get_profile(ada.pk).by_hand == frozenset()


class CutOffError(Exception):
    """The process ends here."""


def cut_off(statement: str, number: int) -> Callable[..., Any]:
    """Return what ends the process at the so manieth statement that begins so."""
    seen = 0

    def execute(run: Callable[..., Any], sql: str, *rest: Any) -> Any:
        nonlocal seen
        # Each database has its own quotes around names.
        if re.sub(r'["`]', "", sql).startswith(statement):
            seen += 1
            if seen == number:
                raise CutOffError
        return run(sql, *rest)

    return execute


def test_cut_off_it_leaves_all_to_do_and_does_it_when_run_again(migrate: Migrate, person: PersonFactory) -> None:
    old = migrate(FIRST)
    learners = [person(f"learner{number}") for number in range(4)]
    for user in learners:
        state_all(old, user)
    migrate(TABLES)
    reading = f"SELECT {APP}_link.id"
    with connection.execute_wrapper(cut_off(reading, 3)), pytest.raises(CutOffError):
        migrate(FILLED)
    migrate(LATEST)
    assert [said(api.get_profile(user.pk)) for user in learners] == [ALL] * 4


def test_where_it_was_cut_off_it_goes_on_though_nothing_was_rolled_back(
    migrate: Migrate, person: PersonFactory
) -> None:
    old = migrate(FIRST)
    learners = [person(f"learner{number}") for number in range(4)]
    for user in learners:
        state_all(old, user)
    apps: Apps = migrate(TABLES).apps
    fill_items = import_module(f"{APP}.migrations.{FILLED}").fill_items
    editor = SimpleNamespace(connection=connection)
    with connection.execute_wrapper(cut_off(f"INSERT INTO {APP}_item", 3)), pytest.raises(CutOffError):
        fill_items(apps, editor)
    for _ in range(2):
        fill_items(apps, editor)
    migrate(LATEST)
    assert [said(api.get_profile(user.pk)) for user in learners] == [ALL] * 4


def test_going_back_one_step_and_forward_again_loses_and_doubles_nothing(
    migrate: Migrate, person: PersonFactory
) -> None:
    ada = person("ada")
    state_all(migrate(FIRST), ada)
    migrate(LATEST)
    before = api.get_profile(ada.pk)
    for step in (FILLED, TABLES):
        old = migrate(step)
        assert old.Profile.objects.get().headline == "", "what is in the new tables stays there"
        migrate(LATEST)
        assert api.get_profile(ada.pk) == before


def test_going_back_before_the_old_tables_are_dropped_loses_nothing(migrate: Migrate, person: PersonFactory) -> None:
    ada = person("ada")
    state_all(migrate(FIRST), ada)
    migrate(FILLED)
    old = migrate(FIRST)
    assert old.Profile.objects.get().headline == "Keeps engines thinking 🛟"
    assert old.WorkExperience.objects.count() == len(JOBS)
    migrate(LATEST)
    assert said(api.get_profile(ada.pk)) == ALL

"""What the tests of retirement share: learners with something of theirs everywhere, and the search for traces."""

from __future__ import annotations

import contextlib
import os
import pickle
import time
from collections.abc import Callable, Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import OperationalError, connection, models
from opaque_keys.edx.keys import CourseKey
from PIL import Image

from demo.lms.actions import certificates, enrolment, grades
from learner_profile_plugin import compat, retirement
from learner_profile_plugin.access import Audience, Section
from learner_profile_plugin.profile_fields import api as profile_fields
from learner_profile_plugin.secret_links import api as secret_links
from learner_profile_plugin.time_on_task import api as time_on_task
from learner_profile_plugin.time_on_task.data import Activity, Evidence
from learner_profile_plugin.warehouse.models import ExportedLearner
from tests.conftest import NOW, CourseFactory, PersonFactory
from tests.learning_record.conftest import queue

__all__ = ["queue"]

# Nothing else in a database, a file or a cache looks like these.
NUMBER = 7_305_129
WORD = "quixotry"
TRACES = ("zenobia", "quillfeather", WORD, str(NUMBER))

FOLDER = "learner_profile/pictures"
START = int(NOW.timestamp())


@pytest.fixture(autouse=True)
def clean(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Keep files apart from those of the demo, and begin and end with an empty cache."""
    settings.MEDIA_ROOT = tmp_path
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def key(course: CourseFactory) -> CourseKey:
    return course()


@pytest.fixture
def zenobia(person: PersonFactory, key: CourseKey) -> User:
    """Make the learner who is to be forgotten."""
    user = person("zenobia", name="Zenobia Quillfeather", pk=NUMBER)
    live(user, key, WORD)
    return user


@pytest.fixture
def ben(person: PersonFactory, key: CourseKey) -> User:
    """Make a learner who has as much, and keeps it."""
    user = person("ben")
    live(user, key, "sailing")
    return user


def live(user: User, key: CourseKey, word: str) -> None:
    """Let a learner have something in every table, file and memory; the word is in all that is text of theirs."""
    enrolment.enrol(user, key, at=NOW)
    grades.record(user, key, 0.9, at=NOW)
    certificates.issue(user, key, at=NOW)
    state(user, word)
    act(user, key)
    time_on_task.compact(user.pk)
    act(user, key, after=60)
    ExportedLearner.objects.create(user=user, actor_id=compat.get_external_ids([user.pk])[user.pk])
    empty = [model.__name__ for model in of_learners() if not rows_of(user, model)]
    assert empty == [], "a new table needs a row here, and to be forgotten"


def state(user: User, word: str) -> None:
    """Let a learner fill in a profile, publish it, and leave something behind on the way."""
    profile_fields.add_item(user.pk, Section.HEADER, {"headline": f"Master of {word}"})
    project = profile_fields.add_item(user.pk, Section.PROJECTS, {"title": word, "role": word})
    profile_fields.add_picture(user.pk, project.id, drawing(word), description=f"{word} at work")
    skill = profile_fields.add_item(user.pk, Section.SKILLS, {"name": word})
    profile_fields.remove_item(user.pk, skill.id)
    profile_fields.save_draft(user.pk, "add:skills", {"f-name": [word]})
    profile_fields.set_audiences(user.pk, {Section.ABOUT: Audience.ONLY_ME})
    profile_fields.publish(user.pk, text=f"I agree that {word} is shown.", audiences={})
    secret_links.create_link(user.pk, name=f"Friends of {word}", sections=["about"])
    # What an upload leaves that broke off before its row was written.
    default_storage.save(f"{FOLDER}/{user.pk}/broken-off.jpg", ContentFile(word.encode()))


def act(user: User, key: CourseKey, *, after: int = 0) -> None:
    time_on_task.keep([Activity(user.pk, key, Evidence(points=frozenset({START + after, START + after + 30})))])


def drawing(word: str) -> BytesIO:
    """Draw a picture whose bytes are of this word alone."""
    file = BytesIO()
    Image.frombytes("RGB", (8, 8), (word.encode() * 192)[:192]).save(file, "PNG")
    return BytesIO(file.getvalue())


def of_learners() -> list[type[models.Model]]:
    return [model for model in retirement.get_tables() if retirement.paths_to_learner(model)]


def rows_of(user: User, model: type[models.Model]) -> list[dict[str, Any]]:
    (path,) = retirement.paths_to_learner(model)
    return list(model._default_manager.filter(**{path: user.pk}).order_by("pk").values())


def told(counts: Mapping[str, int]) -> str:
    """Return what the command says of so many rows and files."""
    return ", ".join(f"{name} {count}" for name, count in counts.items()) or "nothing"


def everything_of(user: User) -> dict[str, Any]:
    """Return every row and every file of a learner."""
    files = {}
    for name in profile_fields.get_file_names(user.pk):
        with default_storage.open(name) as file:
            files[name] = file.read()
    return {model.__name__: rows_of(user, model) for model in of_learners()} | {"files": files}


def traces(words: tuple[str, ...] = TRACES) -> set[str]:
    """Return where, in the tables, files and cache of the plugin, there is one of the words."""
    return {
        where
        for places in (_in_tables(), _in_files(), _in_cache())
        for where, text in places
        if any(word in text.lower() for word in words)
    }


def _in_tables() -> Iterator[tuple[str, str]]:
    for table in connection.introspection.table_names():
        if table.startswith("learner_profile_plugin_"):
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT * FROM {table}")  # noqa: S608
                for row in cursor.fetchall():
                    yield from ((table, _text(value)) for value in row)


def _text(value: object) -> str:
    return bytes(value).decode(errors="replace") if isinstance(value, bytes | memoryview) else str(value)


def _in_files() -> Iterator[tuple[str, str]]:
    root = Path(default_storage.location)  # type: ignore[attr-defined]
    for path in root.rglob("*"):
        yield "files", str(path.relative_to(root))
        if path.is_file():
            yield "files", path.read_bytes().decode(errors="replace")


def _in_cache() -> Iterator[tuple[str, str]]:
    for name, pickled in cache._cache.items():  # type: ignore[attr-defined]
        if cache._expire_info[name] is None or cache._expire_info[name] > time.time():  # type: ignore[attr-defined]
            yield "cache", f"{name} {pickle.loads(pickled)!r}"  # noqa: S301


@contextlib.contextmanager
def failing(when: Callable[[str], bool]) -> Iterator[None]:
    """Let statements fail in the body, as if the server had gone away."""

    def wrapper(execute: Any, sql: str, *rest: Any) -> Any:
        if when(sql):
            raise OperationalError("the server has gone away")
        return execute(sql, *rest)

    with connection.execute_wrapper(wrapper):
        yield


def folders() -> list[str]:
    """Return the numbers of the learners who have a folder for pictures."""
    root = Path(default_storage.location) / FOLDER  # type: ignore[attr-defined]
    return sorted(os.listdir(root)) if root.exists() else []

"""A retirement that fails says so, shows nothing meanwhile, and is finished by the next one."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache.backends.dummy import DummyCache
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import OperationalError
from django.test import Client
from opaque_keys.edx.keys import CourseKey

from demo.lms.actions import retirement as lms
from learner_profile_plugin import retirement
from learner_profile_plugin.profile_fields import api as profile_fields
from learner_profile_plugin.secret_links import api as secret_links
from tests.retirement.conftest import FOLDER, NUMBER, WORD, act, failing, live, traces


class BrittleStorage(FileSystemStorage):
    """A storage that can be out of reach, after so many files."""

    deletes: float = float("inf")

    def delete(self, name: str) -> None:
        if BrittleStorage.deletes <= 0:
            raise TimeoutError("the storage does not answer")
        BrittleStorage.deletes -= 1
        super().delete(name)


class BlindStorage(FileSystemStorage):
    """A storage that cannot tell what it holds."""

    def listdir(self, path: str) -> Any:
        raise NotImplementedError


class BrokenCache(DummyCache):
    """A cache that is out of reach."""

    def get(self, *args: object, **kwargs: object) -> Any:
        raise ConnectionError("no cache")


@pytest.fixture
def brittle(settings: Any) -> Iterator[type[BrittleStorage]]:
    settings.STORAGES = {
        name: {"BACKEND": f"{__name__}.BrittleStorage"} if name == "default" else storage
        for name, storage in settings.STORAGES.items()
    }
    yield BrittleStorage
    BrittleStorage.deletes = float("inf")


def seen_by_a_visitor(token: str) -> list[str]:
    """Return at which of the learner's addresses a visitor sees anything."""
    addresses = ("/u/zenobia", f"/learner-profile/shared/{token}/")
    return [address for address in addresses if Client().get(address).status_code == 200]


def test_whichever_change_fails_nothing_half_removed_is_shown_and_the_next_one_finishes(
    zenobia: User, key: CourseKey
) -> None:
    """Each step ends for good, as it does where no request holds a transaction around all of them."""
    for passing in range(100):
        changes = count()

        def fails(sql: str, changes: Iterator[int] = changes, passing: int = passing) -> bool:
            return sql.startswith(("INSERT", "UPDATE", "DELETE")) and next(changes) == passing

        _link, token = secret_links.create_link(NUMBER, name="x", sections=["about"])
        held = retirement.count_held(NUMBER)
        assert len(seen_by_a_visitor(token)) == 2
        with failing(fails):
            try:
                retirement.forget_learner(NUMBER)
            except OperationalError:
                is_done = False
            else:
                is_done = True
        if retirement.count_held(NUMBER) != held:
            assert seen_by_a_visitor(token) == []
        if is_done:
            break
        retirement.forget_learner(NUMBER)
        assert traces() == set()
        live(zenobia, key, WORD)
    assert 10 < passing < 99
    assert traces() == set()


@pytest.mark.parametrize("deletes", range(3))
def test_a_storage_that_fails_fails_the_retirement_and_the_next_one_finishes(
    zenobia: User, brittle: type[BrittleStorage], deletes: int
) -> None:
    lms.ask(zenobia)
    brittle.deletes = deletes
    with pytest.raises(TimeoutError):
        lms.retire(zenobia)
    assert User.objects.get(pk=NUMBER).username == "zenobia"
    brittle.deletes = float("inf")
    lms.retire(zenobia)
    assert traces() == set()


def test_a_database_that_fails_in_the_request_of_the_platform_leaves_the_rows_for_the_next_one(zenobia: User) -> None:
    lms.ask(zenobia)
    rows = retirement.count_held(NUMBER) | {"files": 0}
    with failing(lambda sql: sql.startswith("DELETE") and "pendingevidence" in sql), pytest.raises(OperationalError):
        lms.retire_misc(zenobia)
    assert retirement.count_held(NUMBER) | {"files": 0} == rows
    lms.retire_misc(zenobia)
    lms.retire(zenobia)
    assert traces() == set()


def test_what_arrives_while_the_tables_are_emptied_is_told(zenobia: User, key: CourseKey) -> None:
    def arrive(sql: str) -> bool:
        if sql.startswith("DELETE") and "learningday" in sql:
            act(zenobia, key)
        return False

    with failing(arrive), pytest.raises(retirement.NotForgottenError, match="still something left"):
        retirement.forget_learner(NUMBER)
    retirement.forget_learner(NUMBER)
    assert traces() == set()


def test_a_cache_that_fails_fails_the_retirement(zenobia: User, settings: Any) -> None:
    memory = settings.CACHES
    settings.CACHES = {"default": {"BACKEND": f"{__name__}.BrokenCache"}}
    with pytest.raises(ConnectionError):
        retirement.forget_learner(NUMBER)
    settings.CACHES = memory
    retirement.forget_learner(NUMBER)
    assert traces() == set()


def test_a_storage_that_lists_nothing_loses_the_files_that_rows_name(zenobia: User, settings: Any) -> None:
    names = profile_fields.get_file_names(NUMBER)
    settings.STORAGES = settings.STORAGES | {"blind": {"BACKEND": f"{__name__}.BlindStorage"}}
    settings.LEARNER_PROFILE_STORAGE = "blind"
    retirement.forget_learner(NUMBER)
    left = {name for name in names if default_storage.exists(name)}
    assert left == {f"{FOLDER}/{NUMBER}/broken-off.jpg"}

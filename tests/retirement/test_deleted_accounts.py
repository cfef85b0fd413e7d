"""Sites that delete the row of the account itself leave nothing behind either, or can sweep it up."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from learner_profile_plugin import retirement
from learner_profile_plugin.profile_fields import api as profile_fields
from learner_profile_plugin.profile_fields.models import Item
from tests.retirement.conftest import FOLDER, NUMBER, everything_of, folders, told, traces

TWO_DAYS = 2 * 24 * 3600
BROKEN_OFF = f"{FOLDER}/{NUMBER}/broken-off.jpg"


@contextlib.contextmanager
def without_constraints() -> Iterator[None]:
    """Let the database take whatever it is told, as some operators do in maintenance."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            yield
            cursor.execute("SET session_replication_role = DEFAULT")
        else:
            with connection.constraint_checks_disabled():
                yield


def delete_raw(table: str, column: str, value: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE {column} = %s", [value])  # noqa: S608


def delete_platform_rows() -> None:
    """Delete what the platform itself has of the account, which would be in the way of the account's row."""
    for table in connection.introspection.table_names():
        if table.startswith("demo_lms_"):
            with connection.cursor() as cursor:
                columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
            if "user_id" in columns:
                delete_raw(table, "user_id", NUMBER)


def make_old(name: str) -> None:
    path = Path(default_storage.path(name))
    os.utime(path, times=(time.time() - TWO_DAYS, time.time() - TWO_DAYS))


def of_time(counts: dict[str, int]) -> dict[str, int]:
    """Return what of it are the tables of learning time."""
    found = {
        name: count for name, count in counts.items() if name.endswith(("day", "evidence", "total", "exportedlearner"))
    }
    assert {"learningday", "pendingevidence"} <= set(found)
    return found


def sweep(**options: Any) -> str:
    out = StringIO()
    call_command("learner_profile_forget", orphans=True, stdout=out, **options)
    return out.getvalue()


class TestThroughDjango:
    @pytest.mark.parametrize("is_by_query", [False, True])
    def test_rows_and_their_files_go_and_those_of_others_stay(
        self, zenobia: User, ben: User, is_by_query: bool
    ) -> None:
        kept = everything_of(ben)
        default_storage.delete(BROKEN_OFF)
        if is_by_query:
            User.objects.filter(username="zenobia").delete()
        else:
            zenobia.delete()
        assert traces() == set()
        assert everything_of(ben) == kept

    def test_a_deletion_that_is_rolled_back_loses_no_file(self, zenobia: User) -> None:
        before = everything_of(zenobia)
        with contextlib.suppress(IntegrityError), transaction.atomic():
            User.objects.filter(pk=NUMBER).delete()
            raise IntegrityError
        assert everything_of(zenobia) == before

    def test_a_file_without_a_row_is_left_to_the_sweep(self, zenobia: User) -> None:
        zenobia.delete()
        assert traces() == {"files"}
        make_old(BROKEN_OFF)
        assert sweep() == "Removing of accounts that are gone: files 1\nDone.\n"
        assert traces() == set()


class TestInSql:
    def test_the_database_refuses_while_something_is_held(self, zenobia: User) -> None:
        before = everything_of(zenobia)
        delete_platform_rows()
        with pytest.raises(IntegrityError), transaction.atomic():
            delete_raw("auth_user", "id", NUMBER)
        assert everything_of(zenobia) == before

    def test_it_deletes_the_account_of_a_learner_who_is_forgotten(self, zenobia: User) -> None:
        retirement.forget_learner(NUMBER)
        delete_platform_rows()
        with transaction.atomic():
            delete_raw("auth_user", "id", NUMBER)
        assert not User.objects.exists()

    def test_without_its_constraints_everything_is_left_and_the_sweep_removes_it(
        self, zenobia: User, ben: User
    ) -> None:
        kept = everything_of(ben)
        delete_platform_rows()
        with without_constraints():
            delete_raw("auth_user", "id", NUMBER)
        # What hangs on a profile is counted with it.
        tables = {"learningrecord", "profile", "secretlink", *of_time(retirement.count_held(NUMBER))}
        left = told({name: count for name, count in retirement.count_held(NUMBER).items() if name in tables})
        assert sweep(dry_run=True) == f"Would remove of accounts that are gone: {left}\n"
        make_old(BROKEN_OFF)
        assert sweep() == f"Removing of accounts that are gone: {left}, files 1\nDone.\n"
        assert traces() == set()
        assert everything_of(ben) == kept
        assert sweep() == "Removing of accounts that are gone: nothing\nDone.\n"

    def test_items_and_pictures_of_a_profile_that_is_gone_are_swept_too(self, zenobia: User, ben: User) -> None:
        kept = everything_of(ben)
        with without_constraints():
            delete_raw("learner_profile_plugin_profile", "user_id", NUMBER)
            pictured = Item.objects.get(pictures__isnull=False, profile_id=NUMBER)
            delete_raw("learner_profile_plugin_item", "id", Item._meta.pk.get_db_prep_value(pictured.pk, connection))
        assert sweep() == (
            "Removing of accounts that are gone: item 2, picture 1, sectionchoice 1, draft 1, consent 1\nDone.\n"
        )
        left = retirement.count_held(NUMBER)
        assert left == {"learningrecord": 1, "secretlink": 1, **of_time(left), "files": 1}
        assert everything_of(ben) == kept


class TestStrayFiles:
    def test_a_file_that_may_be_of_an_upload_under_way_stays(self, zenobia: User) -> None:
        assert sweep() == "Removing of accounts that are gone: nothing\nDone.\n"
        assert default_storage.exists(BROKEN_OFF)

    def test_one_that_is_old_goes_and_what_a_row_names_stays(self, zenobia: User) -> None:
        names = profile_fields.get_file_names(NUMBER)
        for name in names:
            make_old(name)
        sweep()
        assert {name for name in names if default_storage.exists(name)} == names - {BROKEN_OFF}

    def test_what_is_no_folder_of_a_learner_is_left_alone(self, zenobia: User) -> None:
        strange = f"{FOLDER}/notes/x.txt"
        default_storage.save(strange, ContentFile(b"x"))
        make_old(strange)
        sweep()
        assert default_storage.exists(strange)

    def test_before_the_first_picture_there_is_nothing_to_sweep(self) -> None:
        assert folders() == []
        assert list(profile_fields.find_stray_files()) == []


def test_a_learner_who_deletes_their_profile_keeps_what_the_platform_recorded_and_nothing_else(zenobia: User) -> None:
    browser = Client()
    browser.force_login(zenobia)
    assert browser.post(reverse("learner_profile:delete"), {"confirm": "on"}).status_code == 302
    left = retirement.count_held(NUMBER)
    assert left == {"learningrecord": 1, **of_time(left), "files": 1}
    assert profile_fields.get_file_names(NUMBER) == {BROKEN_OFF}
    assert browser.get("/u/zenobia").status_code == 200

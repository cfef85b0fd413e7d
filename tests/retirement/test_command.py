"""The operator's command: who it takes, what it says, and how it ends."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from demo.lms.actions import retirement as lms
from learner_profile_plugin import retirement
from tests.conftest import PersonFactory
from tests.retirement.conftest import NUMBER, everything_of, failing, folders, told, traces


def run(*names: str, **options: Any) -> str:
    out = StringIO()
    call_command("learner_profile_forget", *names, stdout=out, stderr=out, **options)
    return out.getvalue()


def test_by_name_everything_of_one_goes_and_the_other_keeps_theirs(zenobia: User, ben: User) -> None:
    kept, held = everything_of(ben), retirement.count_held(NUMBER)
    assert {"consent": 1, "item": 3, "picture": 1, "learningday": 1, "files": 2}.items() <= held.items()
    assert run("zenobia") == f"Removing of account {NUMBER} (1 of 1): {told(held)}\nDone.\n"
    assert traces() == set()
    assert everything_of(ben) == kept


def test_by_number_a_retired_account_is_found_whose_name_is_gone(zenobia: User) -> None:
    User.objects.filter(pk=NUMBER).update(username="retired__user_1")
    run(ids=[NUMBER])
    assert traces() == set()


def test_a_dry_run_lists_what_would_go_and_removes_nothing(zenobia: User, ben: User) -> None:
    before = everything_of(zenobia)
    said = run("zenobia", ids=[ben.pk, NUMBER], dry_run=True)
    assert said.splitlines() == [
        f"Would remove of account {user_id} ({place} of 2): {told(retirement.count_held(user_id))}"
        for place, user_id in enumerate(sorted([NUMBER, ben.pk]), start=1)
    ]
    assert everything_of(zenobia) == before
    assert Client().get("/u/zenobia").status_code == 200


def test_doing_it_again_finds_nothing_and_is_fine(zenobia: User) -> None:
    run("zenobia")
    assert run("zenobia") == f"Removing of account {NUMBER} (1 of 1): nothing\nDone.\n"


def test_a_name_that_nobody_has_stops_it_before_anything_is_removed(zenobia: User) -> None:
    with pytest.raises(CommandError, match=r"^Nothing was removed. There is no account: zenobai, 999$"):
        run("zenobia", "zenobai", ids=[999])
    with pytest.raises(CommandError, match=r"^Name at least one account, or say --orphans\.$"):
        run()
    assert retirement.count_held(NUMBER)["item"] == 3


def test_where_it_fails_for_one_the_others_have_their_turn_and_it_ends_with_an_error(zenobia: User, ben: User) -> None:
    out, failed = StringIO(), []

    def first_time(sql: str) -> bool:
        if sql.startswith("DELETE") and "learningday" in sql:
            failed.append(sql)
            return len(failed) == 1
        return False

    first, second = sorted([NUMBER, ben.pk])
    with failing(first_time), pytest.raises(CommandError, match=f"it is not finished for account {first}\\.$"):
        call_command("learner_profile_forget", ids=[NUMBER, ben.pk], stdout=out, stderr=out)
    assert f"Not finished: account {first} (1 of 2): OperationalError('the server has gone away')" in out.getvalue()
    assert retirement.count_held(second) == {}
    assert retirement.count_held(first) == {"learningday": 1, "exportedlearner": 1}
    run(ids=[first])
    assert retirement.count_held(first) == {}


def test_of_an_account_that_is_open_still_everything_is_removed_and_it_can_begin_anew(
    zenobia: User, person: PersonFactory
) -> None:
    run("zenobia")
    browser = Client()
    browser.force_login(zenobia)
    assert browser.get("/u/zenobia").status_code == 200
    assert folders() == []
    lms.ask(zenobia)
    lms.retire(zenobia)
    assert traces() == set()

"""Nothing is left of a learner after the platform's signals, wherever one looks, and nobody else loses anything."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from opaque_keys.edx.keys import CourseKey

from demo.lms.actions import retirement as lms
from demo.lms.models import CourseEnrollment, GeneratedCertificate
from learner_profile_plugin import retirement
from learner_profile_plugin.access import Section
from learner_profile_plugin.portfolio import doorway
from learner_profile_plugin.profile_fields import api as profile_fields
from learner_profile_plugin.profile_fields.tasks import count_common_names
from learner_profile_plugin.settings import API_RATES
from learner_profile_plugin.time_on_task import api as time_on_task
from learner_profile_plugin.time_on_task import spool
from learner_profile_plugin.time_on_task.data import SECONDS_PER_DAY, Activity, Evidence
from tests.conftest import PersonFactory
from tests.retirement.conftest import (
    FOLDER,
    NUMBER,
    START,
    TRACES,
    WORD,
    everything_of,
    folders,
    of_learners,
    traces,
)

PIPELINES: dict[str, tuple[Callable[[User], None], ...]] = {
    "as the platform configures it": (lms.retire_misc, lms.retire),
    "without the step that can be left out": (lms.retire,),
    "each step twice": (lms.retire_misc, lms.retire_misc, lms.retire, lms.retire),
}


@pytest.mark.parametrize("name", PIPELINES)
def test_nothing_is_left_of_who_is_retired_and_all_of_who_is_not(
    zenobia: User, ben: User, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    kept = everything_of(ben)
    with caplog.at_level(logging.INFO):
        lms.ask(zenobia)
        for step in PIPELINES[name]:
            step(zenobia)
    assert traces() == set()
    assert folders() == [str(ben.pk)]
    assert everything_of(ben) == kept
    assert not [word for word in TRACES if word in caplog.text.lower()]


def test_the_search_would_have_found_them_everywhere(zenobia: User) -> None:
    cache.set("learner_profile:names:school", [f"College of {WORD}"])
    tables = {model._meta.db_table for model in of_learners()}
    assert traces() == {*tables, "files", "cache"}
    assert traces((str(NUMBER),)) == {*tables, "files"}
    assert traces(("quillfeather",)) == {"learner_profile_plugin_learningrecord"}
    written = {f"learner_profile_plugin_{name}" for name in ("consent", "draft", "item", "picture", "secretlink")}
    assert traces((WORD,)) == {*written, "files", "cache"}


def test_what_the_platform_keeps_itself_is_its_own_business(zenobia: User) -> None:
    lms.ask(zenobia)
    lms.retire(zenobia)
    assert User.objects.get(pk=NUMBER).username.startswith("retired__user_")
    assert CourseEnrollment.objects.filter(user=zenobia).exists()
    assert GeneratedCertificate.objects.filter(user=zenobia).exists()


def test_evidence_that_waits_in_memory_for_the_end_of_the_transaction_goes_too(zenobia: User, key: CourseKey) -> None:
    with transaction.atomic():
        spool.accept(Activity(NUMBER, key, Evidence(points=frozenset({START + 120}))))
        lms.retire(zenobia)
    spool.flush()
    assert traces() == set()


class TestCommonNames:
    SCHOOL = "School of the Sea"

    @pytest.fixture
    def alumni(self, person: PersonFactory) -> list[User]:
        """Make as many as it takes for the name of their school to be suggested to others."""
        users = [person(f"alumna{number}") for number in range(5)]
        for user in users:
            profile_fields.add_item(user.pk, Section.EDUCATION, {"school": self.SCHOOL, "start": "2020"})
            profile_fields.publish(user.pk, text="Yes.", audiences={})
        count_common_names("school")
        assert profile_fields.get_common_names("school") == [self.SCHOOL]
        return users

    def test_a_name_that_one_fewer_uses_is_suggested_no_more(self, alumni: list[User]) -> None:
        lms.retire(alumni[0])
        assert profile_fields.get_common_names("school") == []
        count_common_names("school")
        assert profile_fields.get_common_names("school") == []

    def test_a_name_that_enough_others_use_comes_back(self, alumni: list[User], person: PersonFactory) -> None:
        sixth = person("sixth")
        profile_fields.add_item(sixth.pk, Section.EDUCATION, {"school": self.SCHOOL, "start": "2021"})
        profile_fields.publish(sixth.pk, text="Yes.", audiences={})
        lms.retire(alumni[0])
        count_common_names("school")
        assert profile_fields.get_common_names("school") == [self.SCHOOL]

    def test_names_that_they_did_not_use_stay(self, alumni: list[User], zenobia: User) -> None:
        lms.retire(zenobia)
        assert profile_fields.get_common_names("school") == [self.SCHOOL]


def test_what_was_typed_after_a_session_ended_is_nobodys_draft(zenobia: User, ben: User) -> None:
    browser = Client()
    form = {"form": "add:skills", "typed_by": doorway.sign(zenobia), "f-name": WORD}
    browser.post(reverse("learner_profile:add_item", args=["skills"]), form)
    assert WORD in repr(dict(browser.session.items()))
    lms.ask(zenobia)
    lms.retire(zenobia)
    browser.force_login(ben)
    assert browser.get(reverse("learner_profile:privacy")).status_code == 200
    assert WORD not in repr(dict(browser.session.items()))
    assert traces() == set()


def test_nothing_but_counters_stays_in_the_cache_and_those_for_an_hour_at_most(zenobia: User, settings: Any) -> None:
    settings.LEARNER_PROFILE_API_RATES = API_RATES
    browser = Client()
    browser.force_login(zenobia)
    for address in ("/u/zenobia", "/api/learner_profile/v1/portfolios/zenobia/", "/learner-profile/suggestions/skill/"):
        assert browser.get(address, {"q": WORD}).status_code == 200
    lms.retire(zenobia)
    assert traces() == {"cache"}
    assert traces((WORD, "zenobia", "quillfeather")) == set()
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=1), tick=False):
        assert traces() == set()


def test_it_takes_as_many_statements_for_thousands_of_days_as_for_one(zenobia: User, key: CourseKey) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            retirement.forget_learner(NUMBER)
        return len(captured)

    def learn(days: int) -> None:
        points = frozenset(START - day * SECONDS_PER_DAY for day in range(days))
        time_on_task.keep([Activity(NUMBER, key, Evidence(points=points))])
        assert time_on_task.compact(NUMBER) == days

    statements()
    learn(1)
    few = statements()
    learn(2000)
    assert statements() == few


def test_the_folder_of_a_learner_whose_number_begins_alike_stays(zenobia: User) -> None:
    for number in (NUMBER // 10, NUMBER * 10):
        default_storage.save(f"{FOLDER}/{number}/raft.jpg", ContentFile(b"raft"))
    lms.retire(zenobia)
    assert folders() == [str(NUMBER // 10), str(NUMBER * 10)]

"""Beats: what a unit's page may claim, and what it is given to claim it with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from opaque_keys.edx.keys import CourseKey
from openedx_filters.learning.filters import VerticalBlockRenderCompleted
from web_fragments.fragment import Fragment

from demo.lms.actions import enrolment
from learner_profile_plugin.time_on_task import api, beats
from learner_profile_plugin.time_on_task.data import Interval
from learner_profile_plugin.time_on_task.models import PendingEvidence
from tests.conftest import NOW, CourseFactory, PersonFactory
from tests.time_on_task.material import KNOTS, NOON

MINUTE = 60_000


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as moment:
        yield moment


@pytest.fixture
def boats(learner: User, course: CourseFactory) -> CourseKey:
    key = course("Boats")
    enrolment.enrol(learner, key, at=NOW - timedelta(days=1))
    return key


@pytest.fixture
def client(learner: User) -> Client:
    client = Client()
    client.force_login(learner)
    return client


def send(client: Client, ticket: str, now: Any, stretches: str) -> int:
    form = {"ticket": ticket, "now": str(now), "stretches": stretches}
    return client.post(reverse("learner_profile:beats"), form).status_code


def intervals(learner: User) -> dict[CourseKey, list[Interval]]:
    return api.get_active_intervals(learner.pk)


class TestReports:
    def test_what_is_reported_is_the_time_counted(
        self, client: Client, learner: User, boats: CourseKey, clock: time_machine.Traveller
    ) -> None:
        ticket = beats.issue_ticket(learner.pk, boats, NOW)
        clock.shift(60)
        assert send(client, ticket, MINUTE, f"0-{MINUTE}") == 204
        clock.shift(60)
        assert send(client, ticket, 2 * MINUTE, f"{MINUTE}-90000,95000-{2 * MINUTE}") == 204
        assert intervals(learner) == {boats: [Interval(NOON, NOON + 90), Interval(NOON + 95, NOON + 120)]}
        assert api.get_learning_time(learner.pk).seconds == 115

    def test_the_shaking_of_the_network_makes_no_gap(
        self, client: Client, learner: User, boats: CourseKey, clock: time_machine.Traveller
    ) -> None:
        ticket = beats.issue_ticket(learner.pk, boats, NOW)
        for beat, delay in enumerate([0.1, 4, 0.2, 9, 0.4, 2]):
            clock.move_to(NOW + timedelta(minutes=beat + 1, seconds=delay))
            assert send(client, ticket, (beat + 1) * MINUTE, f"{beat * MINUTE}-{(beat + 1) * MINUTE}") == 204
        assert intervals(learner) == {boats: [Interval(NOON, NOON + 360)]}

    def test_the_same_report_twice_and_two_pages_at_once_count_once(
        self, client: Client, learner: User, boats: CourseKey, clock: time_machine.Traveller
    ) -> None:
        tickets = [beats.issue_ticket(learner.pk, boats, NOW), beats.issue_ticket(learner.pk, boats, NOW)]
        clock.shift(60)
        for ticket in [*tickets, *tickets]:
            assert send(client, ticket, MINUTE, f"0-{MINUTE}") == 204
        assert api.get_learning_time(learner.pk).seconds == 60

    def test_a_report_that_was_held_back_counts_where_it_belongs(
        self, client: Client, learner: User, boats: CourseKey, clock: time_machine.Traveller
    ) -> None:
        ticket = beats.issue_ticket(learner.pk, boats, NOW)
        clock.shift(3600)
        assert send(client, ticket, 60 * MINUTE, f"0-{MINUTE}") == 204
        assert intervals(learner) == {boats: [Interval(NOON, NOON + 60)]}

    def test_a_page_that_the_browser_showed_again_is_timed_by_its_arrival(
        self, client: Client, learner: User, boats: CourseKey, clock: time_machine.Traveller
    ) -> None:
        ticket = beats.issue_ticket(learner.pk, boats, NOW)
        clock.shift(3600)
        assert send(client, ticket, MINUTE, f"0-{MINUTE}") == 204
        assert intervals(learner) == {boats: [Interval(NOON + 3540, NOON + 3600)]}

    def test_what_claims_nothing_is_no_row(self, client: Client, learner: User, boats: CourseKey) -> None:
        ticket = beats.issue_ticket(learner.pk, boats, datetime.now(tz=NOW.tzinfo))
        assert send(client, ticket, 0, "") == 204
        assert not PendingEvidence.objects.exists()

    def test_a_report_is_one_insert(
        self, client: Client, learner: User, boats: CourseKey, clock: time_machine.Traveller
    ) -> None:
        ticket = beats.issue_ticket(learner.pk, boats, NOW)
        clock.shift(60)
        send(client, ticket, MINUTE, f"0-{MINUTE}")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            send(client, ticket, MINUTE, f"0-{MINUTE}")
        own = [query["sql"] for query in queries if "session" not in query["sql"] and "auth_user" not in query["sql"]]
        assert len(own) == 1
        assert own[0].startswith("INSERT")


@given(
    ahead=st.integers(-10_000_000, 10_000_000),
    stretches=st.lists(st.tuples(st.integers(0, 999_999_999), st.integers(0, 999_999_999)), max_size=20),
)
def test_nobody_claims_more_than_passed_since_the_page_was_made(ahead: int, stretches: list[tuple[int, int]]) -> None:
    passed = 600
    ticket = beats.Ticket(7, KNOTS, NOON * 1000)
    activity = beats.read_report(
        ticket,
        now=str(max(0, passed * 1000 + ahead)),
        stretches=",".join(f"{start}-{end}" for start, end in stretches),
        at=NOW + timedelta(seconds=passed),
    )
    for interval in activity.evidence.asserted if activity else ():
        assert NOON <= interval.start < interval.end <= NOON + passed


class TestRefusals:
    @pytest.mark.parametrize(
        ("now", "stretches"),
        [
            ("", "0-1"),
            ("x", "0-1"),
            ("-1", "0-1"),
            ("1", "0"),
            ("1", "0-1,"),
            ("1", "1-2-3"),
            ("1", "٣-٤"),
            ("1", "a-b"),
            ("1" * 10, "0-1"),
            ("1", ",".join(["0-1"] * 201)),
            ("1", "0-1\x00"),
        ],
    )
    def test_what_is_written_otherwise(
        self, client: Client, learner: User, boats: CourseKey, now: str, stretches: str
    ) -> None:
        ticket = beats.issue_ticket(learner.pk, boats, datetime.now(tz=NOW.tzinfo))
        assert send(client, ticket, now, stretches) == 403
        assert not PendingEvidence.objects.exists()

    def test_a_ticket_of_another_learner_and_one_that_is_forged_or_old(
        self, client: Client, learner: User, person: PersonFactory, boats: CourseKey, clock: time_machine.Traveller
    ) -> None:
        other, own = person("ben"), beats.issue_ticket(learner.pk, boats, NOW)
        enrolment.enrol(other, boats, at=NOW)
        clock.shift(60)
        for ticket in (beats.issue_ticket(other.pk, boats, NOW), own[:-1] + "x", f"{own}x", "", "x", "\x00", "1:2:3"):
            assert send(client, ticket, MINUTE, f"0-{MINUTE}") == 403
        assert send(Client(), own, MINUTE, f"0-{MINUTE}") == 403
        clock.shift(beats.TICKET_LIFE)
        assert send(client, own, MINUTE, f"0-{MINUTE}") == 403
        assert not PendingEvidence.objects.exists()

    def test_whoever_is_not_enrolled(
        self, client: Client, learner: User, course: CourseFactory, clock: time_machine.Traveller
    ) -> None:
        ticket = beats.issue_ticket(learner.pk, course("Sails"), NOW)
        clock.shift(60)
        assert send(client, ticket, MINUTE, f"0-{MINUTE}") == 403
        assert not PendingEvidence.objects.exists()

    def test_too_many_within_a_minute(
        self, client: Client, learner: User, boats: CourseKey, clock: time_machine.Traveller
    ) -> None:
        ticket = beats.issue_ticket(learner.pk, boats, NOW)
        clock.shift(60)
        answers = [send(client, ticket, MINUTE, "0-1000") for _ in range(beats.MAX_REPORTS_A_MINUTE + 2)]
        assert answers == [204] * beats.MAX_REPORTS_A_MINUTE + [429] * 2
        clock.shift(60)
        assert send(client, ticket, 2 * MINUTE, "0-1000") == 204

    @pytest.mark.parametrize("switch", ["LEARNER_PROFILE_BEATS", "LEARNER_PROFILE_COLLECT_LEARNING_TIME"])
    def test_all_when_it_is_switched_off(
        self, client: Client, learner: User, boats: CourseKey, settings: LazySettings, switch: str
    ) -> None:
        ticket = beats.issue_ticket(learner.pk, boats, datetime.now(tz=NOW.tzinfo))
        setattr(settings, switch, False)
        assert send(client, ticket, 0, "") == 403

    def test_anything_but_a_post(self, client: Client) -> None:
        assert client.get(reverse("learner_profile:beats")).status_code == 405


def rendered(user_id: Any, view: str = "student_view") -> Fragment:
    usage_key = KNOTS.make_usage_key("vertical", "bowline")
    block = SimpleNamespace(scope_ids=SimpleNamespace(user_id=user_id, usage_id=usage_key))
    _, fragment, _, _ = VerticalBlockRenderCompleted.run_filter(
        block=block, fragment=Fragment("<p>Unit</p>"), context={}, view=view
    )
    return fragment


class TestUnits:
    def test_a_learner_s_unit_gets_the_script_and_a_ticket(self) -> None:
        fragment = rendered(7)
        assert fragment.content.startswith("<p>Unit</p><div hidden data-lp-beats=")
        assert "learner_profile/beats.js" in fragment.foot_html()
        ticket = fragment.content.split('data-ticket="')[1].split('"')[0]
        assert beats.read_ticket(ticket).user_id == 7
        assert beats.read_ticket(ticket).course_key == KNOTS

    @pytest.mark.parametrize(
        ("user_id", "view"), [(None, "student_view"), ("studio", "student_view"), (7, "public_view")]
    )
    def test_any_other_view_of_it_stays_as_it_is(self, user_id: Any, view: str) -> None:
        fragment = rendered(user_id, view)
        assert fragment.content == "<p>Unit</p>"
        assert not fragment.resources

    def test_switched_off_it_stays_as_it_is(self, settings: LazySettings) -> None:
        settings.LEARNER_PROFILE_BEATS = False
        assert rendered(7).content == "<p>Unit</p>"

    def test_a_unit_is_shown_whatever_goes_wrong(
        self, settings: LazySettings, caplog: pytest.LogCaptureFixture
    ) -> None:
        del settings.LEARNER_PROFILE_BEATS_IDLE_SECONDS
        assert "<p>Unit</p>" in rendered(7).content
        assert "shown without beats" in caplog.text

"""The page and the address that explain a figure of learning time: what they list adds up to it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from opaque_keys.edx.keys import CourseKey

from learner_profile_plugin.time_on_task import api as time_on_task
from learner_profile_plugin.time_on_task.data import SECONDS_PER_DAY, Activity, Evidence, Interval
from tests.conftest import NOW, CourseFactory

NOON = int(NOW.timestamp())
PAGE, API = "learner_profile:learning_time", "learner_profile:api_learning_time"


@pytest.fixture
def client(learner: User) -> Client:
    client = Client()
    client.force_login(learner)
    return client


def keep(learner: User, key: CourseKey, *starts: int, seconds: int = 61) -> None:
    for start in starts:
        evidence = Evidence.asserting([Interval(start, start + seconds)])
        time_on_task.keep([Activity(learner.pk, key, evidence)])


def test_page_and_api_list_what_adds_up_to_the_figure(client: Client, learner: User, course: CourseFactory) -> None:
    boats, knots = course("Boats"), course("Knots")
    keep(learner, boats, NOON, NOON - SECONDS_PER_DAY, seconds=605)
    keep(learner, knots, NOON + 600)
    html = client.get(reverse(PAGE)).content.decode()
    assert "21 min 6 s" in html
    assert "What follows adds up to the figure above" in html
    assert "the courses add up to more than the figure above" in html
    assert "Boats for everyone</bdi>, <bdi>Knots for everyone" in html
    found = client.get(reverse(API)).json()
    assert found["seconds"] == sum(session["seconds"] for session in found["sessions"]) == 605 + 661
    assert [session["seconds"] for session in found["sessions"]] == [661, 605]
    assert found["sessions"][0]["start"] == "2026-03-04T12:00:00Z"
    assert found["sessions"][0]["kinds"] == ["beats"]
    assert {row["course_key"]: row["seconds"] for row in found["by_course"]} == {str(boats): 1210, str(knots): 61}


def test_one_course_is_explained_by_its_own_sessions(client: Client, learner: User, course: CourseFactory) -> None:
    boats, knots = course("Boats"), course("Knots")
    keep(learner, boats, NOON)
    keep(learner, knots, NOON + 30)
    found = client.get(reverse(API), {"course": str(knots)}).json()
    assert found["seconds"] == 61
    assert [session["courses"] for session in found["sessions"]] == [[str(knots)]]
    html = client.get(reverse(PAGE), {"course": str(knots)}).content.decode()
    assert "<bdi>Knots for everyone</bdi>:" in html
    assert "Boats" not in html


def test_many_sessions_are_read_page_by_page_and_none_is_missed(
    client: Client, learner: User, course: CourseFactory
) -> None:
    keep(learner, course("Boats"), *(NOON - number * SECONDS_PER_DAY for number in range(120)))
    found, before, pages = [], "", 0
    while before is not None:
        answer = client.get(reverse(API), {"before": before} if before else {}).json()
        found += answer["sessions"]
        before, pages = answer["before"], pages + 1
    assert pages == 3
    assert len({session["start"] for session in found}) == 120
    assert sum(session["seconds"] for session in found) == answer["seconds"] == 120 * 61
    page, lines = reverse(PAGE), 0
    while page:
        html = client.get(page).content.decode()
        lines += html.count("page in view")
        later = re.search(r'href="(\?before=\d+)"', html)
        page = reverse(PAGE) + later[1] if later else ""
    assert lines == 120


@pytest.mark.parametrize("asked", [{"before": "x"}, {"before": "-1"}, {"before": "9" * 30}, {"before": "٣"}])
@pytest.mark.parametrize("address", [PAGE, API])
def test_what_is_no_moment_is_not_found(client: Client, address: str, asked: dict[str, str]) -> None:
    assert client.get(reverse(address), asked).status_code == 404


@pytest.mark.parametrize("key", ["course-v1:Harbour+Sails+2026", "x", "\x00"])
@pytest.mark.parametrize("address", [PAGE, API])
def test_a_course_without_time_is_not_found(client: Client, learner: User, address: str, key: str) -> None:
    assert client.get(reverse(address), {"course": key}).status_code == 404


def test_nothing_yet(client: Client) -> None:
    assert "There is none yet" in client.get(reverse(PAGE)).content.decode()
    assert client.get(reverse(API)).json() == {
        "seconds": 0,
        "text": "under a minute",
        "rule_version": client.get(reverse(API)).json()["rule_version"],
        "by_course": [],
        "sessions": [],
        "before": None,
    }


def test_it_is_the_learners_own(learner: User) -> None:
    assert Client().get(reverse(API)).status_code == 401
    assert Client().get(reverse(PAGE))["Location"] == f"/login?next={reverse(PAGE)}"


def test_it_goes_with_its_section(client: Client, settings: object) -> None:
    settings.LEARNER_PROFILE_SECTIONS = {"learning_time": {"enabled": False}}  # type: ignore[attr-defined]
    assert client.get(reverse(PAGE)).status_code == client.get(reverse(API)).status_code == 404


def test_times_are_those_of_utc(client: Client, learner: User, course: CourseFactory, settings: object) -> None:
    settings.TIME_ZONE = "Asia/Tokyo"  # type: ignore[attr-defined]
    keep(learner, course("Boats"), NOON)
    html = client.get(reverse(PAGE)).content.decode()
    assert f"{NOW:%H:%M:%S}" in html
    assert f"{NOW + timedelta(seconds=61):%H:%M:%S}" in html

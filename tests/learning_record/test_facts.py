"""Facts and the record that follows from them, whatever the order and repetition in which they come."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opaque_keys.edx.keys import CourseKey

from learner_profile_plugin.learning_record import api
from learner_profile_plugin.learning_record.data import (
    FACTS,
    CertificateDetails,
    CertificateFact,
    EnrolmentFact,
    Fact,
    GradeFact,
    PassingFact,
    fact_from_json,
)
from learner_profile_plugin.learning_record.models import LearningRecord as Row

BOATS = CourseKey.from_string("course-v1:Harbour+Boats+2026")
KEYS = [BOATS, CourseKey.from_string("Harbour/Old/2012"), CourseKey.from_string("ccx-v1:Harbour+Boats+2026+ccx@7")]
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
DETAILS = CertificateDetails(url="/certificates/7", issued_at=NOON, is_shown=True, shown_from=None)

examples = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

# Few moments, so that facts of the same moment are frequent.
moments = st.sampled_from([NOON + timedelta(microseconds=1) * step for step in range(3)])
any_moments = st.datetimes(
    min_value=datetime(2000, 1, 1),  # noqa: DTZ001 - the zone is drawn apart
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45)), timezone(-timedelta(hours=9))]),
)
words = st.sampled_from(["", "honor", "verified", "Adá Ł", "岡田 🛟"])


def facts(at: st.SearchStrategy[datetime] = moments, text: st.SearchStrategy[str] = words) -> st.SearchStrategy[Fact]:
    frame: dict[str, Any] = {"user_id": st.just(0), "course_key": st.just(BOATS), "as_of": at}
    perhaps_at = st.none() | at
    return st.one_of(
        st.builds(EnrolmentFact, **frame, mode=text, is_active=st.booleans(), created_at=perhaps_at),
        st.builds(
            CertificateFact,
            **frame,
            status=st.sampled_from(["downloadable", "unavailable", "notpassing", "generating"]),
            mode=text,
            name=text,
            grade=st.sampled_from(["", "0.87", "1.0"]),
            details=st.none(),
        ),
        st.builds(GradeFact, **frame, percent=st.floats(0, 1), letter=text, passed_at=perhaps_at),
        st.builds(PassingFact, **frame, is_passing=st.booleans()),
    )


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[Fact], list[Fact]]:
    """Draw facts, and the same facts in another order with some of them repeated."""
    told = draw(st.lists(facts(), min_size=1, max_size=8))
    repeated = draw(st.lists(st.sampled_from(told), max_size=4))
    return told, draw(st.permutations([*told, *repeated]))


@pytest.fixture
def ada(db: None) -> User:
    return User.objects.create(username="ada")


def record_all(learner: User, told: Iterable[Fact]) -> None:
    api.delete_learner(learner.pk)
    for fact in told:
        api.record(replace(fact, user_id=learner.pk))


def stored(learner: User) -> dict[str, Any]:
    row = Row.objects.filter(user_id=learner.pk).values().get()
    return {name: value for name, value in row.items() if name not in {"id", "user_id", "course_key"}}


def expected(learner: User, told: Sequence[Fact]) -> dict[str, Any]:
    """Work the record out the simple way: of each kind, the fact that comes last."""
    row = {field.attname: field.get_default() for field in Row._meta.concrete_fields if "_" in field.name}
    del row["course_key"]
    for kind in FACTS:
        of_kind = [replace(fact, user_id=learner.pk) for fact in told if fact.kind == kind]
        if of_kind:
            last = max(of_kind, key=lambda fact: (fact.as_of, fact.rank()))
            row |= {f"{kind}_as_of": last.as_of, f"{kind}_rank": last.rank()}
            row |= {f"{kind}_{name}": value for name, value in last.said().items()}
    return row


@examples
@given(deliveries())
def test_any_order_and_repetition_gives_the_record_of_the_last_fact_of_each_kind(
    ada: User, delivery: tuple[list[Fact], list[Fact]]
) -> None:
    for told in delivery:
        record_all(ada, told)
        assert stored(ada) == expected(ada, delivery[0])


CLAIMS: dict[str, tuple[Fact, Fact]] = {
    "a revoked certificate": (
        CertificateFact(
            user_id=0, course_key=BOATS, as_of=NOON, status="downloadable", mode="honor", name="Ada", grade="0.9"
        ),
        CertificateFact(
            user_id=0, course_key=BOATS, as_of=NOON, status="unavailable", mode="honor", name="Ada", grade=""
        ),
    ),
    "an ended enrolment": (
        EnrolmentFact(user_id=0, course_key=BOATS, as_of=NOON, mode="honor", is_active=True, created_at=NOON),
        EnrolmentFact(user_id=0, course_key=BOATS, as_of=NOON, mode="honor", is_active=False, created_at=NOON),
    ),
    "a grade that never passed": (
        GradeFact(user_id=0, course_key=BOATS, as_of=NOON, percent=0.9, letter="Pass", passed_at=NOON),
        GradeFact(user_id=0, course_key=BOATS, as_of=NOON, percent=0.1, letter="", passed_at=None),
    ),
    "failing": (
        PassingFact(user_id=0, course_key=BOATS, as_of=NOON, is_passing=True),
        PassingFact(user_id=0, course_key=BOATS, as_of=NOON, is_passing=False),
    ),
}


@pytest.mark.parametrize("claim", CLAIMS)
@pytest.mark.parametrize("order", [(0, 1), (1, 0), (0, 1, 0), (1, 0, 1)])
def test_at_the_same_moment_the_lesser_claim_wins(ada: User, claim: str, order: tuple[int, ...]) -> None:
    lesser = CLAIMS[claim][1]
    record_all(ada, [CLAIMS[claim][index] for index in order])
    row = stored(ada)
    assert {name: row[f"{lesser.kind}_{name}"] for name in lesser.said()} == lesser.said()


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_moment_later_the_greater_claim_counts_again(ada: User, claim: str) -> None:
    greater, lesser = CLAIMS[claim]
    later = replace(greater, as_of=NOON + timedelta(microseconds=1))
    for told in ([lesser, later], [later, lesser]):
        record_all(ada, told)
        row = stored(ada)
        assert {name: row[f"{greater.kind}_{name}"] for name in greater.said()} == greater.said()


def test_recording_tells_whether_the_fact_was_kept(ada: User) -> None:
    fact = PassingFact(user_id=ada.pk, course_key=BOATS, as_of=NOON, is_passing=True)
    assert api.record(fact)
    assert api.record(fact)
    assert not api.record(replace(fact, as_of=NOON - timedelta(seconds=1)))
    assert api.record(replace(fact, as_of=NOON + timedelta(seconds=1)))


def test_kinds_do_not_disturb_each_other_nor_do_courses_and_learners(ada: User) -> None:
    ben = User.objects.create(username="ben")
    for user, key, is_active in ((ada, KEYS[0], True), (ada, KEYS[1], False), (ben, KEYS[0], False)):
        api.record(
            EnrolmentFact(
                user_id=user.pk, course_key=key, as_of=NOON, mode="honor", is_active=is_active, created_at=None
            )
        )
    api.record(PassingFact(user_id=ada.pk, course_key=BOATS, as_of=NOON - timedelta(days=9), is_passing=True))
    assert {r.course_key: (r.is_enrolled, r.is_passing) for r in api.get_learning_records(ada.pk)} == {
        KEYS[0]: (True, True),
        KEYS[1]: (False, None),
    }
    api.delete_learner(ada.pk)
    assert api.get_learning_records(ada.pk) == []
    assert [r.is_enrolled for r in api.get_learning_records(ben.pk)] == [False]


def test_details_of_a_certificate_stay_where_a_later_fact_lacks_them_and_are_added_by_the_same_fact_again(
    ada: User,
) -> None:
    bare = replace(CLAIMS["a revoked certificate"][0], user_id=ada.pk)
    assert isinstance(bare, CertificateFact)
    api.record(bare)
    (record,) = api.get_learning_records(ada.pk)
    assert record.certificate is not None
    assert (record.certificate.url, record.certificate.issued_at) == ("", None)
    api.record(replace(bare, details=DETAILS))
    api.record(replace(bare, as_of=NOON + timedelta(days=1), name="Ada L."))
    (record,) = api.get_learning_records(ada.pk)
    assert record.certificate is not None
    assert (record.certificate.name, record.certificate.url) == ("Ada L.", DETAILS.url)
    assert (record.certificate.issued_at, record.certificate.is_shown) == (NOON, True)


@examples
@given(facts(any_moments, st.text()), st.sampled_from(KEYS), st.integers(1, 2**40))
def test_a_fact_survives_the_task_queue(fact: Fact, key: CourseKey, user_id: int) -> None:
    sent = replace(fact, course_key=key, user_id=user_id)
    read = fact_from_json(json.loads(json.dumps(sent.to_json())))
    assert read == sent
    assert read.rank() == sent.rank()


def test_every_kind_of_fact_can_be_sent_through_the_task_queue() -> None:
    assert {fact.kind for pair in CLAIMS.values() for fact in pair} == set(FACTS)


@pytest.mark.parametrize("letter", ["x", "é", "岡", "🛟"])
def test_text_that_is_too_long_is_cut_not_lost(ada: User, letter: str) -> None:
    text = letter * 2000
    frame: dict[str, Any] = {"user_id": ada.pk, "course_key": BOATS, "as_of": NOON}
    api.record(EnrolmentFact(**frame, mode=text, is_active=True, created_at=None))
    api.record(GradeFact(**frame, percent=1.0, letter=text, passed_at=None))
    details = replace(DETAILS, url=text)
    api.record(CertificateFact(**frame, status=text, mode=text, name=text, grade=text, details=details))
    row = stored(ada)
    widths = {
        "enrolment_mode": 100,
        "grade_letter": 255,
        "certificate_status": 32,
        "certificate_mode": 100,
        "certificate_name": 255,
        "certificate_grade": 32,
        "certificate_url": 1000,
    }
    assert {name: row[name] for name in widths} == {name: letter * width for name, width in widths.items()}

"""The platform's events, through the platform's own signals, into the learning record."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opaque_keys.edx.keys import CourseKey

from demo.lms import compat as lms
from demo.lms import models
from demo.lms.actions import certificates, enrolment, grades
from learner_profile_plugin.learning_record import api
from learner_profile_plugin.learning_record.data import LearningRecord
from tests.conftest import NOW, CourseFactory
from tests.learning_record import platform_events as events
from tests.learning_record.conftest import Queue, broken_table, rolled_back
from tests.learning_record.platform_events import SIGNALS, Event

CERTIFICATE_SIGNALS = [name for name in SIGNALS if name.startswith("CERTIFICATE")]
DAY = timedelta(days=1)


@pytest.fixture
def key(course: CourseFactory) -> CourseKey:
    return course()


@pytest.fixture
def runs(learner: User, settings: Any) -> Iterator[bool]:
    """Let a test do its work twice: with DEBUG, openedx-events lets what a receiver raises through."""

    def each() -> Iterator[bool]:
        for debug in (False, True):
            settings.DEBUG = debug
            api.delete_learner(learner.pk)
            User.objects.filter(pk=learner.pk).update(first_name="", last_name="")
            yield debug

    return each()


def record_of(user: User) -> LearningRecord | None:
    records = api.get_learning_records(user.pk)
    assert len(records) <= 1
    return records[0] if records else None


def told(user: User) -> tuple[Any, ...]:
    """Return, in short, what is recorded."""
    record = record_of(user)
    if record is None:
        return ()
    return (record.is_enrolled, record.percent, record.passed_at, record.is_passing, record.certificate_status)


WHAT_EACH_TELLS: dict[str, tuple[Any, ...]] = {
    "CERTIFICATE_CREATED": (None, None, None, None, "downloadable"),
    "CERTIFICATE_CHANGED": (None, None, None, None, "notpassing"),
    "CERTIFICATE_REVOKED": (None, None, None, None, "unavailable"),
    "COURSE_PASSING_STATUS_UPDATED": (None, None, None, True, ""),
    "PERSISTENT_GRADE_SUMMARY_CHANGED": (None, 0.87, NOW, None, ""),
    "COURSE_ENROLLMENT_CREATED": (True, None, None, None, ""),
    "COURSE_ENROLLMENT_CHANGED": (True, None, None, None, ""),
    "COURSE_UNENROLLMENT_COMPLETED": (False, None, None, None, ""),
}


class TestIntake:
    @pytest.mark.parametrize("name", SIGNALS)
    def test_each_signal_reaches_one_receiver_which_keeps_what_it_tells(
        self, learner: User, key: CourseKey, name: str
    ) -> None:
        answers = events.one_of_each(learner, key, NOW)[name].send()
        ours = [receiver for receiver, _ in answers if receiver.__module__.startswith("learner_profile_plugin")]
        assert len(ours) == 1
        assert told(learner) == WHAT_EACH_TELLS[name]

    def test_a_record_says_all_that_the_events_said(self, learner: User, key: CourseKey) -> None:
        events.enrolment(
            "COURSE_ENROLLMENT_CREATED",
            learner,
            key,
            at=NOW,
            created_at=datetime(2026, 1, 2, 3, 4, 5),  # noqa: DTZ001
        ).send()
        events.grade(learner, key, at=NOW, percent=0.875, passed_at=NOW - DAY).send()
        record = record_of(learner)
        assert record is not None
        assert (record.mode, record.enrolled_at) == ("honor", datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
        assert (record.percent, record.letter, record.passed_at) == (0.875, "Pass", NOW - DAY)
        assert record.has_passed
        assert record.certificate is None

    def test_leaving_a_course_and_coming_back(self, learner: User, key: CourseKey) -> None:
        enrolment.enrol(learner, key, at=NOW)
        assert told(learner)[0] is True
        enrolment.unenrol(learner, key, at=NOW + DAY)
        assert told(learner)[0] is False
        enrolment.enrol(learner, key, at=NOW + 2 * DAY)
        assert told(learner)[0] is True
        record = record_of(learner)
        assert record is not None
        assert record.enrolled_at == NOW

    @pytest.mark.parametrize("order", [(0, 1), (1, 0), (1, 0, 1, 0)])
    def test_a_revoked_certificate_is_gone_even_if_its_creation_is_heard_of_later(
        self, learner: User, key: CourseKey, order: tuple[int, ...]
    ) -> None:
        both = [
            events.certificate("CERTIFICATE_CREATED", learner, key, at=NOW),
            events.certificate("CERTIFICATE_REVOKED", learner, key, at=NOW + DAY, status="unavailable"),
        ]
        for index in order:
            both[index].send()
        record = record_of(learner)
        assert record is not None
        assert (record.certificate, record.certificate_status) == (None, "unavailable")

    def test_failing_after_a_regrade_counts_though_the_date_of_passing_stays(
        self, learner: User, key: CourseKey
    ) -> None:
        grades.record(learner, key, 0.9, at=NOW)
        grades.record(learner, key, 0.2, at=NOW + DAY)
        record = record_of(learner)
        assert record is not None
        assert (record.percent, record.passed_at, record.is_passing) == (0.2, NOW, False)
        assert not record.has_passed

    def test_an_event_of_a_learner_who_is_unknown_by_now_disturbs_nobody(
        self, learner: User, key: CourseKey, queue: Queue, settings: Any
    ) -> None:
        settings.DEBUG = True
        event = events.passing(learner, key, at=NOW)
        models.UserProfile.objects.all().delete()
        learner_id = learner.pk
        learner.delete()
        event.send()
        assert api.get_learning_records(learner_id) == []


class TestDetails:
    def test_come_from_the_platform(self, learner: User, key: CourseKey) -> None:
        certificate = certificates.issue(learner, key, grade="0.9", at=NOW)
        record = record_of(learner)
        assert record is not None
        assert record.certificate is not None
        assert record.certificate.url == f"/certificates/{certificate.verify_uuid}"
        assert (record.certificate.issued_at, record.certificate.is_shown) == (NOW, True)
        assert record.certificate_at(NOW) is record.certificate

    @time_machine.travel(NOW, tick=False)
    def test_a_certificate_is_shown_from_the_day_that_the_course_sets(
        self, learner: User, course: CourseFactory
    ) -> None:
        key = course("Sails", certificate_available_date=NOW + DAY)
        certificates.issue(learner, key, grade="0.9", at=NOW)
        record = record_of(learner)
        assert record is not None
        assert record.certificate is not None
        assert (record.certificate.is_shown, record.certificate.shown_from) == (False, NOW + DAY)
        assert record.certificate_at(NOW + DAY - timedelta(microseconds=1)) is None
        assert record.certificate_at(NOW + DAY) == record.certificate

    def test_a_certificate_that_waits_for_a_day_nobody_set_is_not_shown(
        self, learner: User, key: CourseKey, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        certificates.issue(learner, key, grade="0.9", at=NOW)
        (found,) = lms.get_certificates(user_id=learner.pk)
        hidden = replace(found, is_shown=False)
        monkeypatch.setattr(lms, "get_certificates", lambda **_: [hidden])
        events.certificate("CERTIFICATE_CREATED", learner, key, at=NOW + DAY).send()
        record = record_of(learner)
        assert record is not None
        assert record.certificate is not None
        assert record.certificate_at(NOW + 9999 * DAY) is None

    @pytest.mark.parametrize("name", CERTIFICATE_SIGNALS)
    def test_are_left_open_where_the_platform_has_no_certificate(
        self, learner: User, key: CourseKey, name: str
    ) -> None:
        events.certificate(name, learner, key, at=NOW).send()
        record = record_of(learner)
        assert record is not None
        assert record.certificate is not None
        assert (record.certificate.url, record.certificate.issued_at) == ("", None)


class TestTransactions:
    @pytest.mark.parametrize("name", SIGNALS)
    def test_what_is_rolled_back_was_never_true(self, learner: User, key: CourseKey, name: str) -> None:
        with rolled_back():
            events.one_of_each(learner, key, NOW)[name].send()
        assert told(learner) == ()

    @pytest.mark.parametrize("name", SIGNALS)
    def test_no_statement_runs_before_the_sender_has_committed(self, learner: User, key: CourseKey, name: str) -> None:
        with transaction.atomic():
            with CaptureQueriesContext(connection) as statements:
                events.one_of_each(learner, key, NOW)[name].send()
            assert statements.captured_queries == []
        assert told(learner) == WHAT_EACH_TELLS[name]

    @pytest.mark.parametrize("name", SIGNALS)
    def test_a_deadlock_of_ours_does_not_reach_the_transaction_of_the_sender(
        self, learner: User, key: CourseKey, queue: Queue, name: str, runs: Iterator[bool]
    ) -> None:
        for _ in runs:
            with broken_table() as failed:
                with transaction.atomic():
                    User.objects.filter(pk=learner.pk).update(first_name="before")
                    events.one_of_each(learner, key, NOW)[name].send()
                    assert User.objects.filter(pk=learner.pk).update(last_name="after") == 1
                    assert failed == []
                assert failed
            learner.refresh_from_db()
            assert (learner.first_name, learner.last_name) == ("before", "after")


def address_of(learner: User) -> str | None:
    record = record_of(learner)
    return record.certificate.url if record and record.certificate else None


def garbage(name: str, *, part: object) -> Event:
    """Return an event of the right class, as the sender's check demands, with nothing usable in it."""
    _, field, payload_class = SIGNALS[name]
    payload = object.__new__(payload_class)
    if part is not None:
        for attribute in ("user", "course"):
            object.__setattr__(payload, attribute, part)
    return Event(name, NOW, {field: payload})


@contextmanager
def one_log_record(caplog: pytest.LogCaptureFixture, start: str, level: int) -> Iterator[None]:
    """Check that the body leaves one record in the log, of ours, which names nobody."""
    caplog.clear()
    with caplog.at_level(logging.INFO, logger="learner_profile_plugin"):
        yield
    ours = [record for record in caplog.records if record.name.startswith("learner_profile_plugin")]
    assert [(record.getMessage().partition(":")[0], record.levelno) for record in ours] == [(start, level)]
    # kombu remarks, once in the life of a process, that the broker of the tests has no address.
    others = [record for record in caplog.records if record not in ours and record.levelno >= logging.WARNING]
    assert {record.name for record in others} <= {"kombu.connection"}
    assert ours[0].exc_info is not None
    for personal in ("Ada", "ada@", "Lovelace"):
        assert personal not in ours[0].getMessage()


@contextmanager
def saved_work(learner: User) -> Iterator[None]:
    """Do what the host does around an event, and check that it is saved whatever comes of the event."""
    with transaction.atomic():
        User.objects.filter(pk=learner.pk).update(first_name="saved")
        yield
    learner.refresh_from_db()
    assert learner.first_name == "saved"


@pytest.mark.parametrize("name", SIGNALS)
class TestFaults:
    @pytest.mark.parametrize("part", [None, object()], ids=["empty", "hollow"])
    def test_garbage_is_logged_and_hurts_nobody(
        self, learner: User, caplog: pytest.LogCaptureFixture, runs: Iterator[bool], name: str, part: object
    ) -> None:
        for _ in runs:
            with one_log_record(caplog, "Lost", logging.ERROR), saved_work(learner):
                garbage(name, part=part).send()

    def test_a_failing_database_delays_and_loses_nothing(
        self,
        learner: User,
        key: CourseKey,
        queue: Queue,
        caplog: pytest.LogCaptureFixture,
        runs: Iterator[bool],
        name: str,
    ) -> None:
        for _ in runs:
            with one_log_record(caplog, "Kept", logging.WARNING), broken_table(), saved_work(learner):
                events.one_of_each(learner, key, NOW)[name].send()
            assert told(learner) == ()
            with broken_table() as failed:
                assert queue.work() == 1
                assert failed
            assert told(learner) == ()
            assert queue.work() == 1
            assert told(learner) == WHAT_EACH_TELLS[name]
            assert queue.take() == []

    def test_what_can_be_neither_stored_nor_queued_is_logged_as_lost(
        self,
        learner: User,
        key: CourseKey,
        broken_queue: Queue,
        caplog: pytest.LogCaptureFixture,
        runs: Iterator[bool],
        name: str,
    ) -> None:
        for _ in runs:
            with one_log_record(caplog, "Lost", logging.ERROR), broken_table(), saved_work(learner):
                events.one_of_each(learner, key, NOW)[name].send()
            assert told(learner) == ()

    def test_a_retry_waits_and_does_not_undo_what_was_heard_of_meanwhile(
        self, learner: User, key: CourseKey, queue: Queue, name: str
    ) -> None:
        before = datetime.now(UTC)
        with broken_table():
            events.one_of_each(learner, key, NOW)[name].send()
        (message,) = queue.take()
        assert datetime.fromisoformat(message.headers["eta"]) >= before + timedelta(seconds=9)
        events.one_of_each(learner, key, NOW + DAY)[OPPOSITE.get(name, name)].send()
        expected = told(learner)
        queue.run(message)
        assert told(learner) == expected


OPPOSITE = {
    "CERTIFICATE_CREATED": "CERTIFICATE_REVOKED",
    "CERTIFICATE_CHANGED": "CERTIFICATE_CREATED",
    "CERTIFICATE_REVOKED": "CERTIFICATE_CREATED",
    "COURSE_ENROLLMENT_CREATED": "COURSE_UNENROLLMENT_COMPLETED",
    "COURSE_ENROLLMENT_CHANGED": "COURSE_UNENROLLMENT_COMPLETED",
    "COURSE_UNENROLLMENT_COMPLETED": "COURSE_ENROLLMENT_CREATED",
}


class TestFailingLookUp:
    @pytest.mark.parametrize("name", CERTIFICATE_SIGNALS)
    def test_what_the_event_said_is_recorded_and_the_details_come_with_the_retry(
        self,
        learner: User,
        key: CourseKey,
        queue: Queue,
        caplog: pytest.LogCaptureFixture,
        monkeypatch: pytest.MonkeyPatch,
        runs: Iterator[bool],
        name: str,
    ) -> None:
        models.GeneratedCertificate.objects.create(
            user=learner, course_key=key, status="downloadable", verify_uuid="c0ffee", modified_date=NOW
        )

        def fail(**_: object) -> None:
            raise OperationalError("the LMS is busy")

        for _ in runs:
            with monkeypatch.context() as patch:
                patch.setattr(lms, "get_certificates", fail)
                with one_log_record(caplog, "Kept", logging.WARNING), saved_work(learner):
                    events.certificate(name, learner, key, at=NOW).send()
            assert (address_of(learner), told(learner)[-1]) == ("", "downloadable")
            assert queue.work() == 1
            assert address_of(learner) == "/certificates/c0ffee"

    def test_an_empty_queue_is_left_when_nothing_failed(self, learner: User, key: CourseKey, queue: Queue) -> None:
        for event in events.one_of_each(learner, key, NOW).values():
            event.send()
        assert queue.take() == []


Step = Callable[[User, CourseKey, datetime], object]


def _certify(user: User, key: CourseKey, at: datetime) -> None:
    certificates.issue(user, key, at=at)


def _withdraw(user: User, key: CourseKey, at: datetime) -> None:
    for certificate in models.GeneratedCertificate.objects.filter(user=user):
        certificates.invalidate(certificate, at=at)


def _leave(user: User, key: CourseKey, at: datetime) -> None:
    if lms.is_enrolled(user.pk, key):
        enrolment.unenrol(user, key, at=at)


STEPS: dict[str, Step] = {
    "enrol": lambda user, key, at: enrolment.enrol(user, key, at=at),
    "enrol as verified": lambda user, key, at: enrolment.enrol(user, key, mode="verified", at=at),
    "leave": _leave,
    "pass": lambda user, key, at: grades.record(user, key, 0.9, at=at),
    "fail": lambda user, key, at: grades.record(user, key, 0.3, at=at),
    "certify": _certify,
    "withdraw": _withdraw,
}


@contextmanager
def captured() -> Iterator[list[Event]]:
    """Collect the events that are sent, as an event bus does."""
    found: list[Event] = []

    def capture(name: str) -> Callable[..., None]:
        field = SIGNALS[name][1]
        return lambda **sent: found.append(Event(name, sent["metadata"].time, {field: sent[field]}))

    receivers = {name: capture(name) for name in SIGNALS}
    for name, receiver in receivers.items():
        SIGNALS[name][0].connect(receiver, weak=False)
    try:
        yield found
    finally:
        for name, receiver in receivers.items():
            SIGNALS[name][0].disconnect(receiver)


def _forget(user: User) -> None:
    models.CourseEnrollment.objects.all().delete()
    models.GeneratedCertificate.objects.all().delete()
    models.PersistentCourseGrade.objects.all().delete()
    api.delete_learner(user.pk)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(list(STEPS)), min_size=1, max_size=6), st.data())
def test_any_history_ends_in_what_the_platform_holds_however_its_events_arrive(
    learner: User, key: CourseKey, history: list[str], data: st.DataObject
) -> None:
    _forget(learner)
    with captured() as sent:
        for day, step in enumerate(history):
            STEPS[step](learner, key, NOW + day * DAY)
    in_order = record_of(learner)
    if in_order is not None:
        _check_against_platform(in_order, learner)
    repeats = data.draw(st.lists(st.sampled_from(sent), max_size=4)) if sent else []
    api.delete_learner(learner.pk)
    for event in data.draw(st.permutations([*sent, *repeats])):
        event.send()
    assert record_of(learner) == in_order


def _check_against_platform(record: LearningRecord, learner: User) -> None:
    for held in lms.get_enrolments(learner.pk):
        assert (record.is_enrolled, record.mode, record.enrolled_at) == (held.is_active, held.mode, held.created_at)
    for grade in lms.get_grades(user_id=learner.pk):
        assert (record.percent, record.letter, record.passed_at) == (grade.percent, grade.letter, grade.passed_at)
        assert record.is_passing == (grade.percent > 0.6)
    for certificate in lms.get_certificates(user_id=learner.pk):
        assert record.certificate_status == certificate.status
        assert (record.certificate is not None) == (certificate.status == "downloadable")
        if record.certificate:
            assert (record.certificate.url, record.certificate.issued_at) == (certificate.url, certificate.dated_at)

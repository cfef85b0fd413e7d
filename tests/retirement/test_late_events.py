"""What the platform tells of a learner after they were forgotten does not bring them back."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from eventtracking import tracker
from opaque_keys.edx.keys import CourseKey

from demo.lms.actions import certificates, enrolment, grades
from demo.lms.actions import retirement as lms
from demo.lms.models import GeneratedCertificate
from learner_profile_plugin.learning_record import api as learning_record
from learner_profile_plugin.learning_record.models import LearningRecord
from learner_profile_plugin.time_on_task import spool
from learner_profile_plugin.time_on_task.data import Activity, Evidence
from learner_profile_plugin.time_on_task.models import PendingEvidence
from tests.conftest import NOW, CourseFactory
from tests.learning_record.conftest import Queue, broken_table
from tests.retirement.conftest import NUMBER, START, TRACES, traces
from tests.time_on_task.conftest import broken

LATER = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "learner_profile_plugin")


def retire(user: User) -> None:
    lms.ask(user)
    lms.retire_misc(user)
    lms.retire(user)


def dropped(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what the log says was dropped; nothing of it says whose it was."""
    found = [record.getMessage() for record in caplog.records if record.getMessage().startswith("Dropped")]
    assert not [word for word in TRACES for message in found if word in message.lower()]
    return found


def emit(user_id: int, key: CourseKey, source: str) -> None:
    given = {"user_id": user_id, "course_id": str(key), "session": "5e55102f", "event_source": source}
    with tracker.get_tracker().context("test", given):
        tracker.emit("problem_check", {})


def test_an_event_of_the_platform_is_dropped(zenobia: User, key: CourseKey, caplog: pytest.LogCaptureFixture) -> None:
    retire(zenobia)
    grades.record(zenobia, key, 0.95, at=LATER)
    assert traces() == set()
    assert dropped(caplog) == [
        f"Dropped: {kind} of an account that is closed or gone, in {key}." for kind in ("grade", "passing")
    ]


def test_a_fact_that_waited_in_the_task_queue_is_dropped(
    zenobia: User, key: CourseKey, queue: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    with broken_table():
        certificates.issue(zenobia, key, at=LATER)
    retire(zenobia)
    assert queue.work() == 2
    assert queue.take() == []
    assert traces() == set()
    assert len(dropped(caplog)) == 2


def test_evidence_that_waited_in_the_task_queue_is_dropped_and_that_of_others_kept(
    zenobia: User, ben: User, key: CourseKey, queue: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    before = PendingEvidence.objects.filter(user=ben).count()
    with broken(PendingEvidence):
        for user in (zenobia, ben):
            spool.accept(Activity(user.pk, key, Evidence(points=frozenset({START + 600}))))
    retire(zenobia)
    assert queue.work() == 2
    assert traces() == set()
    assert PendingEvidence.objects.filter(user=ben).count() == before + 1
    assert dropped(caplog) == ["Dropped: 1 piece(s) of late evidence of accounts that are closed."]


def test_what_a_phone_did_while_it_was_offline_is_dropped(
    zenobia: User, ben: User, key: CourseKey, caplog: pytest.LogCaptureFixture
) -> None:
    before = PendingEvidence.objects.filter(user=ben).count()
    retire(zenobia)
    for user_id in (NUMBER, ben.pk):
        emit(user_id, key, "mobile")
    assert traces() == set()
    assert PendingEvidence.objects.filter(user=ben).count() == before + 1
    assert dropped(caplog) == ["Dropped: 1 piece(s) of late evidence of accounts that are closed."]


def test_an_account_that_is_gone_is_no_failure(
    zenobia: User, key: CourseKey, queue: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    with broken_table():
        grades.record(zenobia, key, 0.5, at=LATER)
    zenobia.delete()
    assert queue.work() == 2
    assert queue.take() == []
    assert not LearningRecord.objects.exists()
    assert len(dropped(caplog)) == 2


def test_of_an_account_that_is_closed_and_not_forgotten_what_is_there_is_kept_up_to_date(
    zenobia: User, key: CourseKey, course: CourseFactory, caplog: pytest.LogCaptureFixture
) -> None:
    """The support team can disable an account and open it again; what was revoked meanwhile is revoked."""
    lms.ask(zenobia)
    certificates.invalidate(GeneratedCertificate.objects.get(user=zenobia), at=LATER)
    (record,) = learning_record.get_learning_records(NUMBER)
    assert record.certificate is None
    assert dropped(caplog) == []
    enrolment.enrol(zenobia, course("Ropes"), at=LATER)
    assert [record.course_key for record in learning_record.get_learning_records(NUMBER)] == [key]

"""Whatever was heard of and whatever was missed: in the end the record says what the platform holds."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opaque_keys.edx.keys import CourseKey

from demo.lms import compat as lms
from demo.lms import models
from demo.lms.actions import certificates, enrolment, grades
from learner_profile_plugin.learning_record.data import CertificateFact
from learner_profile_plugin.learning_record.platform_facts import MARGIN
from tests.conftest import NOW, CourseFactory, PersonFactory
from tests.learning_record.backfilling import PLATFORM, Mail, backfill, dump, forget, held, recorded, unheard

Step = Callable[[User, CourseKey, datetime], object]

# So near to each other that a reading may not claim to be later, and so far that it may.
PASSING_TIME = [timedelta(seconds=1), MARGIN / 2, MARGIN, MARGIN + timedelta(seconds=1), timedelta(days=1)]


def _withdraw(user: User, key: CourseKey, at: datetime) -> None:
    for certificate in models.GeneratedCertificate.objects.filter(user=user):
        certificates.invalidate(certificate, at=at)


def _leave(user: User, key: CourseKey, at: datetime) -> None:
    if lms.is_enrolled(user.pk, key):
        enrolment.unenrol(user, key, at=at)


def _delete(table: Any) -> Step:
    return lambda user, key, at: table.objects.filter(user_id=user.pk).delete()


STEPS: dict[str, Step] = {
    "enrol": lambda user, key, at: enrolment.enrol(user, key, at=at),
    "enrol as verified": lambda user, key, at: enrolment.enrol(user, key, mode="verified", at=at),
    "leave": _leave,
    "pass": lambda user, key, at: grades.record(user, key, 0.9, at=at),
    "fail": lambda user, key, at: grades.record(user, key, 0.3, at=at),
    "certify": lambda user, key, at: certificates.issue(user, key, at=at),
    "withdraw": _withdraw,
}
UNTOLD: dict[str, Step] = {f"delete {table.__name__}": _delete(table) for table in PLATFORM} | {
    "rename a certificate, and say nothing": lambda user, key, at: models.GeneratedCertificate.objects.update(
        name="A."
    ),
}
BACKFILL, TELL = "backfill", "tell"


def histories(steps: dict[str, Step]) -> st.SearchStrategy[list[tuple[str, timedelta]]]:
    """Draw what happens, and how much time passes after each."""
    what = st.sampled_from([*steps, BACKFILL, BACKFILL, TELL, TELL])
    return st.lists(st.tuples(what, st.sampled_from(PASSING_TIME)), min_size=1, max_size=8)


laws = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def key(course: CourseFactory) -> CourseKey:
    return course()


def play(learner: User, key: CourseKey, history: list[tuple[str, timedelta]], data: st.DataObject) -> Mail:
    """Let it happen; return the events that did not arrive meanwhile."""
    forget()
    at = NOW
    with unheard() as mail:
        for what, passes in history:
            with time_machine.travel(at, tick=False):
                if what == BACKFILL:
                    assert backfill().code == 0
                elif what != TELL:
                    (STEPS | UNTOLD)[what](learner, key, at)
                elif mail.facts:
                    mail.tell(mail.facts.pop(data.draw(st.integers(0, len(mail.facts) - 1))))
            at += passes
    return mail


@laws
@given(histories(STEPS), st.data())
def test_backfills_at_any_moment_never_win_over_an_event_that_arrives_later(
    learner: User, key: CourseKey, history: list[tuple[str, timedelta]], data: st.DataObject
) -> None:
    mail = play(learner, key, history, data)
    for fact in data.draw(st.permutations(mail.facts)):
        mail.tell(fact)
    assert recorded() == held()


@laws
@given(histories(STEPS | UNTOLD), st.data())
def test_what_never_arrived_and_what_is_gone_is_found_by_the_next_backfill(
    learner: User, key: CourseKey, history: list[tuple[str, timedelta]], data: st.DataObject
) -> None:
    mail = play(learner, key, history, data)
    for fact in data.draw(st.lists(st.sampled_from(mail.facts), unique_by=id)) if mail.facts else []:
        mail.tell(fact)
    later = NOW + sum((passes for _, passes in history), MARGIN) + timedelta(seconds=1)
    with time_machine.travel(later, tick=False):
        backfill()
        told, said = recorded(), held()
        for place in told.keys() | said.keys():
            vouched_for, of_record = said.get(place, {}), told.get(place, {})
            assert {name: of_record.get(name) for name in vouched_for} == vouched_for
            # What is over stays when the platform has forgotten it: an enrolment that ended, a certificate taken back.
            left = {name: of_record[name] for name in of_record.keys() - vouched_for.keys()}
            assert left.pop("enrolment", [False])[0] is False
            assert left.pop("certificate", ["unavailable"])[0] == "unavailable"
            # So does a passing status without a grade: some sites store no grades, and there it is all that is told.
            assert left.keys() <= ({"passing"} if "grade" not in of_record else set())
        rows = dump()
        assert backfill("--verify").code == 0
        backfill()
        assert dump() == rows


def test_a_transaction_that_is_committed_after_the_reading_wins(learner: User, key: CourseKey) -> None:
    enrolment.enrol(learner, key, at=NOW - timedelta(days=9))
    with unheard() as mail, time_machine.travel(NOW, tick=False):
        enrolment.enrol(learner, key, mode="verified", at=NOW)
        enrolment.unenrol(learner, key, at=NOW - MARGIN + timedelta(seconds=1))
        models.CourseEnrollment.objects.update(is_active=True)
        backfill()
    models.CourseEnrollment.objects.update(is_active=False)
    for fact in mail.facts[-1:]:
        mail.tell(fact)
    (told,) = recorded().values()
    assert told["enrolment"][0] is False


def test_an_event_of_a_certificate_wins_over_a_reading_of_the_same_save(learner: User, key: CourseKey) -> None:
    with unheard() as mail:
        certificates.issue(learner, key, grade="0.9", at=NOW)
    backfill()
    first = recorded()
    for fact in mail.facts:
        mail.tell(fact)
    assert recorded() == first == held()
    assert all(isinstance(fact, CertificateFact) for fact in mail.facts)


def test_while_learners_work_nothing_is_lost(person: PersonFactory, course: CourseFactory) -> None:
    people, keys = [person(f"learner{number}") for number in range(6)], [course("Knots"), course("Tides")]
    with unheard():
        for user in people:
            for key in keys:
                enrolment.enrol(user, key)
                grades.record(user, key, 0.3)
    problems: list[BaseException] = []
    is_over = threading.Event()

    def work(number: int) -> None:
        for step in range(12):
            for key in keys:
                user = people[(number * 3 + step) % len(people)] if step % 3 else people[number]
                at = timezone.now()
                STEPS[list(STEPS)[(number + step) % 6]](user, key, at)

    def fill() -> None:
        while not is_over.is_set():
            backfill("--batch", "5")

    def guarded(what: Callable[[], object]) -> None:
        try:
            what()
        except BaseException as error:  # noqa: BLE001 - the test looks at them
            problems.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=guarded, args=[lambda number=number: work(number)]) for number in range(2)]
    fillers = [threading.Thread(target=guarded, args=[fill]) for _ in range(2)]
    for thread in (*workers, *fillers):
        thread.start()
    for thread in workers:
        thread.join()
    is_over.set()
    for thread in fillers:
        thread.join()
    assert problems == []
    assert recorded() == held()

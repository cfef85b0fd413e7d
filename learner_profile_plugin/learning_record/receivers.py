"""
What the platform's learning events say, turned into facts.

Receivers run inside the request or job that sent the event. They never raise, and touch the
database only once the sender's transaction is committed: what is rolled back was never true, and a
failing statement of ours must not take the sender's transaction with it.
"""

from __future__ import annotations

import functools
from datetime import UTC, datetime
from typing import Any

from django.db import transaction

from learner_profile_plugin.failsafe import never_raises, store_or_retry
from learner_profile_plugin.learning_record import intake
from learner_profile_plugin.learning_record.data import (
    CertificateFact,
    EnrolmentFact,
    Fact,
    GradeFact,
    PassingFact,
)
from learner_profile_plugin.learning_record.tasks import store_fact

RETRY_AFTER_SECONDS = 10


@never_raises("a certificate event")
def on_certificate_event(*, certificate: Any, metadata: Any, **_: Any) -> None:
    """
    Take CERTIFICATE_CREATED, CERTIFICATE_CHANGED and CERTIFICATE_REVOKED.

    All three carry the same data (``openedx_events.learning.data.CertificateData``) and say the
    status in it; which of them it was adds nothing.
    """
    fact = CertificateFact(
        user_id=certificate.user.id,
        course_key=certificate.course.course_key,
        as_of=metadata.time,
        status=certificate.current_status,
        mode=certificate.mode,
        name=certificate.name or "",
        grade=certificate.grade or "",
    )
    _keep(fact)


@never_raises("a grade event")
def on_grade_event(*, grade: Any, metadata: Any, **_: Any) -> None:
    """Take PERSISTENT_GRADE_SUMMARY_CHANGED (``PersistentCourseGradeData``)."""
    fact = GradeFact(
        user_id=grade.user_id,
        course_key=grade.course.course_key,
        as_of=metadata.time,
        percent=float(grade.percent_grade),
        letter=grade.letter_grade or "",
        passed_at=_aware(grade.passed_timestamp),
    )
    _keep(fact)


@never_raises("a passing status event")
def on_passing_status_event(*, course_passing_status: Any, metadata: Any, **_: Any) -> None:
    """Take COURSE_PASSING_STATUS_UPDATED (``CoursePassingStatusData``), sent at every recomputation."""
    fact = PassingFact(
        user_id=course_passing_status.user.id,
        course_key=course_passing_status.course.course_key,
        as_of=metadata.time,
        is_passing=bool(course_passing_status.is_passing),
    )
    _keep(fact)


@never_raises("an enrolment event")
def on_enrolment_event(*, enrollment: Any, metadata: Any, **_: Any) -> None:
    """
    Take COURSE_ENROLLMENT_CREATED, COURSE_ENROLLMENT_CHANGED and COURSE_UNENROLLMENT_COMPLETED.

    All three carry ``CourseEnrollmentData`` with the state after the change.
    """
    fact = EnrolmentFact(
        user_id=enrollment.user.id,
        course_key=enrollment.course.course_key,
        as_of=metadata.time,
        mode=enrollment.mode or "",
        is_active=bool(enrollment.is_active),
        created_at=_aware(enrollment.creation_date),
    )
    _keep(fact)


def _keep(fact: Fact) -> None:
    transaction.on_commit(functools.partial(_store, fact), robust=True)


def _store(fact: Fact) -> None:
    store_or_retry(
        f"{fact.kind} of user {fact.user_id} in {fact.course_key} as of {fact.as_of.isoformat()}",
        functools.partial(intake.store, fact),
        functools.partial(_queue, fact),
    )


def _queue(fact: Fact) -> None:
    # "argsrepr" is what Celery shows of a message: not the name that stands on a certificate.
    store_fact.apply_async(  # type: ignore[call-arg] # its stubs do not know argsrepr
        (fact.to_json(),), argsrepr="(...)", countdown=RETRY_AFTER_SECONDS, retry=False
    )


def _aware(moment: datetime | None) -> datetime | None:
    """Read a time without a zone as UTC, which is how the platform keeps them."""
    if moment is not None and moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    return moment

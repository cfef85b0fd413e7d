"""
The door of the learning record. Access is checked by whoever calls, not here.
"""

from __future__ import annotations

import logging

from django.db import transaction
from django.db.models import Q

from learner_profile_plugin import compat
from learner_profile_plugin.learning_record.columns import columns_of
from learner_profile_plugin.learning_record.data import CERTIFIED, Fact, LearningRecord, RecordedCertificate
from learner_profile_plugin.learning_record.models import LearningRecord as Row

__all__ = ["delete_learner", "get_learning_records", "record"]

log = logging.getLogger(__name__)


def record(fact: Fact) -> bool:
    """
    Keep a fact, unless a later one of its kind is known already; return whether it was kept.

    One statement decides and writes, so any number of processes may record at once. The same fact
    again is kept again: it says the same, and may bring details that were missing. Of an account that
    is closed what is there is kept up to date, and nothing new is begun: what a retired learner had
    is gone, and stays so. Raises what the database raises.
    """
    prefix = fact.kind
    rank = fact.rank()
    as_of, known_rank = f"{prefix}_as_of", f"{prefix}_rank"
    is_older = Q(**{f"{as_of}__isnull": True}) | Q(**{f"{as_of}__lt": fact.as_of})
    is_of_lower_rank = Q(**{as_of: fact.as_of, f"{known_rank}__lte": rank})
    values = columns_of(fact)
    with transaction.atomic():
        rows = Row.objects.filter(user_id=fact.user_id, course_key=fact.course_key)
        if not rows.exists():
            account = compat.get_account(fact.user_id)
            if account is None or account.is_closed:
                log.warning("Dropped: %s of an account that is closed or gone, in %s.", prefix, fact.course_key)
                return False
            Row.objects.get_or_create(user_id=fact.user_id, course_key=fact.course_key)
        updated = rows.filter(is_older | is_of_lower_rank).update(**values, **{as_of: fact.as_of, known_rank: rank})
    return bool(updated)


def get_learning_records(user_id: int) -> list[LearningRecord]:
    """Return all that is recorded of a learner, one for each course run, in order of the course keys."""
    return [_to_data(row) for row in Row.objects.filter(user_id=user_id).order_by("course_key")]


def delete_learner(user_id: int) -> None:
    """Remove all that is recorded of a learner."""
    Row.objects.filter(user_id=user_id).delete()


def _to_data(row: Row) -> LearningRecord:
    certificate = None
    if row.certificate_status == CERTIFIED:
        certificate = RecordedCertificate(
            mode=row.certificate_mode,
            name=row.certificate_name,
            url=row.certificate_url,
            issued_at=row.certificate_issued_at,
            is_shown=bool(row.certificate_is_shown),
            shown_from=row.certificate_shown_from,
        )
    return LearningRecord(
        course_key=row.course_key,
        is_enrolled=row.enrolment_is_active,
        mode=row.enrolment_mode,
        enrolled_at=row.enrolment_created_at,
        percent=row.grade_percent,
        letter=row.grade_letter,
        passed_at=row.grade_passed_at,
        is_passing=row.passing_is_passing,
        certificate=certificate,
        certificate_status=row.certificate_status,
    )

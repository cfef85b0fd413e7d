"""Where a record differs from what the platform's rows say, and which of the two is to be believed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from learner_profile_plugin.learning_record.columns import GROUPS, columns_of
from learner_profile_plugin.learning_record.data import CertificateDetails, CertificateFact, Fact
from learner_profile_plugin.learning_record.models import LearningRecord as Row
from learner_profile_plugin.learning_record.platform_facts import MARGIN

DETAILS = frozenset(f"{CertificateFact.kind}_{name}" for name in CertificateDetails.__dataclass_fields__)
NOTHING: Mapping[str, Any] = {
    field.name: field.get_default()
    for field in Row._meta.concrete_fields
    if any(field.name in columns for columns in GROUPS.values())
}
"""The columns of a record of which nothing is known."""


@dataclass(frozen=True, slots=True)
class Difference:
    """
    A group of columns that does not say what the platform says.

    Attributes:
        kind: of the fact, such as ``grade``.
        why: ``missing`` (nothing was recorded), ``differs``, ``gone`` (the platform holds no row any
            more), or ``too fresh``: it was recorded so lately that the reading may be the older.
        before, after: what is recorded and what the platform says, by column, where they differ.
        values: what is to be written, by column; nothing if it is too fresh.
    """

    user_id: int
    course: str
    kind: str
    why: str
    before: dict[str, Any]
    after: dict[str, Any]
    values: dict[str, Any] = field(default_factory=dict)


def settle(fact: Fact, known: Mapping[str, Any], read_at: datetime, *, is_gone: bool = False) -> Difference | None:
    """
    Compare a fact that was read from the platform with what is recorded; None if they agree.

    Later facts win, by the platform's time, as everywhere. But a row of the platform that was read
    is true at that moment too, and not only when it was last changed: what was recorded up to
    :data:`MARGIN` before, and says something else, gives way. Of certificates only the details may
    differ, which change without the certificate (a course begins to show them): what was read last
    counts there, and the time stays. What is as of a moment after the reading was read after it, too.
    """
    said = columns_of(fact)
    after = {name: value for name, value in said.items() if known[name] != value}
    if not after:
        return None
    before = {name: known[name] for name in after}
    as_of, rank = f"{fact.kind}_as_of", f"{fact.kind}_rank"
    why = "gone" if is_gone else "missing" if known[as_of] is None else "differs"
    if after.keys() <= DETAILS and (known[as_of] is None or known[as_of] <= read_at):
        values = dict(after)
    elif (moment := _as_of(fact, known[as_of], known[rank], read_at)) is not None:
        values = said | {as_of: moment, rank: fact.rank()}
    else:
        why, values = "too fresh", {}
    return Difference(fact.user_id, str(fact.course_key), fact.kind, why, before, after, values)


def _as_of(fact: Fact, known_as_of: datetime | None, known_rank: str, read_at: datetime) -> datetime | None:
    """Return as of which moment a fact is to be written over what is known; None if it is not."""
    if known_as_of is None or (known_as_of, known_rank) < (fact.as_of, fact.rank()):
        return fact.as_of
    return read_at - MARGIN if known_as_of < read_at - MARGIN else None

"""
Facts that the platform tells, and the record that follows from them.

A fact is one thing the platform said about one learner in one course run at one moment. Of each
kind the latest counts, by the platform's own time and not by arrival; at the very same moment the
lesser claim counts, so that nothing is ever shown as more than was said.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, ClassVar

from opaque_keys.edx.keys import CourseKey

CERTIFIED = "downloadable"
"""The one certificate status under which the platform shows a certificate to its owner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """
    What every fact says: about whom, where, and as of when (aware, UTC).

    ``kind`` names the group of columns that the fact fills.
    """

    kind: ClassVar[str]

    user_id: int
    course_key: CourseKey
    as_of: datetime

    def said(self) -> dict[str, Any]:
        """Return what the platform said, by column without the kind."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name not in FRAME}

    def columns(self) -> dict[str, Any]:
        """Return what is to be stored, by column without the kind."""
        return self.said()

    def is_lesser(self) -> bool:
        """Return whether the fact takes away a claim (revoked, failed, unenrolled)."""
        raise NotImplementedError

    def rank(self) -> str:
        """
        Return a text that puts facts of the same moment into one order, wherever it is computed.

        The lesser claim ranks higher.
        """
        said = sorted((name, str(value)) for name, value in self.said().items())
        return f"{int(self.is_lesser())}{hashlib.sha256(repr(said).encode()).hexdigest()[:16]}"

    def to_json(self) -> dict[str, Any]:
        """Return what was said as JSON-able values, for a task queue; :func:`fact_from_json` reads it."""
        said = {name: v.isoformat() if isinstance(v, datetime) else v for name, v in self.said().items()}
        frame = {"user_id": self.user_id, "course_key": str(self.course_key), "as_of": self.as_of.isoformat()}
        return said | frame | {"kind": self.kind}


FRAME = frozenset({"user_id", "course_key", "as_of", "details"})


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolmentFact(Fact):
    """The learner's enrolment: the mode, whether it is active, and since when it exists (if known)."""

    kind: ClassVar[str] = "enrolment"

    mode: str
    is_active: bool
    created_at: datetime | None

    def is_lesser(self) -> bool:
        """Unenrolled is less than enrolled."""
        return not self.is_active


@dataclass(frozen=True, slots=True)
class CertificateDetails:
    """
    What a certificate event does not carry and is looked up when it arrives.

    Attributes:
        url: the page that shows it, or ``""``.
        issued_at: the date that the platform prints on it; None where there is no certificate.
        is_shown: the course lets its certificates be seen by now.
        shown_from: when they will be, if that is known.
    """

    url: str
    issued_at: datetime | None
    is_shown: bool
    shown_from: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateFact(Fact):
    """
    The learner's certificate: status, mode, the name on it and the grade (the platform's text).

    Details may be missing; those that are known already stay then. No status says that the platform
    holds no certificate.
    """

    kind: ClassVar[str] = "certificate"

    status: str
    mode: str
    name: str
    grade: str
    details: CertificateDetails | None = None

    def columns(self) -> dict[str, Any]:
        """Return what was said, and the details where they are known."""
        return self.said() | (asdict(self.details) if self.details else {})

    def is_lesser(self) -> bool:
        """Any status but the one that shows a certificate is less than it."""
        return self.status != CERTIFIED


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeFact(Fact):
    """
    The learner's grade: a fraction from 0 to 1, the letter, and when it first was enough to pass.

    No fraction says that the platform holds no grade.
    """

    kind: ClassVar[str] = "grade"

    percent: float | None
    letter: str
    passed_at: datetime | None

    def is_lesser(self) -> bool:
        """Not passed is less than passed."""
        return self.passed_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class PassingFact(Fact):
    """Whether the learner's grade is, as of now, enough to pass; None says that there is no grade."""

    kind: ClassVar[str] = "passing"

    is_passing: bool | None

    def is_lesser(self) -> bool:
        """Failing is less than passing."""
        return not self.is_passing


FACTS: dict[str, type[Fact]] = {cls.kind: cls for cls in (EnrolmentFact, CertificateFact, GradeFact, PassingFact)}


def fact_from_json(values: dict[str, Any]) -> Fact:
    """Read what :meth:`Fact.to_json` wrote."""
    read = dict(values)
    cls = FACTS[read.pop("kind")]
    for name in ("as_of", "created_at", "passed_at"):
        if read.get(name):
            read[name] = datetime.fromisoformat(read[name])
    return cls(**read | {"course_key": CourseKey.from_string(read["course_key"])})


@dataclass(frozen=True, slots=True)
class RecordedCertificate:
    """A certificate that stands (see :class:`CertificateDetails` for what its attributes mean)."""

    mode: str
    name: str
    url: str
    issued_at: datetime | None
    is_shown: bool
    shown_from: datetime | None


@dataclass(frozen=True, slots=True)
class LearningRecord:
    """
    What the platform recorded of one learner in one course run.

    Attributes:
        percent: the grade as a fraction from 0 to 1; None if never recorded.
        passed_at: when the grade first was enough to pass; kept even if the learner fails later.
        is_passing: the platform's last word on it; None if it said nothing.
        certificate: None if there is none or it does not stand (any more).
    """

    course_key: CourseKey
    is_enrolled: bool | None = None
    mode: str = ""
    enrolled_at: datetime | None = None
    percent: float | None = None
    letter: str = ""
    passed_at: datetime | None = None
    is_passing: bool | None = None
    certificate: RecordedCertificate | None = None
    certificate_status: str = ""

    def certificate_at(self, moment: datetime) -> RecordedCertificate | None:
        """Return the certificate if it stands and the platform shows it at ``moment``."""
        if self.certificate is None or self.certificate.is_shown:
            return self.certificate
        shown_from = self.certificate.shown_from
        return self.certificate if shown_from is not None and shown_from <= moment else None

    @property
    def has_passed(self) -> bool:
        """Whether the grade is enough to pass, as far as the platform last said."""
        if self.is_passing is None:
            return self.passed_at is not None
        return self.is_passing

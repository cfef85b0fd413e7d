"""Stores a fact that arrived, completed with what the platform's event leaves out."""

from __future__ import annotations

from dataclasses import replace

from learner_profile_plugin import compat
from learner_profile_plugin.learning_record import api
from learner_profile_plugin.learning_record.data import CertificateDetails, CertificateFact, Fact
from learner_profile_plugin.learning_record.platform_facts import details_of


def store(fact: Fact) -> None:
    """
    Record the fact, a certificate's with its details.

    Raises what the database or the look-up raises, so that the caller can try again; where only the
    look-up failed, what the platform said is recorded by then.
    """
    if isinstance(fact, CertificateFact):
        try:
            fact = replace(fact, details=_look_up(fact))
        except Exception:
            api.record(fact)
            raise
    api.record(fact)


def _look_up(fact: CertificateFact) -> CertificateDetails | None:
    for found in compat.get_certificates(user_id=fact.user_id, course_keys=[fact.course_key], limit=1):
        return details_of(found)
    return None

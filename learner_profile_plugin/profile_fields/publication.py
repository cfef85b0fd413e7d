"""The one step by which a learner shows their portfolio to others, and the word that they give for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils import timezone

from learner_profile_plugin.access import Audience, Section, SectionRule
from learner_profile_plugin.profile_fields import models
from learner_profile_plugin.profile_fields.data import Consent, NotPublishableError, Profile
from learner_profile_plugin.profile_fields.reading import get_profile
from learner_profile_plugin.profile_fields.turns import changing, holding, move_on
from learner_profile_plugin.section_rules import api as section_rules


def missing_sections(profile: Profile, rules: Mapping[Section, SectionRule]) -> list[Section]:
    """Return the sections that the operator requires and that hold nothing."""
    return [
        section
        for section in Section
        if section in rules and rules[section].is_enabled and rules[section].is_required
        if not profile.items.get(section)
    ]


def publish(
    user_id: int,
    *,
    text: str,
    audiences: Mapping[Section, Audience],
    as_minor: bool = False,
    at: datetime | None = None,
) -> None:
    """
    Make the portfolio visible to the audiences of its sections, and keep the learner's word for it.

    Published already, it stays so; somebody who agreed as a minor can agree again once they are none.

    Args:
        text: what the learner agreed to, as it was shown.
        audiences: who was to see what.
        as_minor: the learner agreed to the narrow circle of minors only.
        at: when; now, if it is left out.

    Raises:
        NotPublishableError: if a section is empty that the operator requires.
    """
    with holding(user_id) as profile:
        missing = missing_sections(get_profile(user_id), section_rules.get_rules())
        if missing:
            raise NotPublishableError(missing)
        if profile.published_at is not None and (as_minor or not profile.published_as_minor):
            return
        moment = at or timezone.now()
        models.Profile.objects.filter(user_id=user_id).update(published_at=moment, published_as_minor=as_minor)
        models.Consent.objects.filter(profile_id=user_id, withdrawn_at=None).update(withdrawn_at=moment)
        models.Consent.objects.create(
            profile_id=user_id,
            given_at=moment,
            text=text,
            audiences={section.value: audience.name.lower() for section, audience in audiences.items()},
        )
        move_on(user_id)


def unpublish(user_id: int) -> None:
    """Take the portfolio back: from now on only its owner sees it."""
    if models.Profile.objects.filter(user_id=user_id).exclude(published_at=None).exists():
        with changing(user_id):
            models.Profile.objects.filter(user_id=user_id).update(published_at=None, published_as_minor=False)
            models.Consent.objects.filter(profile_id=user_id, withdrawn_at=None).update(withdrawn_at=timezone.now())


def get_consents(user_id: int) -> list[Consent]:
    """Return every time that the learner published, the latest first."""
    return [
        Consent(given_at=row.given_at, withdrawn_at=row.withdrawn_at, text=row.text)
        for row in models.Consent.objects.filter(profile_id=user_id).order_by("-given_at", "-id")
    ]


def set_audiences(user_id: int, audiences: Mapping[Section, Audience]) -> None:
    """Let the learner's choice hold in these sections; others stay as they are."""
    with changing(user_id):
        for section, audience in audiences.items():
            models.SectionChoice.objects.update_or_create(
                profile_id=user_id, section=section.value, defaults={"audience": audience.value}
            )

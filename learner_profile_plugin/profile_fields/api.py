"""
The door of the profile. Access is checked by whoever calls, not here.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from learner_profile_plugin.access import Audience, Section
from learner_profile_plugin.profile_fields import models
from learner_profile_plugin.profile_fields.data import Link, PartialDate, Profile, StaleProfileError, WorkExperience

KNOWN_SECTIONS = frozenset(section.value for section in Section)

__all__ = ["delete_learner", "get_profile", "publish", "save_profile", "unpublish"]


def get_profile(user_id: int) -> Profile:
    """Return what a learner states; an empty profile (version 0) if they never saved one."""
    row = (
        models.Profile.objects.filter(user_id=user_id)
        .prefetch_related("work_experience", "links", "section_audiences")
        .first()
    )
    return _to_data(row) if row else Profile()


def save_profile(user_id: int, profile: Profile) -> Profile:
    """
    Replace what a learner states and return it as saved; publication stays as it is.

    ``profile.version`` tells which version the caller changed.

    Raises:
        StaleProfileError: if it is no longer the present one; nothing is saved then.
    """
    with transaction.atomic():
        models.Profile.objects.get_or_create(user_id=user_id)
        updated = models.Profile.objects.filter(user_id=user_id, version=profile.version).update(
            headline=profile.headline,
            about=profile.about,
            version=F("version") + 1,
            modified_at=timezone.now(),
        )
        if not updated:
            raise StaleProfileError
        _replace_items(user_id, profile)
    return get_profile(user_id)


def publish(user_id: int, at: datetime | None = None) -> None:
    """Make the portfolio visible to the audiences of its sections. Published already, it stays so."""
    models.Profile.objects.get_or_create(user_id=user_id)
    models.Profile.objects.filter(user_id=user_id, published_at=None).update(published_at=at or timezone.now())


def unpublish(user_id: int) -> None:
    """Take the portfolio back: from now on only its owner sees it."""
    models.Profile.objects.filter(user_id=user_id).update(published_at=None)


def delete_learner(user_id: int) -> None:
    """Remove all that a learner stated."""
    models.Profile.objects.filter(user_id=user_id).delete()


def _replace_items(user_id: int, profile: Profile) -> None:
    models.WorkExperience.objects.filter(profile_id=user_id).delete()
    models.WorkExperience.objects.bulk_create(
        models.WorkExperience(
            profile_id=user_id,
            position=position,
            title=item.title,
            employer=item.employer,
            location=item.location,
            start=str(item.start),
            end=str(item.end) if item.end else "",
            description=item.description,
        )
        for position, item in enumerate(profile.work_experience)
    )
    models.Link.objects.filter(profile_id=user_id).delete()
    models.Link.objects.bulk_create(
        models.Link(profile_id=user_id, position=position, url=item.url, label=item.label)
        for position, item in enumerate(profile.links)
    )
    # What another version of the plugin knows is not this one's to remove.
    models.SectionAudience.objects.filter(profile_id=user_id, section__in=KNOWN_SECTIONS).delete()
    models.SectionAudience.objects.bulk_create(
        models.SectionAudience(profile_id=user_id, section=section.value, audience=audience.value)
        for section, audience in profile.audiences.items()
    )


def _to_data(row: models.Profile) -> Profile:
    return Profile(
        headline=row.headline,
        about=row.about,
        work_experience=tuple(
            WorkExperience(
                title=item.title,
                employer=item.employer,
                start=PartialDate.parse(item.start),
                end=PartialDate.parse(item.end) if item.end else None,
                location=item.location,
                description=item.description,
            )
            for item in row.work_experience.all()
        ),
        links=tuple(Link(url=item.url, label=item.label) for item in row.links.all()),
        audiences={
            Section(item.section): Audience(item.audience)
            for item in row.section_audiences.all()
            if item.section in KNOWN_SECTIONS
        },
        published_at=row.published_at,
        version=row.version,
    )

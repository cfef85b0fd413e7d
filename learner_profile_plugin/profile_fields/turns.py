"""Lets the changes of one learner come one after the other: each holds the row of the profile until it is done."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from learner_profile_plugin.profile_fields import models


@contextmanager
def holding(user_id: int) -> Iterator[models.Profile]:
    """Hold the learner's profile, made if there was none; all of what is done meanwhile holds, or nothing."""
    with transaction.atomic():
        yield _held(user_id) or _made(user_id)


@contextmanager
def changing(user_id: int) -> Iterator[models.Profile]:
    """Hold the learner's profile while it is changed, and move its version on."""
    with holding(user_id) as profile:
        yield profile
        move_on(user_id)


def move_on(user_id: int) -> None:
    """Say that the profile that is held was changed."""
    models.Profile.objects.filter(user_id=user_id).update(version=F("version") + 1, modified_at=timezone.now())


def delete(user_id: int) -> None:
    """Delete the learner's profile, once whoever changes it is done. One that is only being made comes after that."""
    with transaction.atomic():
        if _held(user_id):
            models.Profile.objects.filter(user_id=user_id).delete()


def _held(user_id: int) -> models.Profile | None:
    if not models.Profile.objects.filter(user_id=user_id).exists():
        return None
    return models.Profile.objects.select_for_update().filter(user_id=user_id).first()


def _made(user_id: int) -> models.Profile:
    # There is no row to wait for yet. Of several that insert one at once MariaDB would end all but one.
    list(get_user_model()._default_manager.select_for_update().filter(pk=user_id).values_list("pk"))
    return models.Profile.objects.select_for_update().get_or_create(user_id=user_id)[0]

"""Keeps what was typed into a form until it is saved, so that no error and no end of a session loses it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from django.utils import timezone

from learner_profile_plugin.profile_fields import models
from learner_profile_plugin.profile_fields.data import Draft
from learner_profile_plugin.profile_fields.turns import holding

MAX_DRAFTS = 30
MAX_DRAFT_BYTES = 100_000
FORM_LENGTH = 40


def get_draft(user_id: int, form: str) -> Draft | None:
    """Return what the learner typed into this form and did not save."""
    row = models.Draft.objects.filter(profile_id=user_id, form=_storable(form)).first()
    return Draft(form=row.form, typed=row.typed, saved_at=row.saved_at) if row else None


def save_draft(user_id: int, form: str, typed: Mapping[str, Sequence[str]]) -> bool:
    """
    Keep what is typed into a form, in place of what was kept before; return whether it was kept.

    What is longer than any form can save is not. Of many drafts the oldest go.
    """
    form = _storable(form)
    kept = {_storable(name): [_storable(text) for text in texts] for name, texts in typed.items()}
    if len(json.dumps(kept, ensure_ascii=False).encode()) > MAX_DRAFT_BYTES or len(form) > FORM_LENGTH:
        return False
    with holding(user_id):
        models.Draft.objects.update_or_create(
            profile_id=user_id, form=form, defaults={"typed": kept, "saved_at": timezone.now()}
        )
        newest_first = models.Draft.objects.filter(profile_id=user_id).order_by("-saved_at", "-pk")
        models.Draft.objects.filter(pk__in=list(newest_first.values_list("pk", flat=True)[MAX_DRAFTS:])).delete()
    return True


def discard_draft(user_id: int, form: str) -> None:
    """Throw the draft of a form away."""
    models.Draft.objects.filter(profile_id=user_id, form=_storable(form)).delete()


def _storable(text: str) -> str:
    """Return a text that every database takes; whoever typed more than that is told when they save it."""
    return text.replace("\x00", "").encode(errors="replace").decode()

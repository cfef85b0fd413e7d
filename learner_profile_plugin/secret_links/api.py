"""
The door of secret links. Who may have and open them is decided by whoever calls, not here.

A token is the link's id and a secret of 256 bits. The id finds the row; the secret is compared by
its hash, in constant time, so that neither a reader of the database nor a clock learns it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from learner_profile_plugin.access import Section
from learner_profile_plugin.secret_links import models
from learner_profile_plugin.secret_links.data import (
    InvalidLinkError,
    LinkNotFoundError,
    LinkState,
    SecretLink,
    TooManyLinksError,
)
from learner_profile_plugin.secret_links.validation import clean_link

__all__ = [
    "change_link",
    "count_use",
    "create_link",
    "delete_learner",
    "delete_link",
    "get_links",
    "open_link",
    "revoke_all",
    "revoke_link",
]

MAX_LINKS = 50
MAX_LIVE_LINKS = 20
SECRET_BYTES = 32
TOKEN = re.compile(r"([0-9a-f]{32})-([A-Za-z0-9_-]{43})")
NO_HASH = "0" * 64


def get_links(user_id: int) -> list[SecretLink]:
    """Return a learner's links in whatever state, the newest first."""
    return [_to_data(row) for row in models.SecretLink.objects.filter(user_id=user_id)]


# Error reports of Django show local variables; those that hold a secret are kept out of them.
@sensitive_variables()
def create_link(
    user_id: int, *, name: str, sections: Collection[str], expires_at: datetime | None = None
) -> tuple[SecretLink, str]:
    """
    Make a link; return it and its token (URL-safe, always of the same length), which cannot be read again.

    Raises:
        InvalidLinkError: if something about it is wrong.
        TooManyLinksError: if the learner has as many as there may be; it is an InvalidLinkError too.
    """
    now = timezone.now()
    columns = clean_link(name=name, sections=sections, expires_at=expires_at, now=now)
    secret = secrets.token_urlsafe(SECRET_BYTES)
    with transaction.atomic():
        _take_turn(user_id)
        links = get_links(user_id)
        if len(links) >= MAX_LINKS:
            raise TooManyLinksError({"": [_("Your list of links is full: delete one that you no longer need.")]})
        _check_room(links, now)
        row = models.SecretLink.objects.create(user_id=user_id, secret_hash=_hash(secret), created_at=now, **columns)
    return _to_data(row), f"{row.pk.hex}-{secret}"


def change_link(
    user_id: int, link_id: UUID, *, name: str, sections: Collection[str], expires_at: datetime | None
) -> SecretLink:
    """
    Change what a link is called, what it shows and how long it works; return it.

    An expired link may be made to work again; a revoked one stays revoked.

    Raises:
        InvalidLinkError: if something about it is wrong.
        TooManyLinksError: if it would work again, and there are as many that do as there may be.
        LinkNotFoundError: if the learner has no such link.
    """
    now = timezone.now()
    with transaction.atomic():
        _take_turn(user_id)
        links = get_links(user_id)
        link = next((link for link in links if link.id == link_id), None)
        if link is None:
            raise LinkNotFoundError
        columns = clean_link(name=name, sections=sections, expires_at=expires_at, now=now, kept=link.expires_at)
        if link.state_at(now) is LinkState.EXPIRED and expires_at != link.expires_at:
            _check_room(links, now)
        models.SecretLink.objects.filter(user_id=user_id, pk=link_id).update(**columns)
    return replace(link, **columns | {"sections": _known(columns["sections"])})


def revoke_link(user_id: int, link_id: UUID) -> None:
    """
    Let a link lead nowhere from now on; revoked already, it stays as it is.

    Raises:
        LinkNotFoundError: if the learner has no such link.
    """
    rows = models.SecretLink.objects.filter(user_id=user_id, pk=link_id)
    if not rows.filter(revoked_at=None).update(revoked_at=timezone.now()) and not rows.exists():
        raise LinkNotFoundError


def revoke_all(user_id: int) -> None:
    """Let none of a learner's links lead anywhere from now on, not even an expired one that is prolonged later."""
    models.SecretLink.objects.filter(user_id=user_id, revoked_at=None).update(revoked_at=timezone.now())


def delete_link(user_id: int, link_id: UUID) -> None:
    """
    Remove a link for good, in whatever state: it leads nowhere, and is not listed.

    Raises:
        LinkNotFoundError: if the learner has no such link.
    """
    removed, _by_table = models.SecretLink.objects.filter(user_id=user_id, pk=link_id).delete()
    if not removed:
        raise LinkNotFoundError


@sensitive_variables()
def open_link(token: str) -> SecretLink | None:
    """Return the link of a token; None if it is none, or leads nowhere by now. One query at most; counts nothing."""
    parts = TOKEN.fullmatch(token)
    row = models.SecretLink.objects.filter(pk=UUID(parts[1])).first() if parts else None
    # Compared in any case, so that the time tells nobody whether there is such a link.
    is_right = hmac.compare_digest(_hash(parts[2] if parts else ""), row.secret_hash if row else NO_HASH)
    if row is None or not is_right:
        return None
    link = _to_data(row)
    return link if link.state_at(timezone.now()) is LinkState.LIVE else None


def count_use(link_id: UUID) -> None:
    """Count that a link was opened. One query; a link that is gone meanwhile is not missed."""
    models.SecretLink.objects.filter(pk=link_id).update(use_count=F("use_count") + 1, last_used_at=timezone.now())


def delete_learner(user_id: int) -> None:
    """Remove all links of a learner."""
    models.SecretLink.objects.filter(user_id=user_id).delete()


def _hash(secret: str) -> str:
    # The secret is random and long: there is nothing that a slow hash would have to protect.
    return hashlib.sha256(secret.encode()).hexdigest()


def _take_turn(user_id: int) -> None:
    """Wait until nobody else adds to this learner's links: their rows cannot be held before there are any."""
    learners = get_user_model()._default_manager.select_for_update()
    if not learners.filter(pk=user_id).values_list("pk"):
        raise InvalidLinkError({"": [_("There is no such account.")]})


def _check_room(links: Collection[SecretLink], now: datetime) -> None:
    if sum(link.state_at(now) is LinkState.LIVE for link in links) >= MAX_LIVE_LINKS:
        text = _("There is room for %(number)d links that work: revoke one first.") % {"number": MAX_LIVE_LINKS}
        raise TooManyLinksError({"": [text]})


def _known(names: Collection[str]) -> frozenset[Section]:
    """Return the sections of these names; what another version of the plugin stored and this one lacks is left out."""
    return frozenset(section for section in Section if section in names)


def _to_data(row: models.SecretLink) -> SecretLink:
    return SecretLink(
        id=row.pk,
        user_id=row.user_id,
        name=row.name,
        sections=_known(row.sections),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        use_count=row.use_count,
        last_used_at=row.last_used_at,
    )

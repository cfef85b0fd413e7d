"""Secret links as plain values."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from learner_profile_plugin.access import Section


class LinkNotFoundError(Exception):
    """The learner has no such link."""


class InvalidLinkError(Exception):
    """
    The link cannot be made so; nothing was saved.

    Attributes:
        messages: what is wrong, by field; under ``""`` what is wrong with the whole.
    """

    def __init__(self, messages: Mapping[str, Sequence[str]]) -> None:
        """Take the messages, in the reader's language."""
        super().__init__(messages)
        self.messages = {name: list(texts) for name, texts in messages.items()}


class TooManyLinksError(InvalidLinkError):
    """The learner has as many links as there may be."""


class LinkState(enum.StrEnum):
    """Whether a link leads anywhere."""

    LIVE = "live"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class SecretLink:
    """
    A link without its secret, which nobody can read again.

    Attributes:
        sections: what it shows; empty if this version of the plugin knows none of them.
        expires_at: from this very moment on it leads nowhere; None if it never ends by itself.
        use_count: how often it was opened, as far as the door counted.
    """

    id: UUID
    user_id: int
    name: str
    sections: frozenset[Section]
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    use_count: int
    last_used_at: datetime | None

    def state_at(self, at: datetime) -> LinkState:
        """Return its state at a moment. A link that is revoked stays so, expired or not."""
        if self.revoked_at is not None:
            return LinkState.REVOKED
        if self.expires_at is not None and at >= self.expires_at:
            return LinkState.EXPIRED
        return LinkState.LIVE

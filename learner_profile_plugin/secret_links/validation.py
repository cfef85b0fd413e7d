"""Checks what was entered for a secret link, from whichever door it comes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import MAXYEAR, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from learner_profile_plugin.access import Section
from learner_profile_plugin.secret_links.data import InvalidLinkError
from learner_profile_plugin.secret_links.models import NAME_LENGTH

KNOWN = frozenset(Section)


def clean_link(
    *, name: str, sections: Collection[str], expires_at: datetime | None, now: datetime, kept: datetime | None = None
) -> dict[str, Any]:
    """
    Return the columns of a link from what was entered: its name on one line, its sections from the top.

    ``kept`` is the expiry that the link has: staying as it was, it may lie in the past.

    Raises:
        InvalidLinkError: with all that is wrong, by field.
    """
    problems = {
        "name": _problem_of_name(name),
        "sections": _problem_of_sections(sections),
        "expires_at": _problem_of_expiry(expires_at, now) if expires_at is None or expires_at != kept else None,
    }
    messages = {field: [problem] for field, problem in problems.items() if problem}
    if messages:
        raise InvalidLinkError(messages)
    return {
        "name": " ".join(name.split()),
        "sections": [section.value for section in Section if section in sections],
        "expires_at": expires_at,
    }


def _problem_of_name(name: str) -> str | None:
    # The length comes first, and as it was entered: nothing else should have to walk through megabytes.
    if len(name.strip()) > NAME_LENGTH:
        return _("Use at most %(number)d characters.") % {"number": NAME_LENGTH}
    if not _is_storable(name):
        return _("This text holds a character that cannot be stored.")
    # White space and what is never drawn (a zero-width space, say) would show as nothing in the learner's list.
    if not any(character.isprintable() and not character.isspace() for character in name):
        return _("Give the link a name.")
    return None


def _is_storable(text: str) -> bool:
    """Return whether every database takes it: no NUL, and no half of a character (a lone surrogate)."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text


def _problem_of_sections(sections: Collection[str]) -> str | None:
    if not KNOWN.issuperset(sections):
        return _("One of these sections does not exist.")
    # The header alone tells nobody anything: every link shows it.
    if KNOWN.intersection(sections) <= {Section.HEADER}:
        return _("Choose at least one section.")
    return None


def _problem_of_expiry(expires_at: datetime | None, now: datetime) -> str | None:
    if expires_at is None:
        return None
    if timezone.is_naive(expires_at):
        return _("Name the time zone.")
    if expires_at.year == MAXYEAR:
        # In another time zone it may lie in a year that there is no number for.
        return _("This time lies too far ahead.")
    if expires_at <= now:
        return _("This time lies in the past.")
    return None

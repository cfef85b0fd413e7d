"""
Who visits whose portfolio, and what they may see: gathers the facts, asks ``access``, composes.

Page and API both come through :func:`visit`, so they cannot differ in what they show.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser, User
from django.utils import timezone

from learner_profile_plugin import access, compat
from learner_profile_plugin.access import Audience, Section
from learner_profile_plugin.portfolio import api
from learner_profile_plugin.portfolio.data import Portfolio
from learner_profile_plugin.profile_fields import api as profile_fields
from learner_profile_plugin.profile_fields.data import Profile


class NotVisibleError(Exception):
    """There is no such learner, or nothing of them for this viewer: the two must look the same."""


@dataclass(frozen=True, slots=True)
class Visit:
    """
    One viewer's visit to one learner's portfolio.

    Attributes:
        is_owner: the viewer looks at their own.
        is_capped: the owner is treated as a minor, so that the page stays with course staff.
        audiences: who sees each section at present.
    """

    portfolio: Portfolio
    is_owner: bool
    is_published: bool
    is_capped: bool
    audiences: Mapping[Section, Audience]


@dataclass(frozen=True, slots=True)
class Publication:
    """What publishing would mean; ``is_capped`` and ``audiences`` as in :class:`Visit`."""

    is_capped: bool
    audiences: Mapping[Section, Audience]


def visit(viewer: User | AnonymousUser, username: str) -> Visit:
    """
    Return what ``viewer`` sees of the portfolio of ``username``.

    Raises:
        NotVisibleError: if that is nothing, or if there is no such learner.
    """
    if "\x00" in username:
        # No name has one, and PostgreSQL does not even take the question.
        raise NotVisibleError
    user_id = get_user_model().objects.filter(username=username).values_list("pk", flat=True).first()
    account = compat.get_account(user_id) if user_id is not None else None
    if account is None:
        raise NotVisibleError
    profile = profile_fields.get_profile(account.user_id)
    owner = _owner(account, profile)
    sections = access.visible_sections(owner, _standing(viewer, account.user_id))
    if not sections:
        raise NotVisibleError
    return Visit(
        portfolio=api.compose(account, profile, sections, timezone.now()),
        is_owner=viewer.pk == account.user_id,
        is_published=owner.is_published,
        is_capped=owner.is_minor,
        audiences=_audiences(owner),
    )


def preview_publication(user_id: int) -> Publication:
    """Return what it would mean if the learner published now. Raises NotVisibleError if there is no account."""
    account = compat.get_account(user_id)
    if account is None:
        raise NotVisibleError
    owner = _owner(account, profile_fields.get_profile(user_id), is_published=True)
    return Publication(is_capped=owner.is_minor, audiences=_audiences(owner))


def _audiences(owner: access.Owner) -> Mapping[Section, Audience]:
    return {section: access.effective_audience(owner, section) for section in Section}


def _owner(account: compat.Account, profile: Profile, *, is_published: bool | None = None) -> access.Owner:
    return access.Owner(
        is_closed=account.is_closed,
        is_minor=account.is_minor,
        is_published=profile.published_at is not None if is_published is None else is_published,
        audiences=profile.audiences,
    )


def _standing(viewer: User | AnonymousUser, owner_id: int) -> Audience:
    if isinstance(viewer, AnonymousUser):
        return Audience.EVERYONE

    def teaches_owner() -> bool:
        courses = [enrolment.course_key for enrolment in compat.get_enrolments(owner_id)]
        return bool(courses) and bool(compat.get_staffed_courses(viewer.pk, courses))

    return access.standing_of(
        is_owner=viewer.pk == owner_id,
        is_site_admin=viewer.is_superuser,
        teaches_owner=teaches_owner,
        shares_course=lambda: compat.shares_a_course(viewer.pk, owner_id),
    )

"""
Who visits whose portfolio, and what they may see: gathers the facts, asks ``access``, composes.

Page, API and pictures all come through here, so they cannot differ in what they show.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.contrib.auth.models import AnonymousUser, User
from django.utils import timezone

from learner_profile_plugin import access, compat
from learner_profile_plugin.access import Audience, Section, View, Viewer
from learner_profile_plugin.portfolio import api
from learner_profile_plugin.portfolio.data import Portfolio
from learner_profile_plugin.profile_fields import api as profile_fields
from learner_profile_plugin.profile_fields.data import PictureFile, Profile
from learner_profile_plugin.secret_links import api as secret_links
from learner_profile_plugin.secret_links.data import SecretLink
from learner_profile_plugin.section_rules import api as section_rules


class NotVisibleError(Exception):
    """There is no such learner, or nothing of them for this viewer: the two must look the same."""


@dataclass(frozen=True, slots=True)
class Learner:
    """A learner as the doors need them: the account, the profile, and what the rules of access know."""

    account: compat.Account
    profile: Profile
    owner: access.Owner

    def audiences(self) -> dict[Section, Audience]:
        """Return who sees each section that is on; of a portfolio that is not published, who would."""
        if not self.owner.is_published:
            return self.audiences_if_published()
        return {section: access.effective_audience(self.owner, section) for section in self.sections()}

    def audiences_if_published(self) -> dict[Section, Audience]:
        """Return who would see each section that is on, were the portfolio published now."""
        return {section: access.effective_audience(self.if_published(), section) for section in self.sections()}

    def may_publish(self) -> bool:
        """Return whether publishing would change anything: it is not published, or was by a minor who is none now."""
        return not self.owner.is_published or (self.owner.published_as_minor and not self.owner.is_minor)

    def if_published(self) -> access.Owner:
        """Return what the rules would know, were the portfolio published."""
        return replace(self.owner, is_published=True, published_as_minor=self.owner.is_minor)

    def sections(self) -> list[Section]:
        """Return the sections that are on, from the top."""
        return [section for section in Section if section in self.owner.rules and self.owner.rules[section].is_enabled]


@dataclass(frozen=True, slots=True)
class Visit:
    """
    One viewer's visit to one learner's portfolio.

    Attributes:
        portfolio: None where the owner looks as an audience that sees nothing.
        is_owner: the viewer looks at their own, and as themself.
        viewing_as: the audience as which the owner looks; None where everybody looks as who they are.
        link: the secret link through which they came.
    """

    learner: Learner
    portfolio: Portfolio | None
    is_owner: bool = False
    viewing_as: Audience | None = None
    link: SecretLink | None = None


def find_learner(username: str) -> Learner:
    """Return the learner of this name. Raises NotVisibleError if there is none."""
    return _learner(compat.find_account(username))


def get_learner(user_id: int) -> Learner:
    """Return the learner with this number. Raises NotVisibleError if there is none."""
    return _learner(compat.get_account(user_id))


def visit(
    viewer: User | AnonymousUser, username: str, *, view_as: Audience | None = None, as_published: bool = False
) -> Visit:
    """
    Return what ``viewer`` sees of the portfolio of ``username``.

    Whoever sees everything of it (the owner, a site administrator) may look as an audience would, and
    ``as_published`` as if it were published; for others neither changes anything.

    Raises:
        NotVisibleError: if that is nothing, or if there is no such learner.
    """
    learner = find_learner(username)
    standing = _standing(viewer, learner)
    if standing is Audience.ONLY_ME and view_as is not None:
        view = access.view(learner.if_published() if as_published else learner.owner, Viewer(view_as))
        return Visit(learner, _compose(learner, view) if view.sections else None, viewing_as=view_as)
    view = access.view(learner.owner, Viewer(standing))
    if not view.sections:
        raise NotVisibleError
    return Visit(learner, _compose(learner, view), is_owner=viewer.pk == learner.account.user_id)


def visit_by_link(viewer: User | AnonymousUser, token: str) -> Visit:
    """
    Return what a secret link shows, the same to whoever holds it. Visits other than the owner's are counted.

    Raises:
        NotVisibleError: if it is no link, or not any more.
    """
    link = secret_links.open_link(token)
    if link is None:
        raise NotVisibleError
    learner = get_learner(link.user_id)
    view = access.view(learner.owner, Viewer(Audience.EVERYONE, link.sections))
    if not view.sections:
        raise NotVisibleError
    if viewer.pk != link.user_id:
        secret_links.count_use(link.id)
    return Visit(learner, _compose(learner, view), link=link)


def may_see_picture(viewer: User | AnonymousUser, picture: PictureFile, *, token: str | None = None) -> bool:
    """Return whether the viewer may see a picture, by themself or through the secret link of this token."""
    link = secret_links.open_link(token) if token is not None else None
    if token is not None and (link is None or link.user_id != picture.user_id):
        return False
    try:
        learner = get_learner(picture.user_id)
    except NotVisibleError:
        return False
    if link is not None:
        view = access.view(learner.owner, Viewer(Audience.EVERYONE, link.sections))
    else:
        view = access.view(learner.owner, Viewer(_standing(viewer, learner)))
    return picture.section in view.sections and (view.shows_hidden_items or not picture.is_hidden)


def _learner(account: compat.Account | None) -> Learner:
    if account is None:
        raise NotVisibleError
    profile = profile_fields.get_profile(account.user_id)
    owner = access.Owner(
        is_closed=account.is_closed,
        is_minor=account.is_minor,
        is_published=profile.published_at is not None,
        published_as_minor=profile.published_as_minor,
        audiences=profile.audiences,
        rules=section_rules.get_rules(),
    )
    return Learner(account, profile, owner)


def _compose(learner: Learner, view: View) -> Portfolio:
    return api.compose(learner.account, learner.profile, view, timezone.now())


def _standing(viewer: User | AnonymousUser, learner: Learner) -> Audience:
    """Return the circle of a viewer, or a wider one that sees the same: what changes nothing is not asked for."""
    if isinstance(viewer, AnonymousUser):
        return Audience.EVERYONE
    owner_id = learner.account.user_id
    of_anybody = access.view(learner.owner, Viewer(Audience.SIGNED_IN))

    def sees_more(standing: Audience) -> bool:
        return access.view(learner.owner, Viewer(standing)) != of_anybody

    def teaches_owner() -> bool:
        if not sees_more(Audience.COURSE_STAFF):
            return False
        courses = [enrolment.course_key for enrolment in compat.get_enrolments(owner_id)]
        return bool(courses) and bool(compat.get_staffed_courses(viewer.pk, courses))

    return access.standing_of(
        is_owner=viewer.pk == owner_id,
        is_site_admin=viewer.is_superuser,
        teaches_owner=teaches_owner,
        shares_course=lambda: sees_more(Audience.CONNECTED) and compat.shares_a_course(viewer.pk, owner_id),
    )


def by_audience(audiences: Mapping[Section, Audience]) -> list[tuple[Audience, list[Section]]]:
    """Return, from the widest audience to the narrowest, which sections go just that far."""
    return [
        (audience, [section for section in audiences if audiences[section] is audience])
        for audience in sorted(Audience, reverse=True)
        if audience in audiences.values()
    ]

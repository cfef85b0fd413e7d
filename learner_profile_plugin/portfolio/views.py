"""The door for browsers: the page, as its owner, a visitor or the holder of a secret link sees it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from learner_profile_plugin import access, compat
from learner_profile_plugin.access import Audience, Section
from learner_profile_plugin.labels import AUDIENCE_LABELS
from learner_profile_plugin.portfolio import guide, wording
from learner_profile_plugin.portfolio.boxes import boxes
from learner_profile_plugin.portfolio.data import CourseItem, Portfolio, Standing
from learner_profile_plugin.portfolio.visits import (
    Learner,
    NotVisibleError,
    Visit,
    by_audience,
    may_see_picture,
    visit,
    visit_by_link,
)
from learner_profile_plugin.profile_fields import api as profile_fields

# What the page shows elsewhere than in boxes of what is stated.
BESIDE_BOXES = {section.value: section for section in (Section.HEADER, Section.COURSES, Section.LEARNING_TIME)}
SHOWN_COMPLETED = 6
SHOWN_IN_PROGRESS = 4


# Reading learning time may unite evidence with its days; that must not hold a transaction open.
@transaction.non_atomic_requests
@never_cache
@require_safe
def show_portfolio(request: HttpRequest, username: str) -> HttpResponse:
    """Show what the viewer may see of a learner's portfolio; a page that says so, with 404, if that is nothing."""
    try:
        visited = visit(request.user, username, view_as=_view_as(request), as_published="published" in request.GET)
    except NotVisibleError:
        return _not_visible(request)
    if visited.portfolio is None:
        return _not_visible(request, visited)
    return _page(request, visited, visited.portfolio)


@transaction.non_atomic_requests
@never_cache
@require_safe
def show_shared(request: HttpRequest, token: str) -> HttpResponse:
    """Show what a secret link opens; the page that says "nothing here" if it is none, or none any more."""
    try:
        visited = visit_by_link(request.user, token)
    except NotVisibleError:
        visited = None
    if visited is None or visited.portfolio is None:
        return _not_passed_on(_not_visible(request))
    return _not_passed_on(_page(request, visited, visited.portfolio, token=token))


@never_cache
@require_safe
def show_picture(request: HttpRequest, picture_id: UUID, token: str | None = None) -> HttpResponseBase:
    """Show a picture of an item to whoever may see the item, by themself or through a secret link."""
    picture = profile_fields.get_picture_file(picture_id)
    if picture is None or not may_see_picture(request.user, picture, token=token):
        raise Http404
    try:
        content = profile_fields.open_picture(picture)
    except OSError:
        raise Http404 from None
    response = FileResponse(content, content_type=picture.content_type)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Robots-Tag"] = "noindex"
    return response


@login_required
@require_safe
def show_own_portfolio(request: HttpRequest) -> HttpResponse:
    """Lead the signed-in learner to their own portfolio, from an address that is the same for all."""
    return redirect("learner_profile:portfolio", username=request.user.get_username())


def _page(request: HttpRequest, visited: Visit, portfolio: Portfolio, token: str = "") -> HttpResponse:
    completed = [course for course in portfolio.courses if course.is_completed]
    in_progress = [course for course in portfolio.courses if not course.is_completed]
    main, side = boxes(portfolio, visited.learner, is_owner=visited.is_owner, today=timezone.now().date())
    context = {
        "portfolio": portfolio,
        "visit": visited,
        "site": compat.get_site(),
        "main_boxes": main,
        "side_boxes": side,
        "empty_boxes": [box for box in (*main, *side) if box.is_empty],
        "completed_count": len(completed),
        "lists": [
            _course_list("completed", _("Courses completed"), completed, SHOWN_COMPLETED),
            _course_list("in-progress", _("Courses in progress"), in_progress, SHOWN_IN_PROGRESS),
        ],
        "certificate_count": sum(course.standing is Standing.CERTIFIED for course in completed),
        "token": token,
        **(_view_as_bar(visited) if visited.viewing_as is not None else {}),
        **(_owner_bar(request, visited.learner, portfolio) if visited.is_owner else {}),
    }
    return _noindex(render(request, "learner_profile/portfolio.html", context))


def _owner_bar(request: HttpRequest, learner: Learner, portfolio: Portfolio) -> dict[str, Any]:
    """Return what the owner sees besides: who sees what, what to add, and how to have back what they removed."""
    audiences = learner.audiences()
    filled = {section for section, items in portfolio.items.items() if not all(item.is_hidden for item in items)}
    filled |= {Section.HEADER} | ({Section.LINKS} if portfolio.account_links else set())
    filled |= {Section.LEARNING_TIME} if portfolio.learning_time else set()
    filled |= {Section.COURSES} if portfolio.courses else set()
    shown = {section: audience for section, audience in audiences.items() if section in filled}
    return {
        "is_published": learner.owner.is_published,
        "may_publish": learner.may_publish(),
        "is_capped": learner.owner.is_minor,
        "privacy_summary": wording.privacy_summary(by_audience(shown)),
        **{f"may_edit_{name}": access.may_edit(learner.owner, section) for name, section in BESIDE_BOXES.items()},
        "is_header_hidden": any(item.is_hidden for item in portfolio.items.get(Section.HEADER, ())),
        "audience_labels": {section.value: AUDIENCE_LABELS[audience] for section, audience in audiences.items()},
        "steps": guide.next_steps(learner),
        "view_as": [(audience.name.lower(), label) for audience, label in AUDIENCE_LABELS.items()],
        "removed": _uuid(request.GET.get("removed", "")),
        "profile_links": compat.get_profile_links(learner.account.username),
    }


def _view_as_bar(visited: Visit) -> dict[str, Any]:
    assert visited.viewing_as is not None  # noqa: S101 - for the type checker; whoever calls has looked
    return {
        "viewing_as": AUDIENCE_LABELS[visited.viewing_as],
        "view_as": [(audience.name.lower(), label) for audience, label in AUDIENCE_LABELS.items()],
    }


def _not_visible(request: HttpRequest, visited: Visit | None = None) -> HttpResponse:
    """Say that there is nothing to see: the same to whoever is not to see it as of somebody who does not exist."""
    context = {
        "site": compat.get_site(),
        "sign_in_url": f"{resolve_url(settings.LOGIN_URL)}?{_next(request)}",
        "offers_sign_in": visited.viewing_as is Audience.EVERYONE if visited else not request.user.is_authenticated,
        "visit": visited,
        **(_view_as_bar(visited) if visited else {}),
    }
    return _noindex(render(request, "learner_profile/not_visible.html", context, status=404))


def _view_as(request: HttpRequest) -> Audience | None:
    return {audience.name.lower(): audience for audience in Audience}.get(request.GET.get("view_as", ""))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _noindex(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    return response


def _not_passed_on(response: HttpResponse) -> HttpResponse:
    """Keep the address, which is a secret, from the sites that the page links to."""
    response["Referrer-Policy"] = "no-referrer"
    return response


def _next(request: HttpRequest) -> str:
    return urlencode({REDIRECT_FIELD_NAME: request.path})


def _course_list(name: str, title: str, courses: list[CourseItem], shown: int) -> dict[str, Any]:
    """Return a list of courses with those beyond the first few apart, to be unfolded."""
    return {"name": name, "title": title, "first": courses[:shown], "rest": courses[shown:]}

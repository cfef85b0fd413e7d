"""The door for browsers: the page, and the one step by which its owner publishes it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from learner_profile_plugin import compat
from learner_profile_plugin.access import Audience, Section
from learner_profile_plugin.labels import AUDIENCE_LABELS, SECTION_LABELS
from learner_profile_plugin.portfolio.data import CourseItem, Standing
from learner_profile_plugin.portfolio.visits import NotVisibleError, preview_publication, visit
from learner_profile_plugin.profile_fields import api as profile_fields

SHOWN_COMPLETED = 10
SHOWN_IN_PROGRESS = 4


# Reading learning time may unite evidence with its days; that must not hold a transaction open.
@transaction.non_atomic_requests
@never_cache
@require_safe
def show_portfolio(request: HttpRequest, username: str) -> HttpResponse:
    """Show what the viewer may see of a learner's portfolio; a page that says so, with 404, if that is nothing."""
    try:
        visited = visit(request.user, username)
    except NotVisibleError:
        # The same for everybody who is not to see it as for nobody of that name.
        context = {"site": compat.get_site(), "sign_in_url": f"{resolve_url(settings.LOGIN_URL)}?{_next(request)}"}
        return _noindex(render(request, "learner_profile/not_visible.html", context, status=404))
    completed = [course for course in visited.portfolio.courses if course.is_completed]
    in_progress = [course for course in visited.portfolio.courses if not course.is_completed]
    context = {
        "portfolio": visited.portfolio,
        "completed_count": len(completed),
        "lists": [
            _course_list("completed", _("Courses completed"), completed, SHOWN_COMPLETED),
            _course_list("in-progress", _("Courses in progress"), in_progress, SHOWN_IN_PROGRESS),
        ],
        "certificate_count": sum(course.standing is Standing.CERTIFIED for course in completed),
        "visit": visited,
        "site": compat.get_site(),
        "audience_labels": {section.value: AUDIENCE_LABELS[a] for section, a in visited.audiences.items()},
    }
    return _noindex(render(request, "learner_profile/portfolio.html", context))


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest) -> HttpResponse:
    """Show the signed-in learner what publishing makes visible, and to whom; and do it when they say so."""
    learner = cast(User, request.user)
    if request.method == "POST":
        profile_fields.publish(learner.pk)
        messages.success(request, _("Your portfolio is published."))
        return redirect("learner_profile:portfolio", username=learner.username)
    try:
        publication = preview_publication(learner.pk)
    except NotVisibleError:
        raise Http404 from None
    context = {
        "site": compat.get_site(),
        "by_audience": _by_audience(publication.audiences),
        "is_capped": publication.is_capped,
        "owner_username": learner.username,
    }
    return render(request, "learner_profile/publish.html", context)


@login_required
@require_POST
def unpublish(request: HttpRequest) -> HttpResponse:
    """Take the signed-in learner's portfolio back."""
    learner = cast(User, request.user)
    profile_fields.unpublish(learner.pk)
    messages.success(request, _("Your portfolio is private again. Only you can see it."))
    return redirect("learner_profile:portfolio", username=learner.username)


@login_required
@require_safe
def show_own_portfolio(request: HttpRequest) -> HttpResponse:
    """Lead the signed-in learner to their own portfolio, from an address that is the same for all."""
    return redirect("learner_profile:portfolio", username=request.user.get_username())


def _noindex(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    return response


def _next(request: HttpRequest) -> str:
    return urlencode({REDIRECT_FIELD_NAME: request.get_full_path()})


def _course_list(name: str, title: str, courses: list[CourseItem], shown: int) -> dict[str, Any]:
    """Return a list of courses with those beyond the first few apart, to be unfolded."""
    return {"name": name, "title": title, "first": courses[:shown], "rest": courses[shown:]}


def _by_audience(audiences: Mapping[Section, Audience]) -> list[tuple[str, list[str]]]:
    """Return, from the widest audience to the narrowest, which sections it sees."""
    return [
        (str(label), [str(SECTION_LABELS[section]) for section in Section if audiences[section] == audience])
        for audience, label in AUDIENCE_LABELS.items()
        if audience in audiences.values()
    ]

"""The door for the owner's browser: editing the profile."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from learner_profile_plugin import compat
from learner_profile_plugin.profile_fields import api
from learner_profile_plugin.profile_fields.data import Profile, StaleProfileError
from learner_profile_plugin.profile_fields.forms import ProfileForm

ADD_BUTTONS = {"add_work": "work-TOTAL_FORMS", "add_link": "links-TOTAL_FORMS"}


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit_profile(request: HttpRequest) -> HttpResponse:
    """Show the signed-in learner's own profile to edit, and save it. Nobody edits another's."""
    learner = cast(User, request.user)
    profile = api.get_profile(learner.pk)
    if request.method != "POST":
        return _page(request, ProfileForm(profile), profile)
    for button, count in ADD_BUTTONS.items():
        if button in request.POST:
            return _page(request, ProfileForm(profile, _with_one_more(request, count)), profile)
    form = ProfileForm(profile, request.POST)
    if not form.is_valid():
        return _page(request, form, profile, show_errors=True)
    try:
        api.save_profile(learner.pk, form.to_data())
    except StaleProfileError:
        return _page(request, _on_top_of(profile, request), profile, show_errors=True, is_stale=True)
    messages.success(request, _("Your profile is saved."))
    return redirect("learner_profile:portfolio", username=learner.username)


def _page(
    request: HttpRequest, form: ProfileForm, profile: Profile, *, show_errors: bool = False, is_stale: bool = False
) -> HttpResponse:
    context = {
        "form": form,
        "site": compat.get_site(),
        "show_errors": show_errors,
        "is_stale": is_stale,
        "is_published": profile.published_at is not None,
        "owner_username": request.user.get_username(),
    }
    return render(request, "learner_profile/edit.html", context, status=400 if show_errors else 200)


def _with_one_more(request: HttpRequest, count: str) -> dict[str, str]:
    """Return what was posted, with room for one more entry."""
    data = request.POST.dict()
    typed = str(data.get(count, ""))
    data[count] = str(int(typed) + 1 if typed.isdecimal() else 1)
    return {name: str(value) for name, value in data.items()}


def _on_top_of(profile: Profile, request: HttpRequest) -> ProfileForm:
    """Return the form with what was typed, so that saving once more replaces ``profile``."""
    return ProfileForm(profile, {**request.POST.dict(), "version": str(profile.version)})

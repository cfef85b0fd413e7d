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

ADD_BUTTONS = {"add_work": "work", "add_link": "links"}


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit_profile(request: HttpRequest) -> HttpResponse:
    """Show the signed-in learner's own profile to edit, and save it. Nobody edits another's."""
    learner = cast(User, request.user)
    profile = api.get_profile(learner.pk)
    if request.method != "POST":
        return _page(request, ProfileForm.showing(profile), profile)
    for button, prefix in ADD_BUTTONS.items():
        if button in request.POST:
            return _page(request, ProfileForm.with_room(request.POST, prefix), profile)
    form = ProfileForm.posted(request.POST)
    if not form.is_valid():
        return _page(request, form, profile, show_errors=True)
    try:
        api.save_profile(learner.pk, form.to_data())
    except StaleProfileError:
        # With the present version in it, so that saving once more replaces what is there.
        form = ProfileForm.posted({**request.POST.dict(), "version": str(api.get_profile(learner.pk).version)})
        return _page(request, form, profile, show_errors=True, is_stale=True)
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

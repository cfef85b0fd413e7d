"""
What the owner's pages share: who comes in, what is kept when their session ended, and where they go next.

A form that arrives after the session ended is not lost. What was typed waits in the browser's
session (which signing in keeps) and becomes a draft, if whoever signs in is who typed it.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from learner_profile_plugin import compat
from learner_profile_plugin.access import Section
from learner_profile_plugin.profile_fields import api as profile_fields

TYPED = "learner_profile_typed"
SALT = "learner_profile_plugin.typed"
MAX_TYPED = 100_000
TYPED_FOR = timedelta(days=7)
BOXES = ("f-", "describe-", "is_hidden", "version")

View = Callable[..., HttpResponse]


def own_page(view: View, *, has_page: bool = True) -> View:
    """
    Let only signed-in people in, and keep the page out of caches.

    Others sign in first and then come to this very page, or to their portfolio where the address has
    no page; a form that they sent waits for them.
    """

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            _adopt_typed(request)
            return view(request, *args, **kwargs)
        _keep(request)
        target = request.get_full_path() if has_page else reverse("learner_profile:own_portfolio")
        response = redirect_to_login(target, resolve_url(settings.LOGIN_URL))
        return to_page(request, response.url) if is_partial(request) else response

    return never_cache(_reading_forms(guarded, has_page=has_page))


own_action = functools.partial(own_page, has_page=False)
"""As :func:`own_page`, for an address that only takes what is posted to it."""


def learner_of(request: HttpRequest) -> User:
    """Return who is signed in, on a page of :func:`own_page`."""
    return cast(User, request.user)


def is_partial(request: HttpRequest) -> bool:
    """Return whether the script of the page asks, and puts a part of the answer in its place."""
    return request.headers.get("HX-Request") == "true"


def to_page(request: HttpRequest, address: str) -> HttpResponse:
    """Lead to another page as a whole, whoever asks."""
    if is_partial(request):
        return HttpResponse(headers={"HX-Redirect": address})
    return redirect(address)


def to_portfolio(request: HttpRequest, section: Section | None = None, query: str = "") -> HttpResponse:
    """Lead back to the learner's portfolio, to the box of the section."""
    address = reverse("learner_profile:portfolio", args=[request.user.get_username()])
    return redirect(f"{address}{query}" + (f"#lp-box-{section.value}" if section else ""))


def sign(user: User) -> str:
    """Return what a form carries to tell later who typed into it."""
    return signing.dumps(user.pk, salt=SALT)


def forget_typed(request: HttpRequest) -> None:
    """Throw away what waits in the browser's session."""
    request.session.pop(TYPED, None)


def _adopt_typed(request: HttpRequest) -> None:
    """Make a draft of what this learner typed before their session ended; throw away what another typed."""
    kept = request.session.pop(TYPED, None)
    if kept is not None and kept["user_id"] == request.user.pk:
        profile_fields.save_draft(kept["user_id"], kept["form"], kept["typed"])


def _keep(request: HttpRequest) -> bool:
    """Keep what was typed into one of our forms, if it was made for a learner not long ago; return whether it was."""
    if request.method != "POST" or "form" not in request.POST or "discard" in request.POST:
        return False
    try:
        user_id = signing.loads(request.POST.get("typed_by", ""), salt=SALT, max_age=TYPED_FOR)
    except signing.BadSignature:
        return False
    typed = {name: request.POST.getlist(name) for name in request.POST if name.startswith(BOXES)}
    if sum(len(text) for texts in typed.values() for text in texts) > MAX_TYPED:
        return False
    request.session[TYPED] = {"form": request.POST["form"], "user_id": user_id, "typed": typed}
    return True


def _reading_forms(view: View, *, has_page: bool) -> View:
    """
    Lose no form to what comes before a view.

    Where more is sent than the site reads, the answer is a page of ours and no bare "Bad Request". The
    token of a form is out of date once its learner signed in anew in another tab; what they typed
    becomes a draft then, since the form tells whose it is by a signature.

    The host's protection against forged requests would fail before us in both cases. So it leaves these
    addresses alone, and the same protection stands here.
    """
    protected = csrf_protect(view)

    @csrf_exempt
    @functools.wraps(view)
    def reading(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            request.POST.keys()
        except (RequestDataTooBig, TooManyFieldsSent):
            context = {"site": compat.get_site()}
            status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            return render(request, "learner_profile/too_much.html", context, status=status)
        response: HttpResponse = protected(request, *args, **kwargs)
        # No view of ours answers so: they raise. It is the protection that refused.
        if response.status_code == HTTPStatus.FORBIDDEN and _keep(request) and has_page:
            return to_page(request, request.get_full_path())
        return response

    return cast(View, reading)

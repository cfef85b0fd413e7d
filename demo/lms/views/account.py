"""Coming in and going out."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from demo.lms.actions import people
from demo.lms.sample.accounts import ACCOUNTS, PASSWORD


def home(request: HttpRequest) -> HttpResponse:
    """Lead to the dashboard, or to the sign-in page."""
    return redirect("dashboard" if request.user.is_authenticated else "login")


def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the sample accounts, each with its button, and let anyone in who knows a password."""
    if request.method == "POST":
        return _try(request)
    return _sign_in_page(request)


def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session, by a link too, as the platform does."""
    logout(request)
    return redirect("login")


def _try(request: HttpRequest) -> HttpResponse:
    user = authenticate(request, username=request.POST.get("username"), password=request.POST.get("password"))
    if user is None:
        messages.error(request, "That user name and password do not match.")
        return _sign_in_page(request, status=403)
    login(request, user)
    people.signed_in(user)
    response = redirect(_next_page(request))
    _set_language(response, user)
    return response


def _set_language(response: HttpResponseRedirect, user: User) -> None:
    profile = getattr(user, "profile", None)
    language = profile.language if profile and profile.language in dict(settings.LANGUAGES) else "en"
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, samesite="Lax")


def _next_page(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return settings.LOGIN_REDIRECT_URL


def _sign_in_page(request: HttpRequest, *, status: int = 200) -> HttpResponse:
    there = set(User.objects.filter(username__in=[account.username for account in ACCOUNTS]).values_list("username"))
    context = {
        "accounts": [account for account in ACCOUNTS if (account.username,) in there],
        "password": PASSWORD,
        "next": request.POST.get("next", request.GET.get("next", "")),
    }
    return render(request, "demo/login.html", context, status=status)

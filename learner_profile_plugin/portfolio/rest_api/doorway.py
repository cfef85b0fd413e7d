"""What all views of the API share: who comes in and how often, what may be kept of an answer, whose sections change."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.models import User
from django.http import Http404
from edx_rest_framework_extensions.auth.jwt.authentication import JwtAuthentication
from edx_rest_framework_extensions.auth.session.authentication import SessionAuthenticationAllowInactiveUser
from edx_rest_framework_extensions.permissions import NotJwtRestrictedApplication
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, AllowAny, IsAuthenticated
from rest_framework.renderers import BrowsableAPIRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from learner_profile_plugin import access, compat
from learner_profile_plugin.access import Section
from learner_profile_plugin.portfolio.rest_api.errors import LockedError, TooLargeError, answer_to_error
from learner_profile_plugin.portfolio.rest_api.openapi import ApiSchema
from learner_profile_plugin.portfolio.rest_api.parsers import MAX_BYTES, JsonObjectParser, MergePatchParser
from learner_profile_plugin.portfolio.visits import Learner, get_learner
from learner_profile_plugin.profile_fields import api as profile_fields
from learner_profile_plugin.profile_fields.data import Item, NoSuchItemError
from learner_profile_plugin.settings import api_rate

MOST_DIGITS = 12
BEARER = re.compile(rb"bearer +([!-~]+)", re.IGNORECASE)


class OAuthAuthentication(BaseAuthentication):
    """``Authorization: Bearer``, with an access token that the platform gave out."""

    def authenticate(self, request: Request) -> tuple[User, str] | None:
        """Return whose the token is; None if the request brings none. Raises AuthenticationFailed."""
        sent = BEARER.fullmatch(get_authorization_header(request).strip())
        if sent is None:
            return None
        token = sent[1].decode()
        user_id = compat.find_token_owner(token)
        user = None if user_id is None else User.objects.filter(pk=user_id).first()
        if user is None:
            raise AuthenticationFailed
        return user, token

    def authenticate_header(self, request: Request) -> str:
        """Return what a 401 asks for."""
        return 'Bearer realm="api"'


class CallerThrottle(SimpleRateThrottle):
    """So many requests of one person, or of one address where nobody is signed in; fewer that change something."""

    def __init__(self) -> None:
        """Wait for the request: which rate holds depends on it."""

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Return whether this one is let through."""
        self.scope = "read" if request.method in SAFE_METHODS else "change"
        self.rate = api_rate(settings, self.scope)
        self.num_requests, self.duration = self.parse_rate(self.rate)
        return bool(super().allow_request(request, view))

    def get_cache_key(self, request: Request, view: APIView) -> str:
        """Return where the latest requests of this caller are kept."""
        caller = f"user:{request.user.pk}" if request.user.is_authenticated else f"address:{self.get_ident(request)}"
        return f"learner_profile:api:{self.scope}:{caller}"


class ApiView(APIView):
    """
    A view for whoever comes.

    Attributes:
        max_bytes: how long a request may be.
    """

    authentication_classes = (JwtAuthentication, OAuthAuthentication, SessionAuthenticationAllowInactiveUser)
    permission_classes: Any = (NotJwtRestrictedApplication, AllowAny)
    parser_classes: Any = (JsonObjectParser, MergePatchParser)
    renderer_classes: Any = (JSONRenderer, BrowsableAPIRenderer)
    throttle_classes = (CallerThrottle,)
    schema = ApiSchema()
    max_bytes = MAX_BYTES

    def get_parsers(self) -> list[Any]:
        """Let merge patches be sent with PATCH, and with nothing else."""
        is_patch = getattr(self.request, "method", "") == "PATCH"
        return [parser() for parser in self.parser_classes if (parser is MergePatchParser) is is_patch]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Send away what is too long before anything of it is read."""
        length = request.META.get("CONTENT_LENGTH") or "0"
        # Python does not even read a number of thousands of digits.
        if length.isdecimal() and (len(length) > MOST_DIGITS or int(length) > self.max_bytes):
            raise TooLargeError
        super().initial(request, *args, **kwargs)

    def user_id(self) -> int:
        """Return who is signed in, where somebody is."""
        return cast(int, self.request.user.pk)

    def get_exception_handler(self) -> Callable[..., Any]:
        """Answer to errors in our own way, whatever the host has set for its views."""
        return answer_to_error

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Response:
        """Keep every answer out of shared caches and search engines."""
        final: Response = super().finalize_response(request, response, *args, **kwargs)
        final.headers.setdefault("Cache-Control", "private, no-store")
        final.headers["X-Robots-Tag"] = "noindex"
        return final


class OwnView(ApiView):
    """A view for the signed-in learner, of what is theirs."""

    permission_classes = (NotJwtRestrictedApplication, IsAuthenticated)

    def learner(self) -> Learner:
        """Return the learner who is signed in."""
        return get_learner(self.user_id())


def section_of(learner: Learner, name: str) -> Section:
    """Return the section of this name, if it is on. Raises Http404."""
    section = next((section for section in learner.sections() if section.value == name), None)
    if section is None:
        raise Http404
    return section


def item_of(learner: Learner, item_id: Any) -> Item:
    """Return the learner's item with this id, if its section is on. Raises NoSuchItemError."""
    for section in learner.sections():
        for item in learner.profile.items.get(section, ()):
            if item.id == item_id:
                return item
    raise NoSuchItemError


def check_editable(learner: Learner, section: Section) -> None:
    """Let only changes pass that the site leaves to the learner. Raises LockedError; Http404 where it is off."""
    if section not in learner.sections():
        raise Http404
    if not access.may_edit(learner.owner, section):
        raise LockedError


def check_holds_items(section: Section) -> None:
    """Raise Http404 for a section whose content is recorded."""
    if section not in profile_fields.KINDS:
        raise Http404

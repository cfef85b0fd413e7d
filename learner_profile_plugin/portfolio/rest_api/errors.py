"""What the API answers when it does not do what it is asked: one form for all, a code for programs and a text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.exceptions import APIException
from rest_framework.response import Response
from rest_framework.views import exception_handler

from learner_profile_plugin.portfolio.visits import NotVisibleError
from learner_profile_plugin.profile_fields.data import InvalidItemError, NoSuchItemError, StaleItemError
from learner_profile_plugin.secret_links.data import InvalidLinkError, LinkNotFoundError

SEE_FIELDS = _("Some of this cannot be saved.")


class InvalidError(APIException):
    """What was sent cannot be kept, for what stands in ``messages``, by field; under ``""`` what is wrong at large."""

    status_code = HTTPStatus.BAD_REQUEST
    default_code = "invalid"
    default_detail = SEE_FIELDS

    def __init__(self, messages: Mapping[str, Sequence[str]]) -> None:
        """Take the messages."""
        super().__init__(" ".join(messages.get("", ())) or None)
        self.field_errors = {name: [str(text) for text in texts] for name, texts in messages.items() if name}


class TooLargeError(APIException):
    """More was sent than anything here can need."""

    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"
    default_detail = _("This is more than can be taken.")


class LockedError(APIException):
    """The site manages the section, and the learner cannot change it."""

    status_code = HTTPStatus.FORBIDDEN
    default_code = "locked"
    default_detail = _("This section is managed by the site and cannot be changed.")


class NoLinksError(APIException):
    """Secret links of this learner would lead nowhere."""

    status_code = HTTPStatus.FORBIDDEN
    default_code = "no_links"
    default_detail = _("Secret links are for adults: whoever holds one may be anybody.")


class ConflictError(APIException):
    """It cannot be done as things stand; ``code`` tells what stands in the way."""

    status_code = HTTPStatus.CONFLICT


class StaleError(APIException):
    """It was changed since the caller read it."""

    status_code = HTTPStatus.PRECONDITION_FAILED
    default_code = "stale"
    default_detail = _("It was changed meanwhile. Get it again, and send its ETag as If-Match.")


class NoTagError(APIException):
    """The caller does not say which version they change."""

    status_code = HTTPStatus.PRECONDITION_REQUIRED
    default_code = "if_match_required"
    default_detail = _("Send the ETag of what you change as If-Match, so that nobody's changes are lost.")


def answer_to_error(error: Exception, context: dict[str, Any]) -> Response | None:
    """Return the answer to an error of the caller's; None if it is ours."""
    known = _as_api_exception(error)
    response = exception_handler(known, context)
    if response is not None:
        response.data = _body(known)
    return response


def _as_api_exception(error: Exception) -> Exception:
    """Return what an error of a domain means to the caller."""
    match error:
        case NotVisibleError() | NoSuchItemError() | LinkNotFoundError():
            known: Exception = exceptions.NotFound()
        case InvalidItemError() | InvalidLinkError():
            known = InvalidError(error.messages)
        case exceptions.ValidationError():
            known = InvalidError(_by_field(error.detail))
        case StaleItemError():
            known = StaleError()
        case RequestDataTooBig():
            known = TooLargeError()
        case SuspiciousOperation():
            known = exceptions.ParseError()
        case _:
            known = error
    return known


def _body(error: Exception) -> dict[str, Any]:
    if isinstance(error, APIException):
        codes = error.get_codes()
        return {
            "code": codes if isinstance(codes, str) else error.default_code,
            "message": " ".join(_texts(error.detail)),
            "field_errors": getattr(error, "field_errors", {}),
        }
    # What Django raises, and DRF answers to: Http404 and PermissionDenied.
    return _body(exceptions.NotFound() if isinstance(error, Http404) else exceptions.PermissionDenied())


def _by_field(detail: Any) -> dict[str, list[str]]:
    """Return the messages of a serializer by field, whatever is nested in a field."""
    if not isinstance(detail, dict):
        return {"": _texts(detail)}
    return {"" if name == "non_field_errors" else str(name): _texts(texts) for name, texts in detail.items()}


def _texts(detail: Any) -> list[str]:
    if isinstance(detail, dict):
        return [text for part in detail.values() for text in _texts(part)]
    if isinstance(detail, list | tuple):
        return [text for part in detail for text in _texts(part)]
    return [str(detail)]

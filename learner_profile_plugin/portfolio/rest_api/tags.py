"""Entity tags: the version of what is changed, so that nobody overwrites in silence what they have not seen."""

from __future__ import annotations

import re

from rest_framework.request import Request

from learner_profile_plugin.portfolio.rest_api.errors import NoTagError, StaleError

# Servers on the way mark the tag of an answer that they pack: W/"3", or "3-gzip". It stays the tag of version 3.
TAG = re.compile(r'(?:W/)?"([0-9]{1,10})(?:-[a-z]+)?"')


def tag(version: int) -> str:
    """Return the entity tag of a version."""
    return f'"{version}"'


def check_match(request: Request, version: int, *, is_required: bool = True) -> None:
    """
    Let only those pass who name the present version as ``If-Match``, or say ``*`` for whichever it is.

    Raises:
        NoTagError: if they name none, where they have to.
        StaleError: if they name another.
    """
    header = request.headers.get("If-Match")
    if header is None:
        if is_required:
            raise NoTagError
        return
    if header.strip() != "*" and str(version) not in TAG.findall(header):
        raise StaleError

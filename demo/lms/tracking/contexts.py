"""Which course an event belongs to, read from an address or a key."""

from __future__ import annotations

import re

from django.conf import settings
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey


def course_context(course_key: CourseKey | None) -> dict[str, str]:
    """Answer the fields of an event's context that name a course; empty where there is none."""
    return {
        "course_id": str(course_key) if course_key else "",
        "org_id": (course_key.org or "") if course_key else "",
        "enterprise_uuid": "",
    }


def course_context_from_url(url: str | None, course_id: str | None = None) -> dict[str, str]:
    """
    Answer the course fields for a page, or for a course that the browser named.

    A unit's page, ``/xblock/block-v1:...``, does not match: on the platform its events have no course either, unless
    the browser names it.
    """
    if not course_id:
        found = re.match(rf"^(.*?/course(s)?/)(?!v[0-9]+/[^/]+){settings.COURSE_ID_PATTERN}", url or "")
        course_id = found.group("course_id") if found else None
    if not course_id:
        return course_context(None)
    try:
        return course_context(CourseKey.from_string(course_id))
    except InvalidKeyError:
        return course_context(None)

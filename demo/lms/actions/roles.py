"""Course roles, given and taken."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import User
from django.utils import timezone
from opaque_keys.edx.keys import CourseKey
from openedx_events.learning.data import CourseAccessRoleData
from openedx_events.learning.signals import COURSE_ACCESS_ROLE_ADDED, COURSE_ACCESS_ROLE_REMOVED

from demo.lms.actions.people import user_data
from demo.lms.models import CourseAccessRole

STAFF_ROLES = ("staff", "instructor")


def grant(user: User, course_key: CourseKey, role: str = "staff", *, at: datetime | None = None) -> CourseAccessRole:
    """Give a role in a run to a person."""
    given = CourseAccessRole.objects.create(user=user, org=course_key.org or "", course_key=course_key, role=role)
    COURSE_ACCESS_ROLE_ADDED.send_event(time=at or timezone.now(), course_access_role_data=_data(given))
    return given


def revoke(user: User, course_key: CourseKey, role: str = "staff", *, at: datetime | None = None) -> None:
    """Take a role in a run from a person; nothing happens where there is none."""
    for held in CourseAccessRole.objects.filter(user=user, course_key=course_key, role=role):
        held.delete()
        COURSE_ACCESS_ROLE_REMOVED.send_event(time=at or timezone.now(), course_access_role_data=_data(held))


def _data(held: CourseAccessRole) -> CourseAccessRoleData:
    return CourseAccessRoleData(user=user_data(held.user), org_key=held.org, course_key=held.course_key, role=held.role)

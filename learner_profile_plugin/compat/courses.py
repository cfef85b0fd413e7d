"""Course runs: their facts, and who has staff rights on them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.urls import reverse
from opaque_keys.edx.keys import CourseKey

from learner_profile_plugin.compat.data import Course
from learner_profile_plugin.compat.seam import replaceable


@replaceable
def get_courses(course_keys: Iterable[CourseKey]) -> dict[CourseKey, Course]:
    """
    Return the facts of these course runs, without those that the platform does not know.

    One query, whatever the number of keys. Unlike ``CourseOverview.get_from_ids`` it never goes to
    the modulestore for what is missing, which would be slow for each course that was deleted.

    Platform: openedx/core/djangoapps/content/course_overviews/models.py (CourseOverview),
    common/djangoapps/util/course.py (get_link_for_about_page),
    openedx/features/course_experience/url_helpers.py (get_learning_mfe_home_url).
    """
    from common.djangoapps.util.course import get_link_for_about_page

    return {
        key: Course(
            course_key=key,
            title=overview.display_name_with_default,
            organisation=overview.display_org_with_default,
            home_url=_home_url(key),
            about_url=get_link_for_about_page(overview),
            image_url=overview.image_urls["large"] or "",
            start=overview.start,
            end=overview.end,
        )
        for key, overview in load_overviews(course_keys).items()
    }


@replaceable
def get_staffed_courses(user_id: int, course_keys: Iterable[CourseKey]) -> set[CourseKey]:
    """
    Return those of these course runs on which the user has staff rights.

    These are all of them for global staff, else those where the user is staff, limited staff or
    instructor of the run or of its organisation, and the account is activated. Nobody for an
    unknown user. The masquerade of a request ("view this course as") plays no part. Two queries on
    releases without openedx-authz, a few more on those with it, whatever the number of keys.

    Platform: lms/djangoapps/courseware/access.py (has_access), which asks
    common/djangoapps/student/roles.py.
    """
    from lms.djangoapps.courseware.access import has_access

    user = get_user_model().objects.filter(pk=user_id).first()
    if user is None:
        return set()
    return {key for key in course_keys if has_access(user, "staff", key)}


def load_overviews(course_keys: Iterable[CourseKey]) -> dict[CourseKey, Any]:
    """Return the platform's CourseOverview of each key that has one. For this package only."""
    from openedx.core.djangoapps.content.course_overviews.models import CourseOverview

    rows = CourseOverview.objects.select_related("image_set").filter(id__in=set(course_keys))
    return {overview.id: overview for overview in rows}


def _home_url(course_key: CourseKey) -> str:
    """Return the learning micro-frontend's address, or the LMS's own where there is none."""
    from openedx.features.course_experience.url_helpers import get_learning_mfe_home_url

    if getattr(settings, "LEARNING_MICROFRONTEND_URL", None):
        return str(get_learning_mfe_home_url(course_key, url_fragment="home"))
    return reverse("course_root", args=[str(course_key)])

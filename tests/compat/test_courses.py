"""Courses, staff rights and enrolments."""

from datetime import timedelta
from typing import Any

import pytest
from opaque_keys.edx.keys import CourseKey

from learner_profile_plugin import compat
from tests.compat.models import CourseEnrollment, CourseOverview, CourseOverviewImageSet, User
from tests.conftest import NOW

BOATS, KNOTS = (CourseKey.from_string(f"course-v1:Harbour+{name}+2026") for name in ("Boats", "Knots"))


def test_known_courses_are_told_in_one_query(lms, settings, django_assert_num_queries):
    settings.LEARNING_MICROFRONTEND_URL = "https://apps.example/learning"
    facts: dict[str, Any] = {"display_name_with_default": "Boats", "display_org_with_default": "Harbour"}
    overview = CourseOverview.objects.create(id=BOATS, start=NOW, end=NOW, course_image_url="/raw.png", **facts)
    CourseOverviewImageSet.objects.create(course_overview=overview, large_url="/large.png")
    with django_assert_num_queries(1):
        found = compat.get_courses([BOATS, KNOTS])
    home, about = f"/learn/{BOATS}/home", f"https://market.example/{BOATS}"
    assert found == {BOATS: compat.Course(BOATS, "Boats", "Harbour", home, about, "/large.png", start=NOW, end=NOW)}


def test_without_the_learning_mfe_and_a_picture_addresses_are_the_lms_own_or_empty(lms, settings):
    settings.LEARNING_MICROFRONTEND_URL = None
    CourseOverview.objects.create(id=BOATS, course_image_url="")
    course = compat.get_courses(iter([BOATS]))[BOATS]
    assert (course.home_url, course.image_url, course.start) == (f"/courses/{BOATS}/", "", None)


@pytest.mark.parametrize(
    ("is_staff", "roles", "staffed"), [(True, [], {BOATS, KNOTS}), (False, [KNOTS], {KNOTS}), (False, [], set())]
)
def test_staff_rights_are_those_that_the_platform_tells(lms, is_staff, roles, staffed, django_assert_num_queries):
    lms.has_access.side_effect = lambda user, action, key: action == "staff" and (user.is_staff or key in roles)
    user = User.objects.create(is_staff=is_staff)
    with django_assert_num_queries(1):  # and those of has_access
        assert compat.get_staffed_courses(user.pk, [BOATS, KNOTS]) == staffed
    asked = [call.args[0] for call in lms.has_access.call_args_list]
    assert asked[0] == user
    assert asked[0] is asked[1]  # which keeps its roles from one question to the next
    assert compat.get_staffed_courses(0, [BOATS]) == set()


def enrol(user, key, *, is_active=True, created=NOW) -> Any:
    CourseEnrollment.objects.create(user=user, course_id=key, is_active=is_active, created=created)
    return user


def test_enrolments_are_told_in_one_query_ended_ones_too_and_the_oldest_first(lms, django_assert_num_queries):
    user = enrol(enrol(User.objects.create(), KNOTS), BOATS, is_active=False, created=NOW - timedelta(1))
    enrol(User.objects.create(), BOATS)
    of_knots, of_boats, _ = CourseEnrollment.objects.order_by("pk").values_list("pk", flat=True)
    with django_assert_num_queries(1):
        found = compat.get_enrolments(user.pk)
    assert found == [
        compat.Enrolment(user.pk, BOATS, "audit", is_active=False, created_at=NOW - timedelta(1), row_id=of_boats),
        compat.Enrolment(user.pk, KNOTS, "audit", is_active=True, created_at=NOW, row_id=of_knots),
    ]
    with django_assert_num_queries(1):
        assert compat.get_enrolments_page(user_id=user.pk) == found[::-1]


@pytest.mark.parametrize("is_active", [True, False])
def test_only_an_active_enrolment_counts_in_a_course_or_in_a_shared_one(lms, is_active, django_assert_num_queries):
    ada, ben = enrol(User.objects.create(), BOATS), enrol(User.objects.create(), BOATS, is_active=is_active)
    enrol(ben, KNOTS)
    with django_assert_num_queries(3):
        assert compat.is_enrolled(ben.pk, BOATS) is is_active
        assert compat.shares_a_course(ada.pk, ben.pk) is is_active
        assert compat.shares_a_course(ben.pk, ada.pk) is is_active

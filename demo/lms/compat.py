"""
The stand-in for ``learner_profile_plugin.compat``: the same functions, answered from the demo's own tables.

``LEARNER_PROFILE_COMPAT`` names this module. A function here must keep the signature of its counterpart.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth.hashers import is_password_usable
from django.contrib.auth.models import User
from django.db.models import Count, Max, Model, Q, QuerySet
from django.templatetags.static import static
from django.urls import reverse
from opaque_keys.edx.keys import CourseKey

from demo.lms import models
from demo.lms.actions.roles import STAFF_ROLES
from learner_profile_plugin.compat.data import (
    Account,
    AccountStanding,
    Certificate,
    Course,
    Enrolment,
    Extent,
    Grade,
    ProfileLinks,
    Site,
    SocialLinks,
)

RowT = TypeVar("RowT", bound=Model)

PHOTO_SIZES = (500, 120, 50, 30)
DEFAULT_PHOTO = "demo/photos/default.svg"


def get_account(user_id: int) -> Account | None:
    """Answer the account with this number; None where there is none."""
    return _account(User.objects.select_related("profile").filter(pk=user_id).first())


def find_account(username: str) -> Account | None:
    """Answer the account of this name; None where there is none."""
    if "\x00" in username or any("\ud800" <= character <= "\udfff" for character in username):
        return None
    return _account(User.objects.select_related("profile").filter(username=username).first())


def _account(user: User | None) -> Account | None:
    if user is None:
        return None
    profile = getattr(user, "profile", None) or models.UserProfile(user=user)
    photo = static(profile.photo or DEFAULT_PHOTO)
    return Account(
        user_id=user.pk,
        username=user.username,
        full_name=profile.name,
        email=user.email,
        date_joined=user.date_joined,
        is_closed=not user.has_usable_password(),
        is_minor=profile.requires_parental_consent(),
        first_name=user.first_name,
        last_name=user.last_name,
        photo_urls=dict.fromkeys(PHOTO_SIZES, photo),
        has_photo=bool(profile.photo),
        country=profile.country,
        social_links=SocialLinks(linkedin=profile.linkedin_url, x=profile.x_url, facebook=profile.facebook_url),
    )


def get_account_standing(user_id: int) -> AccountStanding:
    """Answer what was verified of an account: one of the sample people has shown who they are."""
    is_ada = User.objects.filter(pk=user_id, username="ada").exists()
    return AccountStanding(name_verified=True, linked_accounts=("Google",)) if is_ada else AccountStanding()


def get_open_accounts(user_ids: Collection[int]) -> set[int]:
    """Answer those of the accounts that are there and have a password."""
    rows = User.objects.filter(pk__in=user_ids).values_list("pk", "password")
    return {pk for pk, password in rows if is_password_usable(password)}


def get_external_ids(user_ids: Iterable[int]) -> dict[int, str]:
    """Answer the same made-up number for the same account every time."""
    users = User.objects.filter(pk__in=list(user_ids)).values_list("pk", flat=True)
    return {user_id: str(uuid.uuid5(uuid.NAMESPACE_OID, f"learner {user_id}")) for user_id in users}


def find_token_owner(token: str) -> int | None:
    """Answer nobody: the demo gives no tokens of OAuth out."""
    return None


def get_courses(course_keys: Iterable[CourseKey]) -> dict[CourseKey, Course]:
    """Answer the facts of those of the runs that exist."""
    return {
        course.id: Course(
            course_key=course.id,
            title=course.display_name,
            organisation=course.display_org,
            home_url=reverse("course", args=[course.id]),
            about_url=reverse("course_about", args=[course.id]),
            image_url=reverse("course_image", args=[course.id]),
            start=course.start,
            end=course.end,
        )
        for course in models.Course.objects.filter(id__in=list(course_keys))
    }


def get_enrolments(user_id: int) -> list[Enrolment]:
    """Answer every enrolment of a person, the ended ones too, oldest first."""
    return [
        _enrolment(row) for row in models.CourseEnrollment.objects.filter(user_id=user_id).order_by("created", "pk")
    ]


def get_enrolments_page(
    *,
    user_id: int | None = None,
    course_keys: Collection[CourseKey] | None = None,
    after_row_id: int = 0,
    until_row_id: int | None = None,
    limit: int = 1000,
) -> list[Enrolment]:
    """Answer enrolments, of one person, of some runs or of all, page by page."""
    rows = _select(models.CourseEnrollment.objects.all(), user_id, course_keys, after_row_id, until_row_id)
    return [_enrolment(row) for row in rows[:limit]]


def get_staffed_courses(user_id: int, course_keys: Iterable[CourseKey]) -> set[CourseKey]:
    """Answer those of the runs in which a person has the rights of staff; the site's own staff has them in all."""
    asked = set(course_keys)
    # The person, and beside them each role that they have: one row at least, with no role in it.
    rows = User.objects.filter(pk=user_id, is_active=True).values_list(
        "is_staff", "is_superuser", "course_roles__role", "course_roles__course_key"
    )
    if any(is_staff or is_superuser for is_staff, is_superuser, _role, _key in rows):
        return asked
    return asked & {course_key for _is_staff, _is_superuser, role, course_key in rows if role in STAFF_ROLES}


def shares_a_course(user_id: int, other_id: int) -> bool:
    """Tell whether two people are enrolled in the same run now."""
    active = models.CourseEnrollment.objects.filter(is_active=True)
    return active.filter(user_id=user_id, course_key__in=active.filter(user_id=other_id).values("course_key")).exists()


def is_enrolled(user_id: int, course_key: CourseKey) -> bool:
    """Tell whether a person is enrolled in a run now."""
    return models.CourseEnrollment.objects.filter(user_id=user_id, course_key=course_key, is_active=True).exists()


def get_certificates(
    *,
    user_id: int | None = None,
    course_keys: Collection[CourseKey] | None = None,
    after_row_id: int = 0,
    until_row_id: int | None = None,
    limit: int = 1000,
) -> list[Certificate]:
    """Answer certificates of every status, of one person, of some runs or of all, page by page."""
    found = _select(models.GeneratedCertificate.objects.all(), user_id, course_keys, after_row_id, until_row_id)
    rows = list(found[:limit])
    courses = models.Course.objects.in_bulk([row.course_key for row in rows])
    return [_certificate(row, courses.get(row.course_key)) for row in rows]


def get_grades(
    *,
    user_id: int | None = None,
    course_keys: Collection[CourseKey] | None = None,
    after_row_id: int = 0,
    until_row_id: int | None = None,
    limit: int = 1000,
) -> list[Grade]:
    """Answer course grades, of one person, of some runs or of all, page by page."""
    found = _select(models.PersistentCourseGrade.objects.all(), user_id, course_keys, after_row_id, until_row_id)
    return [
        Grade(
            row_id=row.pk,
            user_id=row.user_id,
            course_key=row.course_key,
            percent=row.percent_grade,
            letter=row.letter_grade,
            passed_at=row.passed_timestamp,
            modified_at=row.modified,
        )
        for row in found[:limit]
    ]


def get_extent(
    kind: str,
    *,
    user_id: int | None = None,
    course_keys: Collection[CourseKey] | None = None,
    after_row_id: int = 0,
) -> Extent:
    """Answer how many certificates, grades or enrolments there are."""
    found = _select(_table(kind), user_id, course_keys, after_row_id).order_by()
    numbers = found.aggregate(how_many=Count("pk"), last=Max("pk"))
    return Extent(count=numbers["how_many"], last_row_id=numbers["last"] or 0)


def get_held(kind: str, places: Collection[tuple[int, CourseKey]]) -> set[tuple[int, CourseKey]]:
    """Answer of which of these people in runs there is a certificate, a grade or an enrolment."""
    users_in: dict[CourseKey, list[int]] = {}
    for user_id, course_key in places:
        users_in.setdefault(course_key, []).append(user_id)
    if not users_in:
        return set()
    wanted = Q(*(Q(course_key=key, user_id__in=users) for key, users in users_in.items()), _connector=Q.OR)
    return set(_table(kind).filter(wanted).order_by().values_list("user_id", "course_key"))


def get_site() -> Site:
    """
    Answer the name of the site, where it is, and its brand's style sheet.

    The style sheet's address is relative, unlike the platform's, so that it is right at whatever port the demo runs.
    """
    return Site(
        name=settings.PLATFORM_NAME,
        root_url=settings.LMS_ROOT_URL,
        brand_stylesheets=(static("demo/brand.css"),),
    )


def get_site_setting(name: str) -> object:
    """Answer what the configuration of the site says, where a dictionary of the settings stands in for it."""
    found: object = getattr(settings, "SITE_CONFIGURATION", {}).get(name)
    return found


def get_profile_links(username: str) -> ProfileLinks:
    """Answer where the platform's own pages about a person are: the demo has none of them."""
    return ProfileLinks()


def _certificate(row: models.GeneratedCertificate, course: models.Course | None) -> Certificate:
    available = course.certificate_available_date if course else None
    is_shown = course is None or course.shows_certificates()
    has_page = row.status == models.GeneratedCertificate.DOWNLOADABLE
    return Certificate(
        row_id=row.pk,
        user_id=row.user_id,
        course_key=row.course_key,
        status=row.status,
        mode=row.mode,
        name=row.name,
        grade=row.grade,
        url=reverse("certificate", args=[row.verify_uuid]) if has_page else "",
        created_at=row.created_date,
        modified_at=row.modified_date,
        dated_at=available or row.modified_date,
        is_shown=is_shown,
        shown_from=None if is_shown else available,
    )


def _enrolment(row: models.CourseEnrollment) -> Enrolment:
    return Enrolment(
        user_id=row.user_id,
        course_key=row.course_key,
        mode=row.mode,
        is_active=row.is_active,
        created_at=row.created,
        row_id=row.pk,
    )


def _table(kind: str) -> QuerySet[Any]:
    tables: dict[str, type[Model]] = {
        "certificates": models.GeneratedCertificate,
        "enrolments": models.CourseEnrollment,
        "grades": models.PersistentCourseGrade,
    }
    return tables[kind]._default_manager.all()


def _select(
    rows: QuerySet[RowT],
    user_id: int | None,
    course_keys: Collection[CourseKey] | None,
    after_row_id: int,
    until_row_id: int | None = None,
) -> QuerySet[RowT]:
    wanted = rows.filter(pk__gt=after_row_id).order_by("pk")
    if until_row_id is not None:
        wanted = wanted.filter(pk__lte=until_row_id)
    if user_id is not None:
        wanted = wanted.filter(user_id=user_id)
    if course_keys is not None:
        wanted = wanted.filter(course_key__in=course_keys)
    return wanted

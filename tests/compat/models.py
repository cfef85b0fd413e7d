"""Tables in the platform's shape, as far as compat goes by them, in a registry that no other test sees."""

# ruff: noqa: DJ008 (nobody reads these)

import uuid
from functools import partial
from types import SimpleNamespace
from typing import Any, ClassVar

from django.apps.registry import Apps
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from opaque_keys.edx.django.models import CourseKeyField

from tests.conftest import NOW

registry = Apps(["tests.compat"])
text: Any = partial(models.CharField, max_length=255, default="")
flag: Any = partial(models.BooleanField, default=False)
moment: Any = partial(models.DateTimeField, null=True)
one: Any = partial(models.OneToOneField, on_delete=models.CASCADE)
many: Any = partial(models.ForeignKey, on_delete=models.CASCADE)
key: Any = partial(CourseKeyField, max_length=255)


class Row(models.Model):
    objects: ClassVar[Any]

    class Meta:
        abstract = True
        app_label = "compat"
        apps = registry


class User(Row, AbstractBaseUser):
    username, email, first_name, last_name = text(), text(), text(), text()
    is_staff, is_active, date_joined = flag(), flag(default=True), moment(default=NOW)


class UserProfile(Row):
    user = one(User, related_name="profile")
    name, language, country_code = text(), text(default="a leftover"), text(null=True, default=None)
    year_of_birth, has_profile_image = models.IntegerField(null=True), flag()
    country = property(lambda self: SimpleNamespace(code=self.country_code))

    def requires_parental_consent(self) -> bool:
        return self.year_of_birth is None or NOW.year - self.year_of_birth <= 13


class UserStanding(Row):
    ACCOUNT_DISABLED = "disabled"
    user, account_status = one(User, related_name="standing"), text()


class SocialLink(Row):
    user_profile, platform, social_link = many(UserProfile), text(), text()


class ExternalIdType(Row):
    XAPI = "xapi"
    name = text()


class ExternalId(Row):
    external_user_id = models.UUIDField(default=uuid.uuid4, unique=True)
    external_id_type, user = many(ExternalIdType), many(User)

    class Meta(Row.Meta):
        unique_together = [("user", "external_id_type")]

    @classmethod
    def batch_get_or_create_user_ids(cls, users: Any, type_name: str) -> Any:
        kind = ExternalIdType.objects.filter(name=type_name).first()
        if kind is None:
            return None
        rows = {row.user_id: row for row in cls.objects.filter(user__in=users, external_id_type=kind)}
        new = [cls(user=user, external_id_type=kind) for user in users if user.pk not in rows]
        return rows | {row.user_id: row for row in cls.objects.bulk_create(new)}


class CourseOverview(Row):
    id = key(primary_key=True)
    display_name_with_default, display_org_with_default, course_image_url = text(), text(), text()
    start, end, certificate_available_date = moment(), moment(), moment()
    certificates_display_behavior, cert_html_view_enabled = text(null=True), flag(default=True)

    @property
    def image_urls(self) -> dict[str, str]:
        large = self.image_set.large_url if hasattr(self, "image_set") else ""
        return {"raw": self.course_image_url, "large": large or self.course_image_url}


class CourseOverviewImageSet(Row):
    course_overview, large_url = one(CourseOverview, related_name="image_set"), text()


class CourseEnrollment(Row):
    user, created, is_active, mode = many(User), moment(), flag(default=True), text(default="audit")
    course = many(CourseOverview, on_delete=models.DO_NOTHING, db_constraint=False)


class EligibleCertificates(models.Manager[Any]):
    def get_queryset(self) -> models.QuerySet[Any]:
        return super().get_queryset().exclude(status__in=("audit_passing", "audit_notpassing"))


class GeneratedCertificate(Row):
    user, course_id, mode, name, grade = many(User), key(), text(), text(), text()
    status, verify_uuid, download_url = text(default="downloadable"), text(default="0f" * 16), text()
    created_date, modified_date = moment(default=NOW), moment(default=NOW)
    objects = models.Manager()
    eligible_certificates = EligibleCertificates()


class CertificateDateOverride(Row):
    generated_certificate, date = one(GeneratedCertificate, related_name="date_override"), moment()


class PersistentCourseGrade(Row):
    user_id, course_id, percent_grade = models.IntegerField(), key(), models.FloatField(default=0.87)
    letter_grade, passed_timestamp, modified = text(default="B"), moment(), moment(default=NOW)

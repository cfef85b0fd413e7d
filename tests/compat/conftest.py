"""The platform's modules as compat imports them: tables of the same shape, and functions that record their calls."""

import sys
from collections.abc import Callable, Iterator
from enum import Enum
from types import ModuleType, SimpleNamespace
from typing import Any
from unittest.mock import create_autospec

import pytest
from django.conf import settings as site_settings
from django.db import connection
from django.http import HttpResponse
from django.urls import include, re_path
from rest_framework.exceptions import AuthenticationFailed

from learner_profile_plugin.compat import accounts, courses
from tests.compat import models

_certificate_urls = [re_path(r"^(?P<certificate_uuid>[0-9a-f]{32})$", HttpResponse, name="render_cert_by_uuid")]
urlpatterns = [
    re_path(rf"^courses/{site_settings.COURSE_ID_PATTERN}/$", HttpResponse, name="course_root"),
    re_path(r"^certificates/", include((_certificate_urls, "certificates"))),
]
PHOTO_SIZES = {"full": 500, "small": 30}
DISPLAY = {"END": "end", "END_WITH_DATE": "end_with_date", "EARLY_NO_INFO": "early_no_info"}
# What compat takes from each module of the platform, and nothing else.
MODULES = {
    "common.djangoapps": "third_party_auth",
    "common.djangoapps.student.models": "CourseEnrollment SocialLink UserProfile UserStanding",
    "common.djangoapps.third_party_auth": "pipeline",
    "common.djangoapps.util.course": "get_link_for_about_page",
    "lms.djangoapps.certificates": "api",
    "lms.djangoapps.certificates.data": "CertificateStatuses",
    "lms.djangoapps.certificates.models": "GeneratedCertificate",
    "lms.djangoapps.courseware.access": "has_access",
    "lms.djangoapps.grades.models": "PersistentCourseGrade",
    "lms.djangoapps.verify_student.services": "IDVerificationService",
    "openedx.core.djangoapps.content.course_overviews.models": "CourseOverview",
    "openedx.core.djangoapps.external_user_ids.models": "ExternalId ExternalIdType",
    "openedx.core.djangoapps.site_configuration": "helpers",
    "openedx.core.djangoapps.user_api.accounts.image_helpers": "get_profile_image_urls_for_user",
    "openedx.core.lib.api.authentication": "BearerAuthenticationAllowInactiveUser",
    "openedx.features.course_experience.url_helpers": "get_learning_mfe_home_url",
    "xmodule.data": "CertificatesDisplayBehaviors",
}


def image_urls(user: Any, request: Any = None) -> dict[str, str]:
    name = user.username if user.profile.has_profile_image else "default"
    return {size: f"/media/{name}_{width}.jpg" for size, width in PHOTO_SIZES.items()}


def date_printed(course: Any, certificate: Any) -> Any:
    assert course is not None
    return certificate.date_override.date if hasattr(certificate, "date_override") else certificate.modified_date


class Bearer:
    """Knows one token."""

    def authenticate_credentials(self, access_token: str) -> tuple[Any, object]:
        if access_token != "abc":
            raise AuthenticationFailed({"error_code": "token_nonexistent", "developer_message": "No such token."})
        return models.User.objects.get(), object()


def _recording(function: Callable[..., Any], answer: object = None) -> Any:
    """Take the arguments that the platform takes; answer with ``answer`` or, without one, as ``function`` does."""
    return create_autospec(function, side_effect=function if answer is None else None, return_value=answer)


@pytest.fixture(scope="session")
def tables(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    rows = list(models.registry.get_models())
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        for row in rows:
            editor.create_model(row)
    yield
    with django_db_blocker.unblock(), connection.schema_editor() as editor:
        for row in reversed(rows):
            editor.delete_model(row)


@pytest.fixture
def lms(tables: None, db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Put the stand-in where compat imports the LMS from; ``lms.site`` is what the site configuration holds."""
    settings.LEARNER_PROFILE_COMPAT = None
    settings.ROOT_URLCONF = __name__
    settings.PROFILE_IMAGE_SIZES_MAP = PHOTO_SIZES
    site: dict[str, object] = {}
    certificates = SimpleNamespace(
        certificates_viewable_for_course=_recording(lambda course: None, True),
        display_date_for_certificate=_recording(date_printed),
        has_html_certificates_enabled=_recording(lambda course_overview: course_overview.cert_html_view_enabled),
    )
    lms = SimpleNamespace(
        site=site,
        api=certificates,
        pipeline=SimpleNamespace(get_provider_user_states=_recording(lambda user: None, [])),
        third_party_auth=SimpleNamespace(is_enabled=_recording(lambda: None, True)),
        helpers=SimpleNamespace(get_value=_recording(lambda val_name, default=None: site.get(val_name, default))),
        IDVerificationService=SimpleNamespace(user_is_verified=_recording(lambda user: None, False)),
        BearerAuthenticationAllowInactiveUser=Bearer,
        CertificateStatuses=SimpleNamespace(downloadable="downloadable"),
        CertificatesDisplayBehaviors=Enum("CertificatesDisplayBehaviors", DISPLAY, type=str),
        get_learning_mfe_home_url=_recording(lambda course_key, url_fragment: f"/learn/{course_key}/{url_fragment}"),
        get_link_for_about_page=_recording(lambda course: f"https://market.example/{course.id}"),
        get_profile_image_urls_for_user=_recording(image_urls),
        has_access=_recording(lambda user, action, obj, course_key=None: user.is_staff),
    )
    for name, content in MODULES.items():
        module = ModuleType(name)
        vars(module).update({item: getattr(lms, item, None) or getattr(models, item) for item in content.split()})
        monkeypatch.setitem(sys.modules, name, module)
    for asking in (accounts, courses):
        monkeypatch.setattr(asking, "get_user_model", lambda: models.User)
    return lms

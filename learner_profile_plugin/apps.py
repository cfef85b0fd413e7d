"""How the LMS finds the plugin: settings, URLs and signals through ``plugin_app``."""

from __future__ import annotations

from typing import Any, ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

LMS = "lms.djangoapp"
LEARNING_SIGNALS = "openedx_events.learning.signals"

RECEIVERS = {
    "on_certificate_event": ("CERTIFICATE_CREATED", "CERTIFICATE_CHANGED", "CERTIFICATE_REVOKED"),
    "on_grade_event": ("PERSISTENT_GRADE_SUMMARY_CHANGED",),
    "on_passing_status_event": ("COURSE_PASSING_STATUS_UPDATED",),
    "on_enrolment_event": (
        "COURSE_ENROLLMENT_CREATED",
        "COURSE_ENROLLMENT_CHANGED",
        "COURSE_UNENROLLMENT_COMPLETED",
    ),
}


class LearnerProfileConfig(AppConfig):
    """The one Django app of the plugin."""

    name = "learner_profile_plugin"
    verbose_name = _("Learner profiles")
    default_auto_field = "django.db.models.BigAutoField"

    # Keys as edx_django_utils.plugins.constants has them; spelled out so that this module, which is
    # imported while the settings are still being made, imports next to nothing.
    plugin_app: ClassVar[dict[str, Any]] = {
        "url_config": {LMS: {"namespace": "learner_profile", "regex": r"", "relative_path": "urls"}},
        # "production" runs after the operator's own configuration was read.
        "settings_config": {
            LMS: {"common": {"relative_path": "settings"}, "production": {"relative_path": "settings"}}
        },
        "signals_config": {
            LMS: {
                "relative_path": "receivers",
                "receivers": [
                    {
                        "receiver_func_name": function,
                        "signal_path": f"{LEARNING_SIGNALS}.{signal}",
                        "dispatch_uid": f"learner_profile_plugin.{signal}",
                    }
                    for function, signals in RECEIVERS.items()
                    for signal in signals
                ],
            }
        },
    }

"""How the LMS finds the plugin: settings, URLs and signals through ``plugin_app``."""

from __future__ import annotations

from typing import Any, ClassVar

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

LMS = "lms.djangoapp"
LEARNING_SIGNALS = "openedx_events.learning.signals"
ANALYTICS_SIGNALS = "openedx_events.analytics.signals"
# Not of openedx-events: the LMS's own. A host that is none brings a module of this name.
RETIREMENT_SIGNALS = "openedx.core.djangoapps.user_api.accounts.signals"

RECEIVERS = {
    "on_certificate_event": (
        f"{LEARNING_SIGNALS}.CERTIFICATE_CREATED",
        f"{LEARNING_SIGNALS}.CERTIFICATE_CHANGED",
        f"{LEARNING_SIGNALS}.CERTIFICATE_REVOKED",
    ),
    "on_grade_event": (f"{LEARNING_SIGNALS}.PERSISTENT_GRADE_SUMMARY_CHANGED",),
    "on_passing_status_event": (f"{LEARNING_SIGNALS}.COURSE_PASSING_STATUS_UPDATED",),
    "on_enrolment_event": (
        f"{LEARNING_SIGNALS}.COURSE_ENROLLMENT_CREATED",
        f"{LEARNING_SIGNALS}.COURSE_ENROLLMENT_CHANGED",
        f"{LEARNING_SIGNALS}.COURSE_UNENROLLMENT_COMPLETED",
    ),
    "on_tracking_event": (f"{ANALYTICS_SIGNALS}.TRACKING_EVENT_EMITTED",),
    # Operators can leave the first one out of their pipeline; the second one always comes.
    "on_retirement": (
        f"{RETIREMENT_SIGNALS}.USER_RETIRE_LMS_MISC",
        f"{RETIREMENT_SIGNALS}.USER_RETIRE_LMS_CRITICAL",
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
                        "signal_path": signal,
                        "dispatch_uid": f"learner_profile_plugin.{signal.rpartition('.')[2]}",
                    }
                    for function, signals in RECEIVERS.items()
                    for signal in signals
                ],
            }
        },
    }

    def ready(self) -> None:
        """Connect what has to happen in every process that can delete a row, and not in the LMS alone."""
        from django.db.models.signals import post_delete

        from learner_profile_plugin import checks, models, receivers  # noqa: F401  importing the checks registers them

        uid = "learner_profile_plugin.picture_deleted"
        post_delete.connect(receivers.on_picture_deleted, sender=models.Picture, dispatch_uid=uid)
        uid = "learner_profile_plugin.exported_learner_deleted"
        post_delete.connect(receivers.on_exported_learner_deleted, sender=models.ExportedLearner, dispatch_uid=uid)

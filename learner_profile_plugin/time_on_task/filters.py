"""What the LMS runs when it has rendered a unit: the script that beats is added to it."""

from __future__ import annotations

import logging
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from openedx_filters import PipelineStep

from learner_profile_plugin.time_on_task import beats

log = logging.getLogger(__name__)

STUDENT_VIEW = "student_view"


class AddBeats(PipelineStep):
    """
    Adds the script to units that a signed-in learner sees, and nothing that can be seen.

    Platform: xmodule/vertical_block.py (VerticalBlock._student_or_public_view).
    """

    def run_filter(self, block: Any, fragment: Any, context: Any, view: Any) -> dict[str, Any]:
        """Return what it was given; a unit is shown, whatever goes wrong here."""
        try:
            user_id = block.scope_ids.user_id
            if beats.is_on() and view == STUDENT_VIEW and isinstance(user_id, int):
                _add_script(fragment, beats.issue_ticket(user_id, block.scope_ids.usage_id.course_key, timezone.now()))
        except Exception:
            log.exception("A unit is shown without beats.")
        return {"block": block, "fragment": fragment, "context": context, "view": view}


def _add_script(fragment: Any, ticket: str) -> None:
    fragment.add_content(
        format_html(
            '<div hidden data-lp-beats="{}" data-ticket="{}" data-idle="{}"></div>',
            reverse("learner_profile:beats"),
            ticket,
            settings.LEARNER_PROFILE_BEATS_IDLE_SECONDS,
        )
    )
    fragment.add_javascript_url(static("learner_profile/beats.js"))

"""What is worth adding to a profile next, and why: help for its owner, without numbers to chase."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from learner_profile_plugin import access
from learner_profile_plugin.access import Section
from learner_profile_plugin.portfolio.visits import Learner
from learner_profile_plugin.profile_fields import api as profile_fields

# From what readers look for first.
ORDER = (
    Section.HEADER,
    Section.WORK_EXPERIENCE,
    Section.ABOUT,
    Section.SKILLS,
    Section.PROJECTS,
    Section.EDUCATION,
    Section.WORK_PREFERENCES,
    Section.LANGUAGES,
    Section.LINKS,
    Section.CONTACT,
    Section.CERTIFICATIONS,
)
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Step:
    """
    One thing worth adding.

    Attributes:
        section: where; None for the photo, which is kept in the account.
        is_required: the site asks for it before the portfolio can be published.
    """

    section: Section | None
    add: Any
    why: Any
    is_required: bool = False


def next_steps(learner: Learner) -> list[Step]:
    """Return at most three things worth adding: first what the site requires, then what readers miss most."""
    required = profile_fields.missing_sections(learner.profile, learner.owner.rules)
    wanted = [*required, *(section for section in ORDER if section not in required)]
    steps = [
        Step(section, kind.add, kind.why, is_required=section in required)
        for section in wanted
        if section in profile_fields.KINDS and not learner.profile.items.get(section)
        if access.may_edit(learner.owner, section)
        for kind in (profile_fields.KINDS[section],)
    ]
    if not learner.account.has_photo:
        photo = Step(None, _("Add a photo of yourself"), _("A page with a face is remembered."))
        steps.insert(len(required) + 1, photo)
    return steps[:SHOWN]

"""The codes that a field may hold where a learner chooses from a list, and what they are called."""

from django.utils.translation import gettext_lazy as _

ARRANGEMENTS = {
    "on_site": _("On site"),
    "hybrid": _("Hybrid"),
    "remote": _("Remote"),
}

EMPLOYMENT = {
    "full_time": _("Full-time"),
    "part_time": _("Part-time"),
    "contract": _("Contract"),
    "temporary": _("Temporary"),
    "freelance": _("Freelance"),
    "self_employed": _("Self-employed"),
    "internship": _("Internship"),
    "apprenticeship": _("Apprenticeship"),
    "seasonal": _("Seasonal"),
}

RELOCATION = {
    "yes": _("Willing to move"),
    "maybe": _("May move for the right role"),
    "no": _("Not willing to move"),
}

OPENNESS = {
    "actively": _("Actively looking for work"),
    "open": _("Open to offers"),
    "closed": _("Not open to recruiters"),
}

SKILL_LEVELS = {
    "beginner": _("Beginner"),
    "intermediate": _("Intermediate"),
    "advanced": _("Advanced"),
    "expert": _("Expert"),
}

PROFICIENCIES = {
    "elementary": _("Elementary"),
    "limited_working": _("Limited working proficiency"),
    "professional_working": _("Professional working proficiency"),
    "full_professional": _("Full professional proficiency"),
    "native": _("Native or bilingual"),
}

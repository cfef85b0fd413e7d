"""
What can be stated: the sections that a learner fills, and the fields of an item in each.

This table is the one description. Forms, API, its schema, the page and the checks are made from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from learner_profile_plugin.access import Section
from learner_profile_plugin.profile_fields import codes
from learner_profile_plugin.profile_fields.field_types import (
    NAME_LENGTH,
    Address,
    Choice,
    Choices,
    Date,
    Flag,
    Line,
    Lines,
    Text,
)
from learner_profile_plugin.profile_fields.kind import Kind


def _period(*, end_help: Any, starts: bool = True, end_may_lie_ahead: bool = False) -> tuple[Date, Date]:
    return (
        Date(name="start", label=_("Start"), is_required=starts),
        Date(name="end", label=_("End"), help=end_help, may_lie_ahead=end_may_lie_ahead),
    )


_DESCRIPTION = Text(name="description", label=_("Description"), help=_("You can use Markdown."))
_LINK = Address(name="url", label=_("Link"))

_KINDS = (
    Kind(
        section=Section.HEADER,
        noun=_("page header"),
        add=_("Add a headline"),
        why=_("One line under your name is what people read first."),
        title="headline",
        is_single=True,
        fields=(
            Line(
                name="headline",
                label=_("Headline"),
                max_length=120,
                help=_("One line under your name: what you do, or what you want to do."),
            ),
            Line(name="location", label=_("Location"), help=_("For example: Lisbon, Portugal.")),
            Line(name="pronouns", label=_("Pronouns"), max_length=40),
        ),
    ),
    Kind(
        section=Section.CONTACT,
        noun=_("contact"),
        add=_("Add how to reach you"),
        why=_("People who like what they read can write to you."),
        title="show_email",
        is_single=True,
        fields=(
            Flag(
                name="show_email",
                label=_("Show my e-mail address on the page"),
                help=_("The address is that of your account."),
            ),
        ),
    ),
    Kind(
        section=Section.WORK_PREFERENCES,
        noun=_("work preferences"),
        add=_("Add what you are looking for"),
        why=_("Recruiters see at once whether an offer fits you."),
        title="roles",
        is_single=True,
        fields=(
            Lines(name="roles", label=_("What roles are you looking for?"), help=_("One a line."), suggests="role"),
            Text(name="about_role", label=_("More about the role you want"), max_length=1000, rows=3),
            Lines(name="places", label=_("Where?"), help=_("Cities, regions or countries, one a line.")),
            Choices(name="arrangements", label=_("On site or remote?"), choices=codes.ARRANGEMENTS),
            Choices(name="employment", label=_("Kind of employment"), choices=codes.EMPLOYMENT),
            Date(
                name="start",
                label=_("From when?"),
                help=_("A day that is past is shown as: right away."),
                may_lie_ahead=True,
            ),
            Choice(name="relocation", label=_("Would you move for it?"), choices=codes.RELOCATION),
            Line(
                name="authorisation",
                label=_("Work authorization"),
                help=_("Where you may work, for example: EU citizen, or: visa needed for the US."),
            ),
            Choice(name="openness", label=_("Are you open to recruiters?"), choices=codes.OPENNESS),
        ),
    ),
    Kind(
        section=Section.ABOUT,
        noun=_("text about you"),
        add=_("Write about yourself"),
        why=_("A few sentences in your own words help recruiters get to know you."),
        title="text",
        is_single=True,
        fields=(
            Text(
                name="text",
                label=_("About you"),
                max_length=5000,
                rows=8,
                help=_("You can use Markdown: **bold**, *italic*, lists and links."),
            ),
        ),
    ),
    Kind(
        section=Section.SKILLS,
        noun=_("skill"),
        add=_("Add a skill"),
        why=_("Employers search by skill."),
        title="name",
        fields=(
            Line(name="name", label=_("Skill"), is_required=True, max_length=100, suggests="skill"),
            Choice(name="level", label=_("Your own estimate"), choices=codes.SKILL_LEVELS),
        ),
    ),
    Kind(
        section=Section.WORK_EXPERIENCE,
        noun=_("position"),
        add=_("Add a position"),
        why=_("Employers look for what you have done, paid or not."),
        title="title",
        ends_now=True,
        fields=(
            Line(name="title", label=_("Title"), is_required=True, suggests="role"),
            Line(name="employer", label=_("Employer"), is_required=True),
            Choice(name="employment", label=_("Kind of employment"), choices=codes.EMPLOYMENT),
            Line(name="location", label=_("Location")),
            Choice(name="arrangement", label=_("On site or remote?"), choices=codes.ARRANGEMENTS),
            *_period(end_help=_("Leave empty if you still work there.")),
            _DESCRIPTION,
            _LINK,
        ),
    ),
    Kind(
        section=Section.PROJECTS,
        noun=_("project"),
        add=_("Add a project"),
        why=_("Practical work shows skills better than words do."),
        title="title",
        has_pictures=True,
        ends_now=True,
        fields=(
            Line(name="title", label=_("Title"), is_required=True),
            Line(name="role", label=_("Your role"), suggests="role"),
            *_period(end_help=_("Leave empty if it goes on."), starts=False),
            _LINK,
            _DESCRIPTION,
            Lines(name="skills", label=_("Skills"), help=_("Skills that it shows, one a line."), suggests="skill"),
        ),
    ),
    Kind(
        section=Section.EDUCATION,
        noun=_("education"),
        add=_("Add a school or university"),
        why=_("Degrees and schools are what many employers filter by."),
        title="school",
        ends_now=True,
        fields=(
            Line(name="school", label=_("School or university"), is_required=True, suggests="school"),
            Line(name="degree", label=_("Degree")),
            Line(name="field_of_study", label=_("Field of study")),
            Line(name="grade", label=_("Grade"), max_length=60),
            *_period(
                end_help=_("The date you expect, if you have not finished."), starts=False, end_may_lie_ahead=True
            ),
            Line(name="activities", label=_("Activities and societies"), max_length=500),
            _DESCRIPTION,
        ),
    ),
    Kind(
        section=Section.CERTIFICATIONS,
        noun=_("certificate"),
        add=_("Add a certificate"),
        why=_("Licenses and certificates from elsewhere complete those of your courses."),
        title="name",
        fields=(
            Line(name="name", label=_("Name of the certificate"), is_required=True),
            Line(name="issuer", label=_("Issued by")),
            Date(name="start", label=_("Issued on")),
            Date(name="end", label=_("Expires on"), help=_("Leave empty if it does not."), may_lie_ahead=True),
            Line(name="credential_id", label=_("Credential number"), max_length=100),
            Address(name="url", label=_("Link to check it")),
        ),
    ),
    Kind(
        section=Section.OTHER_COURSES,
        noun=_("course"),
        add=_("Add a course from elsewhere"),
        title="name",
        fields=(
            Line(name="name", label=_("Name of the course"), is_required=True),
            Line(name="provider", label=_("Offered by")),
            Line(name="number", label=_("Course number"), max_length=60),
            Date(name="start", label=_("Completed on")),
            _LINK,
            _DESCRIPTION,
        ),
    ),
    Kind(
        section=Section.VOLUNTEERING,
        noun=_("voluntary work"),
        add=_("Add voluntary work"),
        title="role",
        ends_now=True,
        fields=(
            Line(name="role", label=_("Role"), is_required=True, suggests="role"),
            Line(name="organisation", label=_("Organization"), is_required=True),
            Line(name="cause", label=_("Cause"), help=_("For example: health, or animal welfare.")),
            *_period(end_help=_("Leave empty if you still do it."), starts=False),
            _DESCRIPTION,
        ),
    ),
    Kind(
        section=Section.PUBLICATIONS,
        noun=_("publication"),
        add=_("Add a publication"),
        title="title",
        fields=(
            Line(name="title", label=_("Title"), is_required=True, max_length=300),
            Line(name="publisher", label=_("Published by"), help=_("The journal, publisher or site.")),
            Lines(name="authors", label=_("Authors"), help=_("One a line."), max_length=NAME_LENGTH, most=30),
            Date(name="start", label=_("Published on")),
            _LINK,
            _DESCRIPTION,
        ),
    ),
    Kind(
        section=Section.HONOURS,
        noun=_("honor or award"),
        add=_("Add an honor or award"),
        title="title",
        fields=(
            Line(name="title", label=_("Title"), is_required=True),
            Line(name="issuer", label=_("Given by")),
            Date(name="start", label=_("Given on")),
            _DESCRIPTION,
        ),
    ),
    Kind(
        section=Section.MEMBERSHIPS,
        noun=_("membership"),
        add=_("Add a membership"),
        title="organisation",
        ends_now=True,
        fields=(
            Line(name="organisation", label=_("Organization"), is_required=True),
            Line(name="role", label=_("Role")),
            *_period(end_help=_("Leave empty if you still are a member."), starts=False),
            _DESCRIPTION,
        ),
    ),
    Kind(
        section=Section.LANGUAGES,
        noun=_("language"),
        add=_("Add a language"),
        why=_("Languages open doors, your mother tongue too."),
        title="name",
        fields=(
            Line(name="name", label=_("Language"), is_required=True, max_length=60, suggests="language"),
            Choice(name="proficiency", label=_("How well?"), choices=codes.PROFICIENCIES),
        ),
    ),
    Kind(
        section=Section.LINKS,
        noun=_("link"),
        add=_("Add a link"),
        why=_("Your code, writing or pictures elsewhere speak for you."),
        title="url",
        fields=(
            Address(name="url", label=_("Address"), is_required=True),
            Line(name="label", label=_("Name"), help=_("What to call it, for example: My photographs.")),
        ),
    ),
    Kind(
        section=Section.RESUME,
        noun=_("link to your resume"),
        add=_("Add a link to your resume"),
        title="url",
        is_single=True,
        fields=(
            Address(
                name="url",
                label=_("Link to your resume"),
                is_required=True,
                help=_("Wherever you keep it. Whoever sees this section can open it."),
            ),
        ),
    ),
)

KINDS: Mapping[Section, Kind] = {kind.section: kind for kind in _KINDS}

"""
The states in which the owner's portfolio can be, and for each who is to see what of it.

The tables are the specification: for each section the widest circle that sees it, and what a secret
link that names every section shows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User

from demo.lms.models import UserProfile
from learner_profile_plugin.access import Audience, Section
from learner_profile_plugin.profile_fields import api as profile_fields
from tests.access_matrix.world import CIRCLES, VIEWERS, World, traces_of
from tests.conftest import NOW

WIDTHS = {
    Audience.EVERYONE: "everyone",
    Audience.SIGNED_IN: "signed in",
    Audience.CONNECTED: "connected",
    Audience.COURSE_STAFF: "staff",
    Audience.ONLY_ME: "self",
}
BODY: list[Section] = [section for section in Section if section is not Section.HEADER]
ALL = frozenset(Section)
NONE: frozenset[Section] = frozenset()
CHILD, GROWN_UP = NOW.year - 9, NOW.year - 30


def at(width: str, **exceptions: str) -> dict[Section, str]:
    """Return that every section is seen as widely, but for exceptions."""
    return dict.fromkeys(Section, width) | {Section(name): other for name, other in exceptions.items()}


def within(width: str, sees: Mapping[Section, str]) -> dict[Section, str]:
    """Return that nothing is seen more widely than this, whatever is meant for whom."""
    return {section: max(width, other, key=CIRCLES.index) for section, other in sees.items()}


def in_turn(sections: list[Section]) -> dict[Section, Audience]:
    """Return an audience for each, so that all of them occur."""
    return {section: list(Audience)[number % len(Audience)] for number, section in enumerate(sections)}


# As the plugin comes, only the e-mail address is not for everyone.
USUAL = at("everyone", contact="signed in")


@dataclass(frozen=True)
class State:
    """
    How the owner's portfolio is set up, and who is to see what of it.

    Attributes:
        sees: of each section the widest circle that sees it.
        links: what a secret link shows that names everything.
        rules: the operator's, as the setting holds them.
        as_minor: the owner was one when they published.
        change: what happens afterwards.
    """

    sees: Mapping[Section, str] = field(default_factory=lambda: USUAL)
    links: frozenset[Section] = ALL
    audiences: Mapping[Section, Audience] = field(default_factory=dict)
    rules: Any = None
    is_published: bool = True
    as_minor: bool = False
    hides_items: bool = False
    change: Callable[[User], object] = lambda owner: None

    def set_up(self, world: World, settings: Any) -> None:
        """Bring the owner's portfolio, which is empty, into this state."""
        owner_id = world.owner.pk
        world.fill(hides_items=self.hides_items)
        profile_fields.set_audiences(owner_id, self.audiences)
        if self.is_published:
            profile_fields.publish(owner_id, text="Show it.", audiences={}, as_minor=self.as_minor, at=NOW)
        self.change(world.owner)
        settings.LEARNER_PROFILE_SECTIONS = self.rules

    def sections(self, circle: str) -> set[Section]:
        """Return what somebody sees who belongs to this circle."""
        rank = CIRCLES.index(circle)
        return {section for section, width in self.sees.items() if rank >= CIRCLES.index(width)}

    def traces(self, viewer: str) -> set[str]:
        """Return what the viewer recognises."""
        circle = VIEWERS[viewer]
        return traces_of(self.sections(circle), hidden_too=circle == "self", hides_items=self.hides_items)


def _born_in(year: int | None) -> Callable[[User], object]:
    def change(owner: User) -> None:
        UserProfile.objects.filter(user=owner).update(year_of_birth=year)

    return change


def _close(owner: User) -> None:
    owner.set_unusable_password()
    owner.save()


def _close_a_minor_s(owner: User) -> None:
    _born_in(CHILD)(owner)
    _close(owner)


PUBLICATION = {
    "published as it comes": State(),
    "unpublished": State(sees=at("self"), is_published=False),
    "unpublished with everything for everyone": State(
        sees=at("self"), audiences=dict.fromkeys(Section, Audience.EVERYONE), is_published=False
    ),
    "taken back": State(sees=at("self"), change=lambda owner: profile_fields.unpublish(owner.pk)),
    "published with every item hidden": State(hides_items=True),
    "unpublished with every item hidden": State(sees=at("self"), is_published=False, hides_items=True),
    "closed account": State(sees=at("self"), links=NONE, change=_close),
    "closed account of somebody unpublished": State(sees=at("self"), links=NONE, is_published=False, change=_close),
}

AUDIENCES = {
    **{
        f"page for {width}": State(sees=within(width, USUAL), audiences={Section.HEADER: audience})
        for audience, width in WIDTHS.items()
    },
    **{
        f"all sections but the page for {width}": State(
            sees=at(width, header="everyone"), audiences=dict.fromkeys(BODY, audience)
        )
        for audience, width in WIDTHS.items()
    },
    "every section for others": State(
        sees={section: WIDTHS[audience] for section, audience in in_turn(BODY).items()} | {Section.HEADER: "everyone"},
        audiences=in_turn(BODY),
    ),
    "every section for others on a page for connected": State(
        sees=within("connected", {section: WIDTHS[audience] for section, audience in in_turn(list(Section)).items()})
        | {Section.HEADER: "connected"},
        audiences=in_turn(list(Section)) | {Section.HEADER: Audience.CONNECTED},
    ),
}

AGES = {
    "minor": State(sees=at("staff"), links=NONE, as_minor=True, change=_born_in(CHILD)),
    "minor who published as an adult": State(sees=at("staff"), links=NONE, change=_born_in(CHILD)),
    "minor with a section for themself": State(
        sees=at("staff", about="self"),
        links=NONE,
        audiences={Section.ABOUT: Audience.ONLY_ME, Section.LINKS: Audience.EVERYONE},
        as_minor=True,
        change=_born_in(CHILD),
    ),
    "minor with a page for themself": State(
        sees=at("self"),
        links=NONE,
        audiences={Section.HEADER: Audience.ONLY_ME},
        as_minor=True,
        change=_born_in(CHILD),
    ),
    "unpublished minor": State(sees=at("self"), links=NONE, is_published=False, change=_born_in(CHILD)),
    "minor with every item hidden": State(
        sees=at("staff"), links=NONE, hides_items=True, as_minor=True, change=_born_in(CHILD)
    ),
    "age unknown": State(sees=at("staff"), links=NONE, as_minor=True, change=_born_in(None)),
    "age unknown since": State(sees=at("staff"), links=NONE, change=_born_in(None)),
    "published as a minor and grown up since": State(sees=at("staff"), as_minor=True, change=_born_in(GROWN_UP)),
    "closed account of a minor": State(sees=at("self"), links=NONE, as_minor=True, change=_close_a_minor_s),
}

RULES = {
    "operator's page for staff": State(sees=at("staff"), rules={"header": {"default_audience": "course_staff"}}),
    "operator's page for staff and learner's for everyone": State(
        audiences={Section.HEADER: Audience.EVERYONE}, rules={"header": {"default_audience": "course_staff"}}
    ),
    "operator's audiences for all sections": State(
        sees={section: WIDTHS[audience] for section, audience in in_turn(BODY).items()} | {Section.HEADER: "everyone"},
        rules={section: {"default_audience": audience.name.lower()} for section, audience in in_turn(BODY).items()},
    ),
    "locked sections that the learner opened": State(
        sees=at("everyone", about="connected", projects="self", courses="staff", contact="signed in"),
        links=ALL - {Section.ABOUT, Section.PROJECTS, Section.COURSES, Section.CONTACT},
        audiences=dict.fromkeys((Section.ABOUT, Section.PROJECTS, Section.COURSES), Audience.EVERYONE),
        rules={
            "about": {"locked": True, "default_audience": "connected"},
            "projects": {"locked": True, "default_audience": "only_me"},
            "courses": {"locked": True, "default_audience": "course_staff"},
            "contact": {"locked": True},
        },
    ),
    "locked sections that the learner keeps from it": State(
        sees=at("everyone", about="self", projects="staff", contact="signed in"),
        links=ALL - {Section.ABOUT, Section.PROJECTS},
        audiences={Section.ABOUT: Audience.ONLY_ME, Section.PROJECTS: Audience.COURSE_STAFF},
        rules={"about": {"locked": True}, "projects": {"locked": True, "default_audience": "everyone"}},
    ),
    "every section locked for everyone": State(
        sees=at("everyone"), rules={key: {"locked": True, "default_audience": "everyone"} for key in Section}
    ),
    "page locked for those who are signed in": State(
        sees=within("signed in", USUAL),
        links=NONE,
        audiences={Section.HEADER: Audience.EVERYONE},
        rules={"header": {"locked": True, "default_audience": "signed_in"}},
    ),
    "sections switched off": State(
        sees=USUAL | dict.fromkeys((Section.ABOUT, Section.COURSES, Section.LEARNING_TIME, Section.PROJECTS), "nobody"),
        links=ALL - {Section.ABOUT, Section.COURSES, Section.LEARNING_TIME, Section.PROJECTS},
        rules={key: {"enabled": False} for key in ("about", "courses", "learning_time", "projects")},
    ),
    "all sections but the page switched off": State(
        sees=at("nobody", header="everyone"),
        links=frozenset({Section.HEADER}),
        rules={key: {"enabled": False} for key in BODY},
    ),
    "unpublished with sections switched off": State(
        sees=at("self", skills="nobody", projects="nobody"),
        links=ALL - {Section.SKILLS, Section.PROJECTS},
        rules={key: {"enabled": False} for key in ("skills", "projects")},
        is_published=False,
    ),
    "configuration that cannot be read": State(sees=at("nobody", header="self"), links=NONE, rules="no dictionary"),
}

STATES: dict[str, State] = PUBLICATION | AUDIENCES | AGES | RULES

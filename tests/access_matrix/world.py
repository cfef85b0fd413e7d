"""
The people of the matrix, and a portfolio in which every section leaves a trace.

A text that one door shows is searched for the traces: page, API and shared page are all read alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from typing import Any, NamedTuple
from uuid import UUID

import time_machine
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from django.urls import reverse
from opaque_keys.edx.keys import CourseKey
from PIL import Image

from demo.lms.actions import certificates, enrolment, grades
from learner_profile_plugin import retirement
from learner_profile_plugin.access import Section
from learner_profile_plugin.profile_fields import api as profile_fields
from learner_profile_plugin.secret_links import api as secret_links
from learner_profile_plugin.time_on_task import api as time_on_task
from learner_profile_plugin.time_on_task.data import Activity, Evidence
from tests.conftest import NOW

# From the widest circle to the narrowest; what nobody sees is meant for fewer than oneself.
CIRCLES = ["everyone", "signed in", "connected", "staff", "self", "nobody"]
VIEWERS = {
    "visitor": "everyone",
    "stranger": "signed in",
    "learner of a course that the owner left": "signed in",
    "former classmate": "signed in",
    "staff of another course": "signed in",
    "classmate": "connected",
    "classmate who teaches another course": "connected",
    "staff of the course": "staff",
    "instructor of the course": "staff",
    "staff of a course that was left": "staff",
    "staff and classmate": "staff",
    "global staff": "staff",
    "owner": "self",
    "superuser": "self",
}
OWNER = "ada"


class Kind:
    """What a trace stands in: what the platform says, an item that is shown, or one that is hidden."""

    RECORDED, SHOWN, HIDDEN = "recorded", "shown", "hidden"


class Trace(NamedTuple):
    """A text by which a section is recognised, wherever it is shown."""

    section: Section
    text: str
    kind: str = Kind.SHOWN


def _item(section: Section, name: str, **others: Any) -> tuple[Section, dict[str, Any]]:
    return section, {name: f"Trace of {section}"} | others


# One item for each section that a learner fills.
ITEMS: dict[Section, dict[str, Any]] = dict(
    [
        _item(Section.HEADER, "headline"),
        (Section.CONTACT, {"show_email": True}),
        (Section.WORK_PREFERENCES, {"roles": ["Trace of work_preferences"]}),
        _item(Section.ABOUT, "text"),
        _item(Section.SKILLS, "name"),
        _item(Section.WORK_EXPERIENCE, "title", employer="Harbour", start="2019"),
        _item(Section.PROJECTS, "title"),
        _item(Section.EDUCATION, "school"),
        _item(Section.CERTIFICATIONS, "name"),
        _item(Section.OTHER_COURSES, "name"),
        _item(Section.VOLUNTEERING, "role", organisation="Harbour"),
        _item(Section.PUBLICATIONS, "title"),
        _item(Section.HONOURS, "title"),
        _item(Section.MEMBERSHIPS, "organisation"),
        _item(Section.LANGUAGES, "name"),
        _item(Section.LINKS, "label", url="https://example.org/links"),
        _item(Section.RESUME, "url", url="https://example.org/trace-of-resume"),
    ]
)
SINGLE = {section for section, kind in profile_fields.KINDS.items() if kind.is_single}
LISTS = [section for section in ITEMS if section not in SINGLE]
TRACES = [
    Trace(Section.HEADER, "Ada Lovelace", Kind.RECORDED),
    Trace(Section.CONTACT, "ada@example.org"),
    Trace(Section.LEARNING_TIME, "20 min", Kind.RECORDED),
    Trace(Section.COURSES, "Boats for everyone", Kind.RECORDED),
    Trace(Section.LINKS, "linkedin.com/in/trace-of-the-account", Kind.RECORDED),
    Trace(Section.RESUME, "https://example.org/trace-of-resume"),
    Trace(Section.PROJECTS, "Trace of a picture"),
    Trace(Section.PROJECTS, "Hidden item of a picture", Kind.HIDDEN),
    *(Trace(section, f"Trace of {section}") for section in ITEMS if section not in {Section.CONTACT, Section.RESUME}),
    *(Trace(section, f"Hidden item of {section}", Kind.HIDDEN) for section in LISTS),
]


def traces_in(body: str) -> set[str]:
    """Return the traces in what a door shows. Not in the header of the host: it names who is signed in."""
    head, _begin, page = body.partition("<body")
    shown = head + page.partition("<main")[2]
    return {trace.text for trace in TRACES if trace.text in shown}


def traces_of(sections: Iterable[Section], *, hidden_too: bool = False, hides_items: bool = False) -> set[str]:
    """Return the traces that these sections leave, where the owner ``hides_items`` or not."""
    kept = set() if hidden_too else {Kind.HIDDEN, *([Kind.SHOWN] if hides_items else [])}
    return {trace.text for trace in TRACES if trace.section in sections and trace.kind not in kept}


def picture() -> BytesIO:
    file = BytesIO()
    Image.new("RGB", (4, 3), (200, 10, 10)).save(file, "PNG")
    file.seek(0)
    return file


@dataclass
class World:
    """
    The owner, everybody who may come to look, and what there is to look at.

    Attributes:
        come: makes a viewer, by what they are; None for a visitor.
        course: that the owner takes.
        tokens: of secret links, by what they are.
        things: ids of items, pictures and links of the owner, by what they are.
    """

    owner: User
    come: Callable[[str], User | None]
    course: CourseKey
    viewers: dict[str, User | None] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    things: dict[str, UUID] = field(default_factory=dict)

    def viewer(self, viewer: str) -> User | None:
        """Return who this is; None for a visitor. Nobody is made twice."""
        if viewer not in self.viewers:
            self.viewers[viewer] = self.come(viewer)
        return self.viewers[viewer]

    def user(self, viewer: str) -> User:
        user = self.viewer(viewer)
        assert user is not None
        return user

    def client(self, viewer: str, **options: Any) -> Client:
        client = Client(**options)
        user = self.viewer(viewer)
        if user is not None:
            client.force_login(user)
        return client

    @transaction.atomic
    def fill(self, *, hides_items: bool = False) -> None:
        """State something in every section, hide something in every one that has room for it, and make links."""
        owner_id = self.owner.pk
        for section, values in ITEMS.items():
            self.things[section] = profile_fields.add_item(owner_id, section, values, is_hidden=hides_items).id
        for section in LISTS:
            values = ITEMS[section] | {profile_fields.KINDS[section].title: f"Hidden item of {section}"}
            if section is Section.LINKS:
                values = {"url": "https://example.org/hidden", "label": f"Hidden item of {section}"}
            hidden = profile_fields.add_item(owner_id, section, values, is_hidden=True)
            self.things[f"hidden {section}"] = hidden.id
        for name, words in (("", "Trace of a picture"), ("hidden ", "Hidden item of a picture")):
            item_id = self.things[f"{name}{Section.PROJECTS}"]
            added = profile_fields.add_picture(owner_id, item_id, picture(), description=words)
            self.things[f"{name}picture"] = added.id
        removed = profile_fields.add_item(owner_id, Section.SKILLS, {"name": "Removed"})
        profile_fields.remove_item(owner_id, removed.id)
        self.things["removed"] = removed.id
        self._make_links()

    def _make_links(self) -> None:
        """Make a link to everything, one to a part, and some that lead nowhere."""
        with time_machine.travel(NOW - timedelta(2)):
            self._link("expired", expires_at=NOW - timedelta(1))
        self._link("live", expires_at=NOW + timedelta(1))
        self._link("partial", sections={Section.ABOUT, Section.PROJECTS})
        self._link("revoked")
        secret_links.revoke_link(self.owner.pk, self.things["revoked link"])
        self.tokens["mangled"] = self.tokens["live"][:-1] + ("A" if self.tokens["live"][-1] != "A" else "B")
        self.tokens["made up"] = f"{UUID(int=1).hex}-{'a' * 43}"

    def _link(self, name: str, **fields: Any) -> None:
        link, token = secret_links.create_link(self.owner.pk, **{"name": name, "sections": set(Section)} | fields)
        self.things[f"{name} link"], self.tokens[name] = link.id, token

    def page(self, viewer: str, name: str = "portfolio", query: str = "") -> tuple[int, str]:
        """Return what the viewer is answered where a portfolio is shown."""
        return fetch(self.client(viewer), name, username=self.owner.username, query=query)


def fetch(client: Client, name: str, *, query: str = "", **kwargs: object) -> tuple[int, str]:
    response = client.get(f"{reverse(f'learner_profile:{name}', kwargs=kwargs)}{query}")
    return response.status_code, read(response).decode(errors="replace")


def read(response: Any) -> bytes:
    """Return the whole of an answer; the file that it may be read from is closed then."""
    return b"".join(response.streaming_content) if response.streaming else response.content


def study(learner: User, key: CourseKey) -> None:
    """Let the platform record something of every kind."""
    enrolment.enrol(learner, key, at=NOW)
    grades.record(learner, key, 0.87, at=NOW)
    certificates.issue(learner, key, at=NOW)
    start = int(NOW.timestamp())
    time_on_task.keep(
        [Activity(learner.pk, key, Evidence(points=frozenset({start, start + 600, start + 900, start + 1259})))]
    )


def belongings(user: User) -> dict[str, Any]:
    """Return all that the plugin holds of somebody, in every table; how often their links were opened counts not."""
    found: dict[str, Any] = {"files": profile_fields.get_file_names(user.pk)}
    for model in retirement.get_tables():
        for path in retirement.paths_to_learner(model):
            rows = model._default_manager.filter(**{path: user.pk}).order_by("pk").values()
            found[f"{model.__name__} by {path}"] = [
                {name: value for name, value in row.items() if name not in {"use_count", "last_used_at"}}
                for row in rows
            ]
    return found


def agree(client: Client) -> None:
    """Publish as the owner does: read what it says, and agree to that."""
    page = client.get(reverse("learner_profile:publish"))
    assert client.post(reverse("learner_profile:publish"), {"text": page.context["text"]}).status_code == 302

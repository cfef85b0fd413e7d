"""
Every address of the plugin, for every kind of viewer and every state of the owner.

The tables here are the specification of the doors: an address that is not in them fails the suite.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, URLResolver, path, reverse
from opaque_keys.edx.keys import CourseKey

from demo.lms.actions import certificates, enrolment, grades, roles
from learner_profile_plugin import urls
from learner_profile_plugin.access import Audience, Section
from learner_profile_plugin.profile_fields import api as profile_fields
from learner_profile_plugin.profile_fields.data import Link, PartialDate, Profile, WorkExperience
from learner_profile_plugin.time_on_task import api as time_on_task
from learner_profile_plugin.time_on_task.data import Activity, Evidence
from tests.conftest import NOW, CourseFactory, PersonFactory

PAGE, API = "portfolio", "api_portfolio"
METHODS = ("get", "head", "options", "post", "put", "patch", "delete")

# --- people: from the widest circle to the narrowest, and how far each belongs -------------------------------------

CIRCLES = ["everyone", "signed in", "connected", "staff", "self"]
VIEWERS = {
    "visitor": "everyone",
    "stranger": "signed in",
    "former classmate": "signed in",
    "staff of another course": "signed in",
    "classmate": "connected",
    "staff of the course": "staff",
    "staff of a course that was left": "staff",
    "staff and classmate": "staff",
    "owner": "self",
    "superuser": "self",
}

# What each section of the owner's portfolio is recognised by, on the page and in the API alike.
TRACES = {
    Section.HEADER: ("Ada Lovelace", "Trace of the headline"),
    Section.LEARNING_TIME: ("20 min",),
    Section.COURSES: ("Boats for everyone",),
    Section.ABOUT: ("Trace of the text",),
    Section.WORK_EXPERIENCE: ("Trace of the employer",),
    Section.LINKS: ("https://trace.example.org/link",),
}
PROFILE = Profile(
    headline="Trace of the headline",
    about="Trace of the text",
    work_experience=(WorkExperience("Analyst", "Trace of the employer", PartialDate(2019)),),
    links=(Link("https://trace.example.org/link"),),
)

# --- states of the owner: which is the widest circle that sees each section -----------------------------------------

WIDTHS = {
    Audience.EVERYONE: "everyone",
    Audience.SIGNED_IN: "signed in",
    Audience.CONNECTED: "connected",
    Audience.COURSE_STAFF: "staff",
    Audience.ONLY_ME: "self",
}


@dataclass(frozen=True)
class State:
    """How the owner's portfolio is set up, and who is to see what of it."""

    sees: Mapping[Section, str]
    audiences: Mapping[Section, Audience] = field(default_factory=dict)
    is_published: bool = True
    change: Callable[[User], object] = lambda owner: None


def all_at(width: str) -> dict[Section, str]:
    return dict.fromkeys(Section, width)


def _of_age(year: int | None) -> Callable[[User], object]:
    def change(owner: User) -> None:
        profile = owner.profile
        profile.year_of_birth = year
        profile.save()

    return change


def _close(owner: User) -> None:
    owner.set_unusable_password()
    owner.save()


STATES: dict[str, State] = {
    "published as it comes": State(sees=all_at("everyone")),
    "unpublished": State(sees=all_at("self"), is_published=False),
    "unpublished with sections for everyone": State(
        sees=all_at("self"), audiences=dict.fromkeys(Section, Audience.EVERYONE), is_published=False
    ),
    "minor": State(sees=all_at("staff"), change=_of_age(NOW.year - 9)),
    "age unknown": State(sees=all_at("staff"), change=_of_age(None)),
    "minor with a section for themself": State(
        sees=all_at("staff") | {Section.ABOUT: "self"},
        audiences={Section.ABOUT: Audience.ONLY_ME, Section.LINKS: Audience.EVERYONE},
        change=_of_age(NOW.year - 9),
    ),
    "unpublished minor": State(sees=all_at("self"), is_published=False, change=_of_age(NOW.year - 9)),
    "closed account": State(sees=all_at("self"), change=_close),
    **{
        f"page for {width}": State(sees=all_at(width), audiences={Section.HEADER: audience})
        for audience, width in WIDTHS.items()
    },
    **{
        f"all sections but the page for {width}": State(
            sees=all_at(width) | {Section.HEADER: "everyone"},
            audiences={section: audience for section in Section if section is not Section.HEADER},
        )
        for audience, width in WIDTHS.items()
    },
    "every section at another audience": State(
        sees={
            Section.HEADER: "everyone",
            Section.LEARNING_TIME: "signed in",
            Section.COURSES: "everyone",
            Section.ABOUT: "connected",
            Section.WORK_EXPERIENCE: "staff",
            Section.LINKS: "self",
        },
        audiences={
            Section.LEARNING_TIME: Audience.SIGNED_IN,
            Section.ABOUT: Audience.CONNECTED,
            Section.WORK_EXPERIENCE: Audience.COURSE_STAFF,
            Section.LINKS: Audience.ONLY_ME,
        },
    ),
}


@dataclass(frozen=True)
class World:
    """The owner, and everybody who may come to look."""

    owner: User
    viewers: Mapping[str, User | None]

    def client(self, viewer: str, **options: Any) -> Client:
        client = Client(**options)
        user = self.viewers[viewer]
        if user is not None:
            client.force_login(user)
        return client


@pytest.fixture
def world(learner: User, person: PersonFactory, course: CourseFactory) -> World:
    boats, sails, knots = course("Boats"), course("Sails"), course("Knots")
    _study(learner, boats)
    enrolment.enrol(learner, knots, at=NOW)
    enrolment.unenrol(learner, knots, at=NOW)
    people = {name: person(f"user{number}") for number, name in enumerate(VIEWERS)}
    for name, key in (("classmate", boats), ("staff and classmate", boats), ("former classmate", boats)):
        enrolment.enrol(people[name], key, at=NOW)
    enrolment.unenrol(people["former classmate"], boats, at=NOW)
    enrolment.enrol(people["stranger"], knots, at=NOW)
    for name, key in (
        ("staff of the course", boats),
        ("staff and classmate", boats),
        ("staff of a course that was left", knots),
        ("staff of another course", sails),
    ):
        roles.grant(people[name], key, at=NOW)
    User.objects.filter(pk=people["superuser"].pk).update(is_superuser=True)
    return World(learner, people | {"visitor": None, "owner": learner})


def _study(learner: User, key: CourseKey) -> None:
    enrolment.enrol(learner, key, at=NOW)
    grades.record(learner, key, 0.87, at=NOW)
    certificates.issue(learner, key, at=NOW)
    start = int(NOW.timestamp())
    time_on_task.keep([Activity(learner.pk, key, Evidence(points=frozenset({start, start + 600, start + 1259})))])


def set_up(owner: User, state: State) -> None:
    profile_fields.save_profile(owner.pk, replace(PROFILE, audiences=state.audiences))
    if state.is_published:
        profile_fields.publish(owner.pk, NOW)
    state.change(owner)


def sections_in(body: str) -> set[Section]:
    """Return the sections of which a text has any trace."""
    return {section for section, traces in TRACES.items() if any(trace in body for trace in traces)}


def expected_sections(state: State, viewer: str) -> set[Section]:
    rank = CIRCLES.index(VIEWERS[viewer])
    return {section for section, width in state.sees.items() if rank >= CIRCLES.index(width)}


def fetch(client: Client, name: str, username: str) -> tuple[int, str]:
    response = client.get(reverse(f"learner_profile:{name}", kwargs={"username": username}))
    return response.status_code, response.content.decode()


@pytest.mark.parametrize("state", STATES)
def test_page_and_api_show_each_viewer_the_sections_that_are_meant_for_them(world: World, state: str) -> None:
    set_up(world.owner, STATES[state])
    wrong = []
    for viewer in VIEWERS:
        client = world.client(viewer)
        expected = expected_sections(STATES[state], viewer)
        for door in (PAGE, API):
            status, body = fetch(client, door, "ada")
            if (status, sections_in(body)) != (200 if expected else 404, expected):
                wrong.append((viewer, door, status, sorted(sections_in(body)), sorted(expected)))
    assert wrong == []


@pytest.mark.parametrize("door", [PAGE, API])
def test_what_is_not_visible_looks_just_like_what_does_not_exist(world: World, door: str) -> None:
    wrong = []
    for name in ("unpublished", "minor", "closed account"):
        state = STATES[name]
        profile_fields.delete_learner(world.owner.pk)
        set_up(world.owner, state)
        for viewer in VIEWERS:
            if expected_sections(state, viewer):
                continue
            hidden, missing = (_not_found(world.client(viewer), door, username) for username in ("ada", "nobody"))
            if hidden != missing:
                wrong.append((name, viewer, hidden, missing))
    assert wrong == []


def _not_found(client: Client, door: str, username: str) -> tuple[str, dict[str, str]]:
    """Return body and headers of an answer, without what the viewer asked for and what no two answers share."""
    response = client.get(reverse(f"learner_profile:{door}", kwargs={"username": username}))
    assert response.status_code == 404
    body = re.sub(r'(name="csrfmiddlewaretoken" value=")\w+', r"\1", response.content.decode())
    for asked in (f"/u/{username}", f"%2Fu%2F{username}"):
        body = body.replace(asked, "")
    headers = {name: value for name, value in response.headers.items() if name not in {"Content-Length", "Expires"}}
    return body, headers


@pytest.mark.parametrize("door", [PAGE, API])
@pytest.mark.parametrize("username", ["nobody", "a b", "ada\x00", "\x00", "ä😀", "x" * 1000, "%", "..", "<script>"])
def test_nobody_of_that_name(learner: User, door: str, username: str) -> None:
    profile_fields.publish(learner.pk)
    assert fetch(Client(), door, username)[0] == 404


# --- every address, by method -------------------------------------------------------------------------------------

TO_SIGN_IN, TO_OWN_PAGE, REFUSED = "to sign in", "to the own page", 405
READ = {"get": 200, "head": 200}


@dataclass(frozen=True)
class Door:
    """
    What an address answers, by method; a method that is not named is refused with 405.

    ``owner_only`` addresses lead a visitor to the sign-in page, whatever the method.
    """

    answers: Mapping[str, int | str]
    has_username: bool = False
    owner_only: bool = False


DOORS: dict[str, Door] = {
    "portfolio": Door(READ, has_username=True),
    "api_portfolio": Door(READ | {"options": 200}, has_username=True),
    "own_portfolio": Door({"get": TO_OWN_PAGE, "head": TO_OWN_PAGE}, owner_only=True),
    "edit": Door(READ | {"post": TO_OWN_PAGE}, owner_only=True),
    "publish": Door(READ | {"post": TO_OWN_PAGE}, owner_only=True),
    "unpublish": Door({"post": TO_OWN_PAGE}, owner_only=True),
}
FORM = {
    "headline": "Changed",
    "about": "",
    "version": "0",
    "work-TOTAL_FORMS": "0",
    "work-INITIAL_FORMS": "0",
    "links-TOTAL_FORMS": "0",
    "links-INITIAL_FORMS": "0",
    **{f"audience-{section.value}": "4" for section in Section},
}


def names_of(patterns: Iterable[URLPattern | URLResolver]) -> list[str]:
    found: list[str] = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found += names_of(pattern.url_patterns)
        else:
            found.append(pattern.name or str(pattern.pattern))
    return found


def address(name: str) -> str:
    kwargs = {"username": "ada"} if DOORS[name].has_username else {}
    return reverse(f"learner_profile:{name}", kwargs=kwargs)


def test_every_address_of_the_plugin_is_in_the_table() -> None:
    assert sorted(names_of(urls.urlpatterns)) == sorted(DOORS)


def test_an_address_without_a_name_is_noticed_too() -> None:
    unnamed = path("learner-profile/secret/", lambda request: None)  # type: ignore[arg-type,return-value]
    assert names_of([*urls.urlpatterns, unnamed])[-1] == "learner-profile/secret/"


@pytest.mark.parametrize("name", DOORS)
def test_every_method_is_answered_or_refused(world: World, name: str) -> None:
    door, wrong = DOORS[name], []
    for viewer in ("visitor", "stranger", "owner", "superuser"):
        for method in METHODS:
            profile_fields.delete_learner(world.owner.pk)
            profile_fields.publish(world.owner.pk, NOW)
            found = _answer(world, viewer, name, method)
            expected = door.answers.get(method, REFUSED)
            if door.owner_only and viewer == "visitor":
                expected = TO_SIGN_IN
            if found != expected:
                wrong.append((viewer, method, found, expected))
    assert wrong == []


def _answer(world: World, viewer: str, name: str, method: str) -> int | str:
    user = world.viewers[viewer]
    if user is not None and user != world.owner:
        profile_fields.delete_learner(user.pk)
    response = getattr(world.client(viewer), method)(address(name), FORM if method == "post" else None)
    if response.status_code != 302:
        return int(response.status_code)
    target = response["Location"]
    if target == f"/login?next={address(name)}":
        return TO_SIGN_IN
    return TO_OWN_PAGE if user is not None and target == f"/u/{user.username}" else target


@pytest.mark.parametrize("name", [name for name, door in DOORS.items() if "post" in door.answers])
class TestChanges:
    def test_concern_the_one_who_asks_and_nobody_else(self, world: World, name: str) -> None:
        set_up(world.owner, STATES["unpublished" if name == "publish" else "published as it comes"])
        before = profile_fields.get_profile(world.owner.pk)
        for viewer in ("stranger", "staff of the course", "superuser"):
            user = world.viewers[viewer]
            assert user is not None
            profile_fields.publish(user.pk) if name == "unpublish" else None
            own = profile_fields.get_profile(user.pk)
            aimed = {"username": "ada", "user_id": str(world.owner.pk), "user": str(world.owner.pk)}
            response = world.client(viewer).post(f"{address(name)}?username=ada", FORM | aimed)
            assert response["Location"] == f"/u/{user.username}"
            assert profile_fields.get_profile(world.owner.pk) == before
            assert profile_fields.get_profile(user.pk) != own

    def test_need_a_token_that_another_site_cannot_know(self, world: World, name: str) -> None:
        set_up(world.owner, STATES["unpublished" if name == "publish" else "published as it comes"])
        before = profile_fields.get_profile(world.owner.pk)
        client = world.client("owner", enforce_csrf_checks=True)
        form = FORM | {"version": str(before.version)}
        assert client.post(address(name), form).status_code == 403
        assert client.post(address(name), form | {"csrfmiddlewaretoken": "x" * 64}).status_code == 403
        assert profile_fields.get_profile(world.owner.pk) == before
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', fetch(client, PAGE, "ada")[1] + _edit(client))
        assert token
        assert client.post(address(name), form | {"csrfmiddlewaretoken": token[1]}).status_code == 302
        assert profile_fields.get_profile(world.owner.pk) != before


def _edit(client: Client) -> str:
    return client.get(address("edit")).content.decode()


def test_a_visitor_changes_nothing(world: World) -> None:
    set_up(world.owner, STATES["published as it comes"])
    before = profile_fields.get_profile(world.owner.pk)
    for name in DOORS:
        Client().post(address(name), FORM | {"username": "ada"})
    assert profile_fields.get_profile(world.owner.pk) == before


@pytest.mark.parametrize("name", ["unpublished", "minor", "age unknown", "published as it comes"])
def test_the_step_to_publish_says_who_will_see_what_and_does_it(world: World, name: str) -> None:
    state = STATES[name]
    set_up(world.owner, state)
    profile_fields.unpublish(world.owner.pk)
    client = world.client("owner")
    html = client.get(address("publish")).content.decode()
    is_young = name in {"minor", "age unknown"}
    assert ("Staff of your courses" in html) is is_young
    assert ("Everyone on the web" in html) is not is_young
    assert client.post(address("publish")).status_code == 302
    seen = "visitor" if not is_young else "staff of the course"
    assert fetch(world.client(seen), PAGE, "ada")[0] == 200
    assert client.post(address("unpublish")).status_code == 302
    assert fetch(world.client(seen), PAGE, "ada")[0] == 404

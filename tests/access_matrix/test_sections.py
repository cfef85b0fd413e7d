"""
Which sections everybody sees, in every state of the owner, at every door that shows any.

What a door shows is compared trace by trace: all that is meant for the viewer, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from learner_profile_plugin.access import Section
from learner_profile_plugin.secret_links import api as secret_links
from tests.access_matrix.states import STATES, WIDTHS, State
from tests.access_matrix.world import SINGLE, TRACES, VIEWERS, Kind, World, agree, fetch, traces_in, traces_of

PAGES = ("portfolio", "api_portfolio")
SHARED = ("shared", "api_shared")
PICTURES = ("picture", "api_picture")
# What only those may ask for who see everything anyhow.
AS_SOMEBODY_ELSE = "?view_as=only_me&published=1&as_published=true"
PART = frozenset({Section.HEADER, Section.ABOUT, Section.PROJECTS})
# One of each circle that does not see everything anyhow, and those who do.
ONE_OF_EACH = ("visitor", "stranger", "classmate", "staff of the course")
SEE_ALL = ("owner", "superuser")
PICTURE_TRACES = {"picture": "Trace of a picture", "hidden picture": "Hidden item of a picture"}

Answer = tuple[int, set[str]]
Finding = tuple[object, Answer, Answer]


def seen(status: int, body: str) -> Answer:
    return status, traces_in(body)


def answer(traces: set[str]) -> Answer:
    """Return what a door answers that shows these traces. Who sees no header sees no page."""
    return (200, traces) if traces else (404, set())


def test_every_section_leaves_a_trace_and_every_section_with_room_hides_another() -> None:
    assert {trace.section for trace in TRACES} == set(Section)
    assert len({trace.text for trace in TRACES}) == len(TRACES)
    hidden = {trace.section for trace in TRACES if trace.kind == Kind.HIDDEN}
    assert hidden == set(Section) - SINGLE - {Section.LEARNING_TIME, Section.COURSES}


@pytest.mark.parametrize("name", STATES)
def test_every_door_shows_everybody_what_is_meant_for_them_and_nothing_else(
    world: World, settings: Any, name: str
) -> None:
    state = STATES[name]
    state.set_up(world, settings)
    clients = {viewer: world.client(viewer) for viewer in VIEWERS}
    findings = [
        *in_person(world, state, clients),
        *through_links(world, state, clients),
        *as_audiences(state, clients),
    ]
    assert [finding for finding in findings if finding[1] != finding[2]] == []


def test_every_viewer_is_told_apart_at_every_door(world: World, settings: Any) -> None:
    """In the other states a few stand for the many who belong to the same circle, where a door is slow."""
    state = STATES["every section for others"]
    state.set_up(world, settings)
    for viewer in VIEWERS:
        client, traces = world.client(viewer), state.traces(viewer)
        for door in PAGES:
            assert seen(*fetch(client, door, username="ada")) == answer(traces), (viewer, door)
        for _about, found, expected in pictures(world, client, traces, PICTURES, about=viewer):
            assert found == expected, viewer


def in_person(world: World, state: State, clients: dict[str, Client]) -> Iterator[Finding]:
    """Compare what viewers are shown as who they are, whatever they ask for, with what is meant for them."""
    for viewer, client in clients.items():
        traces = state.traces(viewer)
        is_one_of_many = viewer not in ONE_OF_EACH + SEE_ALL
        for door in PAGES[1:] if is_one_of_many else PAGES:
            for query in ("", AS_SOMEBODY_ELSE) if viewer in ONE_OF_EACH else ("",):
                yield (viewer, door, query), seen(*fetch(client, door, username="ada", query=query)), answer(traces)
        if not is_one_of_many:
            yield from pictures(world, client, traces, PICTURES, about=viewer)


def through_links(world: World, state: State, clients: dict[str, Client]) -> Iterator[Finding]:
    """Compare what links show, the same to whoever holds them, with what they name."""
    for link, sections, holders in (
        ("live", state.links, ("visitor", "stranger", "staff of the course", *SEE_ALL)),
        ("partial", state.links & PART, ("visitor",)),
    ):
        traces, token = traces_of(sections, hides_items=state.hides_items), world.tokens[link]
        for holder in holders:
            client = clients[holder]
            for door in SHARED if holder in {"visitor", "owner"} else SHARED[:1]:
                found = seen(*fetch(client, door, token=token, query=AS_SOMEBODY_ELSE))
                yield (holder, link, door), found, answer(traces)
            if holder in {"visitor", "owner"}:
                yield from pictures(world, client, traces, ("shared_picture",), about=(holder, link), token=token)


def as_audiences(state: State, clients: dict[str, Client]) -> Iterator[Finding]:
    """Compare what the owner and a site administrator see as an audience with what that audience sees."""
    for audience, circle in WIDTHS.items():
        hidden_too = circle == "self"
        expected = answer(traces_of(state.sections(circle), hidden_too=hidden_too, hides_items=state.hides_items))
        for viewer, door in zip(SEE_ALL, PAGES, strict=True):
            found = fetch(clients[viewer], door, username="ada", query=f"?view_as={audience.name.lower()}")
            yield (viewer, door, circle), seen(*found), expected


def pictures(
    world: World, client: Client, traces: set[str], doors: tuple[str, ...], *, about: object, **kwargs: str
) -> Iterator[Finding]:
    """Compare whether pictures are shown with whether their items are."""
    for which, trace in PICTURE_TRACES.items():
        for door in doors:
            status, _body = fetch(client, door, picture_id=world.things[which], **kwargs)
            yield (about, door, which), (status, set()), (200 if trace in traces else 404, set())


def test_a_link_that_is_none_any_more_shows_nothing_to_anybody(world: World, settings: Any) -> None:
    STATES["published as it comes"].set_up(world, settings)
    for viewer in VIEWERS:
        client = world.client(viewer)
        for link in ("expired", "revoked", "mangled", "made up"):
            for door in SHARED:
                assert seen(*fetch(client, door, token=world.tokens[link])) == (404, set()), (viewer, door)
            for which in PICTURE_TRACES:
                found = fetch(client, "shared_picture", token=world.tokens[link], picture_id=world.things[which])
                assert found[0] == 404


def test_a_link_opens_one_portfolio_and_no_other(world: World, settings: Any) -> None:
    STATES["published as it comes"].set_up(world, settings)
    _link, token = secret_links.create_link(world.user("stranger").pk, name="Mine", sections=set(Section))
    for viewer in VIEWERS:
        client = world.client(viewer)
        for door in SHARED:
            status, body = fetch(client, door, token=token)
            assert status == 200
            assert "Somebody Else" in body
            assert traces_in(body) == set()
        assert fetch(client, "shared_picture", token=token, picture_id=world.things["picture"])[0] == 404


def test_a_link_is_dead_from_the_moment_that_it_names(world: World, settings: Any, clock: Any) -> None:
    STATES["unpublished"].set_up(world, settings)
    for days, status in ((0.99, 200), (0.01, 404)):
        clock.shift(days * 86400)
        assert fetch(Client(), "shared", token=world.tokens["live"])[0] == status


@pytest.mark.parametrize("name", ["unpublished", "unpublished minor", "published as a minor and grown up since"])
def test_what_the_owner_is_shown_before_publishing_is_what_everybody_sees_then(
    world: World, settings: Any, name: str
) -> None:
    STATES[name].set_up(world, settings)
    client = world.client("owner")
    queries = {
        circle: f"?view_as={audience.name.lower()}&published=1&as_published=true" for audience, circle in WIDTHS.items()
    }
    before = {
        (circle, door): seen(*fetch(client, door, username="ada", query=query))
        for circle, query in queries.items()
        for door in PAGES
    }
    agree(client)
    for viewer, circle in VIEWERS.items():
        for door in PAGES:
            assert seen(*fetch(world.client(viewer), door, username="ada")) == before[circle, door], (viewer, door)


def test_an_audience_that_there_is_not_changes_nothing(world: World, settings: Any) -> None:
    state = STATES["unpublished"]
    state.set_up(world, settings)
    visitor, owner = world.client("visitor"), world.client("owner")
    for query in ("?view_as=", "?view_as=nobody", "?view_as=0", "?view_as=ONLY_ME", "?published=1", "?as_published=1"):
        assert seen(*fetch(visitor, "portfolio", username="ada", query=query)) == (404, set())
        assert seen(*fetch(owner, "portfolio", username="ada", query=query)) == answer(state.traces("owner"))

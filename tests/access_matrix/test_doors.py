"""Every address of the plugin, by every method, for whoever comes: what is answered, and what is changed of whom."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from django.urls import path, reverse

from learner_profile_plugin import urls
from learner_profile_plugin.access import Section
from learner_profile_plugin.profile_fields import api as profile_fields
from tests.access_matrix.doors import (
    DOORS,
    METHODS,
    TO_LINKS,
    TO_OWN_PAGE,
    TO_PRIVACY,
    TO_SIGN_IN,
    Outcome,
    address,
    names_of,
    send,
)
from tests.access_matrix.states import STATES, State
from tests.access_matrix.world import World, belongings, fetch, read

CHANGING = [door for door, facts in DOORS.items() if facts.changes()]


def order_by_hand(owner: Any) -> None:
    items = profile_fields.get_profile(owner.pk).items[Section.WORK_EXPERIENCE]
    profile_fields.set_order(owner.pk, Section.WORK_EXPERIENCE, [item.id for item in reversed(items)])


# What a door finds, where "published as it comes" would leave it nothing to do.
SETTINGS = STATES | {
    "ordered by hand": State(change=order_by_hand),
    "grown up": STATES["published as a minor and grown up since"],
}


@contextmanager
def undone() -> Iterator[None]:
    """Take back whatever is changed meanwhile."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def outcome(world: World, viewer: str, door: str, response: Any) -> Outcome:
    """Return the status of an answer; of a redirect where it leads."""
    read(response)
    if response.status_code != 302:
        return int(response.status_code)
    target, user = response["Location"], world.viewer(viewer)
    asked = {address(world, door), reverse("learner_profile:own_portfolio")}
    if target in {f"/login?next={where}" for where in asked}:
        return TO_SIGN_IN
    if user is not None and re.fullmatch(rf"/u/{user.username}(\?removed=[0-9a-f-]+)?(#lp-box-\w+)?", target):
        return TO_OWN_PAGE
    return {"/learner-profile/links/": TO_LINKS, "/learner-profile/privacy/": TO_PRIVACY}.get(target, str(target))


def test_every_address_of_the_plugin_is_in_the_table() -> None:
    assert sorted(names_of(urls.urlpatterns)) == sorted({door.partition(":")[0] for door in DOORS})


def test_an_address_without_a_name_is_noticed_too() -> None:
    unnamed = path("learner-profile/secret/", lambda request: None)  # type: ignore[arg-type,return-value]
    assert names_of([*urls.urlpatterns, unnamed])[-1] == "learner-profile/secret/"


@pytest.mark.parametrize("door", DOORS)
def test_every_method_is_answered_or_refused(world: World, settings: Any, door: str) -> None:
    SETTINGS[DOORS[door].state].set_up(world, settings)
    wrong = []
    for viewer in ("visitor", "stranger", "owner", "superuser"):
        client = world.client(viewer)
        for method in METHODS:
            with undone():
                found = outcome(world, viewer, door, send(client, world, door, method))
            if found != DOORS[door].expected(viewer, method):
                wrong.append((viewer, method, found, DOORS[door].expected(viewer, method)))
    assert wrong == []


@pytest.mark.parametrize("door", CHANGING)
def test_a_change_concerns_the_one_who_asks_and_nobody_else(world: World, settings: Any, door: str) -> None:
    SETTINGS[DOORS[door].state].set_up(world, settings)
    before = belongings(world.owner)
    for viewer in ("visitor", "classmate", "staff of the course", "superuser"):
        client = world.client(viewer)
        for method in DOORS[door].changes():
            with undone():
                read(send(client, world, door, method))
                assert belongings(world.owner) == before, (viewer, method)
    for method in DOORS[door].changes():
        with undone():
            read(send(world.client("owner"), world, door, method))
            assert belongings(world.owner) != before, method


@pytest.mark.parametrize("door", [door for door in CHANGING if not DOORS[door].has_ticket])
def test_a_change_needs_a_token_that_another_site_cannot_know(world: World, settings: Any, door: str) -> None:
    SETTINGS[DOORS[door].state].set_up(world, settings)
    before = belongings(world.owner)
    client = world.client("owner", enforce_csrf_checks=True)
    client.get(reverse("learner_profile:links"))
    for method in DOORS[door].changes():
        for forged in ({}, {"X-CSRFToken": "x" * 64}):
            assert send(client, world, door, method, **forged).status_code == 403
            assert belongings(world.owner) == before
        with undone():
            response = send(client, world, door, method, **{"X-CSRFToken": client.cookies["csrftoken"].value})
            assert outcome(world, "owner", door, response) == DOORS[door].owner[method]
            assert belongings(world.owner) != before


# --- what is not visible looks like what does not exist ------------------------------------------------------------

NOBODY, NO_TOKEN = "nobody", f"{UUID(int=1).hex}-{'a' * 43}"
Kwargs = dict[str, Any]
# By door: what there is, and what there is not.
PAIRS: dict[str, Callable[[World], tuple[Kwargs, Kwargs]]] = {
    "portfolio": lambda world: ({"username": "ada"}, {"username": NOBODY}),
    "api_portfolio": lambda world: ({"username": "ada"}, {"username": NOBODY}),
    "shared": lambda world: ({"token": world.tokens["live"]}, {"token": NO_TOKEN}),
    "api_shared": lambda world: ({"token": world.tokens["live"]}, {"token": NO_TOKEN}),
    "picture": lambda world: ({"picture_id": world.things["picture"]}, {"picture_id": UUID(int=1)}),
    "api_picture": lambda world: ({"picture_id": world.things["picture"]}, {"picture_id": UUID(int=1)}),
    "shared_picture": lambda world: (
        {"token": world.tokens["live"], "picture_id": world.things["picture"]},
        {"token": NO_TOKEN, "picture_id": UUID(int=1)},
    ),
}


@pytest.mark.parametrize("name", ["unpublished", "minor", "closed account"])
def test_what_is_not_visible_looks_just_like_what_does_not_exist(world: World, settings: Any, name: str) -> None:
    STATES[name].set_up(world, settings)
    compared = 0
    for viewer in ("visitor", "stranger", "classmate", "staff of the course"):
        client = world.client(viewer)
        for door, pair in PAIRS.items():
            there, missing = (not_found(client, door, kwargs) for kwargs in pair(world))
            assert missing is not None
            if there is not None:
                assert there == missing, (viewer, door)
                compared += 1
    assert compared >= 3 * 4


def test_a_link_that_leads_nowhere_looks_just_like_one_that_never_was(world: World, settings: Any) -> None:
    STATES["published as it comes"].set_up(world, settings)
    for door in ("shared", "api_shared"):
        missing = not_found(Client(), door, {"token": NO_TOKEN})
        assert missing is not None
        for link in ("expired", "revoked", "mangled"):
            assert not_found(Client(), door, {"token": world.tokens[link]}) == missing, (door, link)


@pytest.mark.parametrize(
    ("door", "things"),
    [
        ("edit_item", ["skills", "hidden skills", "removed"]),
        ("api_item", ["skills", "hidden skills", "removed"]),
        ("api_link", ["live link", "revoked link"]),
    ],
)
def test_what_is_somebody_else_s_looks_just_like_what_does_not_exist(
    world: World, settings: Any, door: str, things: list[str]
) -> None:
    STATES["published as it comes"].set_up(world, settings)
    argument = "link_id" if door == "api_link" else "item_id"
    for viewer in ("stranger", "staff of the course", "superuser"):
        client = world.client(viewer)
        missing = not_found(client, door, {argument: UUID(int=1)})
        assert missing is not None
        for thing in things:
            assert not_found(client, door, {argument: world.things[thing]}) == missing, (viewer, thing)


def not_found(client: Client, door: str, kwargs: Kwargs) -> tuple[str, dict[str, str]] | None:
    """Return body and headers of a 404, without what the viewer asked for and what no two answers share."""
    where = reverse(f"learner_profile:{door}", kwargs=kwargs)
    response = client.get(where)
    content = read(response).decode(errors="replace")
    if response.status_code != 404:
        return None
    body = re.sub(r'(name="csrfmiddlewaretoken" value=")\w+', r"\1", content)
    for asked in (where, where.replace("/", "%2F")):
        body = body.replace(asked, "")
    headers = {name: value for name, value in response.headers.items() if name not in {"Content-Length", "Expires"}}
    return body, headers


@pytest.mark.parametrize("door", ["portfolio", "api_portfolio"])
def test_nobody_of_that_name(world: World, settings: Any, door: str) -> None:
    STATES["published as it comes"].set_up(world, settings)
    for username in ("nobody", "a b", "ada\x00", "\x00", "ä😀", "x" * 1000, "%", "..", "<script>"):
        assert fetch(Client(), door, username=username)[0] == 404, username

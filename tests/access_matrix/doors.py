"""
Every address of the plugin, and what it answers to whom, by method.

The table is the specification of the doors: an address that is not in it fails the suite, and so
does one that answers a method otherwise.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from django.test import Client
from django.urls import URLPattern, URLResolver, reverse
from django.utils import timezone

from learner_profile_plugin.access import Section
from learner_profile_plugin.time_on_task.beats import issue_ticket
from tests.access_matrix.world import World, picture

METHODS = ("get", "head", "options", "post", "put", "patch", "delete")
TO_SIGN_IN, TO_OWN_PAGE, TO_LINKS, TO_PRIVACY = "to sign in", "to the own page", "to the links", "to privacy"
Outcome = int | str
MERGE_PATCH = "application/merge-patch+json"


@dataclass(frozen=True)
class Door:
    """
    What an address answers, by method; a method that is not named is refused.

    Attributes:
        owner: to the owner of what is asked for.
        others: to everybody else who is signed in; None if they are answered alike, each about what is their own.
        visitor: to whoever is not signed in; None if alike, too.
        visitor_refused: what a visitor is answered to a method that is not named; others are told that there is none.
        arguments: of the address, where the usual ones are not meant; ids by the names of things.
        sends: what goes along with a method.
        state: in which the owner's portfolio is.
        has_ticket: what comes along proves where it comes from, so that no token is asked for.
    """

    owner: Mapping[str, Outcome]
    others: Mapping[str, Outcome] | None = None
    visitor: Mapping[str, Outcome] | None = None
    visitor_refused: Outcome = 405
    arguments: Mapping[str, str] = field(default_factory=dict)
    sends: Mapping[str, Any] = field(default_factory=dict)
    state: str = "published as it comes"
    has_ticket: bool = False

    def expected(self, viewer: str, method: str) -> Outcome:
        if viewer == "visitor":
            return (self.owner if self.visitor is None else self.visitor).get(method, self.visitor_refused)
        return (self.owner if viewer == "owner" or self.others is None else self.others).get(method, 405)

    def changes(self) -> list[str]:
        """Return the methods that change something."""
        return [method for method in self.owner if method not in {"get", "head", "options"}]


READ: dict[str, Outcome] = {"get": 200, "head": 200}
API_READ: dict[str, Outcome] = READ | {"options": 200}


def _page(**answers: Outcome) -> Door:
    """Return a page of whoever is signed in, for their own."""
    return Door(answers, visitor={}, visitor_refused=TO_SIGN_IN)


def _api(**answers: Outcome) -> Door:
    """Return an endpoint of whoever is signed in, for their own."""
    return Door(answers | {"options": 200}, visitor={}, visitor_refused=401)


def _of_a_thing(door: Door, **arguments: str) -> Door:
    """Return the door for something that is of one learner: for others there is no such thing."""
    return replace(
        door,
        arguments=arguments,
        others={method: 200 if method == "options" else 404 for method in door.owner},
    )


def _sending(door: Door, **sends: Any) -> Door:
    return replace(door, sends=sends)


_AN_ACT = _page(post=TO_OWN_PAGE)
_SECTIONS = ["about", "skills"]
PAGES: dict[str, Door] = {
    "portfolio": Door(READ),
    "shared": Door(READ),
    "picture": Door(READ),
    "shared_picture": Door(READ),
    "own_portfolio": _page(get=TO_OWN_PAGE, head=TO_OWN_PAGE),
    "publish": replace(_page(**READ, post=TO_OWN_PAGE), sends={"post": "consent"}, state="unpublished"),
    "unpublish": _AN_ACT,
    "privacy": _sending(_page(**READ, post=TO_PRIVACY), post={f"audience-{section}": "2" for section in Section}),
    "links": _sending(
        _page(**READ, post=TO_LINKS),
        post={"link-name": "New", "link-sections": _SECTIONS, "link-expires": "30"},
    ),
    "act_on_link: revoke": _of_a_thing(_page(post=TO_LINKS), action="revoke"),
    "act_on_link: delete": _of_a_thing(_page(post=TO_LINKS), action="delete"),
    "delete": _sending(_page(**READ, post=TO_OWN_PAGE), post={"confirm": "on"}),
    "add_item": _sending(_page(**READ, post=TO_OWN_PAGE), post={"form": "skills", "f-name": "New", "version": "0"}),
    "order_section": replace(
        _sending(_AN_ACT, post={"by": "date"}), arguments={"section": "work_experience"}, state="ordered by hand"
    ),
    "choose_audience": _sending(_page(**READ, post=TO_OWN_PAGE), post={"audience": "1"}),
    "edit_item": _sending(
        _of_a_thing(_page(**READ, post=TO_OWN_PAGE)), post={"form": "item", "f-name": "New", "version": "1"}
    ),
    **{
        f"act_on_item: {action}": _of_a_thing(_AN_ACT, action=action, item_id=item_id)
        for action, item_id in {
            "remove": "skills",
            "restore": "removed",
            "hide": "skills",
            "show": "hidden skills",
            "up": "hidden skills",
            "down": "skills",
        }.items()
    },
    "keep_draft": _sending(_page(post=204), post={"form": "skills", "f-name": "New"}),
    "suggest": _page(**READ),
    "learning_time": _page(**READ),
    "beats": Door({"post": 204}, others={"post": 403}, visitor={"post": 403}, sends={"post": "beats"}, has_ticket=True),
}

_A_LINK = {"name": "New", "sections": _SECTIONS, "expires_at": None}
API: dict[str, Door] = {
    "api_root": Door(API_READ),
    "api_schema": Door(API_READ),
    "api_portfolio": Door(API_READ),
    "api_shared": Door(API_READ),
    "api_picture": Door(
        API_READ | {"patch": 200, "delete": 204},
        others=API_READ | {"patch": 404, "delete": 404},
        visitor=API_READ,
        visitor_refused=401,
        sends={"patch": {"description": "New"}},
    ),
    "api_profile": _api(**READ, delete=204),
    "api_section": _sending(_api(**READ, patch=200), patch={"audience": "connected"}),
    "api_items": _sending(_api(**READ, post=201), post={"values": {"name": "New"}}),
    "api_item": _sending(
        _of_a_thing(_api(**READ, put=200, patch=200, delete=204)),
        put={"values": {"name": "New"}},
        patch={"values": {"name": "New"}},
    ),
    "api_restore_item": _of_a_thing(_api(post=200), item_id="removed"),
    "api_item_pictures": _sending(_of_a_thing(_api(post=201), item_id="projects"), post="picture"),
    "api_publication": replace(_api(**READ, put=200, delete=204), sends={"put": "consent"}, state="grown up"),
    "api_links": _sending(_api(**READ, post=201), post=_A_LINK),
    "api_link": _sending(_of_a_thing(_api(**READ, patch=200, delete=204)), patch={"name": "New"}),
    "api_revoke_link": _of_a_thing(_api(post=200)),
    "api_suggestions": _api(**READ),
    "api_learning_time": _api(**READ),
}
DOORS: dict[str, Door] = PAGES | API


def names_of(patterns: Iterable[URLPattern | URLResolver]) -> list[str]:
    """Return the names of all addresses, however deep; an address without one is called by its pattern."""
    found: list[str] = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            found += names_of(pattern.url_patterns)
        else:
            found.append(pattern.name or str(pattern.pattern))
    return found


def address(world: World, door: str) -> str:
    """Return the address of a door, as it is asked for what is the owner's."""
    name = door.partition(":")[0]
    usual: dict[str, dict[str, Any]] = {
        "portfolio": {"username": "ada"},
        "shared": {"token": world.tokens["live"]},
        "picture": {"picture_id": world.things["picture"]},
        "shared_picture": {"token": world.tokens["live"], "picture_id": world.things["picture"]},
        "act_on_link": {"link_id": world.things["live link"]},
        "add_item": {"section": "skills"},
        "order_section": {"section": "skills"},
        "choose_audience": {"section": "skills"},
        "edit_item": {"item_id": world.things["skills"]},
        "suggest": {"kind": "skill"},
        "section": {"section": "skills"},
        "items": {"section": "skills"},
        "item": {"item_id": world.things["skills"]},
        "link": {"link_id": world.things["live link"]},
        "revoke_link": {"link_id": world.things["live link"]},
        "suggestions": {"kind": "skill"},
    }
    named = {
        argument: world.things[value] if argument == "item_id" else value
        for argument, value in DOORS[door].arguments.items()
    }
    return reverse(f"learner_profile:{name}", kwargs={**usual.get(name.removeprefix("api_"), {}), **named})


def send(client: Client, world: World, door: str, method: str, **headers: str) -> Any:
    """Ask a door as it wants to be asked, about what is the owner's, and return the response."""
    sent, where = DOORS[door].sends.get(method), address(world, door)
    if sent == "consent":
        sent = {"text": consent_text(client)}
    if sent == "beats":
        ticket = issue_ticket(world.owner.pk, world.course, timezone.now() - timedelta(minutes=1))
        sent = {"ticket": ticket, "now": "60000", "stretches": "0-60000"}
    if not door.startswith("api_"):
        aimed = {"username": "ada", "user_id": str(world.owner.pk), "user": str(world.owner.pk)}
        return getattr(client, method)(where, aimed | (sent or {}) if method == "post" else None, headers=headers)
    headers |= {"If-Match": "*"}
    if sent == "picture":
        return client.post(where, {"picture": picture(), "description": "New"}, headers=headers)
    if method in {"get", "head"}:
        return getattr(client, method)(where, headers=headers)
    content_type = MERGE_PATCH if method == "patch" else "application/json"
    body = "" if sent is None else json.dumps(sent)
    return getattr(client, method)(where, body, content_type=content_type, headers=headers)


def consent_text(client: Client) -> str:
    """Return what whoever is signed in would agree to by publishing."""
    context = client.get(reverse("learner_profile:publish")).context
    return str(context["text"]) if context else ""

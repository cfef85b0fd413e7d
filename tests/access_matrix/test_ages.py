"""
Minors, people of unknown age, and birthdays, with a clock that moves.

The platform knows a year of birth and no day: somebody counts as a minor to the end of the year in
which they reach its limit, and as one of unknown age where the year is not known.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.conf import settings as site_settings

from demo.lms.models import UserProfile
from learner_profile_plugin import compat
from learner_profile_plugin.access import Section
from learner_profile_plugin.profile_fields import api as profile_fields
from learner_profile_plugin.secret_links import api as secret_links
from tests.access_matrix.world import VIEWERS, World, agree, fetch

LAST_SECOND, FIRST_SECOND = datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
# Reaches the limit in 2026, and is beyond it from the first second of the next year on.
YEAR = 2026 - site_settings.PARENTAL_CONSENT_AGE_LIMIT
YOUNGER = (
    "You published it when you were younger, so it stays with the staff of your courses until you publish it again."
)
STAYS = "It stays with the staff of your courses, because of your age or because it is not known."
PUBLISH = 'href="/learner-profile/publish/"'


@pytest.fixture
def young(world: World) -> World:
    """Let the owner be a minor for some months to come."""
    world.fill()
    born_in(world, YEAR)
    return world


def born_in(world: World, year: int | None) -> None:
    UserProfile.objects.filter(user=world.owner).update(year_of_birth=year)


def is_minor(world: World) -> bool:
    account = compat.get_account(world.owner.pk)
    assert account is not None
    return account.is_minor


def circle(world: World) -> str:
    """Return the widest circle that sees the page; page and API have to agree."""
    widest = "nobody"
    for viewer in ("owner", "staff of the course", "classmate", "stranger", "visitor"):
        client = world.client(viewer)
        statuses = {fetch(client, door, username="ada")[0] for door in ("portfolio", "api_portfolio")}
        assert len(statuses) == 1, viewer
        widest = VIEWERS[viewer] if statuses == {200} else widest
    return widest


def told(world: World) -> str:
    """Return what owner bar and privacy page say to the owner."""
    client = world.client("owner")
    return fetch(client, "portfolio", username="ada")[1] + fetch(client, "privacy")[1]


def test_the_platform_s_rule_turns_with_the_year(young: World, clock: time_machine.Traveller) -> None:
    clock.move_to(LAST_SECOND, tick=False)
    assert is_minor(young)
    clock.move_to(FIRST_SECOND, tick=False)
    assert not is_minor(young)


def test_what_a_minor_published_stays_with_course_staff_over_the_birthday_until_they_publish_again(
    young: World, clock: time_machine.Traveller
) -> None:
    clock.move_to(LAST_SECOND, tick=False)
    agree(young.client("owner"))
    assert circle(young) == "staff"
    assert STAYS in told(young)
    assert YOUNGER not in told(young)
    assert PUBLISH not in young.page("owner")[1]

    clock.move_to(FIRST_SECOND, tick=False)
    assert circle(young) == "staff"
    assert told(young).count(YOUNGER) == 2
    assert STAYS not in told(young)
    assert PUBLISH in young.page("owner")[1]

    agree(young.client("owner"))
    assert circle(young) == "everyone"
    assert YOUNGER not in told(young)
    assert PUBLISH not in young.page("owner")[1]
    latest, first = profile_fields.get_consents(young.owner.pk)
    assert (latest.given_at, latest.withdrawn_at) == (FIRST_SECOND, None)
    assert (first.given_at, first.withdrawn_at) == (LAST_SECOND, FIRST_SECOND)
    assert "veryone on the web" in latest.text
    assert "veryone on the web" not in first.text


def test_publishing_again_while_a_minor_changes_nothing(young: World) -> None:
    agree(young.client("owner"))
    before = profile_fields.get_profile(young.owner.pk), profile_fields.get_consents(young.owner.pk)
    agree(young.client("owner"))
    assert (profile_fields.get_profile(young.owner.pk), profile_fields.get_consents(young.owner.pk)) == before
    assert circle(young) == "staff"


def test_whose_age_limit_is_past_before_they_publish_is_as_any_other(
    young: World, clock: time_machine.Traveller
) -> None:
    clock.move_to(FIRST_SECOND, tick=False)
    assert circle(young) == "self"
    agree(young.client("owner"))
    assert circle(young) == "everyone"
    assert YOUNGER not in told(young)


def test_who_takes_back_what_they_published_as_a_minor_publishes_as_an_adult_later(
    young: World, clock: time_machine.Traveller
) -> None:
    agree(young.client("owner"))
    young.client("owner").post("/learner-profile/unpublish/")
    assert circle(young) == "self"
    clock.move_to(FIRST_SECOND, tick=False)
    assert circle(young) == "self"
    agree(young.client("owner"))
    assert circle(young) == "everyone"


def test_a_year_that_is_not_known_counts_as_a_minor_s_until_it_is(world: World) -> None:
    world.fill()
    born_in(world, None)
    agree(world.client("owner"))
    assert circle(world) == "staff"
    assert STAYS in told(world)
    born_in(world, 1990)
    assert circle(world) == "staff"
    assert YOUNGER in told(world)
    agree(world.client("owner"))
    assert circle(world) == "everyone"


def test_what_an_adult_published_is_back_when_the_platform_knows_their_age_again(world: World) -> None:
    """They agreed as an adult, so that nothing has to be asked anew."""
    world.fill()
    agree(world.client("owner"))
    for year, widest, status in ((1990, "everyone", 200), (None, "staff", 404), (1990, "everyone", 200)):
        born_in(world, year)
        assert circle(world) == widest
        assert fetch(world.client("visitor"), "shared", token=world.tokens["live"])[0] == status


def test_a_minor_makes_no_secret_link_and_whoever_has_grown_up_does(
    young: World, clock: time_machine.Traveller
) -> None:
    client = young.client("owner")
    form = {"link-name": "New", "link-sections": ["about"], "link-expires": "0"}
    as_program = {"name": "New", "sections": ["about"], "expires_at": None}
    before = len(secret_links.get_links(young.owner.pk))
    client.post("/learner-profile/links/", form)
    response = client.post("/api/learner_profile/v1/links/", as_program, content_type="application/json")
    assert response.status_code == 403
    assert len(secret_links.get_links(young.owner.pk)) == before
    clock.move_to(FIRST_SECOND, tick=False)
    client = young.client("owner")
    client.post("/learner-profile/links/", form)
    response = client.post("/api/learner_profile/v1/links/", as_program, content_type="application/json")
    assert response.status_code == 201
    assert len(secret_links.get_links(young.owner.pk)) == before + 2


@pytest.mark.parametrize("chosen", [Section.HEADER, Section.ABOUT])
def test_what_a_minor_chooses_for_everyone_waits_until_they_are_none(
    young: World, clock: time_machine.Traveller, chosen: Section, settings: Any
) -> None:
    settings.LEARNER_PROFILE_SECTIONS = {"header": {"default_audience": "course_staff"}}
    client = young.client("owner")
    for section in {Section.HEADER, chosen}:
        client.post(f"/learner-profile/sections/{section}/audience/", {"audience": "4"})
    agree(client)
    assert circle(young) == "staff"
    clock.move_to(FIRST_SECOND, tick=False)
    assert circle(young) == "staff"
    agree(young.client("owner"))
    assert circle(young) == "everyone"

"""Whoever deletes their profile, or is retired by the platform, leaves nothing to see at any door."""

from __future__ import annotations

from typing import Any

from demo.lms.models import UserProfile
from learner_profile_plugin import retirement
from learner_profile_plugin.access import Section
from tests.access_matrix.states import STATES
from tests.access_matrix.world import TRACES, VIEWERS, Kind, World, fetch, traces_in

RETIRED = "retired__user_1"
PAGES = ("portfolio", "api_portfolio")


def assert_links_and_pictures_are_gone(world: World) -> None:
    for viewer in ("visitor", "staff of the course", "owner", "superuser"):
        client = world.client(viewer)
        for token in (world.tokens["live"], world.tokens["partial"]):
            for door in ("shared", "api_shared"):
                assert fetch(client, door, token=token)[0] == 404, (viewer, door)
            assert fetch(client, "shared_picture", token=token, picture_id=world.things["picture"])[0] == 404
        for door in ("picture", "api_picture"):
            for which in ("picture", "hidden picture"):
                assert fetch(client, door, picture_id=world.things[which])[0] == 404, (viewer, door)


def test_a_deleted_profile_leaves_what_the_platform_knows_to_its_owner_alone(world: World, settings: Any) -> None:
    STATES["published as it comes"].set_up(world, settings)
    world.client("owner").post("/learner-profile/delete/", {"confirm": "on"})
    recorded = {trace.text for trace in TRACES if trace.kind == Kind.RECORDED}
    for viewer, circle in VIEWERS.items():
        for door in PAGES:
            status, body = world.page(viewer, door)
            expected = (200, recorded) if circle == "self" else (404, set())
            assert (status, traces_in(body)) == expected, (viewer, door)
    assert_links_and_pictures_are_gone(world)


def test_of_a_retired_account_nothing_is_left_at_any_door(world: World, settings: Any) -> None:
    """The platform takes name and password, keeps the row and its enrolments, and tells the plugins."""
    STATES["published as it comes"].set_up(world, settings)
    owner = world.owner
    owner.username, owner.email = RETIRED, f"{RETIRED}@retired.invalid"
    owner.set_unusable_password()
    owner.save()
    UserProfile.objects.filter(user=owner).update(name="", linkedin_url="", year_of_birth=None)
    retirement.on_retirement(user=owner)
    for viewer, circle in VIEWERS.items():
        for door in PAGES:
            assert fetch(world.client(viewer), door, username="ada")[0] == 404, (viewer, door)
            status, body = fetch(world.client(viewer), door, username=RETIRED)
            assert (status, traces_in(body)) == (200 if circle == "self" else 404, set()), (viewer, door)
    assert_links_and_pictures_are_gone(world)


def test_a_section_that_is_switched_off_keeps_what_it_says_for_the_day_that_it_is_back(
    world: World, settings: Any
) -> None:
    STATES["sections switched off"].set_up(world, settings)
    assert "Trace of about" not in world.page("owner")[1]
    assert fetch(world.client("owner"), "api_section", section=Section.ABOUT)[0] == 404
    settings.LEARNER_PROFILE_SECTIONS = {}
    assert "Trace of about" in world.page("visitor")[1]

"""Reading a profile: what is found in the tables, and with how many queries."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from learner_profile_plugin.access import Audience, Section
from learner_profile_plugin.profile_fields import api, models
from learner_profile_plugin.profile_fields.api import KINDS
from learner_profile_plugin.profile_fields.data import Profile
from tests.profile_fields.material import add


def picture() -> BytesIO:
    sent = BytesIO()
    Image.new("RGB", (8, 6), "navy").save(sent, "PNG")
    return BytesIO(sent.getvalue())


def queries(user_id: int) -> int:
    with CaptureQueriesContext(connection) as captured:
        api.get_profile(user_id)
    return len(captured)


def test_who_saved_nothing_has_an_empty_profile(learner: User) -> None:
    assert api.get_profile(learner.pk) == api.get_profile(10**9) == Profile()
    assert queries(learner.pk) == 1


def test_two_queries_are_enough_whatever_there_is(learner: User) -> None:
    for section in KINDS:
        add(learner.pk, section)
    (project,) = api.get_profile(learner.pk).items[Section.PROJECTS]
    api.add_picture(learner.pk, project.id, picture())
    assert queries(learner.pk) == 2
    for _ in range(9):
        for section, kind in KINDS.items():
            if not kind.is_single and section is not Section.LINKS:
                item = add(learner.pk, section)
                if kind.has_pictures:
                    api.add_picture(learner.pk, item.id, picture())
    profile = api.get_profile(learner.pk)
    assert sum(len(items) for items in profile.items.values()) > 100
    assert len([item for item in profile.items[Section.PROJECTS] if item.pictures]) == 10
    assert queries(learner.pk) == 2


def test_items_carry_their_pictures_in_order_and_no_other(learner: User) -> None:
    one, other = (add(learner.pk, Section.PROJECTS, title=title) for title in ("one", "other"))
    for words in ("a", "b"):
        api.add_picture(learner.pk, one.id, picture(), description=words)
    found = {item.id: item for item in api.get_profile(learner.pk).items[Section.PROJECTS]}
    assert [(p.description, p.width, p.height) for p in found[one.id].pictures] == [("a", 8, 6), ("b", 8, 6)]
    assert found[other.id].pictures == ()


def test_the_one_item_of_a_section_is_found(learner: User) -> None:
    about = add(learner.pk, Section.ABOUT)
    profile = api.get_profile(learner.pk)
    assert profile.single(Section.ABOUT) == about
    assert profile.single(Section.RESUME) is None


@pytest.mark.parametrize("audience", Audience)
def test_audiences_are_those_that_were_chosen(learner: User, audience: Audience) -> None:
    api.set_audiences(learner.pk, {Section.SKILLS: audience, Section.COURSES: Audience.ONLY_ME})
    api.set_audiences(learner.pk, {Section.ABOUT: Audience.CONNECTED, Section.COURSES: audience})
    assert api.get_profile(learner.pk).audiences == {
        Section.SKILLS: audience,
        Section.ABOUT: Audience.CONNECTED,
        Section.COURSES: audience,
    }


def test_choices_of_another_version_are_left_out_and_left_alone(learner: User) -> None:
    add(learner.pk)
    for section, audience in (("of_a_newer_version", 0), ("skills", 9), ("about", None)):
        models.SectionChoice.objects.create(profile_id=learner.pk, section=section, audience=audience)
    profile = api.get_profile(learner.pk)
    assert (profile.audiences, profile.by_hand) == ({}, frozenset())
    api.set_audiences(learner.pk, {Section.ABOUT: Audience.EVERYONE})
    assert set(models.SectionChoice.objects.values_list("section", "audience")) == {
        ("of_a_newer_version", 0),
        ("skills", 9),
        ("about", 4),
    }

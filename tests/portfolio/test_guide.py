"""The owner is told what is worth adding next, and why."""

from __future__ import annotations

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.test import Client

from learner_profile_plugin.access import Section
from learner_profile_plugin.portfolio.guide import ORDER
from learner_profile_plugin.profile_fields import api as profile_fields
from learner_profile_plugin.profile_fields.data import Item
from tests.conftest import PersonFactory
from tests.portfolio import material
from tests.portfolio.conftest import SignIn
from tests.portfolio.pages import get, send

pytestmark = pytest.mark.shown

PORTFOLIO = "/u/ada"


def steps(client: Client) -> list[str]:
    """Return where each step leads; ``photo`` for the one that leads to the account."""
    guides = [part for part in get(client, PORTFOLIO).main.all("aside") if part.has_class("lp-guide")]
    found = []
    for item in [item for guide in guides for item in guide.all("li")]:
        links = [link.attrs["href"].split("/")[3] for link in item.all("a")]
        found.append(links[0] if links else "photo")
        assert item.all("span")[-1].text(), "every step says why"
    return found


def fill(user: User, *sections: Section) -> None:
    for section in sections:
        material.add(user.pk, section)


def test_three_things_at_most_from_what_readers_look_for_first(owner: Client) -> None:
    assert steps(owner) == ["header", "photo", "work_experience"]


def test_what_is_there_is_not_asked_for(owner: Client, learner: User) -> None:
    learner.profile.photo = "demo/photos/ada.svg"
    learner.profile.save()
    fill(learner, Section.HEADER, Section.ABOUT)
    assert steps(owner) == ["work_experience", "skills", "projects"]


def test_in_the_end_it_is_silent(owner: Client, learner: User, everything: dict[Section, Item]) -> None:
    learner.profile.photo = "demo/photos/ada.svg"
    learner.profile.save()
    assert steps(owner) == []
    assert "Worth adding next" not in get(owner, PORTFOLIO).text()


def test_what_the_site_requires_comes_first_and_is_called_so(
    owner: Client, learner: User, settings: LazySettings
) -> None:
    settings.LEARNER_PROFILE_SECTIONS = {
        name: {"required": True} for name in ("publications", "honours", "languages", "about")
    }
    assert steps(owner) == ["about", "publications", "honours"]
    assert get(owner, PORTFOLIO).text().count("Harbour Academy asks for it before you publish.") == 3
    fill(learner, Section.ABOUT, Section.PUBLICATIONS, Section.HONOURS, Section.LANGUAGES)
    assert steps(owner) == ["header", "photo", "work_experience"]


@pytest.mark.parametrize("rule", [{"locked": True}, {"enabled": False}, {"locked": True, "required": True}])
def test_what_cannot_be_filled_is_never_asked_for(owner: Client, settings: LazySettings, rule: dict[str, bool]) -> None:
    sections = [section for section in ORDER if section is not Section.HEADER]
    settings.LEARNER_PROFILE_SECTIONS = {section.value: rule for section in sections}
    assert steps(owner) == ["header", "photo"]


def test_each_step_leads_to_its_form(owner: Client, learner: User) -> None:
    learner.profile.photo = "demo/photos/ada.svg"
    learner.profile.save()
    for section in ORDER:
        first = steps(owner)[0]
        assert first == section.value
        address = f"/learner-profile/sections/{first}/add/"
        send(owner, get(owner, address).form(address), material.typed(section))


def test_every_step_of_the_plan_has_a_reason() -> None:
    for section in ORDER:
        assert str(profile_fields.KINDS[section].add)
        assert str(profile_fields.KINDS[section].why)


def test_nobody_else_sees_it(learner: User, person: PersonFactory, sign_in: SignIn) -> None:
    profile_fields.publish(learner.pk, text="", audiences={})
    for client in (Client(), sign_in(person("ben")), sign_in(person("root", is_superuser=True))):
        assert steps(client) == []

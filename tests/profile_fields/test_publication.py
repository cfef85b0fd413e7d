"""The one step that shows a portfolio to others, and the learner's word for it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User

from learner_profile_plugin.access import Audience, Section
from learner_profile_plugin.profile_fields import api, models
from learner_profile_plugin.profile_fields.data import Consent, NotPublishableError
from tests.conftest import NOW, PersonFactory
from tests.profile_fields.material import EVERYONE, add

LATER, LATEST = NOW + timedelta(days=1), NOW + timedelta(days=2)


def publish(learner: User, text: str = "Yes.", **rest: Any) -> None:
    given: dict[str, Any] = {"audiences": EVERYONE, "at": NOW} | rest
    api.publish(learner.pk, text=text, **given)


def state(learner: User) -> tuple[Any, bool]:
    profile = api.get_profile(learner.pk)
    return profile.published_at, profile.published_as_minor


def consents(learner: User) -> list[Consent]:
    return api.get_consents(learner.pk)


def test_publishing_shows_the_portfolio_and_keeps_the_word_for_it(learner: User) -> None:
    publish(learner, "I agree: “🛟”.", audiences={Section.ABOUT: Audience.ONLY_ME, Section.SKILLS: Audience.EVERYONE})
    assert state(learner) == (NOW, False)
    assert consents(learner) == [Consent(NOW, None, "I agree: “🛟”.")]
    assert models.Consent.objects.get().audiences == {"about": "only_me", "skills": "everyone"}
    assert api.get_profile(learner.pk).version == 1


@time_machine.travel(NOW, tick=False)
def test_publishing_happens_now_unless_a_time_is_given(learner: User) -> None:
    api.publish(learner.pk, text="Yes.", audiences={})
    assert state(learner)[0] == consents(learner)[0].given_at == NOW


@pytest.mark.parametrize("as_minor", [False, True])
def test_what_is_published_already_stays_so(learner: User, as_minor: bool) -> None:
    publish(learner)
    before = api.get_profile(learner.pk)
    publish(learner, "Again.", at=LATER, as_minor=as_minor)
    assert api.get_profile(learner.pk) == before
    assert consents(learner) == [Consent(NOW, None, "Yes.")]


def test_who_agreed_as_a_minor_agrees_again_once_they_are_none(learner: User) -> None:
    publish(learner, "To my course staff.", as_minor=True)
    assert state(learner) == (NOW, True)
    publish(learner, "To my course staff, again.", as_minor=True, at=LATER)
    assert state(learner) == (NOW, True)
    publish(learner, "To everyone.", at=LATER)
    assert state(learner) == (LATER, False)
    assert consents(learner) == [
        Consent(LATER, None, "To everyone."),
        Consent(NOW, LATER, "To my course staff."),
    ]


def test_taking_it_back_closes_the_word_and_every_word_is_kept(learner: User) -> None:
    publish(learner, "One.")
    with time_machine.travel(LATER, tick=False):
        api.unpublish(learner.pk)
        api.unpublish(learner.pk)
    assert state(learner) == (None, False)
    assert consents(learner) == [Consent(NOW, LATER, "One.")]
    publish(learner, "Two.", at=LATEST, as_minor=True)
    assert consents(learner) == [Consent(LATEST, None, "Two."), Consent(NOW, LATER, "One.")]
    with time_machine.travel(LATEST, tick=False):
        api.unpublish(learner.pk)
    assert state(learner) == (None, False)
    assert [consent.withdrawn_at for consent in consents(learner)] == [LATEST, LATER]


def test_there_is_nothing_to_take_back_where_nothing_is_published(learner: User) -> None:
    api.unpublish(learner.pk)
    assert not models.Profile.objects.exists()
    add(learner.pk)
    api.unpublish(learner.pk)
    assert api.get_profile(learner.pk).version == 1


def test_the_word_of_others_is_their_own(learner: User, person: PersonFactory) -> None:
    ben = person("ben")
    publish(ben)
    publish(learner)
    api.unpublish(learner.pk)
    assert state(ben) == (NOW, False)
    assert consents(ben) == [Consent(NOW, None, "Yes.")]


class TestRequiredSections:
    @pytest.fixture(autouse=True)
    def _required(self, settings: Any) -> None:
        settings.LEARNER_PROFILE_SECTIONS = {
            "skills": {"required": True},
            "about": {"required": True},
            "links": {"required": True, "enabled": False},
            "resume": {"required": True, "locked": True},
        }

    def test_have_to_be_filled_first(self, learner: User) -> None:
        add(learner.pk)
        with pytest.raises(NotPublishableError) as raised:
            publish(learner)
        assert raised.value.sections == (Section.ABOUT,)
        assert state(learner) == (None, False)
        assert consents(learner) == []
        add(learner.pk, Section.ABOUT)
        publish(learner)
        assert state(learner) == (NOW, False)

    def test_are_named_in_the_order_of_the_page(self, learner: User) -> None:
        with pytest.raises(NotPublishableError) as raised:
            publish(learner)
        assert raised.value.sections == (Section.ABOUT, Section.SKILLS)
        assert not models.Profile.objects.exists()

    def test_a_removed_item_fills_nothing(self, learner: User) -> None:
        add(learner.pk)
        api.remove_item(learner.pk, add(learner.pk, Section.ABOUT).id)
        with pytest.raises(NotPublishableError):
            publish(learner)

"""What the tests of the pages share: a learner whose profile says something in every section, and people who look."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.test import Client

from learner_profile_plugin.access import Audience, Section
from learner_profile_plugin.profile_fields import api as profile_fields
from learner_profile_plugin.profile_fields.data import Item
from tests.conftest import NOW
from tests.portfolio import material

SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def pictures_of_their_own(settings: LazySettings, tmp_path_factory: pytest.TempPathFactory) -> None:
    settings.MEDIA_ROOT = tmp_path_factory.mktemp("media")


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Stop the clock; tests move it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def sign_in() -> SignIn:
    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in


@pytest.fixture
def owner(learner: User, sign_in: SignIn) -> Client:
    """The learner's own browser."""
    return sign_in(learner)


@pytest.fixture
def everything(learner: User) -> dict[Section, Item]:
    """Fill every section of the learner's profile with one item."""
    return {section: material.add(learner.pk, section) for section in material.TYPED}


def publish(user: User, **audiences: Audience) -> None:
    """Publish, with audiences for some sections."""
    profile_fields.set_audiences(user.pk, {Section(name): audience for name, audience in audiences.items()})
    profile_fields.publish(user.pk, text="", audiences={})

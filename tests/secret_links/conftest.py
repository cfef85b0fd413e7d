"""What the tests of secret links share: one way to make a link, where most of it does not matter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User

from learner_profile_plugin.access import Section
from learner_profile_plugin.secret_links import api
from learner_profile_plugin.secret_links.data import SecretLink
from tests.conftest import NOW

LinkFactory = Callable[..., tuple[SecretLink, str]]


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Stop the clock; tests move it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def make_link(clock: time_machine.Traveller, learner: User) -> LinkFactory:
    """Make links of the learner, unless another is named."""

    def make(user: User = learner, **fields: Any) -> tuple[SecretLink, str]:
        return api.create_link(user.pk, **{"name": "Lighthouse", "sections": {Section.ABOUT}} | fields)

    return make

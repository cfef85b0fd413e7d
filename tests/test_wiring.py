"""How a host finds the plugin, and what the plugin does to the host's settings and logs."""

from __future__ import annotations

import copy
import re
import sys
from importlib import import_module
from importlib.metadata import entry_points
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from edx_django_utils.plugins import add_plugins, get_plugin_apps, get_plugin_url_patterns
from eventtracking import tracker

from demo.celery import app as celery_app
from learner_profile_plugin import settings as plugin
from learner_profile_plugin.apps import LearnerProfileConfig
from learner_profile_plugin.profile_fields import api as profile_fields
from tests.conftest import CourseFactory
from tests.profile_fields.form_page import link, open_form, send, work

LMS = "lms.djangoapp"
APP = "learner_profile_plugin.apps.LearnerProfileConfig"


class TestDiscovery:
    def test_the_lms_finds_the_app_through_its_entry_point(self) -> None:
        (entry,) = entry_points(group=LMS, name="learner_profile_plugin")
        assert entry.load() is LearnerProfileConfig
        assert get_plugin_apps(LMS).count(APP) == 1

    def test_no_other_process_gets_it(self) -> None:
        assert APP not in get_plugin_apps("cms.djangoapp")

    def test_the_app_is_installed_with_its_tables_tasks_and_admin_pages(self) -> None:
        config = apps.get_app_config("learner_profile_plugin")
        tables = {model.__name__ for model in config.get_models()}
        assert {"Profile", "WorkExperience", "Link", "SectionAudience", "LearningRecord"} <= tables
        celery_app.loader.import_default_modules()
        assert "learner_profile_plugin.learning_record.store_fact" in celery_app.tasks

    def test_its_addresses_are_included(self) -> None:
        included = [pattern.namespace for pattern in get_plugin_url_patterns(LMS)]
        assert included.count("learner_profile") == 1
        assert reverse("learner_profile:portfolio", kwargs={"username": "ada"}) == "/u/ada"
        assert reverse("learner_profile:edit").startswith("/learner-profile/")

    def test_each_receiver_is_connected_once(self) -> None:
        declared = LearnerProfileConfig.plugin_app["signals_config"][LMS]["receivers"]
        assert len(declared) == 8
        for receiver in declared:
            module, _, name = receiver["signal_path"].rpartition(".")
            signal = getattr(import_module(module), name)
            uids = [key[0] for key, *_ in signal.receivers]
            assert uids.count(receiver["dispatch_uid"]) == 1

    def test_every_declared_path_leads_somewhere(self) -> None:
        config = LearnerProfileConfig.plugin_app
        for part in (
            config["url_config"][LMS],
            *config["settings_config"][LMS].values(),
            config["signals_config"][LMS],
        ):
            import_module(f"learner_profile_plugin.{part['relative_path']}")


def host(**changes: object) -> SimpleNamespace:
    """Make the settings of a host that knows nothing of the plugin."""
    own: dict[str, object] = {
        "EVENT_TRACKING_BACKENDS": {"tracking_logs": {"ENGINE": "x", "OPTIONS": {"backends": {}}}},
        "TRACKING_IGNORE_URL_PATTERNS": [r"^/event", r"^/login"],
    }
    return SimpleNamespace(**own | changes)


class TestSettings:
    def test_defaults_are_set(self) -> None:
        settings = host()
        plugin.plugin_settings(settings)
        assert settings.LEARNER_PROFILE_COLLECT_LEARNING_TIME is True
        assert settings.LEARNER_PROFILE_COMPAT is None
        assert settings.EVENT_TRACKING_BACKENDS["learner_profile"] == plugin.TRACKING_BACKEND
        assert settings.TRACKING_IGNORE_URL_PATTERNS[:2] == [r"^/event", r"^/login"]

    def test_a_second_round_changes_nothing(self) -> None:
        settings = host()
        plugin.plugin_settings(settings)
        once = copy.deepcopy(vars(settings))
        plugin.plugin_settings(settings)
        assert vars(settings) == once

    def test_what_the_operator_set_survives(self) -> None:
        own = {
            "LEARNER_PROFILE_COLLECT_LEARNING_TIME": False,
            "LEARNER_PROFILE_COMPAT": "some.module",
            "EVENT_TRACKING_BACKENDS": {"learner_profile": {"ENGINE": "own"}, "more": {"ENGINE": "more"}},
            "TRACKING_IGNORE_URL_PATTERNS": [r"^/learner-profile/", "^/own"],
        }
        settings = host(**copy.deepcopy(own))
        plugin.plugin_settings(settings)
        assert settings.TRACKING_IGNORE_URL_PATTERNS == [r"^/learner-profile/", "^/own", r"^/api/learner_profile/"]
        del own["TRACKING_IGNORE_URL_PATTERNS"]
        assert {name: getattr(settings, name) for name in own} == own

    def test_what_an_operator_replaces_between_the_rounds_gets_our_part_again(self) -> None:
        settings = host()
        plugin.plugin_settings(settings)
        settings.EVENT_TRACKING_BACKENDS = {"tracking_logs": {"ENGINE": "operator"}}
        settings.TRACKING_IGNORE_URL_PATTERNS = ["^/operator"]
        plugin.plugin_settings(settings)
        assert set(settings.EVENT_TRACKING_BACKENDS) == {"learner_profile", "tracking_logs"}
        assert list(settings.TRACKING_IGNORE_URL_PATTERNS) == ["^/operator", *plugin.IGNORED_PATHS]

    def test_what_other_settings_share_with_the_host_is_not_touched(self) -> None:
        settings = host()
        shared = vars(settings).copy()
        before = copy.deepcopy(shared)
        plugin.plugin_settings(settings)
        settings.EVENT_TRACKING_BACKENDS["learner_profile"]["ENGINE"] = "changed"
        assert shared == before
        assert plugin.TRACKING_BACKEND["ENGINE"] != "changed"

    def test_a_host_without_tracking_stays_without(self) -> None:
        settings = SimpleNamespace()
        plugin.plugin_settings(settings)
        assert set(vars(settings)) == {"LEARNER_PROFILE_COLLECT_LEARNING_TIME", "LEARNER_PROFILE_COMPAT"}

    def test_both_rounds_reach_the_settings_through_the_plugin_mechanism(self, monkeypatch: pytest.MonkeyPatch) -> None:
        module: Any = host()
        monkeypatch.setitem(sys.modules, "settings_of_a_host", module)
        for number, round_of_settings in enumerate(("common", "production"), start=1):
            for name in list(vars(module)):
                if name.startswith("LEARNER_PROFILE"):
                    delattr(module, name)
            add_plugins("settings_of_a_host", LMS, round_of_settings)
            assert module.LEARNER_PROFILE_COLLECT_LEARNING_TIME is True, number
        assert list(module.TRACKING_IGNORE_URL_PATTERNS) == [r"^/event", r"^/login", *plugin.IGNORED_PATHS]

    def test_the_demo_host_has_gone_through_both_rounds(self) -> None:
        assert list(django_settings.EVENT_TRACKING_BACKENDS) == ["learner_profile", "tracking_logs"]
        patterns = django_settings.TRACKING_IGNORE_URL_PATTERNS
        assert [patterns.count(path) for path in plugin.IGNORED_PATHS] == [1, 1]


class Capture:
    """A tracking backend that keeps what it gets."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []

    def send(self, event: dict[str, Any]) -> None:
        self.events.append(event)


@pytest.fixture
def tracked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    capture = Capture()
    monkeypatch.setitem(tracker.get_tracker().backends, "capture", capture)
    return capture.events


class TestTracking:
    def test_what_a_learner_types_into_the_profile_is_not_in_the_tracking_log(
        self, learner: User, tracked: list[dict[str, Any]]
    ) -> None:
        client = Client()
        client.force_login(learner)
        data = open_form(client).data | {"headline": "Secret ambition", "about": "Secret ambition"}
        data |= work(0, title="Secret ambition", employer="Sea", start_year="2020") | link(0, "https://secret.example")
        assert send(client, data | {"add_work": "1"}).status == 200
        assert send(client, data | {"work-0-title": ""}).status == 400
        assert send(client, data).status == 302
        assert profile_fields.get_profile(learner.pk).headline == "Secret ambition"
        for name in ("publish", "unpublish"):
            client.post(reverse(f"learner_profile:{name}"), {"note": "Secret ambition"})
        client.get("/api/learner_profile/v1/portfolios/ada/")
        assert not re.search("secret", repr(tracked), re.IGNORECASE)
        assert [event["name"] for event in tracked] == []

    def test_the_tracking_log_would_have_shown_it(
        self, learner: User, course: CourseFactory, tracked: list[dict[str, Any]]
    ) -> None:
        client = Client()
        client.force_login(learner)
        client.post(f"/courses/{course()}/enrollment", {"note": "Secret ambition"})
        assert "Secret ambition" in repr(tracked)

    def test_visits_to_portfolios_are_tracked_like_those_to_any_page(
        self, learner: User, tracked: list[dict[str, Any]]
    ) -> None:
        Client().get("/u/ada")
        assert [event["name"] for event in tracked] == ["/u/ada"]

    @pytest.mark.parametrize("path", ["/learner-profile-of-another", "/learner", "/api/learner_profiles/v1", "/u/ada"])
    def test_nobody_elses_addresses_are_left_out(self, path: str) -> None:
        assert not any(re.match(pattern, path) for pattern in plugin.IGNORED_PATHS)

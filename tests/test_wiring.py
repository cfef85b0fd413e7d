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
from django.contrib import admin
from django.contrib.auth.models import User
from django.core.checks import registry
from django.db.models.signals import post_delete
from django.test import Client
from django.urls import reverse
from edx_django_utils.plugins import add_plugins, get_plugin_apps, get_plugin_url_patterns
from eventtracking import tracker

from demo.celery import app as celery_app
from learner_profile_plugin import checks, urls
from learner_profile_plugin import models as gathered_models
from learner_profile_plugin import settings as plugin
from learner_profile_plugin import tasks as gathered_tasks
from learner_profile_plugin.access import Section
from learner_profile_plugin.apps import LearnerProfileConfig
from learner_profile_plugin.profile_fields import api as profile_fields
from tests.conftest import CourseFactory

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
        assert {model.__name__ for model in config.get_models()} == set(gathered_models.__all__)
        assert {"Consent", "Draft", "Item", "LearningRecord", "Picture", "SecretLink"} <= set(gathered_models.__all__)
        celery_app.loader.import_default_modules()
        names = [getattr(gathered_tasks, name).name for name in gathered_tasks.__all__]
        assert "learner_profile_plugin.learning_record.store_fact" in names
        assert set(names) <= set(celery_app.tasks)
        assert {"Profile", "SecretLink", "SectionRule"} <= {model.__name__ for model in admin.site._registry}

    def test_its_addresses_are_included(self) -> None:
        included = [pattern.namespace for pattern in get_plugin_url_patterns(LMS)]
        assert included.count("learner_profile") == 1
        assert reverse("learner_profile:portfolio", kwargs={"username": "ada"}) == "/u/ada"
        for name in ("own_portfolio", "publish", "privacy", "links", "delete", "keep_draft"):
            assert reverse(f"learner_profile:{name}").startswith("/learner-profile/")
        assert reverse("learner_profile:api_portfolio", kwargs={"username": "ada"}).startswith("/api/learner_profile/")

    def test_every_address_but_the_portfolio_s_is_kept_out_of_the_tracking_log(self) -> None:
        patterns = [f"/{pattern.pattern}" for pattern in urls.urlpatterns]
        assert [pattern for pattern in patterns if not is_ignored(pattern)] == ["/u/<str:username>"]

    def test_system_checks_are_registered(self) -> None:
        ours = [value for name, value in vars(checks).items() if name.startswith("check_") and callable(value)]
        assert len(ours) >= 3
        assert all(check in registry.registry.get_checks() for check in ours)

    def test_a_deleted_picture_is_noticed_once(self) -> None:
        uids = [key[0] for key, *_ in post_delete.receivers]
        assert uids.count("learner_profile_plugin.picture_deleted") == 1

    def test_each_receiver_is_connected_once(self) -> None:
        declared = LearnerProfileConfig.plugin_app["signals_config"][LMS]["receivers"]
        assert len(declared) == 11
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


def is_ignored(path: str) -> bool:
    return any(re.match(pattern, path) for pattern in plugin.IGNORED_PATHS)


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
        assert settings.LEARNER_PROFILE_SECTIONS == {}
        assert settings.LEARNER_PROFILE_STORAGE == "default"
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
            "LEARNER_PROFILE_SECTIONS": {"skills": {"locked": True}},
            "LEARNER_PROFILE_STORAGE": "pictures",
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

    @pytest.mark.parametrize(
        ("present", "steps"),
        [
            ({}, []),
            ({"pipeline": ["own.Step"], "fail_silently": False}, ["own.Step"]),
            ({"pipeline": "own.Step"}, ["own.Step"]),
            (["own.Step", "own.Other"], ["own.Step", "own.Other"]),
            ("own.Step", ["own.Step"]),
        ],
    )
    def test_units_get_our_step_behind_those_of_the_host(self, present: Any, steps: list[str]) -> None:
        settings = host(OPEN_EDX_FILTERS_CONFIG={plugin.UNIT_RENDERED: copy.deepcopy(present), "other": {}})
        before = copy.deepcopy(settings.OPEN_EDX_FILTERS_CONFIG)
        shared = settings.OPEN_EDX_FILTERS_CONFIG
        plugin.plugin_settings(settings)
        plugin.plugin_settings(settings)
        found = settings.OPEN_EDX_FILTERS_CONFIG
        assert found[plugin.UNIT_RENDERED]["pipeline"] == [*steps, plugin.ADD_BEATS]
        assert found[plugin.UNIT_RENDERED]["fail_silently"] is not (present and "fail_silently" in present)
        assert found["other"] == {}
        assert shared == before

    def test_evidence_is_kept_outside_of_all_other_middleware(self) -> None:
        settings = host(MIDDLEWARE=["own.First", "own.Second"])
        plugin.plugin_settings(settings)
        plugin.plugin_settings(settings)
        assert settings.MIDDLEWARE == [plugin.KEEP_EVIDENCE, "own.First", "own.Second"]
        assert django_settings.MIDDLEWARE[0] == plugin.KEEP_EVIDENCE

    def test_a_host_without_tracking_stays_without(self) -> None:
        settings = SimpleNamespace()
        plugin.plugin_settings(settings)
        others = {name for name in vars(settings) if not name.startswith("LEARNER_PROFILE_")}
        # Filters are a setting of the host's that it can do without, and tracking is not.
        assert others == {"OPEN_EDX_FILTERS_CONFIG"}

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
        forms = {section: reverse("learner_profile:add_item", args=[section]) for section in ("about", "links")}
        typed = {"version": "0", "f-text": "Secret ambition", "f-url": "https://secret.example"}
        assert client.post(forms["links"], typed | {"f-url": "secret"}).status_code == 422
        for address in forms.values():
            assert client.post(address, typed).status_code == 302
        client.post(reverse("learner_profile:keep_draft"), {"form": "about", **typed})
        assert set(profile_fields.get_profile(learner.pk).items) == {Section.ABOUT, Section.LINKS}
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
        assert not is_ignored(path)

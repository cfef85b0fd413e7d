"""How ClickHouse is reached, and what an operator is told where it is not."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from django.core.checks.registry import registry
from django.core.management import CommandError

from learner_profile_plugin.warehouse.checks import check_clickhouse
from learner_profile_plugin.warehouse.connection import find_connection
from tests.warehouse.clickhouse_server import PASSWORD, USER, Server
from tests.warehouse.conftest import export

pytestmark = [pytest.mark.shown, pytest.mark.django_db(transaction=True)]

GO_ON = " What was exported stays; run it again to go on."


def failure(*args: str) -> str:
    with pytest.raises(CommandError) as error:
        export(*args)
    return str(error.value)


class TestFailures:
    def test_without_the_tables_it_says_how_to_make_them(self, server: Server) -> None:
        assert failure() == (
            f"There is no table learner_profile_active_day at {server.url}/event_sink. "
            f"--print-tables says how to make it.{GO_ON}"
        )

    def test_they_can_be_made_before_by_who_may(self, server: Server) -> None:
        assert export("--create-tables") == "0 learners exported, 0 of their days written."
        assert export("--create-tables") == "0 learners exported, 0 of their days written."

    def test_or_by_somebody_else_with_what_is_printed(self, server: Server) -> None:
        first, *statements = export("--print-tables").split(";\n")
        assert first == "USE event_sink"
        for statement in statements:
            server.engine.run(statement, "event_sink")
        assert export() == "0 learners exported, 0 of their days written."

    def test_a_dry_run_finds_out_too(self, server: Server) -> None:
        assert failure("--dry-run", "--create-tables").startswith("There is no table")

    def test_a_wrong_password(self, clickhouse: Server, settings: Any) -> None:
        settings.LEARNER_PROFILE_CLICKHOUSE = {"password": "forgotten"}
        said = failure()
        assert said.startswith(f"ClickHouse at {clickhouse.url}/event_sink refuses (HTTP 401): Code: 516.")
        assert said.endswith(f"Check the user's name and password in the settings.{GO_ON}")

    def test_a_database_that_is_not_there(self, clickhouse: Server, settings: Any) -> None:
        settings.LEARNER_PROFILE_CLICKHOUSE = {"database": "nowhere"}
        assert failure().endswith(f"Have its tables made: see --print-tables.{GO_ON}")

    def test_a_server_that_is_not_there(self, clickhouse: Server, settings: Any) -> None:
        settings.LEARNER_PROFILE_CLICKHOUSE = {"url": "http://127.0.0.1:9"}
        assert failure() == f"ClickHouse at http://127.0.0.1:9/event_sink cannot be reached (ConnectionError).{GO_ON}"

    def test_one_that_is_too_slow(self, clickhouse: Server, settings: Any) -> None:
        settings.LEARNER_PROFILE_CLICKHOUSE = {"timeout_secs": 0.2}
        clickhouse.fault = lambda sql: "slow"
        assert "does not answer within 0.2 seconds (timeout_secs)" in failure()

    def test_one_that_is_something_else(self, clickhouse: Server) -> None:
        clickhouse.fault = lambda sql: "another server"
        assert failure() == f"What answers at {clickhouse.url}/event_sink is not ClickHouse.{GO_ON}"

    def test_one_that_sends_elsewhere_is_not_followed(self, clickhouse: Server) -> None:
        clickhouse.fault = lambda sql: "elsewhere"
        assert "refuses (HTTP 302)" in failure()

    def test_nobody_is_told_the_password_even_where_the_server_repeats_it(
        self, clickhouse: Server, caplog: pytest.LogCaptureFixture
    ) -> None:
        said = []
        with caplog.at_level(logging.DEBUG):
            for fault in ("busy", "cut before", "repeats the password"):
                clickhouse.fault = lambda sql, fault=fault: fault  # type: ignore[misc]
                said.append(failure())
            assert "***" in said[-1]
            with pytest.raises(CommandError) as error:
                export()
        assert error.value.__cause__ is not None
        assert PASSWORD not in " ".join([*said, caplog.text, repr(error.value.__cause__), repr(find_connection())])


class TestSettings:
    def test_those_of_aspects_hold_but_for_their_short_limit(self, settings: Any) -> None:
        settings.EVENT_SINK_CLICKHOUSE_BACKEND_CONFIG = {
            "url": "https://ch.example:8443/",
            "username": "ch_cms",
            "password": "secret",
            "xapi_database": "xapi",
            "database": "sink",
            "timeout_secs": 5,
        }
        found = find_connection()
        assert (found.url, found.username, found.password) == ("https://ch.example:8443/", "ch_cms", "secret")
        assert (found.database, found.timeout) == ("sink", 60)

    def test_what_is_set_for_this_goes_before(self, settings: Any) -> None:
        settings.EVENT_SINK_CLICKHOUSE_BACKEND_CONFIG = {"url": "http://a:8123", "username": "u", "password": "secret"}
        settings.LEARNER_PROFILE_CLICKHOUSE = {"database": "mine", "timeout_secs": 300}
        found = find_connection()
        assert (found.url, found.database, found.password, found.timeout) == ("http://a:8123", "mine", "secret", 300)

    def test_another_server_is_not_told_the_password_of_that_of_aspects(self, settings: Any) -> None:
        settings.EVENT_SINK_CLICKHOUSE_BACKEND_CONFIG = {"url": "http://a:8123", "username": "u", "password": "secret"}
        settings.LEARNER_PROFILE_CLICKHOUSE = {"url": "http://b:8123"}
        found = find_connection()
        assert (found.url, found.username, found.password) == ("http://b:8123", "default", "")

    @pytest.mark.parametrize("of_aspects", [None, "http://a:8123"])
    def test_without_any_it_says_what_to_set(self, settings: Any, of_aspects: object) -> None:
        settings.EVENT_SINK_CLICKHOUSE_BACKEND_CONFIG = of_aspects
        said = "There is no ClickHouse: set LEARNER_PROFILE_CLICKHOUSE, or EVENT_SINK_CLICKHOUSE_BACKEND_CONFIG as"
        assert failure().startswith(said)

    def test_what_aspects_has_wrong_is_told_as_theirs(self, settings: Any) -> None:
        settings.EVENT_SINK_CLICKHOUSE_BACKEND_CONFIG = {"url": "ch:8123"}
        assert failure().startswith("EVENT_SINK_CLICKHOUSE_BACKEND_CONFIG: Its url has to look like")


class TestChecks:
    def test_the_lms_runs_it(self) -> None:
        assert check_clickhouse in registry.get_checks()

    @pytest.mark.parametrize(
        ("given", "said"),
        [
            ({}, []),
            ({"url": "https://ch.example", "username": USER, "password": "", "timeout_secs": 1.5}, []),
            ("http://u:secret@a", ["It is no dictionary."]),
            (None, ["It is no dictionary."]),
            ({"host": "a"}, ["There is no key 'host'."]),
            (
                {"url": "http://u:secret@a"},
                ["Its url has to look like http://clickhouse:8123, with neither a name nor"],
            ),
            ({"url": "ftp://a"}, ["Its url has to look like"]),
            ({"url": "http://[a"}, ["Its url has to look like"]),
            ({"url": 7}, ["Its url has to look like"]),
            ({"database": "a; DROP"}, ["Its database has to be a name"]),
            (
                {"username": None, "password": 12345678},
                ["Its username has to be text.", "Its password has to be text."],
            ),
            ({"timeout_secs": "60"}, ["Its timeout_secs has to be a number"]),
            ({"timeout_secs": True}, ["Its timeout_secs has to be a number"]),
            ({"timeout_secs": 0}, ["Its timeout_secs has to be a number"]),
        ],
    )
    def test_what_cannot_be_meant_is_told_without_what_is_secret(
        self, settings: Any, given: object, said: list[str]
    ) -> None:
        settings.LEARNER_PROFILE_CLICKHOUSE = given
        found = check_clickhouse(None)
        assert len(found) == len(said)
        for message, start in zip(found, said, strict=True):
            assert message.msg.startswith(f"LEARNER_PROFILE_CLICKHOUSE: {start}")
            assert "secret" not in message.msg
            assert "12345678" not in message.msg
        if said:
            assert failure().startswith(f"LEARNER_PROFILE_CLICKHOUSE: {said[0]}")

"""What stands in ClickHouse is what follows from the evidence, whatever happened before and in between."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError
from django.db import connection
from django.utils import timezone

from demo.lms import compat as lms
from learner_profile_plugin.retirement import count_held, forget_learner
from learner_profile_plugin.time_on_task import api as time_on_task
from learner_profile_plugin.time_on_task import rule
from learner_profile_plugin.time_on_task.data import SECONDS_PER_DAY, Activity, Evidence, Interval, VideoAct
from learner_profile_plugin.time_on_task.models import LearnerTotal, PendingEvidence
from learner_profile_plugin.warehouse.models import ExportedLearner, PendingErasure
from tests.conftest import PersonFactory
from tests.time_on_task.material import KNOTS, MIDNIGHT, NOON, TIDES, TODAY, video_point
from tests.warehouse.clickhouse_server import Server
from tests.warehouse.conftest import actor, course_totals, export, keep, measured, measured_in_courses, totals

GAP = rule.LIMITS.gap
ROWS = "SELECT course_key, toUInt16(day), starts, ends, kinds, rule FROM learner_profile_active_day FINAL ORDER BY ALL"
DONE = "1 learners exported, {} of their days written."


def meanwhile(work: Callable[[], object]) -> None:
    """Do something on a connection of its own, as a request does while an export runs elsewhere."""

    def on_its_own() -> None:
        with contextlib.closing(connection):
            work()

    thread = threading.Thread(target=on_its_own)
    thread.start()
    thread.join()


def writes(server: Server) -> int:
    """Return how many INSERTs came since this was last asked."""
    count = sum(sql.startswith("INSERT") for sql in server.seen)
    server.seen.clear()
    return count


def test_a_night_in_two_courses_at_once_is_exported_by_day_and_counts_once(learner: User, clickhouse: Server) -> None:
    keep(learner.pk, MIDNIGHT - 60, MIDNIGHT + GAP - 60)
    keep(learner.pk, MIDNIGHT, course=TIDES, beats=(Interval(MIDNIGHT + 60, MIDNIGHT + 120),))

    assert export() == DONE.format(3)

    engine = clickhouse.engine
    assert engine.rows(ROWS) == [
        [str(KNOTS), TODAY - 1, [MIDNIGHT - 60], [MIDNIGHT], ["acts"], rule.VERSION],
        [str(KNOTS), TODAY, [MIDNIGHT], [MIDNIGHT + GAP - 60], ["acts"], rule.VERSION],
        [str(TIDES), TODAY, [MIDNIGHT + 60], [MIDNIGHT + 120], ["beats"], rule.VERSION],
    ]
    assert totals(engine) == measured([learner.pk]) == {actor(learner.pk): GAP}
    assert course_totals(engine) == measured_in_courses([learner.pk])
    assert PendingEvidence.objects.count() == 0


def test_only_who_learned_since_is_exported_again_and_only_the_days_that_changed(
    learner: User, person: PersonFactory, clickhouse: Server
) -> None:
    ben = person("ben")
    for user in (learner, ben):
        keep(user.pk, *(NOON + day * SECONDS_PER_DAY + second for day in range(-9, 1) for second in (0, 60)))
    assert export() == "2 learners exported, 20 of their days written."
    assert writes(clickhouse) == 1

    assert export() == "0 learners exported, 0 of their days written."
    assert writes(clickhouse) == 0

    keep(ben.pk, NOON + 120)
    assert export("--dry-run") == "1 learners would be exported, 0 erased."
    assert writes(clickhouse) == 0
    assert export() == DONE.format(1)
    assert totals(clickhouse.engine) == measured([learner.pk, ben.pk])


def test_what_counts_no_more_stands_there_no_more(learner: User, clickhouse: Server) -> None:
    keep(learner.pk, NOON, NOON + GAP)
    export()
    assert totals(clickhouse.engine) == {actor(learner.pk): GAP}

    # Both acts are within reach of a page that reports, so the silence between them was absence.
    keep(learner.pk, beats=(Interval(NOON - 10, NOON), Interval(NOON + GAP, NOON + GAP + 10)))
    export()
    assert totals(clickhouse.engine) == measured([learner.pk]) == {actor(learner.pk): 20}


def test_a_day_without_evidence_of_its_own_comes_and_goes_with_its_neighbour(learner: User, clickhouse: Server) -> None:
    def watch(second: int, act: VideoAct, position: int) -> None:
        point = video_point(second, act, position)
        time_on_task.keep([Activity(learner.pk, KNOTS, Evidence(video=frozenset({point})))])

    watch(MIDNIGHT - 20, VideoAct.PLAY, 0)
    export()
    assert totals(clickhouse.engine) == {actor(learner.pk): 60}

    watch(MIDNIGHT - 10, VideoAct.PAUSE, 10)
    assert export() == DONE.format(2)
    assert totals(clickhouse.engine) == measured([learner.pk]) == {actor(learner.pk): 10}


def test_after_a_new_version_of_the_rule_everybody_is_exported_again(
    learner: User, clickhouse: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(learner.pk, NOON, NOON + 60)
    export()
    monkeypatch.setattr(rule, "VERSION", rule.VERSION + 1)

    assert export() == DONE.format(1)
    assert clickhouse.engine.rows("SELECT DISTINCT rule FROM learner_profile_active_interval") == [[rule.VERSION]]


def test_totals_that_were_thrown_away_hide_no_change(learner: User, clickhouse: Server) -> None:
    keep(learner.pk, NOON, NOON + 60)
    export()
    LearnerTotal.objects.all().delete()
    keep(learner.pk, NOON + 120)
    export()
    assert totals(clickhouse.engine) == {actor(learner.pk): 120}


def test_all_mends_what_was_lost_or_changed_there(learner: User, person: PersonFactory, clickhouse: Server) -> None:
    users = [learner.pk, person("ben").pk, person("cleo").pk]
    for user_id in users:
        keep(user_id, NOON, NOON + 60)
    export()
    lost, changed, _ = (actor(user_id) for user_id in users)
    table, engine = "learner_profile_active_day", clickhouse.engine
    engine.run(f"DELETE FROM {table} WHERE actor_id = '{lost}'", "event_sink")
    engine.run(
        f"INSERT INTO {table} SELECT * REPLACE([1] AS starts, [9000] AS ends, version + 1 AS version) "
        f"FROM {table} WHERE actor_id = '{changed}'",
        "event_sink",
    )
    # Of a day that this site knows nothing of, as after its database was set back.
    engine.run(
        f"INSERT INTO {table} SELECT * REPLACE(day - 9 AS day) FROM {table} WHERE actor_id = '{changed}'", "event_sink"
    )

    assert export("--dry-run", "--all") == "3 learners would be exported, 0 erased."
    assert export("--all") == "3 learners exported, 3 of their days written."
    assert totals(engine) == measured(users)
    assert export("--all") == "3 learners exported, 0 of their days written."


def test_another_server_gets_everything(learner: User, clickhouse: Server, settings: Any) -> None:
    keep(learner.pk, NOON, NOON + 60)
    export()
    clickhouse.engine.run("DROP DATABASE IF EXISTS elsewhere")
    clickhouse.engine.run("CREATE DATABASE elsewhere")
    settings.LEARNER_PROFILE_CLICKHOUSE = {"database": "elsewhere"}

    assert export("--create-tables") == DONE.format(1)
    clickhouse.engine.run("DROP DATABASE elsewhere")


@pytest.mark.parametrize(
    ("fault", "statement", "nth"),
    [
        ("cut before", "EXISTS", 1),
        ("cut before", "SELECT course_key", 2),
        ("cut short", "SELECT course_key", 2),
        ("cut before", "INSERT", 2),
        ("cut after", "INSERT", 2),
        ("busy", "INSERT", 2),
    ],
)
def test_an_export_that_breaks_off_goes_on(
    learner: User, person: PersonFactory, clickhouse: Server, fault: str, statement: str, nth: int
) -> None:
    users = [learner.pk, person("ben").pk, person("cleo").pk]
    for user_id in users:
        keep(user_id, NOON, NOON + 60)

    def fails(sql: str) -> str:
        same = [seen for seen in clickhouse.seen if seen.startswith(statement)]
        return fault if sql.startswith(statement) and len(same) == nth else ""

    clickhouse.fault = fails
    with pytest.raises(CommandError, match=r"^ClickHouse at .* (cannot be reached|refuses).* run it again to go on\.$"):
        export("--batch", "2")
    assert ExportedLearner.objects.exclude(mark="").count() == (0 if nth == 1 else 2)

    clickhouse.fault = lambda sql: ""
    assert export("--batch", "2").startswith("3 learners" if nth == 1 else "1 learners")
    assert totals(clickhouse.engine) == measured(users)
    assert clickhouse.engine.rows("SELECT count() FROM learner_profile_active_day FINAL") == [[3]]


def test_an_export_that_another_one_overtook_marks_nothing_as_done(
    learner: User, clickhouse: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(learner.pk, NOON, NOON + 60)

    def overtaken(sql: str) -> str:
        if sql.startswith("INSERT"):
            meanwhile(lambda: ExportedLearner.objects.update(version=2**53))
        return ""

    clickhouse.fault = overtaken
    export()
    assert ExportedLearner.objects.get().mark == ""
    clickhouse.fault = lambda sql: ""
    assert export() == DONE.format(0)
    assert ExportedLearner.objects.get().version == 2**53 + 1


def test_who_has_no_uuid_waits(learner: User, clickhouse: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(learner.pk, NOON, NOON + 60)
    monkeypatch.setattr("demo.lms.compat.get_external_ids", lambda user_ids: {})
    assert export().splitlines() == [
        "1 learners wait: they have no UUID, or are to be erased before.",
        "0 learners exported, 0 of their days written.",
    ]
    monkeypatch.undo()
    assert export() == DONE.format(1)


def test_a_learner_with_a_new_uuid_is_erased_under_the_old_one(
    learner: User, clickhouse: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(learner.pk, NOON, NOON + 60)
    old = actor(learner.pk)
    export()
    new = old[:-1] + ("0" if old[-1] != "0" else "1")
    monkeypatch.setattr("demo.lms.compat.get_external_ids", lambda user_ids: dict.fromkeys(user_ids, new))
    export("--all")
    export()
    assert totals(clickhouse.engine) == {new: 60}


def test_what_a_clock_says_beyond_what_clickhouse_can_hold_is_left_out(learner: User, clickhouse: Server) -> None:
    far = 2**32 + 7 * SECONDS_PER_DAY
    keep(learner.pk, NOON, NOON + 60, far, far + 60)
    assert export() == DONE.format(1)


class TestErasure:
    def later(self) -> None:
        PendingErasure.objects.update(noted_at=timezone.now() - timedelta(hours=2))

    @pytest.fixture
    def ben(self, learner: User, person: PersonFactory, clickhouse: Server) -> User:
        """Export two learners, so that one can go and the other stay."""
        ben = person("ben")
        for user in (learner, ben):
            keep(user.pk, NOON, NOON + 60)
        export()
        return ben

    @pytest.mark.parametrize("how", ["forgotten", "deleted"])
    def test_who_goes_is_erased_by_the_next_export_and_then_the_note_goes(
        self, learner: User, ben: User, clickhouse: Server, how: str
    ) -> None:
        gone, stays = actor(learner.pk), actor(ben.pk)
        if how == "forgotten":
            forget_learner(learner.pk)
        else:
            learner.delete()
        assert not ExportedLearner.objects.exclude(pk=ben.pk).exists()
        assert [str(note.actor_id) for note in PendingErasure.objects.all()] == [gone]

        assert export("--dry-run") == "0 learners would be exported, 1 erased."
        assert export().splitlines()[0] == "1 learners who were forgotten are being erased."
        self.wait_until_erased(clickhouse, gone)
        assert totals(clickhouse.engine) == {stays: 60}
        assert PendingErasure.objects.count() == 1
        self.later()
        export()
        assert PendingErasure.objects.count() == 0

    def test_what_arrives_of_them_afterwards_is_erased_too(self, learner: User, ben: User, clickhouse: Server) -> None:
        gone = actor(learner.pk)
        table, engine = "learner_profile_active_day", clickhouse.engine
        engine.run(f"CREATE TABLE kept AS {table}", "event_sink")
        engine.run(f"INSERT INTO kept SELECT * FROM {table}", "event_sink")
        forget_learner(learner.pk)
        export()
        self.wait_until_erased(clickhouse, gone)
        engine.run(f"INSERT INTO {table} SELECT * FROM kept", "event_sink")
        self.later()
        export()
        self.wait_until_erased(clickhouse, gone)

    def test_who_learns_again_after_being_forgotten_is_exported_once_they_are_erased(
        self, learner: User, ben: User, clickhouse: Server
    ) -> None:
        forget_learner(learner.pk)
        keep(learner.pk, NOON, NOON + 300)
        assert export().splitlines()[0].startswith("1 learners wait")
        self.wait_until_erased(clickhouse, actor(learner.pk))
        self.later()
        assert export() == DONE.format(1)
        assert totals(clickhouse.engine) == measured([learner.pk, ben.pk])

    @pytest.mark.parametrize("before", ["SELECT course_key", "INSERT"])
    def test_who_is_forgotten_while_they_are_exported_is_erased(
        self, learner: User, clickhouse: Server, before: str
    ) -> None:
        keep(learner.pk, NOON, NOON + 60)

        def forgotten(sql: str) -> str:
            if sql.startswith(before):
                meanwhile(lambda: forget_learner(learner.pk))
            return ""

        clickhouse.fault = forgotten
        export()
        clickhouse.fault = lambda sql: ""
        assert count_held(learner.pk) == {}
        export()
        self.wait_until_erased(clickhouse, actor(learner.pk))

    def test_who_is_forgotten_between_being_listed_and_being_exported_leaves_nothing(
        self, learner: User, clickhouse: Server, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        keep(learner.pk, NOON, NOON + 60)
        ids = lms.get_external_ids

        def forgotten(user_ids: Any) -> dict[int, str]:
            forget_learner(learner.pk)
            return ids(user_ids)

        monkeypatch.setattr("demo.lms.compat.get_external_ids", forgotten)
        export()
        assert count_held(learner.pk) == {}
        assert totals(clickhouse.engine) == {}

    @staticmethod
    def wait_until_erased(server: Server, actor_id: str) -> None:
        sql = f"SELECT count() FROM learner_profile_active_day WHERE actor_id = '{actor_id}'"
        for _ in range(200):
            if server.engine.rows(sql) == [[0]]:
                return
            time.sleep(0.02)
        raise AssertionError("It is still there.")

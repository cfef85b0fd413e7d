"""Activity over the event bus: from the tracker of the LMS through a real Redis to rows of evidence."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import redis
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.core import checks
from django.core.management import CommandError, call_command
from eventtracking import tracker
from eventtracking.backends.event_bus import EventBusRoutingBackend
from hypothesis import given
from hypothesis import strategies as st
from openedx_events.analytics.signals import TRACKING_EVENT_EMITTED
from openedx_events.apps import general_signal_handler
from openedx_events.event_bus import get_producer, make_single_consumer

from benchmarks.redis_bus import TOPIC, fill, message, running_redis
from learner_profile_plugin import patience
from learner_profile_plugin.settings import ROUTING, plugin_settings
from learner_profile_plugin.time_on_task import api, bus, bus_stream, consuming
from learner_profile_plugin.time_on_task.activity_table import COUNTED
from learner_profile_plugin.time_on_task.codec import unpack
from learner_profile_plugin.time_on_task.data import Evidence
from learner_profile_plugin.time_on_task.events import read_event
from learner_profile_plugin.time_on_task.models import PendingEvidence
from tests.conftest import NOW, PersonFactory
from tests.time_on_task.conftest import Emit
from tests.time_on_task.material import KNOTS, TIDES, event

TYPE = "org.openedx.analytics.tracking.event.emitted.v1"
PATHS = ("/xblock/block-v1:Harbour+Knots+2026+type@vertical+block@bowline", "/dashboard")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with running_redis() as url:
        yield url


@pytest.fixture
def client(server: str, settings: Any) -> Iterator[redis.Redis]:
    """Give an empty Redis, and a host that sends its tracking events over it."""
    with redis.Redis.from_url(server) as found:
        found.flushall()
        settings.EVENT_BUS_REDIS_CONNECTION_URL = server
        settings.EVENT_BUS_PRODUCER = "edx_event_bus_redis.create_producer"
        settings.EVENT_BUS_CONSUMER = "edx_event_bus_redis.RedisEventConsumer"
        topics = {TOPIC: {"event_key_field": "tracking_log.name", "enabled": True}}
        settings.EVENT_BUS_PRODUCER_CONFIG = {TYPE: topics}
        settings.SEND_TRACKING_EVENT_EMITTED_SIGNAL = True
        settings.LEARNER_PROFILE_EVENT_BUS = True
        settings.EVENT_BUS_TRACKING_LOGS = sorted(COUNTED)
        settings.EVENT_TRACKING_BACKENDS = {
            **settings.EVENT_TRACKING_BACKENDS,
            ROUTING: {"ENGINE": "eventtracking.backends.event_bus.EventBusRoutingBackend"},
        }
        get_producer.cache_clear()
        yield found
    get_producer.cache_clear()


@pytest.fixture
def routed(client: redis.Redis, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let the site send tracking events over the bus, as it does where the settings were so from the start."""
    monkeypatch.setitem(tracker.get_tracker().backends, ROUTING, EventBusRoutingBackend(backend_name=ROUTING))
    TRACKING_EVENT_EMITTED.connect(general_signal_handler)
    yield
    TRACKING_EVENT_EMITTED.disconnect(general_signal_handler)


def consume(*options: str) -> str:
    """Take what there is, and return what was said."""
    said = io.StringIO()
    call_command("learner_profile_consume_events", "--until-empty", *options, stdout=said, stderr=said)
    return re.sub(r"\x1b\[[0-9;]*m", "", said.getvalue())


def evidence(user_id: int) -> Evidence:
    """Return all the evidence that is pending of a learner."""
    return Evidence.union(
        unpack(bytes(row.evidence), row.day) for row in PendingEvidence.objects.filter(user_id=user_id)
    )


def pending_in(client: redis.Redis) -> int:
    """Return how many messages were handed out and are not done."""
    return int(client.xpending(TOPIC, "learner_profile")["pending"])


class TestOnTheWay:
    @pytest.mark.usefixtures("routed")
    def test_what_the_bus_carries_is_kept_by_the_consumer_and_not_by_the_request(
        self, client: redis.Redis, emit: Emit, learner: User
    ) -> None:
        emit("problem_check", {"user_id": learner.pk})
        emit("play_video", {"id": "reef", "currentTime": 3.2, "duration": 100}, event_source="browser")
        assert client.xlen(TOPIC) == 2
        assert not PendingEvidence.objects.exists()
        assert "2 messages, 2 of them kept as evidence." in consume()
        found = evidence(learner.pk)
        assert (len(found.points), len(found.video)) == (1, 1)
        assert pending_in(client) == 0

    @pytest.mark.usefixtures("routed")
    def test_the_platform_s_own_consumer_does_as_well(self, client: redis.Redis, emit: Emit, learner: User) -> None:
        emit("problem_check")
        emit("page_close", event_source="browser")
        consumer: Any = make_single_consumer(topic=TOPIC, group_id="platform", consumer_name="one", check_backlog=True)
        for _ in range(2):
            consumer.emit_signals_from_message(next_message(consumer))
        found = evidence(learner.pk)
        assert (len(found.points), len(found.video)) == (1, 1)
        consumer.db.close()

    @pytest.mark.usefixtures("routed")
    def test_what_it_does_not_carry_is_kept_by_the_request(
        self, client: redis.Redis, emit: Emit, settings: Any
    ) -> None:
        settings.EVENT_BUS_TRACKING_LOGS = ["play_video"]
        emit(PATHS[0])
        emit("problem_check")
        assert client.exists(TOPIC) == 0
        assert PendingEvidence.objects.count() == 2

    @pytest.mark.parametrize(
        "missing",
        [
            "EVENT_BUS_PRODUCER",
            "EVENT_BUS_PRODUCER_CONFIG",
            "EVENT_BUS_TRACKING_LOGS",
            "EVENT_TRACKING_BACKENDS",
            "INSTALLED_APPS",
            "SEND_TRACKING_EVENT_EMITTED_SIGNAL",
        ],
    )
    def test_nothing_is_left_to_a_bus_that_gets_nothing(
        self, client: redis.Redis, emit: Emit, settings: Any, missing: str
    ) -> None:
        assert checks.run_checks() == []
        if missing == "INSTALLED_APPS":
            settings.INSTALLED_APPS = [app for app in settings.INSTALLED_APPS if app != "openedx_events"]
        else:
            setattr(settings, missing, {} if isinstance(getattr(settings, missing), dict) else None)
        assert not bus.is_carried("problem_check")
        (problem,) = checks.run_checks()
        assert problem.id == "learner_profile.W003"
        assert missing in problem.msg
        emit("problem_check")
        assert PendingEvidence.objects.count() == 1

    def test_without_the_switch_nothing_changes(
        self, client: redis.Redis, emit: Emit, learner: User, settings: Any
    ) -> None:
        settings.LEARNER_PROFILE_EVENT_BUS = False
        emit("problem_check")
        assert PendingEvidence.objects.count() == 1
        fill(client, [message(event("problem_save", user_id=learner.pk))])
        consumer: Any = make_single_consumer(topic=TOPIC, group_id="x", consumer_name="one", check_backlog=True)
        consumer.emit_signals_from_message(next_message(consumer))
        assert PendingEvidence.objects.count() == 1
        consumer.db.close()


def next_message(consumer: Any) -> Any:
    """Take a message as the loop of the platform's consumer does."""
    from edx_event_bus_redis.internal.message import RedisMessage

    ((name, fields),) = consumer.consumer.read(count=1, block=1000)
    consumer.consumer.ack(name)
    return RedisMessage.parse((name, fields), consumer.full_topic)


class TestSettings:
    def test_the_host_is_told_to_send_what_counts(self) -> None:
        host: Any = SimpleNamespace(
            LEARNER_PROFILE_EVENT_BUS=True,
            EVENT_BUS_TRACKING_LOGS=["own.event", "problem_check"],
            EVENT_TRACKING_BACKENDS={"tracking_logs": {"ENGINE": "x"}},
        )
        for _ in range(2):
            plugin_settings(host)
            assert host.EVENT_BUS_TRACKING_LOGS[:2] == ["own.event", "problem_check"]
            assert sorted({*host.EVENT_BUS_TRACKING_LOGS}) == sorted(host.EVENT_BUS_TRACKING_LOGS)
            assert COUNTED.keys() | {"own.event"} == {*host.EVENT_BUS_TRACKING_LOGS}
            assert list(host.EVENT_TRACKING_BACKENDS) == ["learner_profile", "tracking_logs", ROUTING]

    def test_a_route_that_is_there_will_do(self) -> None:
        there = {"event_transformer": {"ENGINE": "eventtracking.backends.event_bus.EventBusRoutingBackend"}}
        host: Any = SimpleNamespace(LEARNER_PROFILE_EVENT_BUS=True, EVENT_TRACKING_BACKENDS=there)
        plugin_settings(host)
        assert list(host.EVENT_TRACKING_BACKENDS) == ["learner_profile", "event_transformer"]

    def test_a_host_without_a_bus_is_left_alone(self) -> None:
        assert ROUTING not in django_settings.EVENT_TRACKING_BACKENDS
        assert not hasattr(django_settings, "EVENT_BUS_TRACKING_LOGS")


class TestSameEvidence:
    @given(
        st.sampled_from([*sorted(COUNTED), *PATHS]),
        st.fixed_dictionaries(
            {},
            optional={
                "id": st.text(max_size=5),
                "currentTime": st.floats(0, 1000) | st.text(max_size=3) | st.none(),
                "duration": st.floats(0, 1000) | st.none(),
                "user_id": st.sampled_from([7, "7", 8, None]),
            },
        )
        | st.just('{"id": "reef", "currentTime": 7.5}'),
        st.timedeltas(timedelta(0), timedelta(days=3)),
        st.sampled_from(["browser", "server", "mobile", "task"]),
    )
    def test_the_bus_changes_nothing(self, name: str, data: Any, later: timedelta, source: str) -> None:
        told = event(name, data, at=NOW + later, event_source=source)
        assert bus.decode(message(told)) == read_event(told)

    def test_what_comes_twice_and_in_any_order_counts_once(self, client: redis.Redis, learner: User) -> None:
        told = [event("problem_check", user_id=learner.pk, at=NOW + timedelta(minutes=n)) for n in (0, 2, 4)]
        fill(client, [message(one) for one in (*told, *told[::-1])])
        consume("--batch", "2")
        assert api.get_learning_time(learner.pk).seconds == 240
        api.compact(learner.pk)
        assert api.get_learning_time(learner.pk).seconds == 240


class TestWhatCannotBeKept:
    @pytest.mark.parametrize(
        ("spoil", "reason"),
        [
            (lambda fields: fields | {b"event_data": b"\xff"}, "not in the form"),
            (lambda fields: {b"type": fields[b"type"]}, "not in the form"),
            (lambda _: message(event("problem_check") | {"context": "no object"}), None),
            (lambda _: message(event(["a"], course_id=["x"]) | {"name": "problem_check"}), "no tracking event"),
            (lambda _: message(event("problem_check", timestamp="yesterday")), "no tracking event"),
        ],
    )
    def test_it_is_set_aside_with_the_reason(
        self, client: redis.Redis, learner: User, spoil: Any, reason: str | None
    ) -> None:
        good = message(event("problem_check", user_id=learner.pk))
        spoilt = spoil(good)
        fill(client, [good, spoilt, good])
        said = consume()
        assert PendingEvidence.objects.count() == 1
        assert ("set aside" in said) is (reason is not None)
        if reason is not None:
            entries: Any = client.xrange(f"{TOPIC}-set-aside")
            ((_, fields),) = entries
            assert reason in fields.pop(b"reason").decode()
            assert fields == spoilt

    def test_what_was_set_aside_can_be_consumed_again(self, client: redis.Redis, learner: User) -> None:
        good = message(event("problem_check", user_id=learner.pk))
        fill(client, [good | {b"reason": b"The plugin was too old."}], f"{TOPIC}-set-aside")
        assert "1 of them kept" in consume("--topic", f"{TOPIC}-set-aside")
        assert PendingEvidence.objects.count() == 1

    def test_other_events_of_the_topic_are_nothing_to_us(self, client: redis.Redis, learner: User) -> None:
        good = message(event("problem_check", user_id=learner.pk))
        fill(client, [good | {b"type": b"org.openedx.learning.auth.session.login.completed.v1"}])
        assert "1 messages, 0 of them kept as evidence." in consume()
        assert client.exists(f"{TOPIC}-set-aside") == 0

    def test_people_without_an_open_account_are_left_out(
        self, client: redis.Redis, learner: User, person: PersonFactory
    ) -> None:
        closed = person("ben")
        closed.set_unusable_password()
        closed.save()
        ids = (learner.pk, closed.pk, 10**9)
        fill(client, [message(event("problem_check", user_id=user_id)) for user_id in ids])
        assert "3 messages, 1 of them kept as evidence." in consume()
        assert [row.user_id for row in PendingEvidence.objects.all()] == [learner.pk]

    def test_one_piece_that_the_database_refuses_keeps_no_other_away(
        self, client: redis.Redis, learner: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from django.db import DataError

        store = api.keep

        def keep(activities: Any) -> None:
            given = list(activities)
            if any(activity.course_key == TIDES for activity in given):
                raise DataError("too wide")
            store(given)

        monkeypatch.setattr(api, "keep", keep)
        courses = [KNOTS, TIDES, KNOTS, KNOTS]
        fill(
            client,
            [
                message(event("problem_check", user_id=learner.pk, course_id=str(key), at=NOW + timedelta(seconds=n)))
                for n, key in enumerate(courses)
            ],
        )
        assert "4 messages, 3 of them kept as evidence, 1 set aside." in consume()
        assert len(evidence(learner.pk).points) == 3
        assert pending_in(client) == 0

    def test_switched_off_it_keeps_nothing(self, client: redis.Redis, learner: User, settings: Any) -> None:
        settings.LEARNER_PROFILE_COLLECT_LEARNING_TIME = False
        fill(client, [message(event("problem_check", user_id=learner.pk))])
        assert "1 messages, 0 of them kept" in consume()


class TestPatience:
    @pytest.fixture
    def pauses(self, monkeypatch: pytest.MonkeyPatch) -> list[float]:
        """Return the list of how long was waited, which takes no time."""
        found: list[float] = []
        for module in (patience, consuming):
            monkeypatch.setattr(module, "time", SimpleNamespace(sleep=found.append))
        return found

    def test_it_waits_for_the_database(
        self, client: redis.Redis, learner: User, pauses: list[float], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from django.db import OperationalError

        store, answers = api.keep, iter([OperationalError("gone away")] * 7)

        def keep(activities: Any) -> None:
            for error in answers:
                raise error
            store(activities)

        monkeypatch.setattr(api, "keep", keep)
        fill(client, [message(event("problem_check", user_id=learner.pk))])
        consume()
        assert pauses == [1, 2, 5, 10, 30, 30, 30]
        assert PendingEvidence.objects.count() == 1

    def test_a_message_counts_as_done_only_once_it_is_stored(
        self, client: redis.Redis, learner: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class KilledError(BaseException):
            pass

        def die(*_: Any) -> None:
            raise KilledError

        fill(client, [message(event("problem_check", user_id=learner.pk))])
        with monkeypatch.context() as patch:
            patch.setattr(api, "keep", die)
            with pytest.raises(KilledError):
                consume()
        assert pending_in(client) == 1
        consume()
        assert pending_in(client) == 0
        assert PendingEvidence.objects.count() == 1

    def test_another_takes_over_what_was_left_behind(
        self, client: redis.Redis, learner: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fill(client, [message(event("problem_check", user_id=learner.pk))])
        left = bus_stream.EventStream(TOPIC, "learner_profile", "lost")
        assert len(left.take(10, 0.01)) == 1
        left.close()
        assert "0 messages" in consume("--consumer", "other")
        monkeypatch.setattr(bus_stream, "ABANDONED_AFTER", 0)
        assert "1 messages, 1 of them kept" in consume("--consumer", "other")

    def test_it_waits_for_redis(
        self, client: redis.Redis, learner: User, pauses: list[float], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fill(client, [message(event("problem_check", user_id=learner.pk))])
        take, answers = bus_stream.EventStream.take, iter([redis.ConnectionError("no"), redis.TimeoutError("slow")])

        def stumble(self: bus_stream.EventStream, count: int, wait: float) -> Any:
            for error in answers:
                raise error
            return take(self, count, wait)

        monkeypatch.setattr(bus_stream.EventStream, "take", stumble)
        assert "1 of them kept" in consume()
        assert pauses == [1, 2]


class TestWhatIsGone:
    def test_messages_that_were_cut_off_unread_are_told(self, client: redis.Redis, learner: User) -> None:
        told = message(event("problem_check", user_id=learner.pk))
        fill(client, [told])
        consume()
        fill(client, [told] * 10)
        client.xtrim(TOPIC, 3, approximate=False)
        said = consume()
        assert "7 messages were cut off analytics" in said
        assert "3 messages, 3 of them kept" in said
        assert "cut off" not in consume()

    def test_messages_that_were_cut_off_while_they_were_handed_out_are_counted(
        self, client: redis.Redis, learner: User
    ) -> None:
        fill(client, [message(event("problem_check", user_id=learner.pk))] * 3)
        stream = bus_stream.EventStream(TOPIC, "learner_profile", "one")
        stream.take(10, 0.01)
        stream.close()
        client.xtrim(TOPIC, 1, approximate=False)
        assert "3 messages, 1 of them kept as evidence, 2 gone before they were done." in consume("--consumer", "one")
        assert pending_in(client) == 0

    def test_all_of_them_may_be_gone(self, client: redis.Redis, learner: User) -> None:
        fill(client, [message(event("problem_check", user_id=learner.pk))])
        consume()
        fill(client, [message(event("problem_check", user_id=learner.pk))] * 3)
        client.xtrim(TOPIC, 0, approximate=False)
        assert "3 messages were cut off" in consume()


class TestCommand:
    def test_a_prefix_is_that_of_the_site(self, client: redis.Redis, learner: User, settings: Any) -> None:
        settings.EVENT_BUS_TOPIC_PREFIX = "stage"
        fill(client, [message(event("problem_check", user_id=learner.pk))], f"stage-{TOPIC}")
        assert "1 of them kept" in consume()

    def test_without_an_address_it_says_what_to_set(self, client: redis.Redis, settings: Any) -> None:
        del settings.EVENT_BUS_REDIS_CONNECTION_URL
        with pytest.raises(CommandError, match="EVENT_BUS_REDIS_CONNECTION_URL"):
            consume()

    def test_what_is_no_stream_is_named(self, client: redis.Redis) -> None:
        client.set(TOPIC, "text")
        with pytest.raises(CommandError, match="analytics cannot be read as a stream"):
            consume()

    def test_a_batch_has_a_size(self) -> None:
        with pytest.raises(CommandError, match="At least 1"):
            consume("--batch", "0")

    def test_it_says_how_far_it_got(self, client: redis.Redis, learner: User, monkeypatch: pytest.MonkeyPatch) -> None:
        from learner_profile_plugin.management.commands import learner_profile_consume_events as command

        monkeypatch.setattr(command, "SAY_EVERY", 0)
        fill(client, [message(event("problem_check", user_id=learner.pk))] * 3)
        said = consume("--batch", "2")
        assert re.search(r"2 messages, 2 of them kept as evidence\. [\d,]+ messages/s, 1 behind\.", said)

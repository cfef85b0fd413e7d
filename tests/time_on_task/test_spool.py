"""Evidence outlives the transaction it arrived in, a broken database and a lost account."""

from __future__ import annotations

import contextlib
import json
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from celery import current_app, shared_task
from django.contrib.auth.models import User
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import path
from eventtracking import tracker
from kombu.transport.memory import Channel

from demo.lms.tracking.emission import emit_for_course
from learner_profile_plugin.time_on_task import api, spool
from learner_profile_plugin.time_on_task.codec import unpack
from learner_profile_plugin.time_on_task.data import Activity, Evidence
from learner_profile_plugin.time_on_task.middleware import KeepEvidenceMiddleware
from learner_profile_plugin.time_on_task.models import LearningDay, PendingEvidence
from tests.conftest import PersonFactory
from tests.time_on_task.conftest import Emit, Queue, broken
from tests.time_on_task.material import KNOTS, NOON

FAILSAFE = "learner_profile_plugin.failsafe"
API = "learner_profile_plugin.time_on_task.api"
NOBODY = 987_654


class AbortError(Exception):
    """What goes wrong in the LMS, with us or without us."""


def kept() -> int:
    return PendingEvidence.objects.count()


def act(user_id: int, second: int = NOON) -> Activity:
    return Activity(user_id, KNOTS, Evidence(points=frozenset({second})))


def logged(caplog: pytest.LogCaptureFixture, *names: str) -> list[tuple[int, str]]:
    """Return level and message of what these loggers said, by default all of the plugin's."""
    chosen = names or ("learner_profile_plugin",)
    return [(record.levelno, record.getMessage()) for record in caplog.records if record.name.startswith(chosen)]


# Transactions


def test_inside_of_a_transaction_nothing_is_written_until_it_ends(emit: Emit) -> None:
    with transaction.atomic(), CaptureQueriesContext(connection) as captured:
        emit()
        emit("problem_save")
    assert len(captured) == 0
    assert kept() == 2


def test_what_waited_for_a_transaction_is_written_by_one_statement(emit: Emit) -> None:
    with CaptureQueriesContext(connection) as captured, transaction.atomic():
        for _ in range(5):
            emit()
    assert sum(query["sql"].startswith("INSERT") for query in captured) == 1
    assert kept() == 5


def test_a_transaction_within_another_is_not_the_end(emit: Emit) -> None:
    with transaction.atomic():
        with transaction.atomic():
            emit()
        assert kept() == 0
    assert kept() == 1


def test_a_savepoint_that_is_rolled_back_takes_no_evidence_with_it(emit: Emit) -> None:
    with transaction.atomic():
        with contextlib.suppress(AbortError), transaction.atomic():
            emit()
            raise AbortError
        emit("problem_save")
    assert kept() == 2


def test_the_next_event_brings_what_a_rolled_back_transaction_left(emit: Emit) -> None:
    with contextlib.suppress(AbortError), transaction.atomic():
        emit()
        raise AbortError
    assert kept() == 0
    emit("problem_save")
    assert kept() == 2


# Requests


def answer(request: HttpRequest) -> HttpResponse:
    emit_for_course("problem_check", {}, KNOTS)
    emit_for_course("problem_save", {}, KNOTS)
    return HttpResponse(str(kept()))


def fail(request: HttpRequest) -> HttpResponse:
    answer(request)
    User.objects.filter(username="ada").update(first_name="Rolled back")
    raise AbortError


def fail_within(request: HttpRequest) -> HttpResponse:
    with contextlib.suppress(AbortError), transaction.atomic():
        answer(request)
        raise AbortError
    return HttpResponse(str(kept()))


def quiet(request: HttpRequest) -> HttpResponse:
    emit_for_course("problem_check", {}, KNOTS)
    return HttpResponse("answered")


def quiet_and_fail(request: HttpRequest) -> HttpResponse:
    quiet(request)
    raise AbortError


urlpatterns = [path(view.__name__, view) for view in (answer, fail, fail_within, quiet, quiet_and_fail)]


@pytest.fixture
def client(learner: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(learner)
    return client


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("address", ["/answer", "/fail_within"])
def test_a_request_keeps_its_evidence_when_it_is_answered(client: Client, address: str) -> None:
    assert client.get(address).content == b"0", "nothing is written while the request is worked on"
    assert kept() == 2


@pytest.mark.urls(__name__)
def test_a_request_that_fails_keeps_its_evidence_and_nothing_else(client: Client, learner: User) -> None:
    assert client.get("/fail").status_code == 500
    assert kept() == 2
    learner.refresh_from_db()
    assert learner.first_name == ""


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("address", ["/quiet", "/quiet_and_fail"])
def test_a_request_does_not_feel_that_its_evidence_cannot_be_stored(
    client: Client, queue: Queue, caplog: pytest.LogCaptureFixture, address: str
) -> None:
    usual = client.get(address)
    with broken(PendingEvidence):
        response = client.get(address)
    assert (response.status_code, response.content) == (usual.status_code, usual.content)
    assert len(logged(caplog)) == 1
    queue.deliver()
    assert kept() == 2


def leaves_some(request: HttpRequest) -> HttpResponse:
    with contextlib.suppress(AbortError), transaction.atomic():
        spool.accept(act(int(request.META["user"])))
        raise AbortError
    if "fail" in request.META:
        raise AbortError
    return HttpResponse("answered")


def request_of(learner: User, **meta: str) -> HttpRequest:
    request = HttpRequest()
    request.META |= {"user": str(learner.pk), **meta}
    return request


def test_what_a_request_leaves_is_written_before_its_response_leaves(learner: User) -> None:
    assert KeepEvidenceMiddleware(leaves_some)(request_of(learner)).status_code == 200
    assert kept() == 1
    with pytest.raises(AbortError):
        KeepEvidenceMiddleware(leaves_some)(request_of(learner, fail="yes"))
    assert kept() == 2


def test_a_request_that_leaves_nothing_asks_nothing_of_the_database(learner: User) -> None:
    answered = HttpResponse("answered")
    with CaptureQueriesContext(connection) as captured:
        assert KeepEvidenceMiddleware(lambda request: answered)(request_of(learner)) is answered
    assert len(captured) == 0


# Tasks


@shared_task(name="tests.time_on_task.work")
def work(user_id: int, fails: bool) -> None:
    with contextlib.suppress(AbortError), transaction.atomic():
        with tracker.get_tracker().context("test", {"user_id": user_id, "course_id": str(KNOTS)}):
            tracker.emit("edx.completion.block_completion.changed", {"user_id": user_id})
        raise AbortError
    assert kept() == 0
    if fails:
        raise AbortError


@pytest.mark.parametrize("fails", [False, True])
def test_a_task_keeps_its_evidence_when_it_ends(learner: User, fails: bool) -> None:
    done = work.apply((learner.pk, fails))
    assert isinstance(done.result, AbortError) == fails
    assert kept() == 1


def test_a_task_that_ends_inside_of_a_transaction_writes_nothing_into_it(emit: Emit, learner: User) -> None:
    """So it is where tasks are not queued but run at once."""
    with contextlib.suppress(AbortError), transaction.atomic():
        work.apply((learner.pk, False))
        assert kept() == 0
        raise AbortError
    spool.flush()
    assert kept() == 1


# A database that fails


def test_evidence_that_cannot_be_stored_is_queued_and_stored_later(
    emit: Emit, learner: User, queue: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    with broken(PendingEvidence):
        emit()
    ((level, message),) = logged(caplog)
    assert level == logging.WARNING
    assert message == (
        f"Kept: 1 piece(s) of evidence of user(s) [{learner.pk}] could not be stored now"
        " and is queued to be tried again."
    )
    assert kept() == 0
    queue.deliver()
    assert kept() == 1


def test_what_waited_for_a_transaction_is_queued_as_one(
    emit: Emit, person: PersonFactory, queue: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    other = person("ben")
    with broken(PendingEvidence), transaction.atomic():
        emit("play_video", {"id": "sheet-bend", "currentTime": 3, "duration": 95})
        emit(user_id=other.pk)
    assert len(logged(caplog)) == 1
    queue.deliver()
    assert kept() == 2
    assert [bool(evidence.video) for evidence in evidence_of_all()] == [True, False]


def evidence_of_all() -> list[Evidence]:
    return [unpack(bytes(row.evidence), row.day) for row in PendingEvidence.objects.order_by("pk")]


def test_what_is_queued_is_what_would_have_been_stored(learner: User, queue: Queue) -> None:
    spool.accept(act(learner.pk))
    (stored,) = PendingEvidence.objects.values_list("course_key", "day", "evidence")
    with broken(PendingEvidence):
        spool.accept(act(learner.pk))
    queue.deliver()
    for again in PendingEvidence.objects.values_list("course_key", "day", "evidence"):
        assert [*map(bytes_of, again)] == [*map(bytes_of, stored)]


def bytes_of(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def test_a_task_that_comes_twice_changes_no_figure(learner: User, queue: Queue) -> None:
    api.keep([act(learner.pk)])
    with broken(PendingEvidence):
        spool.accept(act(learner.pk, NOON + 600))
    ((rows,),) = queue.sent()
    assert json.loads(json.dumps(rows)) == rows
    for _ in range(2):
        current_app.tasks["learner_profile_plugin.time_on_task.store_evidence"].apply((rows,), throw=True)
    assert api.get_learning_time(learner.pk).seconds == 600


def test_a_task_that_fails_is_tried_again_until_it_works(learner: User, queue: Queue) -> None:
    attempts = 0

    def gone_away(execute: Any, sql: str, *rest: Any) -> Any:
        nonlocal attempts
        if sql.startswith("INSERT"):
            attempts += 1
            if attempts <= 4:
                raise OperationalError("the server has gone away")
        return execute(sql, *rest)

    with connection.execute_wrapper(gone_away):
        spool.accept(act(learner.pk))
        assert kept() == 0
        queue.deliver()
    assert (attempts, kept()) == (5, 1)


def test_evidence_that_can_be_neither_stored_nor_queued_is_said_to_be_lost(
    emit: Emit, learner: User, queue: Queue, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise ConnectionRefusedError("no broker")

    monkeypatch.setattr(Channel, "_put", refuse)
    with broken(PendingEvidence):
        emit()
    ((level, message),) = logged(caplog)
    assert level == logging.ERROR
    assert message.startswith(f"Lost: 1 piece(s) of evidence of user(s) [{learner.pk}] could be neither stored (")
    assert "nor queued" in message


def test_a_failure_does_not_stop_what_comes_after(emit: Emit, queue: Queue) -> None:
    with broken(PendingEvidence):
        emit()
    emit()
    assert kept() == 1
    queue.deliver()
    assert kept() == 2


# Accounts that are gone


def test_evidence_of_an_account_that_is_gone_is_dropped_and_that_of_others_kept(
    emit: Emit, learner: User, queue: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    with transaction.atomic():
        emit(user_id=NOBODY)
        emit()
        emit(user_id=NOBODY)
    assert [row.user_id for row in PendingEvidence.objects.all()] == [learner.pk]
    assert logged(caplog) == [(logging.WARNING, "Dropped: 2 piece(s) of evidence of accounts that are gone.")]
    assert queue.sent() == []


def test_evidence_of_nobody_alone_leaves_nothing(emit: Emit, queue: Queue, caplog: pytest.LogCaptureFixture) -> None:
    emit(user_id=NOBODY)
    assert kept() == 0
    assert len(logged(caplog)) == 1
    assert queue.sent() == []


def test_an_account_that_goes_while_its_evidence_is_queued_is_no_failure(
    emit: Emit, learner: User, queue: Queue, caplog: pytest.LogCaptureFixture
) -> None:
    with broken(PendingEvidence):
        emit()
    learner.delete()
    queue.deliver()
    assert kept() == 0
    assert logged(caplog, API) == [(logging.WARNING, "Dropped: 1 piece(s) of evidence of accounts that are gone.")]


# Threads


def test_what_waits_in_one_thread_is_not_written_by_another(learner: User) -> None:
    waits, go_on = threading.Event(), threading.Event()

    def roll_back() -> int:
        try:
            with contextlib.suppress(AbortError), transaction.atomic():
                spool.accept(act(learner.pk))
                waits.set()
                assert go_on.wait(10)
                raise AbortError
            before = kept()
            spool.flush()
            return before
        finally:
            waits.set()
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(roll_back)
        assert waits.wait(10)
        with CaptureQueriesContext(connection) as captured:
            spool.flush()
        go_on.set()
        assert other.result(20) == 0
    assert len(captured) == 0
    assert kept() == 1


def test_each_thread_keeps_what_its_own_transactions_left(person: PersonFactory) -> None:
    learners = [person(name) for name in ("ada", "ben", "cleo", "dan")]

    def roll_back_and_commit(learner: User) -> None:
        try:
            for _ in range(3):
                with contextlib.suppress(AbortError), transaction.atomic():
                    spool.accept(act(learner.pk))
                    raise AbortError
                with transaction.atomic():
                    spool.accept(act(learner.pk, NOON + 60))
        finally:
            connection.close()

    with ThreadPoolExecutor(len(learners)) as pool:
        list(pool.map(roll_back_and_commit, learners))
    assert {learner.pk: PendingEvidence.objects.filter(user=learner).count() for learner in learners} == {
        learner.pk: 6 for learner in learners
    }
    assert not LearningDay.objects.exists()

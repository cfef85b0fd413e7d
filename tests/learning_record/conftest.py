"""A task queue and a database that can be made to fail."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from celery.app.trace import build_tracer
from django.db import DatabaseError, OperationalError, connection, transaction
from kombu.transport.virtual import Channel

from demo.celery import app

TABLE = "learner_profile_plugin_learningrecord"


class Queue:
    """The task queue as a site has it: tasks wait in a broker until a worker takes them."""

    def take(self) -> list[Any]:
        """Take all messages out."""
        with app.connection_for_read("memory://localhost") as broker:
            waiting = broker.SimpleQueue(app.conf.task_default_queue)
            taken = []
            with contextlib.suppress(waiting.Empty):
                while True:
                    taken.append(waiting.get(block=False))
                    taken[-1].ack()
            return taken

    def work(self) -> int:
        """Run the tasks that wait now, as a worker does, and return how many they were."""
        messages = self.take()
        for message in messages:
            self.run(message)
        return len(messages)

    def run(self, message: Any) -> None:
        """Run one task."""
        task = app.tasks[message.headers["task"]]
        args, kwargs, _ = message.payload
        request = {**message.headers, "delivery_info": message.delivery_info, "is_eager": False}
        build_tracer(task.name, task, app=app)(message.headers["id"], args, kwargs, request)


@pytest.fixture
def queue() -> Iterator[Queue]:
    found = Queue()
    found.take()
    app.conf.task_always_eager = False
    yield found
    app.conf.task_always_eager = True
    found.take()


@pytest.fixture
def broken_queue(queue: Queue, monkeypatch: pytest.MonkeyPatch) -> Queue:
    """Make the broker unreachable."""

    def fail(*args: object, **kwargs: object) -> None:
        raise ConnectionRefusedError("no broker")

    monkeypatch.setattr(Channel, "basic_publish", fail)
    return queue


@contextlib.contextmanager
def broken_table() -> Iterator[list[str]]:
    """
    Make every statement on the learning record fail as in a deadlock, and yield the statements.

    A statement fails in the database itself: a PostgreSQL transaction that it belongs to is lost
    unless it is rolled back to a savepoint.
    """
    failed: list[str] = []

    def fail(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if TABLE not in sql:
            return execute(sql, params, many, context)
        failed.append(sql)
        try:
            execute("SELECT no_such_column FROM auth_user", None, False, context)
        except DatabaseError as error:
            if connection.vendor == "mysql" and connection.in_atomic_block:
                # A deadlock takes the whole transaction with it there, savepoints and all.
                execute("ROLLBACK", None, False, context)
            raise OperationalError("deadlock detected") from error

    with connection.execute_wrapper(fail):
        yield failed


class HostError(Exception):
    """What makes the host roll its own work back."""


@contextlib.contextmanager
def rolled_back() -> Iterator[None]:
    """Run the body in a transaction that comes to nothing."""
    with contextlib.suppress(HostError), transaction.atomic():
        yield
        raise HostError

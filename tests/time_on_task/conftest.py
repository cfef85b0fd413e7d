"""What these tests share: an emitter that goes through event-tracking, a task queue, and broken tables."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from celery import current_app
from django.contrib.auth.models import User
from django.db import connection, models
from eventtracking import tracker

from learner_profile_plugin.time_on_task import spool
from tests.time_on_task.material import KNOTS

Emit = Callable[..., None]


@pytest.fixture
def emit(learner: User) -> Iterator[Emit]:
    """Emit an event of the learner, as code of the LMS does."""

    def emit(name: str = "problem_check", data: object = None, **context: object) -> None:
        given = {"user_id": learner.pk, "course_id": str(KNOTS), "session": "5e55102f", **context}
        with tracker.get_tracker().context("test", given):
            tracker.emit(name, {} if data is None else data)

    yield emit
    spool.flush()


class Queue:
    """A task queue in memory, of which nobody takes anything until told to."""

    def sent(self) -> list[tuple[Any, ...]]:
        """Return the arguments of the tasks that were queued, and take them from the queue."""
        return [arguments for _, arguments in self._take()]

    def deliver(self) -> None:
        """Run what was queued, as a worker would, only that what is to be tried again is so at once."""
        for name, arguments in self._take():
            assert current_app.tasks[name].apply(arguments).state != "FAILURE"

    @staticmethod
    def _take() -> Iterator[tuple[str, tuple[Any, ...]]]:
        with current_app.connection_for_read() as broker:
            simple = broker.SimpleQueue(current_app.conf.task_default_queue)
            with contextlib.closing(simple):
                for _ in range(simple.qsize()):
                    message = simple.get(block=False)
                    message.ack()
                    yield message.headers["task"], tuple(message.payload[0])


@pytest.fixture
def queue() -> Iterator[Queue]:
    """Put tasks into a queue, and not at once into effect as the demo does."""
    current_app.conf.task_always_eager = False
    found = Queue()
    found.sent()
    yield found
    found.sent()
    current_app.conf.task_always_eager = True


@contextlib.contextmanager
def broken(model: type[models.Model]) -> Iterator[None]:
    """Take a table away, so that the database really fails."""
    table = model._meta.db_table
    _rename(table, f"{table}_away")
    try:
        yield
    finally:
        _rename(f"{table}_away", table)


def _rename(old: str, new: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {old} RENAME TO {new}")

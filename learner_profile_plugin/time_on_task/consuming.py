"""Takes tracking events off a Redis stream, batch by batch, and keeps what they are evidence of."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import DatabaseError

from learner_profile_plugin.patience import endlessly
from learner_profile_plugin.time_on_task import bus
from learner_profile_plugin.time_on_task.bus_stream import EventStream, Message, NoStreamError
from learner_profile_plugin.time_on_task.data import Activity

__all__ = ["Consumed", "EventStream", "NoStreamError", "consume"]

log = logging.getLogger(__name__)

WAIT = 1.0
"""Seconds to wait for messages before one looks at something else."""


@dataclass(slots=True)
class Consumed:
    """
    What was done so far.

    Attributes:
        messages: how many were taken.
        kept: pieces of evidence that were stored.
        set_aside: messages that could not be read or stored, and are in a stream of their own now.
        gone: messages that had been cut off the stream before they were done.
    """

    messages: int = 0
    kept: int = 0
    set_aside: int = 0
    gone: int = 0


def consume(stream: EventStream, *, batch: int, until_empty: bool = False) -> Iterator[Consumed]:
    """
    Keep what there is evidence of, and yield how far it got after every batch, or when there was none.

    It may be stopped or killed at any moment: a batch is stored before it counts as done, and what
    comes twice is the same evidence. Ends where nothing is left, if told so, and never otherwise.
    """
    consumed, pauses = Consumed(), endlessly()
    while True:
        try:
            messages = stream.take(batch, 0 if until_empty else WAIT)
            if messages:
                _consume(stream, messages, consumed)
            elif until_empty:
                return
            pauses = endlessly()
        except stream.away as error:
            pause = next(pauses)
            log.warning("Tried again in %g s: the event bus does not answer (%s).", pause, error)
            time.sleep(pause)
        yield consumed


def _consume(stream: EventStream, messages: list[Message], consumed: Consumed) -> None:
    activities: list[tuple[Message, Activity]] = []
    for message in messages:
        if not message.fields:
            consumed.gone += 1
        elif settings.LEARNER_PROFILE_COLLECT_LEARNING_TIME:
            try:
                activity = bus.decode(message.fields)
            except bus.UnreadableMessageError as error:
                _set_aside(stream, message, error, consumed)
            else:
                activities += [] if activity is None else [(message, activity)]
    _keep(stream, activities, consumed)
    stream.done(messages)
    consumed.messages += len(messages)


def _keep(stream: EventStream, found: list[tuple[Message, Activity]], consumed: Consumed) -> None:
    """Store a batch; where the database refuses it, find out which of it, and set only that aside."""
    try:
        consumed.kept += bus.keep([activity for _, activity in found])
    except DatabaseError as error:
        if len(found) == 1:
            _set_aside(stream, found[0][0], error, consumed)
            return
        middle = len(found) // 2
        _keep(stream, found[:middle], consumed)
        _keep(stream, found[middle:], consumed)


def _set_aside(stream: EventStream, message: Message, error: Exception, consumed: Consumed) -> None:
    stream.set_aside(message, str(error))
    consumed.set_aside += 1
    log.error("Set aside: message %s of %s (%s).", message.id.decode(), stream.name, error)

"""Takes learners' activity off the platform's event bus."""

from __future__ import annotations

import argparse
import socket
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from learner_profile_plugin.time_on_task.consuming import Consumed, EventStream, NoStreamError, consume

SAY_EVERY = 10
"""Seconds."""


class Command(BaseCommand):
    """A process that stands beside the LMS. Any number of them share the work; each may be killed at any time."""

    help = "Keep evidence of learning time from tracking events on the event bus (Redis), many at a time."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the topic, and how to go about it."""
        parser.add_argument("-t", "--topic", default="analytics", help="The topic, without the prefix (analytics).")
        parser.add_argument(
            "-g", "--group", default="learner_profile", help="The group of consumers that share the work."
        )
        parser.add_argument(
            "-c",
            "--consumer",
            default=socket.gethostname(),
            help="The name of this one in its group, the same after a restart (the name of the machine).",
        )
        parser.add_argument("--batch", type=_count, default=1000, help="How many messages to take at a time (1000).")
        parser.add_argument("--until-empty", action="store_true", help="End when nothing is left.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Consume, and say from time to time how far it got."""
        begun = said = time.monotonic()
        consumed = Consumed()
        try:
            stream = EventStream(options["topic"], options["group"], options["consumer"])
        except NoStreamError as error:
            raise CommandError(str(error)) from error
        self._say_what_is_gone(stream)
        try:
            for consumed in consume(stream, batch=options["batch"], until_empty=options["until_empty"]):
                if time.monotonic() - said >= SAY_EVERY:
                    said = time.monotonic()
                    self._say(stream, consumed, said - begun)
        except KeyboardInterrupt:
            self.stderr.write("Stopped. What was taken and not stored is handed out again.")
        finally:
            stream.close()
        self.stdout.write(self.style.SUCCESS(_told(consumed)))

    def _say(self, stream: EventStream, consumed: Consumed, seconds: float) -> None:
        behind, _ = stream.count_behind()
        left = "" if behind is None else f", {behind:,} behind"
        self.stderr.write(f"{_told(consumed)} {consumed.messages / seconds:,.0f} messages/s{left}.")

    def _say_what_is_gone(self, stream: EventStream) -> None:
        _, gone = stream.count_behind()
        if gone:
            self.stderr.write(
                self.style.ERROR(
                    f"{gone:,} messages were cut off {stream.name} before this group had read them. Import the "
                    "tracking logs of that time (learner_profile_import_tracking_logs): nothing counts twice. "
                    "A longer stream (EVENT_BUS_REDIS_STREAM_MAX_LEN) outlasts a longer pause."
                )
            )


def _told(consumed: Consumed) -> str:
    told = f"{consumed.messages:,} messages, {consumed.kept:,} of them kept as evidence"
    if consumed.set_aside:
        told += f", {consumed.set_aside:,} set aside"
    if consumed.gone:
        told += f", {consumed.gone:,} gone before they were done"
    return f"{told}."


def _count(value: str) -> int:
    number = int(value)
    if number < 1:
        raise argparse.ArgumentTypeError("At least 1.")
    return number

"""The sample tracking log: written once, then replayed line by line through the tracker, as if it happened again."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.db import transaction
from eventtracking import tracker
from tqdm import tqdm

from demo.lms.models import SampleStep
from demo.lms.sample.moments import Event

BATCH = 500
STEP = "tracking log replayed"


def write(path: Path, events: Iterable[Event]) -> int:
    """Write events in the order of time, one JSON object a line, and answer how many."""
    ordered = sorted(events, key=lambda event: datetime.fromisoformat(event["timestamp"]))
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    with unfinished.open("w", encoding="utf-8") as log:
        for event in ordered:
            log.write(json.dumps(event, ensure_ascii=False) + "\n")
    unfinished.replace(path)
    return len(ordered)


def replay(path: Path, *, quiet: bool = False) -> int:
    """
    Send each line that was not sent yet to the tracker's backends, and answer how many were sent.

    How far it has come is saved with each batch: one that is stopped takes up where it was.
    """
    step, _ = SampleStep.objects.get_or_create(name=STEP, defaults={"value": "0"})
    sent = int(step.value)
    with path.open(encoding="utf-8") as log:
        total = sum(1 for _ in log)
        log.seek(0)
        lines = islice(log, sent, None)
        with tqdm(total=total, initial=sent, unit=" events", desc="Replaying", disable=quiet, file=sys.stdout) as bar:
            for batch in _batches(lines):
                with transaction.atomic():
                    _send(batch)
                    sent += len(batch)
                    SampleStep.objects.filter(name=STEP).update(value=str(sent))
                bar.update(len(batch))
    return sent - int(step.value)


def _send(lines: list[str]) -> None:
    backend = tracker.get_tracker().routing_backend
    for line in lines:
        event = json.loads(line)
        event["timestamp"] = datetime.fromisoformat(event["timestamp"])
        backend.send(event)


def _batches(lines: Iterator[str]) -> Iterator[list[str]]:
    while batch := list(islice(lines, BATCH)):
        yield batch

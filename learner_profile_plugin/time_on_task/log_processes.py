"""
Several processes at once, among which files are shared out.

Each is a fork of this one, which saves loading the LMS again, with connections to the database of its own.
Any of them can be killed at any time; this one goes on with the others. They end soon after it does: one
that is just writing finishes that, which may note a place in a file behind the one that another import
noted meanwhile. Then some lines are read once more, which changes nothing.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

from django.db import connections

from learner_profile_plugin.time_on_task.log_files import LogFile, LogSourceError

T = TypeVar("T")
Progress = Callable[[str, int, int], None]
"""Is told of the file that is read, the bytes read of all files, and the lines."""
Work = Callable[[Iterable[LogFile], Progress], T]

NEXT = "next"
"""What a process says that asks for a file; the answer is one, or None."""
TELL_EVERY = 0.25
LISTEN_FOR = 1.0
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """What the work of a process came to; where it ended too early, at which file, and its exit code."""

    result: T | None
    path: str
    exit_code: int | None = None


def share_out(files: Iterable[LogFile], work: Work[T], progress: Progress, processes: int) -> list[Done[T]]:
    """
    Do some work on files by several processes, the largest files first. None of them may be piped in.

    Where one of the processes ends too early, the others go on. An interruption ends all of them.

    Raises:
        LogSourceError: as soon as a process does.
    """
    queue = sorted(files, key=lambda file: file.size or 0)
    # A connection must not be used on both sides of a fork.
    connections.close_all()
    workers = [_Worker(work) for _ in range(min(processes, len(queue)))]
    try:
        _serve(workers, queue, progress)
    finally:
        for worker in workers:
            worker.end()
    return [worker.done for worker in workers]


class _Worker(Generic[T]):
    """
    A process, as the one that started it sees it.

    Attributes:
        path: the file that it reads.
        bytes_read, lines: how far it is, over all its files.
        done: what became of it.
    """

    done: Done[T]

    def __init__(self, work: Work[T]) -> None:
        self.path = ""
        self.bytes_read = self.lines = 0
        context = multiprocessing.get_context("fork")
        self.pipe, other = context.Pipe()
        self._process = context.Process(target=_work, args=(other, work, os.getpid()), daemon=True)
        self._process.start()
        other.close()

    def listen(self, queue: list[LogFile]) -> bool:
        """Take what it says, and answer if it asks for a file. Tell whether it goes on."""
        try:
            said = self.pipe.recv()
            if said == NEXT:
                file = queue.pop() if queue else None
                self.path = file.path if file else self.path
                self.pipe.send(file)
                return True
        except (EOFError, OSError):
            self._process.join()
            self.done = Done(None, self.path, self._process.exitcode)
            return False
        if isinstance(said, LogSourceError):
            raise said
        if isinstance(said, Done):
            self.done = said
            self._process.join()
            return False
        self.path, self.bytes_read, self.lines = said
        return True

    def end(self) -> None:
        """End it, if it has not ended by itself. Its work goes on the next time."""
        self._process.terminate()
        self._process.join()
        self.pipe.close()


def _serve(workers: list[_Worker[T]], queue: list[LogFile], progress: Progress) -> None:
    """Give out files until all processes have ended."""
    busy: dict[Any, _Worker[T]] = {worker.pipe: worker for worker in workers}
    while busy:
        for pipe in wait([*busy]):
            worker = busy[pipe]
            if not worker.listen(queue):
                del busy[pipe]
            progress(worker.path, sum(one.bytes_read for one in workers), sum(one.lines for one in workers))


def _work(pipe: Connection, work: Work[T], parent: int) -> None:
    """Do the work of one process."""
    # An interruption from the keyboard reaches all of them; the one that started the others ends them.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    told = 0.0

    def tell(path: str, bytes_read: int, lines: int) -> None:
        nonlocal told
        if os.getppid() != parent:
            raise SystemExit
        if time.monotonic() - told >= TELL_EVERY:
            told = time.monotonic()
            pipe.send((path, bytes_read, lines))

    try:
        pipe.send(Done(work(_asked_for(pipe, parent), tell), ""))
    except LogSourceError as error:
        pipe.send(error)
    connections.close_all()


def _asked_for(pipe: Connection, parent: int) -> Iterator[LogFile]:
    """Yield the files that the one that started this process gives out."""
    while True:
        pipe.send(NEXT)
        while not pipe.poll(LISTEN_FOR):
            if os.getppid() != parent:
                raise SystemExit
        file = pipe.recv()
        if file is None:
            return
        yield file

"""
ClickHouse itself, in memory, in a process of its own: its threads stay for good, and a process with threads must not
be forked, which other tests do.

Reads a statement in each line of its input, as JSON, and writes what it answers in a line of its output.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
from typing import Any


class EngineError(Exception):
    """What ClickHouse says of a statement that it does not run."""


class Engine:
    """The process, for any number of threads. To be closed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        command = [sys.executable, "-m", __name__]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, sql: str | bytes, database: str = "default") -> str:
        """Run a statement and return what it answers; raise EngineError where ClickHouse refuses."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with self._lock:
            text = sql.decode() if isinstance(sql, bytes) else sql
            self._process.stdin.write(json.dumps([database, text]) + "\n")
            self._process.stdin.flush()
            answer, error = json.loads(self._process.stdout.readline())
        if error:
            raise EngineError(error)
        return str(answer)

    def rows(self, sql: str, database: str = "event_sink") -> list[list[Any]]:
        """Return the rows that a query gives."""
        found = self.run(f"{sql.strip().rstrip(';')} FORMAT JSONCompactEachRow", database)
        return [json.loads(line) for line in found.splitlines()]

    def close(self) -> None:
        """End the process."""
        with contextlib.closing(self._process.stdout), contextlib.closing(self._process.stdin):  # type: ignore[type-var]
            self._process.terminate()
            self._process.wait()


def main() -> None:
    """Answer until the input ends."""
    from chdb.session import Session

    session = Session()
    for line in sys.stdin:
        database, sql = json.loads(line)
        answer, error = "", ""
        try:
            session.query(f"USE {database}")
            answer = session.query(sql, "TabSeparated").data()
        except RuntimeError as refused:
            error = str(refused)
        print(json.dumps([answer, error]), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()

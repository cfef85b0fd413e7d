"""
The database of the benchmark: one that it makes where a URL says, and drops at the end. It touches no other.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

import django
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, OperationalError
from django.db.utils import ConnectionHandler

DEFAULT = "mysql://root@127.0.0.1:3306"
SERVERS = {
    # By scheme: the engine, the port, a database to be in while another is made, and what is said when making it.
    "mysql": ("mysql", "3306", "", " CHARACTER SET utf8mb4"),
    "mariadb": ("mysql", "3306", "", " CHARACTER SET utf8mb4"),
    "postgres": ("postgresql", "5432", "postgres", ""),
    "postgresql": ("postgresql", "5432", "postgres", ""),
}


@contextlib.contextmanager
def own_database(url: str | None, var: Path, *, keep: bool = False) -> Iterator[None]:
    """
    Make a database with the plugin's tables, let Django work on it, and drop it at the end.

    Args:
        url: where; ``DEFAULT`` if None, or SQLite where no server answers there, which is said. A
            server's URL may end in a name for the database, or it gets one.
        var: a folder for a file of SQLite.
        keep: leave it there at the end, and say so.

    Raises:
        SystemExit: if the URL is of no kind that is known, or no server answers at a URL that was
            given, or a database of that name is there already.
    """
    if url is None and (problem := _unreachable(DEFAULT)):
        print(f"No MariaDB or MySQL at {DEFAULT} ({problem}): measured on SQLite.")
        url = "sqlite:"
    with _made(urlsplit(url or DEFAULT), var, keep=keep) as description:
        settings.DATABASES["default"] = description
        django.setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        try:
            yield
        finally:
            connection.close()


def empty() -> None:
    """Remove all rows, for the next size."""
    from django.core.management import call_command

    call_command("flush", interactive=False, verbosity=0)


def name_of_database() -> str:
    """Return which database it is, of which version, and the settings that decide how fast it is."""
    from django.db import connection

    if connection.vendor == "sqlite":
        return f"SQLite {sqlite3.sqlite_version}"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT current_setting('server_version'), current_setting('shared_buffers')")
            return "PostgreSQL {}, shared buffers of {}".format(*cursor.fetchone())
        cursor.execute("SELECT @@version, @@innodb_buffer_pool_size DIV 1048576, @@innodb_flush_log_at_trx_commit")
        version, pool, durable = cursor.fetchone()
    name = "MariaDB" if "MariaDB" in version else "MySQL"
    flushed = "the log is flushed at each commit" if str(durable) == "1" else "the log is not flushed at each commit"
    return f"{name} {version.split('-')[0]}, a buffer pool of {pool} MB, {flushed}"


@contextlib.contextmanager
def _made(url: SplitResult, var: Path, *, keep: bool) -> Iterator[dict[str, Any]]:
    if url.scheme == "sqlite":
        path = Path(unquote(url.path[1:])) if url.path[1:] else var / "growth.sqlite3"
        if path.exists():
            raise SystemExit(f"{path} is there already; only a database of its own is measured.")
        try:
            yield {"ENGINE": "demo.sqlite", "NAME": path, "OPTIONS": {"timeout": 20}}
        finally:
            if not keep:
                path.unlink(missing_ok=True)
        return
    name = unquote(url.path[1:]) or f"learner_profile_growth_{os.getpid()}"
    if not name.isidentifier():
        raise SystemExit(f"A database cannot be called {name!r} here: only letters, digits and underscores.")
    making = _server(url)[1]
    try:
        _run(url, f"CREATE DATABASE {name}{making}")
    except (DatabaseError, ImproperlyConfigured) as error:
        raise SystemExit(f"No database {name} could be made: {error}") from error
    try:
        yield _server(url, name)[0]
    finally:
        if keep:
            print(f"The database {name} was left there.")
        else:
            _run(url, f"DROP DATABASE {name}")


def _server(url: SplitResult, name: str | None = None) -> tuple[dict[str, Any], str]:
    """Return Django's description of a database, or of a server, and what is said when one is made there."""
    if url.scheme not in SERVERS:
        raise SystemExit(f"A URL of a database begins with sqlite: or with one of {', '.join(SERVERS)}.")
    engine, port, entry, making = SERVERS[url.scheme]
    description: dict[str, Any] = {
        "ENGINE": f"django.db.backends.{engine}",
        "NAME": entry if name is None else name,
        "HOST": url.hostname or "127.0.0.1",
        "PORT": str(url.port or port),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
    }
    if engine == "mysql":
        description["OPTIONS"] = {"charset": "utf8mb4"}
    return description, making


def _run(url: SplitResult, statement: str) -> None:
    connection = ConnectionHandler({"default": _server(url)[0]})["default"]
    try:
        with warnings.catch_warnings():
            # That models are not there yet. None is asked for.
            warnings.simplefilter("ignore", RuntimeWarning)
            with connection.cursor() as cursor:
                cursor.execute(statement)
    finally:
        connection.close()


def _unreachable(url: str) -> str:
    """Return why a server cannot be worked with; nothing if it can."""
    try:
        _run(urlsplit(url), "SELECT 1")
    except (OperationalError, ImproperlyConfigured) as error:
        return str(error.args[-1]).splitlines()[0]
    return ""

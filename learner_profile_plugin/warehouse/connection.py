"""Where ClickHouse is: our own setting or, where that names no address, the one of Aspects."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from learner_profile_plugin.warehouse.data import WarehouseError

SETTING = "LEARNER_PROFILE_CLICKHOUSE"
OF_ASPECTS = "EVENT_SINK_CLICKHOUSE_BACKEND_CONFIG"
KEYS = ("url", "username", "password", "database", "timeout_secs")
TIMEOUT = 60.0
"""Seconds. Aspects' own limit is for its requests to be short, and is not taken over."""
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Connection:
    """How to reach a ClickHouse server, by its HTTP interface; ``timeout`` is in seconds."""

    url: str
    database: str
    username: str = "default"
    password: str = field(default="", repr=False)
    timeout: float = TIMEOUT


def find_connection() -> Connection:
    """
    Return how to reach ClickHouse.

    Raises:
        WarehouseError: if nothing is set, or cannot be what is meant.
    """
    wrong = next(find_problems(getattr(settings, SETTING, {})), None)
    if wrong:
        raise WarehouseError(f"{SETTING}: {wrong}")
    found = _of_aspects() | getattr(settings, SETTING, {})
    wrong = next(find_problems(found), None)
    if wrong:
        raise WarehouseError(f"{OF_ASPECTS}: {wrong}")
    if "url" not in found:
        raise WarehouseError(f"There is no ClickHouse: set {SETTING}, or {OF_ASPECTS} as Aspects does.")
    return Connection(
        url=found["url"],
        database=found.get("database", "event_sink"),
        username=found.get("username", "default"),
        password=found.get("password", ""),
        timeout=float(found.get("timeout_secs", TIMEOUT)),
    )


def find_problems(given: Any) -> Iterator[str]:
    """Yield what is wrong with a setting, without ever telling its values: one of them is a password."""
    if not isinstance(given, Mapping):
        yield "It is no dictionary."
        return
    yield from (f"There is no key {key!r}." for key in given if key not in KEYS)
    if "url" in given and not _is_address(given["url"]):
        yield "Its url has to look like http://clickhouse:8123, with neither a name nor a password in it."
    if "database" in given and not _is_name(given["database"]):
        yield "Its database has to be a name of letters, digits and underscores."
    yield from (f"Its {key} has to be text." for key in ("username", "password") if not _is_text(given.get(key, "")))
    if not _is_limit(given.get("timeout_secs", TIMEOUT)):
        yield "Its timeout_secs has to be a number of seconds above 0."


def _of_aspects() -> dict[str, Any]:
    """Return what Aspects connects with. None of it, its password least of all, goes to another server."""
    theirs = getattr(settings, OF_ASPECTS, None)
    if not isinstance(theirs, Mapping) or "url" in getattr(settings, SETTING, {}):
        return {}
    return {key: theirs[key] for key in ("url", "username", "password", "database") if key in theirs}


def _is_address(value: Any) -> bool:
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
    except (AttributeError, TypeError, ValueError):
        return False


def _is_name(value: Any) -> bool:
    return isinstance(value, str) and NAME.fullmatch(value) is not None


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_limit(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < float("inf")

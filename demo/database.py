"""Where the demo keeps its data: one SQLite file, at a place that the environment may choose."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def sqlite_database(url: str, *, default: Path) -> dict[str, Any]:
    """
    Answer Django's description of the database at ``url``, e.g. ``sqlite:////tmp/demo.sqlite3``.

    Only SQLite is offered: the demo is for one person at one machine.
    """
    path = default
    if url:
        parts = urlsplit(url)
        if parts.scheme != "sqlite" or parts.netloc or len(parts.path) < len("/x"):
            msg = f"DEMO_DATABASE_URL must look like sqlite:///relative.sqlite3 or sqlite:////absolute.sqlite3: {url!r}"
            raise ImproperlyConfigured(msg)
        path = Path(unquote(parts.path[1:]))
    return {
        "ENGINE": "demo.sqlite",
        "NAME": path,
        "ATOMIC_REQUESTS": True,
        "OPTIONS": {"timeout": 20},
    }

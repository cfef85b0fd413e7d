"""The app of the stand-in LMS: connects the plugins' receivers and tunes SQLite."""

from __future__ import annotations

import sys
from typing import Any

from django.apps import AppConfig
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from edx_django_utils.plugins import connect_plugin_receivers

from demo.lms import retirement_signals

RETIREMENT_SIGNALS = "openedx.core.djangoapps.user_api.accounts.signals"
BUSY_MILLISECONDS = 20_000


def tune_sqlite(sender: object, connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Let readers and a writer work at the same time, and let a second writer wait rather than fail."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")


class DemoLmsConfig(AppConfig):
    """Does at start-up what ``openedx.core.djangoapps.plugins`` does in the LMS."""

    name = "demo.lms"
    label = "demo_lms"
    verbose_name = "Stand-in LMS"

    def ready(self) -> None:
        """Connect first the database set-up, then every receiver that a plugin declares."""
        connection_created.connect(tune_sqlite, dispatch_uid="demo.tune_sqlite")
        # Plugins name the signals of retirement by where they are in the LMS, and it takes a module to find them.
        sys.modules.setdefault(RETIREMENT_SIGNALS, retirement_signals)
        connect_plugin_receivers("lms.djangoapp")

"""
A database engine that takes SQLite's write lock when a transaction begins.

SQLite's own default takes it at the first write, and refuses at once, without waiting, a transaction that has read
something which another has changed since. With ``ATOMIC_REQUESTS`` that would make one of two simultaneous requests
fail. Django 5.1 has an option for this; Django 4.2 has not.
"""

from __future__ import annotations

from django.db.backends.sqlite3 import base


class DatabaseWrapper(base.DatabaseWrapper):
    """SQLite whose transactions wait for their turn when they begin."""

    def _start_transaction_under_autocommit(self) -> None:
        self.cursor().execute("BEGIN IMMEDIATE")

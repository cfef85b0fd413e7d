"""Unites pending evidence of learning time with the days that it belongs to."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from learner_profile_plugin.time_on_task import api


class Command(BaseCommand):
    """Keeps the table of pending evidence small. Safe to run at any time, and more than once at a time."""

    help = "Unite pending evidence of learning time with its days. Figures do not change by it."

    def handle(self, *args: Any, **options: Any) -> None:
        """Compact learner by learner, and say how far it got."""
        rows = learners = 0
        for user_id in api.get_learners_with_pending_evidence():
            while gone := api.compact(user_id):
                rows += gone
            learners += 1
            if learners % 100 == 0:
                self.stderr.write(f"{learners} learners, {rows} rows ...")
        self.stdout.write(self.style.SUCCESS(f"{rows} rows of {learners} learners united."))

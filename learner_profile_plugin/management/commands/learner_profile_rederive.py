"""Derives learning time anew, after the rule or its limits changed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from learner_profile_plugin.time_on_task import api


class Command(BaseCommand):
    """Brings stored totals of learning time up to the rule. Safe to interrupt, and to begin anew at any time."""

    help = "Derive the totals of learning time that do not follow from the rule as it is. No log is read."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take --dry-run."""
        parser.add_argument("--dry-run", action="store_true", help="Only count the learners.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Go learner by learner, and say how far it got."""
        learners = 0
        for user_id in api.rederive(dry_run=options["dry_run"]):
            learners += 1
            if learners % 100 == 0:
                self.stderr.write(f"{learners} learners, the last of them user {user_id} ...")
        done = "would be derived" if options["dry_run"] else "derived"
        self.stdout.write(self.style.SUCCESS(f"Totals of {learners} learners {done}."))

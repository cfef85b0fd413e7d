"""Removes all that the plugin holds of a learner."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from learner_profile_plugin.retirement import forget_learner


class Command(BaseCommand):
    """For accounts that are retired: their user rows stay, so nothing goes by itself."""

    help = "Remove profile, learning record and learning time of learners. The platform's own data stays."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take accounts by name or, since retirement changes names, by number."""
        parser.add_argument("usernames", nargs="*", metavar="USERNAME")
        parser.add_argument("--id", type=int, action="append", default=[], dest="ids", help="number of an account")

    def handle(self, *args: Any, usernames: list[str], ids: list[int], **options: Any) -> None:
        """Check that everybody is known before anything is removed, then remove."""
        if not usernames and not ids:
            raise CommandError("Name at least one account.")
        users = get_user_model().objects
        known = dict(users.filter(username__in=usernames).values_list("username", "pk"))
        known_ids = set(users.filter(pk__in=ids).values_list("pk", flat=True))
        unknown = [*(name for name in usernames if name not in known), *(str(pk) for pk in ids if pk not in known_ids)]
        if unknown:
            raise CommandError(f"Nothing was removed. There is no account: {', '.join(unknown)}")
        for user_id in sorted({*known.values(), *known_ids}):
            forget_learner(user_id)
            self.stdout.write(f"Removed what was held of account {user_id}.")

"""Removes all that the plugin holds of a learner, and what is left of accounts that are gone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from learner_profile_plugin.retirement import count_held, count_orphans, forget_learner, remove_orphans


class Command(BaseCommand):
    """Does by hand what the retirement of an account does by itself. Asks nothing; can be run again at any time."""

    help = (
        "Remove all that the plugin holds of learners: profile, pictures, secret links, learning record and learning "
        "time. The platform's own data stays. If it stops half-way, run it again."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take accounts by name or, since retirement changes names, by number."""
        parser.add_argument("usernames", nargs="*", metavar="USERNAME")
        parser.add_argument("--id", type=int, action="append", default=[], dest="ids", help="number of an account")
        parser.add_argument("--orphans", action="store_true", help="remove what is left of accounts that are gone")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be removed")

    def handle(
        self, *args: Any, usernames: list[str], ids: list[int], orphans: bool, dry_run: bool, **options: Any
    ) -> None:
        """Check that everybody is known before anything is removed; then remove, whoever it fails for."""
        if not usernames and not ids and not orphans:
            raise CommandError("Name at least one account, or say --orphans.")
        found = self._find(usernames, ids)
        unfinished = []
        for place, user_id in enumerate(found, start=1):
            what = f"account {user_id} ({place} of {len(found)})"
            try:
                self._say(what, count_held(user_id), is_done=not dry_run)
                if not dry_run:
                    forget_learner(user_id)
            except Exception as error:  # noqa: BLE001 - whatever it is, the others have their turn
                self.stderr.write(self.style.ERROR(f"Not finished: {what}: {error!r}"))
                unfinished.append(str(user_id))
        if orphans:
            self._say("accounts that are gone", count_orphans(), is_done=not dry_run)
            if not dry_run:
                remove_orphans()
        if unfinished:
            raise CommandError(f"Run it again: it is not finished for account {', '.join(unfinished)}.")
        if not dry_run:
            self.stdout.write(self.style.SUCCESS("Done."))

    def _say(self, what: str, counts: Mapping[str, int], *, is_done: bool) -> None:
        listed = ", ".join(f"{name} {count}" for name, count in counts.items()) or "nothing"
        self.stdout.write(f"{'Removing' if is_done else 'Would remove'} of {what}: {listed}")

    @staticmethod
    def _find(usernames: list[str], ids: list[int]) -> list[int]:
        users = get_user_model().objects
        known = dict(users.filter(username__in=usernames).values_list("username", "pk"))
        known_ids = set(users.filter(pk__in=ids).values_list("pk", flat=True))
        unknown = [*(name for name in usernames if name not in known), *(str(pk) for pk in ids if pk not in known_ids)]
        if unknown:
            raise CommandError(f"Nothing was removed. There is no account: {', '.join(unknown)}")
        return sorted({*known.values(), *known_ids})

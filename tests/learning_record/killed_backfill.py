"""
The backfill in processes that are killed at any moment, one after the other; see test_backfill_killed.

Prints each time how many records there are and how far it came, and nothing else.
"""

from __future__ import annotations

import json
import sys

from tests import killing

KILLED_WITHIN = 0.02, 0.4
"""Seconds."""


def main(seed: str, *options: str) -> None:
    """Backfill until it is done."""
    killing.set_up()
    from django.core.management import call_command
    from django.db import connection

    from learner_profile_plugin.learning_record.models import BackfillPosition, LearningRecord

    def work() -> None:
        call_command("learner_profile_backfill", *options, verbosity=0, stdout=sys.stderr)

    def tell() -> str:
        positions = dict(BackfillPosition.objects.values_list("source", "row_id"))
        return json.dumps([LearningRecord.objects.count(), positions])

    # Whatever is imported on the way is here before the first is killed.
    call_command("learner_profile_backfill", "--dry-run", "--batch", "1000", verbosity=0, stdout=sys.stderr)
    connection.close()
    killing.until_done(work, tell, seed=seed, within=KILLED_WITHIN, grows=0.2)


if __name__ == "__main__":
    main(*sys.argv[1:])

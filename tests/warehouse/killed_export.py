"""
An export in processes that are killed at any moment, one after the other; see test_export_killed.

Prints how many learners were done each time, and nothing else.
"""

from __future__ import annotations

import json
import os
import sys

from django.conf import settings

from tests import killing

KILLED_WITHIN = 0.05, 0.4
"""Seconds."""


def main(seed: str) -> None:
    """Export until it is done."""
    settings.LEARNER_PROFILE_CLICKHOUSE = json.loads(os.environ["CLICKHOUSE"])
    killing.set_up()
    from django.core.management import call_command

    from learner_profile_plugin.warehouse.models import ExportedLearner

    def work() -> None:
        call_command("learner_profile_export_intervals", "--batch", "4", stdout=sys.stderr)

    killing.until_done(work, ExportedLearner.objects.exclude(mark="").count, seed=seed, within=KILLED_WITHIN)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""
Evidence that arrives long after what it tells of: from the task queue, or from a mobile app that was offline.

Its account may be closed by then, and what was held of its learner removed. It must not begin anew.
Evidence that arrives at once is not looked at: nobody learns with an account that is closed.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from learner_profile_plugin import compat
from learner_profile_plugin.time_on_task.data import Activity

log = logging.getLogger(__name__)


def may_be_late(event: Mapping[str, Any]) -> bool:
    """Return whether a tracking event may tell of something that was long ago."""
    return (event.get("context") or {}).get("event_source") == "mobile"


def of_open_accounts(activities: Iterable[Activity]) -> list[Activity]:
    """Return the evidence without that of accounts that are closed, which is dropped with a line in the log."""
    given = list(activities)
    # The caller may be inside a transaction of the host's, which a failing query must not take with it.
    with transaction.atomic():
        accounts = [compat.get_account(user_id) for user_id in {activity.user_id for activity in given}]
    closed = {account.user_id for account in accounts if account is not None and account.is_closed}
    left = [activity for activity in given if activity.user_id not in closed]
    if len(left) < len(given):
        log.warning("Dropped: %d piece(s) of late evidence of accounts that are closed.", len(given) - len(left))
    return left

"""
Beats: a script in the unit reports when its page was before somebody's eyes.

The page gets a ticket, signed by the site, that says whose page it is, in which course run, and
since when. A report names stretches on the page's own clock, which began when its script did. What
it can claim lies between the ticket and the arrival of the report, so nobody claims more than real
time, and two pages at once count once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core import signing
from django.core.cache import cache
from opaque_keys import InvalidKeyError
from opaque_keys.edx.keys import CourseKey

from learner_profile_plugin import compat
from learner_profile_plugin.time_on_task.data import Activity, Evidence, Interval

SALT = "learner_profile_plugin.beats"
TICKET_LIFE = 24 * 3600
"""Seconds for which a page reports; one that stays open longer has to be opened anew."""

MAX_STRETCHES = 200
MAX_REPORTS_A_MINUTE = 20
ENROLMENT_KNOWN_FOR = 300
MILLISECONDS = 1000
CLOCKS_AGREE = 30 * MILLISECONDS
"""How far the page's clock may lie from the ticket's before it is set by the arrival of the report instead."""

STRETCH = re.compile(r"([0-9]{1,9})-([0-9]{1,9})")


class RefusedBeatError(Exception):
    """The report is not taken, and will never be: the page should stop."""


class TooManyBeatsError(Exception):
    """The learner's pages report too often; later is fine."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """Whose page it is, of which course run, and since when (epoch milliseconds)."""

    user_id: int
    course_key: CourseKey
    issued_at: int


def is_on() -> bool:
    """Return whether units report at all."""
    return bool(settings.LEARNER_PROFILE_COLLECT_LEARNING_TIME and settings.LEARNER_PROFILE_BEATS)


def issue_ticket(user_id: int, course_key: CourseKey, at: datetime) -> str:
    """Return the ticket for a page that is made now."""
    return signing.dumps([user_id, str(course_key), int(at.timestamp() * MILLISECONDS)], salt=SALT)


def read_ticket(text: str) -> Ticket:
    """Return what a ticket says. Raises RefusedBeatError if it is none of ours, or too old."""
    try:
        user_id, course_key, issued_at = signing.loads(text, salt=SALT, max_age=TICKET_LIFE)
        return Ticket(user_id, CourseKey.from_string(course_key), issued_at)
    except (signing.BadSignature, InvalidKeyError, ValueError, TypeError):
        raise RefusedBeatError from None


def read_report(ticket: Ticket, *, now: str, stretches: str, at: datetime) -> Activity | None:
    """
    Return the evidence that a report gives; None if it claims nothing.

    Args:
        ticket: that of the page.
        now: the page's clock when it sent the report, in milliseconds.
        stretches: ``start-end,start-end,...`` on the same clock.
        at: when the report arrived.

    Raises:
        RefusedBeatError: if it is not written like that.
    """
    found = [STRETCH.fullmatch(stretch) for stretch in stretches.split(",")] if stretches else []
    if len(found) > MAX_STRETCHES or not all(found) or not re.fullmatch(r"[0-9]{1,9}", now):
        raise RefusedBeatError
    arrived = int(at.timestamp() * MILLISECONDS)
    # A clock set by the ticket does not shake with the network. One that is far off belongs to a page that the
    # browser showed again, or to a machine that slept.
    began = ticket.issued_at if abs(ticket.issued_at + int(now) - arrived) <= CLOCKS_AGREE else arrived - int(now)
    intervals = set()
    for stretch in found:
        if stretch is not None:
            start = max(began + int(stretch[1]), ticket.issued_at)
            end = min(began + int(stretch[2]), arrived)
            if start < end:
                intervals.add(Interval(start // MILLISECONDS, end // MILLISECONDS))
    evidence = Evidence.asserting(intervals)
    return Activity(ticket.user_id, ticket.course_key, evidence) if evidence.asserted else None


def check_enrolment(ticket: Ticket) -> None:
    """Let only learners of the course report. Raises RefusedBeatError. Asks the platform once in five minutes."""
    key = f"learner_profile:beats:enrolled:{ticket.user_id}:{ticket.course_key}"
    known = cache.get(key)
    if known is None:
        known = compat.is_enrolled(ticket.user_id, ticket.course_key)
        cache.set(key, known, ENROLMENT_KNOWN_FOR)
    if not known:
        raise RefusedBeatError


def check_rate(user_id: int, at: datetime) -> None:
    """Count this report. Raises TooManyBeatsError if there were too many within the minute."""
    key = f"learner_profile:beats:count:{user_id}:{int(at.timestamp()) // 60}"
    cache.add(key, 0, 120)
    try:
        count = cache.incr(key)
    except ValueError:
        # The cache dropped it in between, or keeps nothing.
        return
    if count > MAX_REPORTS_A_MINUTE:
        raise TooManyBeatsError

"""The measures that are compared: ours, and the rules of other systems as far as they are published."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from itertools import pairwise

from benchmarks.accuracy.learners import Happening, Session, Span
from learner_profile_plugin.time_on_task import rule
from learner_profile_plugin.time_on_task.data import Evidence, Interval
from learner_profile_plugin.time_on_task.events import read_event

COURSE = "course-v1:Harbour+Knots+2026"
UNIT = "/xblock/block-v1:Harbour+Knots+2026+type@vertical+block@bowline"
IDLE, GRACE, REPORT = 120, 30, 60
"""As the script has them (``beats.js``, and the default of LEARNER_PROFILE_BEATS_IDLE_SECONDS)."""


def as_received(session: Session, rng: random.Random) -> list[Happening]:
    """Return the events as a server gets them: one in a hundred is lost, one in fifty comes twice, in any order."""
    got = [happening for happening in session.happenings if rng.random() >= 0.01]
    got += [happening for happening in got if rng.random() < 0.02]
    rng.shuffle(got)
    return got


def evidence_of(happenings: Iterable[Happening], beats: Iterable[Span] = ()) -> Evidence:
    """Return the evidence that the plugin's own door makes of events and beats."""
    found = [read_event(_raw(happening)) for happening in happenings]
    asserted = Evidence.asserting(Interval(int(start), int(end)) for start, end in beats)
    return Evidence.union([asserted, *(activity.evidence for activity in found if activity)])


def ours(evidence: Evidence) -> float:
    """Return the seconds that the rule finds."""
    return rule.total_seconds(rule.active_intervals(evidence))


def beats_of(session: Session) -> list[Span]:
    """
    Return the reports of the script as ``beats.js`` makes them: minute by minute, while the page is in view.

    A silence counts if it is broken within ``IDLE``; of a longer one, ``GRACE`` seconds do.
    """
    found: list[Span] = []
    for shown in _joined(session.shown):
        signs = sorted(at for at in session.touches if shown[0] <= at <= shown[1])
        plays = [(max(a, shown[0]), min(b, shown[1])) for a, b in session.plays if a < shown[1] and b > shown[0]]
        found += _joined(sorted([*_between(signs, shown), *plays]))
    return [(at, min(at + REPORT, end)) for start, end in _joined(sorted(found)) for at in _steps(start, end)]


def reports(session: Session) -> bool:
    """Return whether all that was looked at in a session were pages with the script."""
    return bool(session.shown) and not any(happening.name.startswith("edx.forum.") for happening in session.happenings)


def _between(signs: list[float], shown: Span) -> list[Span]:
    if not signs:
        return []
    spans = [(at, later if later - at <= IDLE else at + GRACE) for at, later in pairwise(signs)]
    last = signs[-1]
    return [*spans, (last, shown[1] if shown[1] - last <= IDLE else last + GRACE)]


def _steps(start: float, end: float) -> Iterable[float]:
    while start < end:
        yield start
        start += REPORT


def _joined(spans: Sequence[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in spans:
        if joined and start <= joined[-1][1] + 1e-6:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _raw(happening: Happening) -> dict[str, object]:
    name = UNIT if happening.name.startswith("/xblock/") else happening.name
    context = {"user_id": 7, "username": "ada", "course_id": COURSE, "session": "s", "event_source": "browser"}
    moment = datetime.fromtimestamp(happening.at, UTC)
    return {"name": name, "timestamp": moment, "data": happening.data, "context": context}


# --- others -------------------------------------------------------------------------------------------------------


def gaps_up_to(limit: float) -> Callable[[list[float]], float]:
    """Return a measure that adds up the gaps between log lines below a limit (edx2bigquery, with 5 and 30 min)."""
    return lambda moments: sum(b - a for a, b in pairwise(moments) if b - a < limit)


def first_to_last(moments: list[float]) -> float:
    """Moodle, block_dedication: from the first click of a session to its last; sessions part at 60 minutes."""
    return sum(group[-1] - group[0] for group in _grouped(moments, 3600))


def with_a_bonus(moments: list[float]) -> float:
    """Moodle, attendanceregister: sessions part at 30 minutes, and each gets 15 minutes more."""
    return sum(group[-1] - group[0] + 900 for group in _grouped(moments, 1800))


def gaps_between_2_and_10_minutes(moments: list[float]) -> float:
    """Canvas: a gap is added only if it lies between 2 and 10 minutes."""
    return sum(b - a for a, b in pairwise(moments) if 120 <= b - a < 600)


def minutes_touched(beats: Iterable[Span]) -> float:
    """Return what a bitmap of minutes finds: each minute with any sign of life counts whole."""
    return 60.0 * len({minute for a, b in beats for minute in range(int(a // 60), int((b - 1e-6) // 60) + 1)})


def _grouped(moments: list[float], limit: float) -> list[list[float]]:
    groups: list[list[float]] = []
    for at in moments:
        if groups and at - groups[-1][-1] <= limit:
            groups[-1].append(at)
        else:
            groups.append([at])
    return groups

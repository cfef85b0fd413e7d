"""
Compares measured learning time with true attention: ``python -m benchmarks.accuracy``.

Bias is the sum of what was measured against the sum of the truth; the error of a session is how far
off it is on average, as a share of a session's mean length.
"""

from __future__ import annotations

import os
import random
from collections import defaultdict

import django

SESSIONS = 4000


def main() -> None:
    """Measure all sessions in every way, and print one table, the nearest first."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "demo.settings")
    django.setup()
    found, truth = measure(SESSIONS)
    print(f"{SESSIONS} sessions, {sum(truth) / 3600:,.0f} h of true attention")
    print_table(found, truth)
    found, truth = measure(SESSIONS, only_reporting=True)
    print(f"Those of them on pages with the script alone: {len(truth)} sessions, {sum(truth) / 3600:,.0f} h")
    print_table({name: seconds for name, seconds in found.items() if "beats" in name}, truth)


def print_table(found: dict[str, list[float]], truth: list[float]) -> None:
    """Print how far off each measure is, the nearest first."""
    print(f"{'measure':<58}{'bias':>10}{'error a session':>18}")
    for name, (bias, error) in sorted(summary(found, truth).items(), key=lambda row: row[1][1]):
        print(f"{name:<58}{bias:>+10.2%}{error:>18.2%}")


def measure(number: int, *, only_reporting: bool = False) -> tuple[dict[str, list[float]], list[float]]:
    """
    Return, by measure, the seconds of each session; and the true ones.

    ``only_reporting`` leaves out the sessions that saw the app or a discussion, which send no beats.
    """
    from benchmarks.accuracy import measures
    from benchmarks.accuracy.learners import sessions

    rng = random.Random(7)  # noqa: S311 - simulation
    found: dict[str, list[float]] = defaultdict(list)
    truth = []
    for session in sessions(number):
        if only_reporting and not measures.reports(session):
            continue
        truth.append(session.seconds())
        events = measures.as_received(session, rng)
        beats = measures.beats_of(session)
        lossy = [beat for beat in beats if rng.random() >= 0.02]
        moments = sorted({happening.at for happening in events})
        found["ours, with beats"].append(measures.ours(measures.evidence_of(events, beats)))
        found["ours, with beats of which 2 % are lost"].append(measures.ours(measures.evidence_of(events, lossy)))
        found["ours, without beats"].append(measures.ours(measures.evidence_of(events)))
        found["a bitmap of minutes, from the same beats"].append(measures.minutes_touched(beats))
        found["gaps below 5 min (edx2bigquery)"].append(measures.gaps_up_to(300)(moments))
        found["gaps below 30 min (edx2bigquery)"].append(measures.gaps_up_to(1800)(moments))
        found["first to last click, cut at 60 min (block_dedication)"].append(measures.first_to_last(moments))
        found["cut at 30 min, plus 15 min (attendanceregister)"].append(measures.with_a_bonus(moments))
        found["gaps of 2 to 10 min (Canvas)"].append(measures.gaps_between_2_and_10_minutes(moments))
    return found, truth


def summary(found: dict[str, list[float]], truth: list[float]) -> dict[str, tuple[float, float]]:
    """Return bias and error of each measure, as fractions."""
    total = sum(truth)
    return {
        name: (sum(seconds) / total - 1, sum(abs(a - b) for a, b in zip(seconds, truth, strict=True)) / total)
        for name, seconds in found.items()
    }


if __name__ == "__main__":
    main()

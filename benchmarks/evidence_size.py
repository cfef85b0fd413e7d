"""
How much room the evidence of a learner-course-day takes: run ``make bench``.

Days are drawn at random, always the same ones: of lengths as learners have them, with 82 events an
hour, as a large programme measured over four years. Beside each size stands the same evidence as
plain JSON lines, and as bare seconds of four bytes each.
"""

from __future__ import annotations

import dataclasses
import json
import random
import statistics
from collections.abc import Callable

from learner_profile_plugin.time_on_task.codec import pack
from learner_profile_plugin.time_on_task.data import (
    SECONDS_PER_DAY,
    Evidence,
    Interval,
    VideoAct,
    VideoPoint,
)

DAYS = 5000
DAY = 20_516
MIDNIGHT = DAY * SECONDS_PER_DAY
SEED = 20_260_304

GOAL = 64
"""Bytes that a mean learner-course-day may take."""


class Day:
    """A learner's day in a course, while it is drawn."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        self.now = MIDNIGHT + chance.uniform(6, 20) * 3600
        self.events = 0
        self.points: set[int] = set()
        self.video: set[VideoPoint] = set()
        self.session = chance.randrange(2**16)

    def act(self, events: int = 1) -> None:
        """Do something; the browser and the server tell of it more than once."""
        for _ in range(events):
            self.points.add(int(self.now))
            self.now += self.chance.choice([0, 0.2, 0.4, 1])
        self.events += events

    def play(self, act: VideoAct, video: int, position: float, duration: int) -> None:
        """Do something with a video. The player's clock and ours are never quite the same."""
        speed = 100 if act is VideoAct.PLAY else 0
        told = max(int(position * 10) + self.chance.randrange(-2, 3) * (act is not VideoAct.PLAY), 0)
        self.video.add(VideoPoint(int(self.now * 10), act, self.session, video, told, duration * 10, speed))
        self.events += 1

    def read(self) -> None:
        """Open the next unit and read it."""
        self.act(3)
        self.now += self.chance.expovariate(1 / 140)
        if self.chance.random() < LEAVES_A_TRACE:
            self.video.add(VideoPoint(int(self.now * 10), VideoAct.PAGE_CLOSE, self.session))
            self.events += 1

    def solve(self) -> None:
        """Answer a problem, some tries long."""
        for _ in range(self.chance.choice([1, 1, 2, 3])):
            self.now += self.chance.expovariate(1 / 115)
            self.act(4)

    def watch(self) -> None:
        """Watch a video, or some of it, with pauses."""
        video, duration, position = self.chance.randrange(2**16), self.chance.randrange(90, 900), 0.0
        self.act(2)
        self.now += self.chance.uniform(2, 15)
        for _ in range(self.chance.choice([1, 1, 2, 3])):
            self.play(VideoAct.PLAY, video, position, duration)
            long = min(self.chance.expovariate(1 / 300), duration - position)
            self.now, position = self.now + long, position + long
            ended = position >= duration
            self.play(VideoAct.STOP if ended else VideoAct.PAUSE, video, position, duration)
            if ended:
                break
            self.now += self.chance.expovariate(1 / 40)


LEAVES_A_TRACE = 0.3
"""How many pages that are left say so."""


def real_day(chance: random.Random) -> tuple[Evidence, int, float]:
    """Return a day's evidence, the number of its events and how many seconds it was long."""
    day = Day(chance)
    begin = day.now
    end = begin + min(chance.lognormvariate(6.9, 1.0), 3 * 3600)
    while day.now < end:
        chance.choices([day.read, day.solve, day.watch], [5, 3, 2])[0]()
    points, video = frozenset(day.points), frozenset(day.video)
    return Evidence(points, video, ()), day.events, day.now - begin


def with_beats(evidence: Evidence, chance: random.Random) -> Evidence:
    """Return the same evidence where pages report too: one stretch in the mean for each quarter of an hour."""
    ends = sorted({*evidence.points, *(point.at // 10 for point in evidence.video)})
    stretches, start = [], ends[0]
    while start < ends[-1]:
        end = min(start + int(chance.expovariate(1 / 900)) + 1, ends[-1])
        stretches.append(Interval(start, end))
        start = end + chance.randrange(20, 300)
    return evidence | Evidence.asserting(stretches)


def moments(evidence: Evidence) -> Evidence:
    """Return all moments as acts: on real logs these took 23 to 37 bytes a day."""
    return Evidence(evidence.points | {point.at // 10 for point in evidence.video})


def busy_day(chance: random.Random) -> Evidence:
    """Return an evening of 25 acts and six events of one video: more than most days hold."""
    day = Day(chance)
    position = 0.0
    for _ in range(25):
        day.act()
        day.now = int(day.now) + 2 + chance.expovariate(1 / 70)
    for _ in range(3):
        day.play(VideoAct.PLAY, 99, position, 600)
        long = chance.uniform(30, 240)
        day.now, position = day.now + long, position + long
        day.play(VideoAct.PAUSE, 99, position, 600)
        day.now += chance.uniform(1, 20)
    return Evidence(frozenset(day.points), frozenset(day.video))


def as_json_lines(evidence: Evidence) -> int:
    """Return the bytes of the same evidence as plain JSON lines."""
    lines: list[dict[str, object]] = [{"at": at} for at in evidence.points]
    lines += [point._asdict() for point in evidence.video]
    lines += [dataclasses.asdict(interval) for interval in evidence.asserted]
    return sum(len(json.dumps(line, separators=(",", ":"))) + 1 for line in lines)


def as_seconds(evidence: Evidence) -> int:
    """Return the bytes of its moments alone, at four bytes each: no position, no length, no speed."""
    return 4 * (len(evidence.points) + len(evidence.video) + 2 * len(evidence.asserted))


def report(what: str, days: list[Evidence]) -> None:
    """Print one line of the table."""
    sizes = sorted(len(pack(day, DAY)) for day in days)

    def ratio(size: Callable[[Evidence], int]) -> float:
        return sum(sizes) / sum(size(day) for day in days)

    middle, most = sizes[len(sizes) // 2], sizes[len(sizes) * 95 // 100]
    print(
        f"{what:<46}{statistics.mean(sizes):>7.1f}{middle:>8}{most:>7}"
        f"{ratio(as_json_lines):>11.3f}{ratio(as_seconds):>12.2f}"
    )


def main() -> None:
    """Draw the days, pack them, and print one table."""
    chance = random.Random(SEED)  # noqa: S311 - sample data
    drawn = [real_day(chance) for _ in range(DAYS)]
    days = [evidence for evidence, _, _ in drawn]
    events, hours = sum(count for _, count, _ in drawn), sum(seconds for _, _, seconds in drawn) / 3600
    print(
        f"{DAYS} days of {hours / DAYS * 60:.0f} minutes, {events / hours:.0f} events an hour; goal {GOAL} bytes a day"
    )
    print(f"{'bytes of a learner-course-day':<46}{'mean':>7}{'median':>8}{'95 %':>7}{'/ JSON':>11}{'/ seconds':>12}")
    report("a day as drawn", days)
    report("  its moments alone, all of them as acts", [moments(day) for day in days])
    report("  its acts alone", [Evidence(day.points) for day in days])
    report("  its video events alone, where there are any", [Evidence(video=day.video) for day in days if day.video])
    report("the same, and beats", [with_beats(day, chance) for day in days])
    report("an evening of 25 acts and 6 video events", [busy_day(chance) for _ in range(DAYS // 10)])


if __name__ == "__main__":
    main()

"""
Simulated learners, whose attention is known, and what the platform gets to see of them.

A session is a row of things that people do: they read, watch, answer, write in a discussion, leave
the page open and walk away, look at another tab, or close it. All lengths are drawn from
distributions that are wide, as people are; the generator is seeded, so each run sees the same ones.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

Span = tuple[float, float]

VIDEO_LENGTHS = (95.0, 190.0, 320.0, 480.0, 740.0)
PAGE_CLOSE_ARRIVES = 0.6


@dataclass(frozen=True)
class Happening:
    """A tracking event: when (seconds), its name, and its data; ``of_video`` names the video it is of."""

    at: float
    name: str
    data: dict[str, object] = field(default_factory=dict)


@dataclass
class Session:
    """
    One sitting of one learner in one course.

    Attributes:
        attention: when the learner was at it, in truth.
        shown: when a page with the script was in view.
        plays: when a video or sound played on such a page.
        touches: movements and keys on such a page.
        happenings: the tracking events, as they happened.
    """

    attention: list[Span] = field(default_factory=list)
    shown: list[Span] = field(default_factory=list)
    plays: list[Span] = field(default_factory=list)
    touches: list[float] = field(default_factory=list)
    happenings: list[Happening] = field(default_factory=list)

    def seconds(self) -> float:
        """Return the true time."""
        return sum(end - start for start, end in self.attention)


class Sitting:
    """Lets a learner live through a session, thing by thing."""

    def __init__(self, rng: random.Random, start: float, *, is_mobile: bool) -> None:
        """Begin at a moment; an app has no page with the script."""
        self.rng = rng
        self.now = start
        self.session = Session()
        self.is_mobile = is_mobile
        self.unit = 0

    def live(self) -> Session:
        """Return the session, lived to its end."""
        for _ in range(1 + min(int(self.rng.expovariate(1 / 5)), 25)):
            self.step()
            if self.rng.random() < 0.22:
                self.rng.choices([self.walk_away, self.other_tab, self.close], weights=[3, 4, 2])[0]()
        self.leave()
        return self.session

    def step(self) -> None:
        """Open the next unit and work through it."""
        self.happen("/xblock/unit" if not self.is_mobile else "edx.bi.app.navigation.screen")
        self.unit += 1
        what = [self.read, self.watch, self.answer, self.discuss]
        self.rng.choices(what, weights=[5, 4, 4, 1])[0]()

    def read(self) -> None:
        """Read: mostly a minute or two, moving now and then."""
        self.attend(self.drawn(70, 0.9, 1500), pause=14)

    def answer(self) -> None:
        """Work on a problem, and check it once or more."""
        for _ in range(1 + int(self.rng.random() < 0.4) + int(self.rng.random() < 0.15)):
            self.attend(self.drawn(45, 0.8, 900), pause=8)
            self.happen("problem_check")

    def discuss(self) -> None:
        """Read and write in a discussion, a page without the script."""
        self.happen("edx.forum.thread.viewed")
        start = self.now
        self.now += self.drawn(80, 0.8, 900)
        if self.rng.random() < 0.4:
            self.happen("edx.forum.response.created")
        self.session.attention.append((start, self.now))

    def watch(self) -> None:
        """Watch a video, with pauses and jumps; some leave before it ends."""
        length, position = self.rng.choice(VIDEO_LENGTHS), 0.0
        name = f"video{self.unit}"
        self.attend(self.drawn(4, 0.5, 20), pause=3)
        while position < length - 1:
            goes = min(length - position, self.drawn(160, 1.0, length))
            self.video("play_video", name, position, length)
            self.attend(goes, pause=60, plays=True)
            position += goes
            if position >= length - 1:
                self.video("stop_video", name, position, length)
            elif self.rng.random() < 0.12:
                return
            else:
                self.video("pause_video", name, position, length)
                self.attend(self.drawn(15, 1.0, 300), pause=10)

    def walk_away(self) -> None:
        """Leave the page in view and do something else."""
        self.show(self.drawn(240, 1.1, 7200))

    def other_tab(self) -> None:
        """Look at something else; the page is out of view."""
        self.now += self.drawn(120, 1.2, 7200)

    def close(self) -> None:
        """Close the page, and come back after a while."""
        self.leave()
        self.now += self.drawn(600, 1.2, 3 * 3600)

    def leave(self) -> None:
        """Close the page. The browser says so, and is not always heard."""
        if not self.is_mobile and self.rng.random() < PAGE_CLOSE_ARRIVES:
            self.happen("page_close")

    def attend(self, seconds: float, *, pause: float, plays: bool = False) -> None:
        """Be at it; ``pause`` is the mean time between two movements, with a long look now and then."""
        start, end = self.now, self.now + seconds
        self.session.attention.append((start, end))
        if not self.is_mobile:
            at = start
            while at < end:
                self.session.touches.append(at)
                at += self.rng.expovariate(1 / pause) if self.rng.random() > 0.03 else self.drawn(60, 0.7, 400)
            if plays:
                self.session.plays.append((start, end))
        self.show(seconds)

    def show(self, seconds: float) -> None:
        """Let time pass with the page in view."""
        if not self.is_mobile:
            self.session.shown.append((self.now, self.now + seconds))
        self.now += seconds

    def video(self, act: str, name: str, position: float, length: float) -> None:
        """Tell of a video as the player does."""
        self.happen(act, {"id": name, "currentTime": position, "duration": length, "speed": 1})

    def happen(self, name: str, data: dict[str, object] | None = None) -> None:
        """Tell of something."""
        self.session.happenings.append(Happening(self.now, name, data or {}))

    def drawn(self, median: float, spread: float, most: float) -> float:
        """Return a length from a log-normal distribution."""
        return min(self.rng.lognormvariate(math.log(median), spread), most)


def sessions(number: int, seed: int = 2026) -> Iterator[Session]:
    """Yield sessions of different learners, one in ten of them in the app."""
    rng = random.Random(seed)  # noqa: S311 - simulation
    for place in range(number):
        start = 1_772_000_000 + place * 86_400 + rng.uniform(0, 80_000)
        yield Sitting(rng, start, is_mobile=rng.random() < 0.1).live()

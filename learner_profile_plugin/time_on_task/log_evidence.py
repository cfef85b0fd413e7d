"""The evidence that a log gives, collected line by line and taken by the batch."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from learner_profile_plugin.time_on_task import events
from learner_profile_plugin.time_on_task.bulk import Place
from learner_profile_plugin.time_on_task.data import SECONDS_PER_DAY, TENTHS_PER_DAY, Evidence, VideoAct, VideoPoint
from learner_profile_plugin.time_on_task.log_learners import Person, find_learners
from learner_profile_plugin.time_on_task.log_lines import (
    NAME_FIRST,
    USER_ID_TYPES,
    Block,
    Malformed,
    Parser,
    UnreadableLineError,
    load,
    named_in,
    raw_event,
    without_prefix,
)
from learner_profile_plugin.time_on_task.log_meanings import (
    LEFT_OUT,
    REQUEST,
    SOMEBODY,
    UNSURE,
    Courses,
    Meanings,
    Sense,
    meaning_of,
    video_point,
)

WRONG_KIND = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RecursionError)
"""What Python raises where a value is of a wrong kind."""

NAMING = ("user_id", "attempt_user_id")
"""What names the learner whom an event is about."""

LINES_A_LIST = 7
"""How many lines take as much room as what is begun for each person in a course on a day."""

EPOCH = events.EPOCH
NONE: list[Any] = []
MAX_EXAMPLES = 10
MAX_UNKNOWN_PEOPLE = 100_000
NAME_BEGINS = len(NAME_FIRST)


@dataclass(slots=True)
class Tally:
    """
    What was found in a log, in lines.

    Attributes:
        lines: all but empty ones.
        activity: those that give evidence.
        anonymous, unknown: those that would, but are of nobody, or of people without an open account here.
        of_others: those in which somebody acted upon another learner.
        left_out: those that the filters leave out.
        malformed: those that may have been evidence and cannot be read.
        unknown_people: hashes of who they are, up to ``MAX_UNKNOWN_PEOPLE``.
        examples: the first that are malformed.
    """

    lines: int = 0
    activity: int = 0
    anonymous: int = 0
    unknown: int = 0
    of_others: int = 0
    left_out: int = 0
    malformed: int = 0
    unknown_people: set[int] = field(default_factory=set)
    examples: list[Malformed] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Count what was found by another process too."""
        for name in ("lines", "activity", "anonymous", "unknown", "of_others", "left_out", "malformed"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.unknown_people |= other.unknown_people
        self.examples = sorted([*self.examples, *other.examples])[:MAX_EXAMPLES]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which evidence is asked for: from ``since`` until before ``until`` (epoch seconds), in ``courses`` if any."""

    since: int = 0
    until: int = 2**40
    courses: frozenset[str] = frozenset()

    def has(self, tenths: int) -> bool:
        """Tell whether a moment is asked for."""
        return self.since <= tenths // 10 < self.until


Key = tuple[int | str | None, str | None, int | str | None, str, int]
"""Number and name of who acted, number of whom the event names, course run, day (days since 1970)."""


class LogEvidence:
    """Collects evidence from the lines of a log until it is taken."""

    def __init__(self, parser: Parser, wanted: Wanted) -> None:
        self.tally = Tally()
        self._held = 0
        self._parser = parser
        self._not_plain: tuple[type[Exception], ...] = (*WRONG_KIND, *parser.errors)
        self._wanted = wanted
        self._acts: defaultdict[Key, list[int]] = defaultdict(list)
        self._video: defaultdict[Key, list[VideoPoint]] = defaultdict(list)
        self._rest: defaultdict[Key, list[Evidence]] = defaultdict(list)
        self._meanings, self._courses = Meanings(), Courses(wanted.courses)

    def read(self, block: Block) -> None:
        """Take in the lines of a block."""
        self.tally.lines += len(block.lines)
        self._held += self._add(block)

    def is_full(self, lines: int) -> bool:
        """Tell whether as many lines of activity are held. Of many people they take more room than of few."""
        return self._held + LINES_A_LIST * (len(self._acts) + len(self._video) + len(self._rest)) >= lines

    def take(self) -> dict[Place, Evidence]:
        """Return the evidence collected since the last time, of people who have an open account now."""
        keys = self._acts.keys() | self._video.keys() | self._rest.keys()
        people = find_learners({(user_id, username) for user_id, username, *_ in keys})
        parts: dict[Place, list[Evidence]] = defaultdict(list)
        for key in keys:
            user_id, username, named, course, day = key
            acts, video, rest = self._acts.pop(key, NONE), self._video.pop(key, NONE), self._rest.pop(key, NONE)
            count = len(acts) + len(video) + len(rest)
            actor = people.get((user_id, username))
            if not user_id and not username:
                self.tally.anonymous += count
            elif actor is None:
                self._count_unknown((user_id, username), count)
            elif events.number_in(named) not in (None, actor):
                self.tally.of_others += count
            else:
                self.tally.activity += count
                parts[actor, course, day] += [Evidence(frozenset(acts), frozenset(video)), *rest]
        self._held = 0
        return {place: pieces[0] if len(pieces) == 1 else Evidence.union(pieces) for place, pieces in parts.items()}

    def _add(self, block: Block) -> int:
        """Take in lines, and return how many were kept. Done for each line of a log, hence at one go and so little."""
        meanings, courses, acts, video = self._meanings, self._courses, self._acts, self._video
        parse_event, parse_request, told_by = self._parser.event, self._parser.request, self._parser.told
        since, until, read_time, kept = self._wanted.since, self._wanted.until, datetime.fromisoformat, 0
        for at, line in enumerate(block.lines):
            name_first = line.startswith(NAME_FIRST)
            meaning: Any = meanings[line[NAME_BEGINS : line.find(b'"', NAME_BEGINS)] if name_first else b""]
            if meaning is None:
                # More than half of a log ends here, with nothing decoded.
                continue
            try:
                if meaning is UNSURE:
                    meaning, plain = self._look_closer(line)
                    if meaning is None:
                        continue
                else:
                    plain = parse_request(line) if meaning is REQUEST else parse_event(line)
                context, event = plain.context, plain.event
                course: Any = courses[plain.page, context.course_id, plain.host]
                if not course:
                    self._add_elsewhere(course, event, block, at)
                    continue
                moment = read_time(plain.time)
                passed = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - EPOCH
                second = (day := passed.days) * SECONDS_PER_DAY + passed.seconds
                if not since <= second < until:
                    self._leave_out(second)
                    continue
                named = point = None
                if type(event) is not str or "user_id" in event or "\\u" in event:
                    named = named_in(told_by(event))
                if type(meaning) is VideoAct:
                    point = video_point(meaning, second * 10 + passed.microseconds // 100_000, plain, told_by)
                if point is None:
                    acts[context.user_id, plain.username, named, course, day].append(second)
                else:
                    video[context.user_id, plain.username, named, course, day].append(point)
                kept += 1
            except self._not_plain:
                self._add_any(block, at)
        return kept

    def _look_closer(self, line: bytes) -> tuple[Sense | None, Any]:
        """Tell what a line means whose name is not seen at once, and return it, decoded; None if it means nothing."""
        line = without_prefix(line)
        if not line or line.isspace():
            self.tally.lines -= 1
            return None, None
        if line.startswith(NAME_FIRST) and not self._meanings[line[NAME_BEGINS : line.find(b'"', NAME_BEGINS)]]:
            return None, None
        plain = self._parser.line(line)
        name = plain.name or plain.event_type
        meaning = meaning_of(name or "")
        if meaning is REQUEST:
            plain.page = name
        return meaning, plain

    def _add_elsewhere(self, course: str | int | None, event: Any, block: Block, at: int) -> None:
        """Take in a plain line that does not tell of its course, or whose course is not asked for."""
        if course == LEFT_OUT:
            self.tally.left_out += 1
        elif self._parser.names_course(event):
            self._add_any(block, at)

    def _add_any(self, block: Block, at: int) -> None:
        """Take in any line, by way of ``read_event``."""
        try:
            self._add_event(raw_event(load(without_prefix(block.lines[at]))))
        except WRONG_KIND as error:
            self.tally.malformed += 1
            if len(self.tally.examples) < MAX_EXAMPLES:
                self.tally.examples.append(block.malformed(at, error))

    def _add_event(self, event: dict[str, Any]) -> None:
        context, data = event["context"], events.data_of(event)
        user_id, username = context.get("user_id"), context.get("username")
        named = {events.number_in(data.get(field)) for field in NAMING} - {None}
        # Who it is, and whether that is whom the event names, is found out for many at once. Until then it is anybody.
        event["data"] = {field: value for field, value in data.items() if field not in NAMING}
        activity = events.read_event(event | {"context": context | {"user_id": SOMEBODY}})
        if activity is None:
            return
        if len(named) > 1:
            self.tally.of_others += 1
            return
        course, evidence = str(activity.course_key), activity.evidence
        first = min([at * 10 for at in evidence.points] + [point.at for point in evidence.video])
        if not self._wanted.has(first) or (self._wanted.courses and course not in self._wanted.courses):
            self._leave_out(first)
            return
        person: Person = (
            user_id if type(user_id) in USER_ID_TYPES else None,
            username if isinstance(username, str) else None,
        )
        self._rest[*person, next(iter(named), None), course, first // TENTHS_PER_DAY].append(evidence)
        self._held += 1

    def _leave_out(self, tenths: int) -> None:
        if tenths < 0:
            raise UnreadableLineError("a moment before 1970")
        self.tally.left_out += 1

    def _count_unknown(self, person: Person, lines: int) -> None:
        self.tally.unknown += lines
        if len(self.tally.unknown_people) < MAX_UNKNOWN_PEOPLE:
            self.tally.unknown_people.add(hash(person))

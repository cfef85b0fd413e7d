"""The evidence that a log gives, collected line by line and taken by the batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from learner_profile_plugin.time_on_task import events
from learner_profile_plugin.time_on_task.activity_table import Meaning
from learner_profile_plugin.time_on_task.bulk import Place
from learner_profile_plugin.time_on_task.data import SECONDS_PER_DAY, Evidence, VideoAct, VideoPoint
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
    NOT_PLAIN,
    SOMEBODY,
    Courses,
    Meanings,
    Names,
    Point,
    hash_of,
    video_point,
)

WRONG_KIND = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, RecursionError)
"""What Python raises where a value is of a wrong kind."""

NAMING = ("user_id", "attempt_user_id")
"""What names the learner whom an event is about."""

LINES_A_PERSON = 7
"""How many lines take as much room as what is begun for each person in a course."""

MAX_EXAMPLES = 10
MAX_UNKNOWN_PEOPLE = 100_000
NAME_BEGINS = len(NAME_FIRST)
ACT, LEAVING = Meaning.ACT, VideoAct.PAGE_CLOSE


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


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which evidence is asked for: from ``since`` until before ``until`` (epoch seconds), in ``courses`` if any."""

    since: int = 0
    until: int = 2**40
    courses: frozenset[str] = frozenset()

    def has(self, tenths: int) -> bool:
        """Tell whether a moment is asked for."""
        return self.since <= tenths // 10 < self.until


class _Found:
    """What is found of a person in a course."""

    __slots__ = ("points", "rest", "video")

    def __init__(self) -> None:
        self.points: list[int] = []
        self.video: list[Point] = []
        self.rest: list[Evidence] = []


Key = tuple[int | str | None, str | None, int | str | None, str]
"""Number and name of who acted, number of whom the event names, course run."""


class LogEvidence:
    """Collects evidence from the lines of a log until it is taken."""

    def __init__(self, parser: Parser, wanted: Wanted) -> None:
        self.tally = Tally()
        self._held = 0
        self._parser = parser
        self._not_plain: tuple[type[Exception], ...] = (*WRONG_KIND, *parser.errors)
        self._wanted = wanted
        self._found: defaultdict[Key, _Found] = defaultdict(_Found)
        self._names, self._meanings, self._courses = Names(), Meanings(), Courses(wanted.courses)

    def read(self, block: Block) -> None:
        """Take in the lines of a block."""
        self.tally.lines += len(block.lines)
        self._held += self._add(self._plain(block), block)

    def is_full(self, lines: int) -> bool:
        """Tell whether as many lines of activity are held. Of many people they take more room than of few."""
        return self._held + LINES_A_PERSON * len(self._found) >= lines

    def take(self) -> dict[Place, Evidence]:
        """Return the evidence collected since the last time, of people who have an open account now."""
        people = find_learners({(user_id, username) for user_id, username, *_ in self._found})
        parts: dict[Place, list[Evidence]] = defaultdict(list)
        for (user_id, username, named, course), found in self._found.items():
            count = len(found.points) + len(found.video) + len(found.rest)
            actor = people.get((user_id, username))
            if not user_id and not username:
                self.tally.anonymous += count
            elif actor is None:
                self._count_unknown((user_id, username), count)
            elif events.number_in(named) not in (None, actor):
                self.tally.of_others += count
            else:
                self.tally.activity += count
                for day, evidence in _by_day(found).items():
                    parts[actor, course, day].append(evidence)
        self._found.clear()
        self._held = 0
        return {place: pieces[0] if len(pieces) == 1 else Evidence.union(pieces) for place, pieces in parts.items()}

    def _plain(self, block: Block) -> Iterator[tuple[int, Any]]:
        """Yield the lines that are plain and can be evidence, and see to those that are not plain."""
        names, parse, errors = self._names, self._parser.line, self._parser.errors
        for at, line in enumerate(block.lines):
            if not line.startswith(NAME_FIRST):
                line = without_prefix(line)  # noqa: PLW2901
            if line.startswith(NAME_FIRST):
                if not names[line[NAME_BEGINS : line.find(b'"', NAME_BEGINS)]]:
                    continue
            elif not line or line.isspace():
                self.tally.lines -= 1
                continue
            try:
                plain = parse(line)
            except errors:
                self._add_any(block, at)
            else:
                yield at, plain

    def _add(self, lines: Iterable[tuple[int, Any]], block: Block) -> int:
        """Take in plain lines, and return how many were kept. Done for every line of a log, hence so little."""
        meanings, courses, found, told_by = self._meanings, self._courses, self._found, self._parser.told
        since, until, read_time = self._wanted.since * 10, self._wanted.until * 10, datetime.fromisoformat
        kept = 0
        for at, line in lines:
            name, context = line.name or line.event_type, line.context
            meaning: Any = meanings[name]
            if meaning is None:
                continue
            try:
                course = courses[name if name[0] == "/" else line.page, context.course_id, line.host, line.event_source]
                if type(course) is not str:
                    self._add_elsewhere(course, line, block, at)
                    continue
                moment = read_time(line.time)
                tenths = int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 10)
                if not since <= tenths < until:
                    self._leave_out(tenths)
                    continue
                event, named, played = line.event, None, None
                if meaning is not ACT and meaning is not LEAVING:
                    told = told_by(event)
                    named, played = named_in(told), video_point(meaning, tenths, line.session, told)
                elif type(event) is not str or "user_id" in event or "\\u" in event:
                    named = named_in(told_by(event))
                here = found[context.user_id, line.username, named, course]
                if meaning is LEAVING:
                    here.video.append((tenths, LEAVING, hash_of(line.session), 0, 0, 0, 0))
                elif played is None:
                    here.points.append(tenths // 10)
                else:
                    here.video.append(played)
                kept += 1
            except self._not_plain:
                self._add_any(block, at)
        return kept

    def _add_elsewhere(self, course: str | int | None, line: Any, block: Block, at: int) -> None:
        """Take in a plain line that does not tell of its course, or whose course is not asked for."""
        if course == LEFT_OUT:
            self.tally.left_out += 1
        elif course == NOT_PLAIN or self._parser.names_course(line.event):
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
        self._found[*person, next(iter(named), None), course].rest.append(evidence)
        self._held += 1

    def _leave_out(self, tenths: int) -> None:
        if tenths < 0:
            raise UnreadableLineError("a moment before 1970")
        self.tally.left_out += 1

    def _count_unknown(self, person: Person, lines: int) -> None:
        self.tally.unknown += lines
        if len(self.tally.unknown_people) < MAX_UNKNOWN_PEOPLE:
            self.tally.unknown_people.add(hash(person))


def _by_day(found: _Found) -> dict[int, Evidence]:
    video = frozenset(VideoPoint(*point) for point in {*found.video})
    evidence = Evidence(frozenset(found.points), video)
    if not found.rest:
        # It mostly is of one day, and is then not to be gone through again.
        first, last = (pick([*found.points, *(point.at // 10 for point in video)]) for pick in (min, max))
        if first // SECONDS_PER_DAY == last // SECONDS_PER_DAY:
            return {first // SECONDS_PER_DAY: evidence}
    return Evidence.union([evidence, *found.rest]).by_day()

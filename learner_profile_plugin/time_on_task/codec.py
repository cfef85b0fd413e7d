"""
The stored form of one UTC day of evidence.

A form is the format number (one byte) followed by sections, each a tag, the length of what follows
and the content; tag, length and every other number are varints (little-endian groups of seven bits,
the high bit says that more follow). Sections stand in order of their tags, moments in ascending
order, so equal evidence has equal bytes. A tag may stand more than once: its sections are united.

=====  =======================================================================================
tag    content
=====  =======================================================================================
1      acts: seconds since midnight, the first as it is, each next as the difference
2      asserted intervals: for each one the seconds since the end of the one before (since
       midnight for the first), and its length in seconds
3      retired, never released: do not use it again
4      video: points, see below
=====  =======================================================================================

A stream is a video in a browser session, of one duration. A point of a video section is

- the tenths of a second since the point before (since midnight for the first);
- ``act + 8 * position_given + 16 * speed_given + 32 * stream``. ``stream`` is 1 for the stream used
  last, 2 for the one used last before that, and so on; 0 for one that was not used before;
- for such a new stream: its session, told in the same way (1 for the session used last, and so on, 0
  for a new one), two bytes of the session's hash if it is new, two bytes of the video's, and the
  duration in tenths of a second;
- if a position is given: how far it lies from where it was to be expected, in tenths of a second of
  media time; ``2 * n`` stands for ``n``, and ``2 * n - 1`` for ``-n``;
- if a speed is given: the speed, in hundredths of the normal one.

A page that is closed has no video: in place of a stream, the session is told, and nothing is given.

The position to be expected is that of the point before in the same stream (0 for the first), and if
it was playing since, what has passed times the speed, rounded down, but no more than 10,000,000. It
plays from ``PLAY`` until ``PAUSE`` or ``STOP``. The speed to be expected is 0 (not said), but for
``PLAY`` and ``SPEED`` the last one that was said in the stream, or 100. What is as expected is not
given. Acts have the numbers of ``VideoAct``: 1 play, 2 pause, 3 seek, 4 stop, 5 speed, 6 page close.

A section with a tag that is not known here is kept and written back as it came: older code does not
lose what newer code stored.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Generic, TypeVar

from learner_profile_plugin.time_on_task.data import (
    MAX_PLAYER_VALUE,
    SECONDS_PER_DAY,
    TENTHS_PER_DAY,
    Evidence,
    Interval,
    VideoAct,
    VideoPoint,
)

FORMAT = 1
POINTS, ASSERTED, VIDEO = 1, 2, 4
ACTS, POSITION_GIVEN, SPEED_GIVEN, STREAM = 8, 8, 16, 32
NORMAL_SPEED = 100

T = TypeVar("T")
Stream = tuple[int, int, int]
"""Session, video and duration."""


class MalformedEvidenceError(ValueError):
    """A stored form that cannot be read: cut short, out of range, or of another format."""


def pack(evidence: Evidence, day: int) -> bytes:
    """
    Return the stored form of the evidence of one day (days since 1970).

    Raises:
        ValueError: if some of the evidence is of another day.
    """
    sections = [(tag, content) for of_day, tag, content in evidence.unknown if of_day == day]
    if evidence.points:
        sections.append((POINTS, _pack_points(evidence.points, day)))
    if evidence.asserted:
        sections.append((ASSERTED, _pack_asserted(evidence.asserted, day)))
    if evidence.video:
        sections.append((VIDEO, _pack_video(evidence.video, day)))
    out = bytearray([FORMAT])
    for tag, content in sorted(sections):
        out += _varint(tag) + _varint(len(content)) + content
    return bytes(out)


def unpack(form: bytes, day: int) -> Evidence:
    """
    Read a stored form of a day (days since 1970).

    Raises:
        MalformedEvidenceError: if it cannot be read.
    """
    if not form or form[0] != FORMAT:
        raise MalformedEvidenceError(f"format {form[:1].hex() or 'missing'}, expected {FORMAT:02x}")
    reader = _Reader(form, 1)
    points: set[int] = set()
    video: set[VideoPoint] = set()
    asserted: list[Interval] = []
    unknown: set[tuple[int, int, bytes]] = set()
    while not reader.at_end():
        tag, content = reader.varint(), reader.take(reader.varint())
        if tag == POINTS:
            points.update(_unpack_points(content, day))
        elif tag == ASSERTED:
            asserted.extend(_unpack_asserted(content, day))
        elif tag == VIDEO:
            video.update(_unpack_video(content, day))
        else:
            unknown.add((day, tag, content))
    return Evidence(frozenset(points), frozenset(video), tuple(asserted), frozenset(unknown))


def _pack_points(points: frozenset[int], day: int) -> bytes:
    out = bytearray()
    last = day * SECONDS_PER_DAY
    ordered = sorted(points)
    for at in (ordered[0], ordered[-1]):
        _check_day(at // SECONDS_PER_DAY, day)
    for at in ordered:
        out += _varint(at - last)
        last = at
    return bytes(out)


def _unpack_points(content: bytes, day: int) -> Iterator[int]:
    reader = _Reader(content)
    at = day * SECONDS_PER_DAY
    while not reader.at_end():
        at += reader.varint()
        yield at
    # They ascend, so that the last one tells for all.
    _check_range(at // SECONDS_PER_DAY, day)


def _pack_asserted(asserted: tuple[Interval, ...], day: int) -> bytes:
    out = bytearray()
    last = day * SECONDS_PER_DAY
    for interval in asserted:
        _check_day(interval.start // SECONDS_PER_DAY, day)
        _check_day((interval.end - 1) // SECONDS_PER_DAY, day)
        out += _varint(interval.start - last) + _varint(interval.seconds)
        last = interval.end
    return bytes(out)


def _unpack_asserted(content: bytes, day: int) -> Iterator[Interval]:
    reader = _Reader(content)
    end = day * SECONDS_PER_DAY
    while not reader.at_end():
        start = end + reader.varint()
        end = start + reader.varint()
        if end > (day + 1) * SECONDS_PER_DAY:
            raise MalformedEvidenceError(f"an interval that ends after day {day}")
        yield Interval(start, end)


def _pack_video(video: frozenset[VideoPoint], day: int) -> bytes:
    out = bytearray()
    streams: _Recent[Stream] = _Recent()
    sessions: _Recent[int] = _Recent()
    players: dict[Stream, _Player] = defaultdict(_Player)
    last = day * TENTHS_PER_DAY
    ordered = sorted(video)
    for point in (ordered[0], ordered[-1]):
        _check_day(point.at // TENTHS_PER_DAY, day)
    for point in ordered:
        at, act, session, name, position, duration, speed = point
        out += _varint(at - last)
        last = at
        if act is VideoAct.PAGE_CLOSE:
            out += _pack_close(point, sessions)
            continue
        stream = session, name, duration
        number, player = streams.number(stream), players[stream]
        expected_position, expected_speed = player.expect(at, act)
        off = position - expected_position
        out += _varint(act + STREAM * number + POSITION_GIVEN * (off != 0) + SPEED_GIVEN * (speed != expected_speed))
        if not number:
            out += _pack_session(session, sessions) + name.to_bytes(2, "big") + _varint(duration)
        if off:
            out += _varint(2 * off if off > 0 else -2 * off - 1)
        if speed != expected_speed:
            out += _varint(speed)
        player.go_on(point)
    return bytes(out)


def _pack_close(point: VideoPoint, sessions: _Recent[int]) -> bytes:
    if point.video or point.position or point.duration or point.speed:
        raise ValueError("a page that is closed has no video")
    number = sessions.number(point.session)
    return _varint(point.act + STREAM * number) + (b"" if number else point.session.to_bytes(2, "big"))


def _pack_session(session: int, sessions: _Recent[int]) -> bytes:
    number = sessions.number(session)
    return _varint(number) + (b"" if number else session.to_bytes(2, "big"))


def _unpack_video(content: bytes, day: int) -> Iterator[VideoPoint]:
    reader = _Reader(content)
    streams: _Recent[Stream] = _Recent()
    sessions: _Recent[int] = _Recent()
    players: dict[Stream, _Player] = defaultdict(_Player)
    at = day * TENTHS_PER_DAY
    while not reader.at_end():
        at += reader.varint()
        _check_range(at // TENTHS_PER_DAY, day)
        number, code = divmod(reader.varint(), STREAM)
        if code == VideoAct.PAGE_CLOSE:
            yield VideoPoint(at, VideoAct.PAGE_CLOSE, _unpack_session(reader, number, sessions))
            continue
        act = code % ACTS
        if act not in VideoAct._value2member_map_ or act == VideoAct.PAGE_CLOSE:
            raise MalformedEvidenceError(f"video act {act} of {code}")
        stream = streams.take(number) if number else streams.add(_unpack_stream(reader, sessions))
        position, speed = players[stream].expect(at, VideoAct(act))
        if code & POSITION_GIVEN:
            off = reader.varint()
            position += -(off // 2) - 1 if off % 2 else off // 2
        if code & SPEED_GIVEN:
            speed = reader.varint()
        session, name, duration = stream
        point = VideoPoint(at, VideoAct(act), session, name, _bounded(position), duration, _bounded(speed))
        players[stream].go_on(point)
        yield point


def _unpack_stream(reader: _Reader, sessions: _Recent[int]) -> Stream:
    session = _unpack_session(reader, reader.varint(), sessions)
    return session, int.from_bytes(reader.take(2), "big"), _bounded(reader.varint())


def _unpack_session(reader: _Reader, number: int, sessions: _Recent[int]) -> int:
    return sessions.take(number) if number else sessions.add(int.from_bytes(reader.take(2), "big"))


class _Recent(Generic[T]):
    """Things by how recently they were used: 1 is the last one, 0 stands for one that is new."""

    def __init__(self) -> None:
        self._things: list[T] = []

    def number(self, thing: T) -> int:
        """Return the number of a thing, and use it."""
        things, found = self._things, 0
        if thing in things:
            found = things.index(thing) + 1
            del things[found - 1]
        things.insert(0, thing)
        return found

    def take(self, number: int) -> T:
        """Return the thing with a number, and use it."""
        if number > len(self._things):
            raise MalformedEvidenceError(f"number {number} of {len(self._things)}")
        return self.add(self._things[number - 1])

    def add(self, thing: T) -> T:
        """Use a thing."""
        if thing in self._things:
            self._things.remove(thing)
        self._things.insert(0, thing)
        return thing


class _Player:
    """Where a video is to be expected, after the points of its stream so far."""

    def __init__(self) -> None:
        self._at = self._position = 0
        self._speed = NORMAL_SPEED
        self._plays = False

    def expect(self, at: int, act: VideoAct) -> tuple[int, int]:
        """Return position and speed that a point should have."""
        moved = (at - self._at) * self._speed // NORMAL_SPEED if self._plays else 0
        speed = self._speed if act in (VideoAct.PLAY, VideoAct.SPEED) else 0
        return min(self._position + moved, MAX_PLAYER_VALUE), speed

    def go_on(self, point: VideoPoint) -> None:
        """Take in the next point."""
        self._at, self._position = point.at, point.position
        self._speed = point.speed or self._speed
        if point.act in (VideoAct.PLAY, VideoAct.PAUSE, VideoAct.STOP):
            self._plays = point.act is VideoAct.PLAY


def _bounded(value: int) -> int:
    if not 0 <= value <= MAX_PLAYER_VALUE:
        raise MalformedEvidenceError(f"a player's value of {value}")
    return value


def _check_day(found: int, day: int) -> None:
    if found != day:
        raise ValueError(f"evidence of day {found} among that of day {day}")


def _check_range(found: int, day: int) -> None:
    if found != day:
        raise MalformedEvidenceError(f"a moment outside of day {day}")


def _varint(number: int) -> bytes:
    # Nearly all are short, and there are several in each moment.
    if 0 <= number <= 0x7F:
        return ONE_BYTE[number]
    if 0 <= number <= 0x3FFF:
        return bytes((number & 0x7F | 0x80, number >> 7))
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


class _Reader:
    """Reads a form from front to back."""

    def __init__(self, form: bytes, position: int = 0) -> None:
        self._form = form
        self._position = position

    def at_end(self) -> bool:
        return self._position >= len(self._form)

    def take(self, length: int) -> bytes:
        end = self._position + length
        if end > len(self._form):
            raise MalformedEvidenceError("cut short")
        taken = self._form[self._position : end]
        self._position = end
        return taken

    def varint(self) -> int:
        number, form, position = 0, self._form, self._position
        for shift in range(0, MAX_VARINT_BITS, 7):
            if position >= len(form):
                raise MalformedEvidenceError("cut short")
            byte = form[position]
            position += 1
            if byte < 0x80:
                self._position = position
                return number | byte << shift
            number |= (byte & 0x7F) << shift
        raise MalformedEvidenceError("a number too long")


MAX_VARINT_BITS = 63
ONE_BYTE = [bytes((number,)) for number in range(0x80)]

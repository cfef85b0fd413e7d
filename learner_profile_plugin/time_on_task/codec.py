"""
The stored form of one UTC day of evidence.

A form is the format number (one byte) followed by sections, each a tag, the length of what follows
and the content; tag, length and every other number are varints (little-endian groups of seven bits,
the high bit says that more follow). Sections stand in order of their tags, numbers in ascending
order, so equal evidence has equal bytes. A tag may stand more than once: its sections are united.

=====  =======================================================================================
tag    content
=====  =======================================================================================
1      acts: seconds since midnight, the first as it is, each next as the difference
2      kept free for asserted intervals
3      video: the number of streams; for each stream its session (4 bytes), video (4 bytes) and
       duration; then for each point the difference in tenths of a second to the point before
       (to midnight for the first), ``act + 8 * stream``, position, speed
=====  =======================================================================================

A section with a tag that is not known here is kept and written back as it came: older code does not
lose what newer code stored.
"""

from __future__ import annotations

from collections.abc import Iterator

from learner_profile_plugin.time_on_task.data import (
    SECONDS_PER_DAY,
    TENTHS_PER_DAY,
    Evidence,
    VideoAct,
    VideoPoint,
)

FORMAT = 1
POINTS = 1
VIDEO = 3
ACTS = 8


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
    evidence = Evidence()
    while not reader.at_end():
        tag, content = reader.varint(), reader.take(reader.varint())
        if tag == POINTS:
            evidence |= Evidence(points=frozenset(_unpack_points(content, day)))
        elif tag == VIDEO:
            evidence |= Evidence(video=frozenset(_unpack_video(content, day)))
        else:
            evidence |= Evidence(unknown=frozenset({(day, tag, content)}))
    return evidence


def _pack_points(points: frozenset[int], day: int) -> bytes:
    out = bytearray()
    last = day * SECONDS_PER_DAY
    for at in sorted(points):
        _check_day(at // SECONDS_PER_DAY, day)
        out += _varint(at - last)
        last = at
    return bytes(out)


def _unpack_points(content: bytes, day: int) -> Iterator[int]:
    reader = _Reader(content)
    at = day * SECONDS_PER_DAY
    while not reader.at_end():
        at += reader.varint()
        _check_range(at // SECONDS_PER_DAY, day)
        yield at


def _pack_video(video: frozenset[VideoPoint], day: int) -> bytes:
    streams = sorted({(p.session, p.video, p.duration) for p in video})
    out = bytearray(_varint(len(streams)))
    for session, name, duration in streams:
        out += session.to_bytes(4, "big") + name.to_bytes(4, "big") + _varint(duration)
    last = day * TENTHS_PER_DAY
    for point in sorted(video):
        _check_day(point.at // TENTHS_PER_DAY, day)
        stream = streams.index((point.session, point.video, point.duration))
        out += _varint(point.at - last) + _varint(point.act + ACTS * stream)
        out += _varint(point.position) + _varint(point.speed)
        last = point.at
    return bytes(out)


def _unpack_video(content: bytes, day: int) -> Iterator[VideoPoint]:
    reader = _Reader(content)
    count = reader.varint()
    if count > len(content):
        raise MalformedEvidenceError(f"{count} streams in {len(content)} bytes")
    streams = [
        (int.from_bytes(reader.take(4), "big"), int.from_bytes(reader.take(4), "big"), reader.varint())
        for _ in range(count)
    ]
    at = day * TENTHS_PER_DAY
    while not reader.at_end():
        at += reader.varint()
        _check_range(at // TENTHS_PER_DAY, day)
        stream, act = divmod(reader.varint(), ACTS)
        if stream >= count or act not in VideoAct._value2member_map_:
            raise MalformedEvidenceError(f"video point of stream {stream}, act {act}")
        session, name, duration = streams[stream]
        yield VideoPoint(at, VideoAct(act), session, name, reader.varint(), duration, reader.varint())


def _check_day(found: int, day: int) -> None:
    if found != day:
        raise ValueError(f"evidence of day {found} among that of day {day}")


def _check_range(found: int, day: int) -> None:
    if found != day:
        raise MalformedEvidenceError(f"a moment outside of day {day}")


def _varint(number: int) -> bytes:
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
        number = 0
        for shift in range(0, MAX_VARINT_BITS, 7):
            byte = self.take(1)[0]
            number |= (byte & 0x7F) << shift
            if byte < 0x80:
                return number
        raise MalformedEvidenceError("a number too long")


MAX_VARINT_BITS = 63

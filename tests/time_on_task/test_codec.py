"""The stored form of a day: nothing is lost, nothing harmful is read."""

from __future__ import annotations

import random
import tracemalloc
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learner_profile_plugin.time_on_task.codec import FORMAT, MalformedEvidenceError, pack, unpack
from learner_profile_plugin.time_on_task.data import (
    MAX_PLAYER_VALUE,
    SECONDS_PER_DAY,
    Evidence,
    Interval,
    VideoAct,
    VideoPoint,
)
from tests.time_on_task.material import MIDNIGHT, NOON, TODAY, beats, evidence, video_point

TOMORROW = MIDNIGHT + SECONDS_PER_DAY

quick = settings(deadline=None, max_examples=60)

word = st.integers(0, 2**16 - 1)
any_video_point = st.builds(
    VideoPoint,
    st.integers(MIDNIGHT * 10, TOMORROW * 10 - 1),
    st.sampled_from(VideoAct),
    word,
    word,
    *[st.integers(0, MAX_PLAYER_VALUE)] * 3,
).map(lambda point: VideoPoint(point.at, point.act, point.session) if point.act is VideoAct.PAGE_CLOSE else point)
newer_sections = st.dictionaries(st.sampled_from([3, 5, 6, 127, 128, 2**40]), st.binary(max_size=20), max_size=3).map(
    lambda sections: frozenset((TODAY, tag, content) for tag, content in sections.items())
)
any_evidence = st.builds(
    Evidence,
    st.frozensets(st.integers(MIDNIGHT, TOMORROW - 1), max_size=40),
    # Points of few streams, among which much is as expected, and points that have nothing to do with each other.
    st.frozensets(any_video_point, max_size=15) | evidence().map(lambda found: found.video),
    beats(MIDNIGHT, TOMORROW),
    newer_sections,
)


@quick
@given(any_evidence)
def test_what_is_packed_comes_back(found: Evidence) -> None:
    assert unpack(pack(found, TODAY), TODAY) == found


@pytest.mark.parametrize("at", [MIDNIGHT, TOMORROW - 1])
def test_the_first_and_the_last_second_of_a_day_come_back(at: int) -> None:
    found = Evidence(frozenset({at}), frozenset({video_point(at + 0.9, VideoAct.PLAY)}), (Interval(at, at + 1),))
    assert unpack(pack(found, TODAY), TODAY) == found


def test_no_evidence_is_one_byte() -> None:
    assert pack(Evidence(), TODAY) == bytes([FORMAT])
    assert unpack(bytes([FORMAT]), TODAY) == Evidence()


@quick
@given(any_evidence, st.randoms(use_true_random=False))
def test_equal_evidence_has_equal_bytes(found: Evidence, chance) -> None:
    def shuffled(things):
        things = list(things)
        chance.shuffle(things)
        return frozenset(things)

    asserted = [piece for whole in found.asserted for piece in cut(whole, chance)]
    chance.shuffle(asserted)
    same = Evidence(shuffled(found.points), shuffled(found.video), tuple(asserted), shuffled(found.unknown))
    assert same == found
    assert pack(same, TODAY) == pack(found, TODAY)


def cut(interval: Interval, chance) -> list[Interval]:
    """Return an interval in two pieces that overlap or touch, one of them twice."""
    at = chance.randint(interval.start, interval.end)
    pieces = [Interval(interval.start, at), Interval(chance.randint(interval.start, at), interval.end)]
    return [*pieces, chance.choice(pieces)]


@quick
@given(any_evidence, any_evidence)
def test_different_evidence_has_different_bytes(one: Evidence, other: Evidence) -> None:
    assert (pack(one, TODAY) == pack(other, TODAY)) == (one == other)


def test_a_form_that_was_stored_once_is_read_for_ever() -> None:
    """Change this only together with a new format number and a reader for the old one."""
    begin = MIDNIGHT * 10
    found = Evidence(
        points=frozenset({MIDNIGHT + 5, MIDNIGHT + 205}),
        video=frozenset(
            {
                VideoPoint(begin + 50, VideoAct.PLAY, 0x0102, 0x0A0B, 300, 6000, 100),
                VideoPoint(begin + 2050, VideoAct.PAUSE, 0x0102, 0x0A0B, 2298, 6000),
                VideoPoint(begin + 2060, VideoAct.SPEED, 0x0102, 0x0A0B, 2298, 6000, 150),
                VideoPoint(begin + 2070, VideoAct.PLAY, 0x0102, 0x0A0B, 2298, 6000, 150),
                VideoPoint(begin + 2090, VideoAct.PAGE_CLOSE, 0x0102),
            }
        ),
        asserted=(Interval(MIDNIGHT + 5, MIDNIGHT + 65), Interval(MIDNIGHT + 200, MIDNIGHT + 206)),
    )
    form = bytes.fromhex(
        "01"  # the format
        "0103 05 c801"  # two acts
        "0205 05 3c 8701 06"  # two intervals
        "0417"  # five points
        "32 09 00 0102 0a0b f02e d804"  # the first, of a new stream in a new session
        "d00f 2a 03 0a 35 9601 0a 21"  # of the same stream, two with something that was not to be expected
        "14 26"  # the page of the same session
    )
    assert pack(found, TODAY) == form
    assert unpack(form, TODAY) == found


def test_a_form_of_acts_alone_that_older_code_stored_is_read() -> None:
    assert unpack(bytes.fromhex("01010305c801"), TODAY) == Evidence(frozenset({MIDNIGHT + 5, MIDNIGHT + 205}))


# Forms of newer code


def test_sections_of_newer_code_survive_reading_uniting_and_writing() -> None:
    old = bytes([FORMAT, 1, 1, 9])
    newer = bytes([FORMAT, 5, 3]) + b"abc" + bytes([77, 2]) + b"xy"
    united = pack(unpack(old, TODAY) | unpack(newer, TODAY), TODAY)
    assert united == bytes([FORMAT, 1, 1, 9, 5, 3]) + b"abc" + bytes([77, 2]) + b"xy"


def test_sections_of_newer_code_with_the_same_tag_all_survive() -> None:
    forms = [bytes([FORMAT, 5, 1, number]) for number in range(20)]
    united = Evidence.union(unpack(form, TODAY) for form in forms)
    assert unpack(pack(united, TODAY), TODAY) == united


def test_a_section_stays_with_its_day() -> None:
    found = Evidence(unknown=frozenset({(TODAY, 9, b"today"), (TODAY + 1, 9, b"tomorrow")}))
    assert pack(found, TODAY) == bytes([FORMAT, 9, 5]) + b"today"
    assert {day: pack(part, day)[3:] for day, part in found.by_day().items()} == {
        TODAY: b"today",
        TODAY + 1: b"tomorrow",
    }


# Other days


@pytest.mark.parametrize("at", [MIDNIGHT - 1, TOMORROW])
def test_an_act_of_another_day_is_refused(at: int) -> None:
    with pytest.raises(ValueError, match="evidence of day"):
        pack(Evidence(points=frozenset({NOON, at})), TODAY)


@pytest.mark.parametrize("interval", [Interval(MIDNIGHT - 1, NOON), Interval(NOON, TOMORROW + 1)])
def test_an_interval_of_another_day_is_refused(interval: Interval) -> None:
    with pytest.raises(ValueError, match="evidence of day"):
        pack(Evidence.asserting([interval]), TODAY)


@pytest.mark.parametrize("at", [MIDNIGHT - 0.1, TOMORROW])
def test_a_video_event_of_another_day_is_refused(at: float) -> None:
    with pytest.raises(ValueError, match="evidence of day"):
        pack(Evidence(video=frozenset({video_point(at, VideoAct.PLAY)})), TODAY)


@quick
@given(evidence(MIDNIGHT - 90_000, MIDNIGHT + 90_000, with_beats=True))
def test_days_taken_apart_unite_to_the_whole(found: Evidence) -> None:
    days = found.by_day()
    assert Evidence.union(unpack(pack(part, day), day) for day, part in days.items()) == found
    assert all(part != Evidence() for part in days.values())


def test_an_interval_over_several_days_is_split_at_each_midnight() -> None:
    whole = Interval(MIDNIGHT - 10, TOMORROW + 5)
    assert {day: part.asserted for day, part in Evidence.asserting([whole]).by_day().items()} == {
        TODAY - 1: (Interval(MIDNIGHT - 10, MIDNIGHT),),
        TODAY: (Interval(MIDNIGHT, TOMORROW),),
        TODAY + 1: (Interval(TOMORROW, TOMORROW + 5),),
    }


@pytest.mark.parametrize("field", ["video", "position", "duration", "speed"])
def test_a_page_that_is_closed_has_no_video(field: str) -> None:
    closed = VideoPoint(NOON * 10, VideoAct.PAGE_CLOSE, 1, **{field: 5})
    with pytest.raises(ValueError, match="no video"):
        pack(Evidence(video=frozenset({closed})), TODAY)


# Evidence is a set


@quick
@given(any_evidence, any_evidence, any_evidence)
def test_uniting_needs_no_order_and_does_nothing_twice(one: Evidence, other: Evidence, third: Evidence) -> None:
    assert one | other == other | one
    assert (one | other) | third == one | (other | third) == Evidence.union([third, one, other])
    assert one | one == one == one | Evidence()
    assert pack(one | other, TODAY) == pack(other | one, TODAY)


@quick
@given(beats(0, 300, max_size=10))
def test_asserted_intervals_cover_what_was_given_in_one_form_alone(given_: tuple[Interval, ...]) -> None:
    found = Evidence.asserting(given_).asserted
    covered = {second for interval in given_ for second in range(interval.start, interval.end)}
    assert {second for interval in found for second in range(interval.start, interval.end)} == covered
    assert all(interval.seconds > 0 for interval in found)
    assert all(one.end < later.start for one, later in pairwise(found))


# What is no form


def read_or_refuse(form: bytes) -> None:
    """Read; only the one error that says so may come, and what was read can be written and read again."""
    try:
        found = unpack(form, TODAY)
    except MalformedEvidenceError:
        return
    assert unpack(pack(found, TODAY), TODAY) == found


@settings(deadline=None, max_examples=250)
@given(st.binary(max_size=120) | st.binary(max_size=120).map(lambda rest: bytes([FORMAT]) + rest))
def test_any_bytes_are_read_or_refused(form: bytes) -> None:
    read_or_refuse(form)


@settings(deadline=None, max_examples=250)
@given(any_evidence.map(lambda found: pack(found, TODAY)), st.data())
def test_a_damaged_form_is_read_or_refused(form: bytes, data: st.DataObject) -> None:
    damaged = bytearray(form)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(damaged)))
        kind = data.draw(st.sampled_from(["change", "insert", "cut out", "cut off"]))
        if kind == "insert":
            damaged[at:at] = data.draw(st.binary(min_size=1, max_size=3))
        elif kind == "cut off":
            del damaged[at:]
        elif at < len(damaged):
            damaged[at : at + 1] = bytes([data.draw(st.integers(0, 255))]) if kind == "change" else b""
    read_or_refuse(bytes(damaged))


HUGE = bytes([0xFF] * 8 + [0x7F])


@pytest.mark.parametrize(
    "form",
    [
        b"",
        b"\x00",
        b"\x02\x01\x01\x05",
        bytes([FORMAT, 1]),
        bytes([FORMAT, 1, 2, 5]),
        bytes([FORMAT, 0x80]),
        bytes([FORMAT]) + b"\xff" * 12,
        bytes([FORMAT, 1]) + HUGE,
        bytes([FORMAT, 9]) + HUGE + b"abc",
        bytes([FORMAT, 1, 9]) + HUGE,
        bytes([FORMAT, 2, 10, 0]) + HUGE,
        bytes([FORMAT, 2, 1, 5]),
        bytes([FORMAT, 2, 4, 0, 0x81, 0xA3, 0x05]),
        bytes([FORMAT, 4, 1, 0]),
        bytes([FORMAT, 4, 2, 0, 33]),
        bytes([FORMAT, 4, 7, 0, 1, 0, 0, 0, 0, 0]),
        bytes([FORMAT, 4, 10, 0, 1, 0, 0, 0, 0, 0, 0, 1, 65]),
        bytes([FORMAT, 4, 6, 0, 1, 1, 0, 0, 0]),
        bytes([FORMAT, 4, 2, 0, 38]),
        bytes([FORMAT, 4, 3, 0, 6, 0]),
        bytes([FORMAT, 4, 5, 0, 14, 0, 0, 2]),
        bytes([FORMAT, 4, 8, 0, 0, 0, 0, 0, 0, 0, 0]),
        bytes([FORMAT, 4, 8, 0, 7, 0, 0, 0, 0, 0, 0]),
        bytes([FORMAT, 4, 9, 0, 9, 0, 0, 0, 0, 0, 0, 1]),
        bytes([FORMAT, 4, 17, 0, 17, 0, 0, 0, 0, 0, 0]) + HUGE,
        bytes([FORMAT, 4, 16, 0, 1, 0, 0, 0, 0, 0]) + HUGE,
        bytes([FORMAT, 4, 9]) + HUGE,
        bytes([FORMAT, 1, 3, 0x80, 0xA3, 0x05]),
    ],
    ids=[
        "nothing",
        "format 0",
        "format 2",
        "a tag alone",
        "content cut short",
        "a tag cut short",
        "a number too long",
        "acts of a huge length",
        "an unknown section of a huge length",
        "an act in a distant future",
        "an interval that never ends",
        "an interval without an end",
        "an interval that ends tomorrow",
        "half a point",
        "a point of a stream that is none",
        "a point that is cut short",
        "a point of a second stream, of which there is one",
        "a session that is none",
        "a page of a session that is none",
        "a page that is cut short",
        "a page with a position",
        "video act 0",
        "video act 7",
        "a position before the beginning",
        "a huge speed",
        "a huge duration",
        "a point in a distant future",
        "the midnight after",
    ],
)
def test_what_is_no_form_is_refused_without_effort(form: bytes) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(MalformedEvidenceError):
            unpack(form, TODAY)
        assert tracemalloc.get_traced_memory()[1] < 100_000
    finally:
        tracemalloc.stop()


# Size; benchmarks.evidence_size measures more


def realistic_day(chance: random.Random) -> Evidence:
    """An evening of 25 acts seconds to minutes apart, and a video played in three stretches."""
    at = MIDNIGHT + chance.randrange(6 * 3600, 22 * 3600)
    acts = {at}
    for _ in range(24):
        at += min(int(chance.expovariate(1 / 70)) + 2, 1500)
        acts.add(at)
    start, position, video = chance.choice(sorted(acts)) * 10, 0, set()
    for _ in range(3):
        long = chance.randrange(300, 2400)
        for act in (VideoAct.PLAY, VideoAct.PAUSE):
            speed = 100 if act is VideoAct.PLAY else 0
            video.add(VideoPoint(start, act, 77, 99, position, 6000, speed))
            # The player's clock and ours are never quite the same.
            start, position = (
                (start + long, position + long + chance.randrange(-3, 4))
                if act is VideoAct.PLAY
                else (start + 50, position)
            )
    assert (len(acts), len(video)) == (25, 6)
    return Evidence(frozenset(acts), frozenset(video))


def test_an_evening_of_learning_takes_at_most_sixty_four_bytes_in_the_mean() -> None:
    chance = random.Random(20260304)
    sizes = [len(pack(realistic_day(chance), TODAY)) for _ in range(300)]
    assert sum(sizes) / len(sizes) < 64
    assert max(sizes) <= 72


def test_a_single_act_takes_a_few_bytes() -> None:
    assert len(pack(Evidence(points=frozenset({TOMORROW - 1})), TODAY)) == 6


def test_an_hour_of_beats_takes_a_few_bytes() -> None:
    asserted = [Interval(NOON + minute * 60, NOON + minute * 60 + 60) for minute in range(60)]
    assert len(pack(Evidence.asserting(asserted), TODAY)) == 8

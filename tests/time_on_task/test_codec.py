"""The stored form of a day: nothing is lost, nothing harmful is read."""

from __future__ import annotations

import random
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learner_profile_plugin.time_on_task.codec import FORMAT, MalformedEvidenceError, pack, unpack
from learner_profile_plugin.time_on_task.data import SECONDS_PER_DAY, Evidence, VideoAct, VideoPoint
from tests.time_on_task.material import MIDNIGHT, NOON, TODAY, evidence, video_point

TOMORROW = MIDNIGHT + SECONDS_PER_DAY

quick = settings(deadline=None, max_examples=60)

word = st.integers(0, 2**32 - 1)
any_video_point = st.builds(
    VideoPoint,
    st.integers(MIDNIGHT * 10, TOMORROW * 10 - 1),
    st.sampled_from(VideoAct),
    word,
    word,
    *[st.integers(0, 10_000_000)] * 3,
)
newer_sections = st.dictionaries(st.sampled_from([2, 4, 5, 127, 128, 2**40]), st.binary(max_size=20), max_size=3).map(
    lambda sections: frozenset((TODAY, tag, content) for tag, content in sections.items())
)
any_evidence = st.builds(
    Evidence,
    st.frozensets(st.integers(MIDNIGHT, TOMORROW - 1), max_size=40),
    st.frozensets(any_video_point, max_size=15),
    newer_sections,
)


@quick
@given(any_evidence)
def test_what_is_packed_comes_back(found: Evidence) -> None:
    assert unpack(pack(found, TODAY), TODAY) == found


@pytest.mark.parametrize("at", [MIDNIGHT, TOMORROW - 1])
def test_the_first_and_the_last_second_of_a_day_come_back(at: int) -> None:
    found = Evidence(frozenset({at}), frozenset({video_point(at + 0.9, VideoAct.PLAY)}))
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

    same = Evidence(shuffled(found.points), shuffled(found.video), shuffled(found.unknown))
    assert pack(same, TODAY) == pack(found, TODAY)


@quick
@given(any_evidence, any_evidence)
def test_different_evidence_has_different_bytes(one: Evidence, other: Evidence) -> None:
    assert (pack(one, TODAY) == pack(other, TODAY)) == (one == other)


def test_a_form_that_was_stored_once_is_read_for_ever() -> None:
    """Change this only together with a new format number and a reader for the old one."""
    found = Evidence(
        frozenset({MIDNIGHT + 5, MIDNIGHT + 205}),
        frozenset(
            {
                VideoPoint(MIDNIGHT * 10 + 50, VideoAct.PLAY, 0x01020304, 0x0A0B0C0D, 0, 6000, 100),
                VideoPoint(MIDNIGHT * 10 + 2050, VideoAct.PAUSE, 0x01020304, 0x0A0B0C0D, 2000, 6000, 0),
            }
        ),
    )
    form = bytes.fromhex("01010305c801031501010203040a0b0c0df02e32010064d00f02d00f00")
    assert pack(found, TODAY) == form
    assert unpack(form, TODAY) == found


# Forms of newer code


def test_sections_of_newer_code_survive_reading_uniting_and_writing() -> None:
    old = bytes([FORMAT, 1, 1, 9])
    newer = bytes([FORMAT, 2, 3]) + b"abc" + bytes([77, 2]) + b"xy"
    united = pack(unpack(old, TODAY) | unpack(newer, TODAY), TODAY)
    assert united == bytes([FORMAT, 1, 1, 9, 2, 3]) + b"abc" + bytes([77, 2]) + b"xy"


def test_sections_of_newer_code_with_the_same_tag_all_survive() -> None:
    forms = [bytes([FORMAT, 2, 1, number]) for number in range(20)]
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


@pytest.mark.parametrize("at", [MIDNIGHT - 0.1, TOMORROW])
def test_a_video_event_of_another_day_is_refused(at: float) -> None:
    with pytest.raises(ValueError, match="evidence of day"):
        pack(Evidence(video=frozenset({video_point(at, VideoAct.PLAY)})), TODAY)


@quick
@given(evidence(MIDNIGHT - 90_000, MIDNIGHT + 90_000))
def test_days_taken_apart_unite_to_the_whole(found: Evidence) -> None:
    days = found.by_day()
    assert Evidence.union(unpack(pack(part, day), day) for day, part in days.items()) == found
    assert all(part != Evidence() for part in days.values())


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
        bytes([FORMAT, 3, 9]) + HUGE,
        bytes([FORMAT, 3, 0]),
        bytes([FORMAT, 3, 5, 0, 1, 1, 0, 0]),
        bytes([FORMAT, 3, 15, 1]) + bytes(9) + bytes([1, 0, 0, 0, 0]),
        bytes([FORMAT, 3, 15, 1]) + bytes(9) + bytes([1, 7, 0, 0, 0]),
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
        "more streams than bytes",
        "no number of streams",
        "a point of no stream",
        "video act 0",
        "video act 7",
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


# Size


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
            start, position = (start + long, position + long) if act is VideoAct.PLAY else (start + 50, position)
    assert (len(acts), len(video)) == (25, 6)
    return Evidence(frozenset(acts), frozenset(video))


def test_an_evening_of_learning_takes_at_most_ninety_bytes() -> None:
    chance = random.Random(20260304)
    sizes = [len(pack(realistic_day(chance), TODAY)) for _ in range(300)]
    assert sum(sizes) / len(sizes) < 82
    assert max(sizes) <= 90


def test_a_single_act_takes_a_few_bytes() -> None:
    assert len(pack(Evidence(points=frozenset({TOMORROW - 1})), TODAY)) == 6

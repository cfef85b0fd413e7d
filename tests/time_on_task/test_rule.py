"""What counts as learning time: the rule, case by case and by its laws."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from learner_profile_plugin.time_on_task import rule
from learner_profile_plugin.time_on_task.codec import pack, unpack
from learner_profile_plugin.time_on_task.data import (
    SECONDS_PER_DAY,
    Evidence,
    Interval,
    Kind,
    VideoAct,
    VideoPoint,
    within,
)
from tests.time_on_task.material import (
    AROUND_MIDNIGHT,
    MIDNIGHT,
    NOON,
    beats,
    evidence,
    points,
    video_point,
)

PLAY, PAUSE, SEEK, STOP, SPEED, CLOSE = VideoAct

quick = settings(deadline=None, max_examples=60)

NOTHING_JOINED = rule.Limits(gap=0)

joined_or_not = pytest.mark.parametrize("limits", [rule.LIMITS, NOTHING_JOINED], ids=["joined", "nothing joined"])


def seconds(*, points: set[int] | None = None, video: list[VideoPoint] | None = None) -> int:
    return total(Evidence(frozenset(points or ()), frozenset(video or ())))


def total(found: Evidence, limits: rule.Limits = rule.LIMITS) -> int:
    return rule.total_seconds(rule.active_intervals(found, limits))


def stretches(video: list[VideoPoint]) -> list[Interval]:
    """Return the played stretches alone: nothing is joined with anything."""
    return rule.active_intervals(Evidence(video=frozenset(video)), NOTHING_JOINED)


def played(video: list[VideoPoint]) -> int:
    return rule.total_seconds(stretches(video))


# Acts


def test_no_evidence_is_no_time() -> None:
    assert rule.active_intervals(Evidence()) == []


def test_one_act_proves_a_moment_and_no_duration() -> None:
    assert seconds(points={NOON}) == 0


def test_acts_are_joined_over_a_silence_of_exactly_the_limit() -> None:
    assert seconds(points={NOON, NOON + 600}) == 600


def test_a_silence_one_second_above_the_limit_counts_nothing() -> None:
    assert seconds(points={NOON, NOON + 601}) == 0


def test_each_run_of_acts_counts_from_its_first_to_its_last() -> None:
    acts = {NOON, NOON + 100, NOON + 680, NOON + 10_000, NOON + 10_007}
    assert rule.active_intervals(Evidence(frozenset(acts))) == [
        Interval(NOON, NOON + 680),
        Interval(NOON + 10_000, NOON + 10_007),
    ]


def test_a_run_of_acts_goes_on_over_midnight() -> None:
    assert seconds(points={MIDNIGHT - 200, MIDNIGHT + 300}) == 500


# Played stretches of video, without what video events are as acts


def test_a_video_counts_from_play_to_pause_however_long_the_silence() -> None:
    watched = [video_point(NOON, PLAY, duration=50_000), video_point(NOON + 3601, PAUSE, 3601, duration=50_000)]
    assert played(watched) == seconds(video=watched) == 3601


def test_what_lies_between_pause_and_play_does_not_count() -> None:
    watched = [
        video_point(NOON, PLAY),
        video_point(NOON + 10, PAUSE, 10),
        video_point(NOON + 100, PLAY, 10),
        video_point(NOON + 130, PAUSE, 40),
    ]
    assert played(watched) == 40


@pytest.mark.parametrize("end", [PAUSE, STOP, CLOSE])
def test_a_video_plays_until_pause_stop_or_the_end_of_its_page(end: VideoAct) -> None:
    assert played([video_point(NOON, PLAY), video_point(NOON + 200, end, 200)]) == 200


@pytest.mark.parametrize("end", [PAUSE, STOP, SEEK, SPEED, CLOSE])
def test_without_a_play_nothing_was_played(end: VideoAct) -> None:
    assert played([video_point(NOON, end), video_point(NOON + 200, end, 200)]) == 0


def test_after_a_seek_the_video_plays_on_from_there() -> None:
    watched = [
        video_point(NOON, PLAY),
        video_point(NOON + 30, SEEK, 590),
        video_point(NOON + 300, PAUSE, 600),
    ]
    assert played(watched) == 30 + 10, "ten seconds of the video were left after the seek"


def test_a_seek_while_the_video_stands_still_does_not_start_it() -> None:
    watched = [video_point(NOON, PLAY), video_point(NOON + 5, PAUSE, 5), video_point(NOON + 50, SEEK, 300)]
    assert played(watched) == 5


def test_no_stretch_is_longer_than_what_is_left_of_the_video() -> None:
    assert played([video_point(NOON, PLAY, 540), video_point(NOON + 900, PAUSE, 600)]) == 60


@pytest.mark.parametrize(("speed", "left"), [(50, 120), (100, 60), (150, 40), (200, 30)])
def test_what_is_left_takes_as_long_as_the_speed_makes_it(speed: int, left: int) -> None:
    assert played([video_point(NOON, PLAY, 540, speed=speed), video_point(NOON + 900, PAUSE, 600)]) == left


def test_a_change_of_speed_holds_from_then_on() -> None:
    watched = [
        video_point(NOON, PLAY),
        video_point(NOON + 100, SPEED, 100, speed=200),
        video_point(NOON + 1000, PAUSE, 600),
    ]
    assert played(watched) == 100 + 250


def test_a_speed_chosen_before_the_play_holds_too() -> None:
    watched = [
        video_point(NOON, SPEED, 0, speed=200),
        video_point(NOON + 10, PLAY),
        video_point(NOON + 1000, PAUSE, 600),
    ]
    assert played(watched) == 300


def test_a_video_of_unknown_length_ends_after_two_hours() -> None:
    watched = [video_point(NOON, PLAY, duration=0), video_point(NOON + 20_000, PAUSE, duration=0)]
    assert played(watched) == seconds(video=watched) == 7200


def test_a_position_beyond_the_end_leaves_nothing_to_play() -> None:
    assert played([video_point(NOON, PLAY, 700), video_point(NOON + 60, PAUSE, 760)]) == 0


def test_a_play_that_nothing_ends_counts_little() -> None:
    assert played([video_point(NOON, PLAY)]) == 60


def test_a_play_that_nothing_ends_counts_no_more_than_what_is_left() -> None:
    assert played([video_point(NOON, PLAY, 588)]) == 12


def test_a_second_play_without_a_pause_starts_a_new_stretch() -> None:
    assert played([video_point(NOON, PLAY), video_point(NOON + 40, PLAY, 40)]) == 40 + 60


def test_leaving_a_page_ends_every_video_of_its_session_and_of_no_other() -> None:
    watched = [
        video_point(NOON, PLAY, video=1),
        video_point(NOON + 1, PLAY, video=2),
        video_point(NOON + 20, CLOSE),
        video_point(NOON + 10_000, PLAY, session=2),
        video_point(NOON + 10_020, CLOSE, session=3),
        video_point(NOON + 10_050, PAUSE, 50, session=2),
    ]
    assert stretches(watched) == [
        Interval(NOON, NOON + 20),
        Interval(NOON + 10_000, NOON + 10_050),
    ]


def test_a_pause_of_another_video_or_session_does_not_end_this_one() -> None:
    watched = [
        video_point(NOON, PLAY),
        video_point(NOON + 5, PAUSE, video=2),
        video_point(NOON + 6, PAUSE, session=2),
        video_point(NOON + 90, PAUSE, 90),
    ]
    assert played(watched) == 90


def test_a_video_plays_on_over_midnight() -> None:
    assert played([video_point(MIDNIGHT - 100, PLAY), video_point(MIDNIGHT + 50, PAUSE, 150)]) == 150


def test_two_sessions_at_once_count_once() -> None:
    watched = [
        video_point(NOON, PLAY, session=1),
        video_point(NOON + 100, PAUSE, session=1),
        video_point(NOON + 50, PLAY, session=2),
        video_point(NOON + 130, PAUSE, session=2),
    ]
    assert played(watched) == 130


def test_acts_and_video_at_once_count_once() -> None:
    watched = [video_point(NOON, PLAY), video_point(NOON + 100, PAUSE, 100)]
    acts = {NOON, NOON + 40, NOON + 160}
    assert seconds(points=acts, video=watched) == 160
    found = Evidence(frozenset(acts), frozenset(watched))
    assert rule.active_intervals(found, rule.Limits(gap=59)) == [Interval(NOON, NOON + 100)]
    assert rule.active_intervals(found, rule.Limits(gap=60)) == [Interval(NOON, NOON + 160)]


def test_many_short_stretches_never_add_up_to_more_than_their_span() -> None:
    flicker = []
    for tenth in range(100):
        act = PAUSE if tenth % 2 else PLAY
        flicker.append(video_point(NOON + tenth / 10, act, tenth / 10))
    assert played(flicker) <= 10
    assert seconds(video=flicker) <= 10


# Video events as acts


def nothing_left(second: float, act: VideoAct, **fields: int) -> VideoPoint:
    """Make a video event at the end of the video, after which there is nothing to play."""
    return video_point(second, act, 600, **fields)


def test_a_pause_and_an_act_ten_minutes_later_are_joined() -> None:
    assert seconds(points={NOON + 600}, video=[video_point(NOON, PAUSE)]) == 600


@pytest.mark.parametrize("act", [PLAY, PAUSE, SEEK, STOP, SPEED])
class TestVideoAct:
    def test_on_its_own_proves_a_moment_and_no_duration(self, act: VideoAct) -> None:
        assert seconds(video=[nothing_left(NOON, act)]) == 0

    def test_is_joined_over_a_silence_of_exactly_the_limit(self, act: VideoAct) -> None:
        assert seconds(points={NOON}, video=[nothing_left(NOON + 600.9, act)]) == 600
        assert seconds(points={NOON + 600}, video=[nothing_left(NOON, act)]) == 600
        assert seconds(video=[nothing_left(NOON, act), nothing_left(NOON + 600, act)]) == 600

    def test_is_not_joined_over_a_silence_one_second_above_the_limit(self, act: VideoAct) -> None:
        assert seconds(points={NOON}, video=[nothing_left(NOON + 601, act)]) == 0
        assert seconds(points={NOON + 601}, video=[nothing_left(NOON + 0.9, act)]) == 0
        assert seconds(video=[nothing_left(NOON + 0.9, act), nothing_left(NOON + 601, act)]) == 0

    def test_joins_the_acts_before_and_after(self, act: VideoAct) -> None:
        assert seconds(points={NOON, NOON + 1000}, video=[nothing_left(NOON + 500, act)]) == 1000

    def test_is_joined_with_one_of_another_video_and_session(self, act: VideoAct) -> None:
        other = nothing_left(NOON + 400, PAUSE, video=2, session=2)
        assert seconds(video=[nothing_left(NOON, act), other]) == 400

    def test_is_joined_over_midnight(self, act: VideoAct) -> None:
        assert seconds(points={MIDNIGHT + 300}, video=[nothing_left(MIDNIGHT - 200, act)]) == 500


def test_what_lies_between_pause_and_play_counts_within_the_limit() -> None:
    watched = [
        video_point(NOON, PLAY),
        video_point(NOON + 10, PAUSE, 10),
        video_point(NOON + 100, PLAY, 10),
        video_point(NOON + 130, PAUSE, 40),
        video_point(NOON + 130 + 601, PLAY, 40),
        video_point(NOON + 130 + 601 + 7, PAUSE, 47),
    ]
    assert seconds(video=watched) == 130 + 7


def test_a_played_stretch_and_a_run_that_begins_at_its_end_are_one_interval() -> None:
    watched = [video_point(NOON, PLAY, duration=50_000), video_point(NOON + 3000, PAUSE, 3000, duration=50_000)]
    found = Evidence(frozenset({NOON + 3000 + 500}), frozenset(watched))
    assert rule.active_intervals(found) == [Interval(NOON, NOON + 3500)]


def test_leaving_a_page_is_no_act() -> None:
    assert seconds(points={NOON}, video=[video_point(NOON + 600, CLOSE)]) == 0
    assert seconds(points={NOON + 600}, video=[video_point(NOON, CLOSE)]) == 0
    assert seconds(video=[video_point(NOON, PAUSE), video_point(NOON + 600, CLOSE)]) == 0
    assert seconds(video=[video_point(NOON, CLOSE), video_point(NOON + 600, CLOSE)]) == 0


def test_leaving_a_page_does_not_join_the_acts_before_and_after() -> None:
    assert seconds(points={NOON, NOON + 1000}, video=[video_point(NOON + 500, CLOSE)]) == 0


def test_what_leaving_a_page_ended_is_not_joined_with_what_comes_after() -> None:
    watched = [video_point(NOON, PLAY), video_point(NOON + 100, CLOSE)]
    assert seconds(points={NOON + 601}, video=watched) == 100
    assert seconds(points={NOON + 600}, video=watched) == 600, "the play is an act"


def test_leaving_a_page_at_the_moment_of_an_act_leaves_the_act() -> None:
    closed = video_point(NOON + 600, CLOSE)
    assert seconds(points={NOON, NOON + 600}, video=[closed]) == 600
    assert seconds(points={NOON}, video=[video_point(NOON + 600, PAUSE), closed]) == 600


# Beats


def at(second: int) -> int:
    """Return a moment, told by the seconds after noon."""
    return NOON + second


def with_beats(*asserted: tuple[int, int], acts: tuple[int, ...] = (), video: tuple[VideoPoint, ...] = ()) -> Evidence:
    """Give evidence; moments are told by the seconds after noon."""
    return Evidence(
        frozenset(map(at, acts)), frozenset(video), tuple(Interval(at(start), at(end)) for start, end in asserted)
    )


def active(found: Evidence) -> list[tuple[int, int]]:
    """Return when the learner was active, in seconds after noon."""
    return [(interval.start - NOON, interval.end - NOON) for interval in rule.active_intervals(found)]


def test_what_is_asserted_counts_exactly() -> None:
    assert active(with_beats((0, 60), (60, 120), (125, 130))) == [(0, 120), (125, 130)]


def test_between_acts_of_a_page_that_reports_silence_is_absence() -> None:
    assert active(with_beats((0, 300), (800, 1100), acts=(0, 290, 810, 1090))) == [(0, 300), (800, 1100)]
    assert total(with_beats(acts=(0, 290, 810, 1090))) == 1090, "without beats the silence counts"


def test_acts_while_nobody_is_said_to_be_there_do_not_fill_the_silence() -> None:
    assert active(with_beats((0, 300), acts=(0, 290, 350))) == [(0, 300)]


@pytest.mark.parametrize("reach", [90, 91])
def test_an_act_out_of_reach_tells_of_a_page_that_does_not_report(reach: int) -> None:
    """A forum, a mobile app: there, and on the way there and back, the limit between acts holds."""
    found = active(with_beats((0, 300), (800, 1000), acts=(300 + reach,)))
    assert found == ([(0, 1000)] if reach > 90 else [(0, 300), (800, 1000)])
    found = active(with_beats((0, 300), (800, 1000), acts=(800 - reach,)))
    assert found == ([(0, 1000)] if reach > 90 else [(0, 300), (800, 1000)])


def test_the_limit_between_acts_holds_beside_beats_too() -> None:
    assert active(with_beats((0, 300), acts=(900,))) == [(0, 900)]
    assert active(with_beats((0, 300), acts=(901,))) == [(0, 300)]
    assert active(with_beats((2000, 2300), acts=(1400,))) == [(1400, 2300)]
    assert active(with_beats((2000, 2300), acts=(1399,))) == [(2000, 2300)]


def test_an_act_out_of_reach_says_nothing_of_a_silence_that_it_does_not_end() -> None:
    assert active(with_beats((0, 300), (2500, 2600), acts=(340, 2450))) == [(0, 300), (2500, 2600)]
    assert active(with_beats((0, 300), (5000, 5100), acts=(340, 2400))) == [(0, 300), (5000, 5100)]


@pytest.mark.parametrize(("wait", "counts"), [(15, True), (16, False)])
def test_the_turn_of_a_page_counts(wait: int, counts: bool) -> None:
    """The next page reports from when it is there; until then the learner waits for it."""
    found = with_beats((0, 300), (302 + wait, 400), acts=(0, 302))
    assert active(found) == ([(0, 400)] if counts else [(0, 302), (302 + wait, 400)])


def test_a_short_silence_between_beats_without_an_act_is_absence() -> None:
    assert active(with_beats((0, 300), (303, 400), acts=(0, 310))) == [(0, 300), (303, 400)]


def test_the_seconds_before_the_first_beat_count() -> None:
    assert active(with_beats((4, 300), acts=(0,))) == [(0, 300)]


def test_acts_within_what_is_asserted_change_nothing() -> None:
    assert active(with_beats((0, 300), acts=(0, 1, 150, 299, 300))) == [(0, 300)]


def test_beats_go_on_over_midnight() -> None:
    asserted = Evidence.asserting([Interval(MIDNIGHT - 50, MIDNIGHT + 70)])
    stored = [unpack(pack(part, day), day) for day, part in asserted.by_day().items()]
    assert len(stored) == 2
    assert rule.active_intervals(Evidence.union(stored)) == [Interval(MIDNIGHT - 50, MIDNIGHT + 70)]


def test_a_video_whose_end_nobody_told_counts_what_its_page_reported() -> None:
    play = video_point(at(10), PLAY)
    assert active(with_beats(video=(play,))) == [(10, 70)]
    assert active(with_beats((12, 30), video=(play,))) == [(10, 30)]
    assert active(with_beats((100, 130), video=(play,))) == [(100, 130)], "within reach"
    assert active(with_beats((101, 130), video=(play,))) == [(10, 130)], "out of reach: an act on another page"


def test_a_video_whose_end_was_told_too_late_counts_what_its_page_reported() -> None:
    """The pause got lost, or the lid was closed: what comes next, comes after the video must have ended."""
    watched = (video_point(at(10), PLAY, 500), video_point(at(111), CLOSE))
    assert active(with_beats(video=watched)) == [(10, 110)]
    assert active(with_beats((5, 40), video=watched)) == [(5, 40)]
    told = (video_point(at(10), PLAY, 500), video_point(at(110), CLOSE))
    assert active(with_beats((5, 40), video=told)) == [(5, 110)]


def test_a_video_that_was_played_to_its_pause_counts_beside_beats() -> None:
    watched = (video_point(at(10), PLAY), video_point(at(210), PAUSE, 200))
    assert active(with_beats((5, 70), (130, 230), video=watched)) == [(5, 230)]


HALF_A_DAY = 12 * 3600


@pytest.mark.parametrize(("later", "counted"), [(HALF_A_DAY, 600), (HALF_A_DAY + 1, 60)])
def test_what_happens_to_a_video_after_half_a_day_says_nothing_of_when_it_stopped(later: int, counted: int) -> None:
    watched = [video_point(NOON, PLAY), video_point(NOON + later, PAUSE, 600)]
    assert stretches(watched) == [Interval(NOON, NOON + counted)]
    seeks = [*watched[:1], video_point(NOON + later, SEEK, 100), video_point(NOON + later + 50, PAUSE, 150)]
    again = [Interval(NOON + later, NOON + later + 50)] if counted == 600 else []
    assert stretches(seeks) == [Interval(NOON, NOON + counted), *again]


def test_seeking_does_not_play_on_for_more_than_half_a_day() -> None:
    hours = [video_point(NOON + hour * 3600, SEEK if hour else PLAY, 0, duration=36_000) for hour in range(15)]
    assert stretches(hours) == [Interval(NOON, NOON + 13 * 3600)]


@pytest.mark.parametrize(("later", "counted"), [(HALF_A_DAY, 300), (HALF_A_DAY + 1, 600)])
def test_a_speed_holds_for_half_a_day(later: int, counted: int) -> None:
    watched = [
        video_point(NOON, SPEED, speed=200),
        video_point(NOON + later, PLAY),
        video_point(NOON + later + 1000, PAUSE, 600),
    ]
    assert stretches(watched) == [Interval(NOON + later, NOON + later + counted)]


def test_the_kinds_of_evidence_are_told_apart() -> None:
    watched = (video_point(at(500), PLAY), video_point(at(600), PAUSE, 100))
    found = rule.intervals_by_kind(with_beats((0, 60), acts=(1100, 1200), video=watched))
    assert found == {
        Kind.BEATS: [Interval(at(0), at(60))],
        Kind.VIDEO: [Interval(at(500), at(600))],
        Kind.ACTS: [Interval(at(60), at(1200))],
    }


# The union of intervals


def test_intervals_that_touch_or_overlap_become_one_and_empty_ones_vanish() -> None:
    given_ = [Interval(5, 9), Interval(0, 2), Interval(2, 3), Interval(4, 4), Interval(6, 7), Interval(20, 10)]
    assert rule.union(given_) == [Interval(0, 3), Interval(5, 9)]


spans = st.lists(st.builds(lambda start, long: Interval(start, start + long), st.integers(0, 60), st.integers(0, 15)))


@quick
@given(spans, st.integers(0, 75), st.integers(0, 75))
def test_what_lies_within_a_span_is_what_is_covered_of_it(given_: list[Interval], start: int, end: int) -> None:
    merged = rule.union(given_)
    found = within(merged, start, end)
    covered = {second for interval in merged for second in range(interval.start, interval.end)}
    assert {second for i in found for second in range(i.start, i.end)} == covered & {*range(start, end)}
    assert all(interval.seconds > 0 for interval in found)


@quick
@given(spans)
def test_a_union_covers_exactly_the_seconds_that_its_intervals_cover(given_: list[Interval]) -> None:
    covered = {second for interval in given_ for second in range(interval.start, interval.end)}
    merged = rule.union(given_)
    assert {second for interval in merged for second in range(interval.start, interval.end)} == covered
    assert rule.total_seconds(merged) == len(covered)
    assert all(one.end < following.start for one, following in pairwise(merged))


# Laws

small_points = st.frozensets(st.integers(0, 150), max_size=25)
unplayed = st.frozensets(
    st.builds(
        lambda tenth, act, session: video_point(tenth / 10, act, session=session),
        st.integers(0, 1509),
        st.sampled_from([PAUSE, SEEK, STOP, SPEED, CLOSE]),
        st.sampled_from([1, 2]),
    ),
    max_size=12,
)


def acts_of(found: Evidence) -> frozenset[int]:
    """Return the seconds of all acts, with a video and otherwise."""
    return found.points | {point.at // 10 for point in found.video if point.act is not CLOSE}


@quick
@given(st.builds(Evidence, small_points, unplayed), st.integers(1, 12))
def test_the_gaps_within_the_limit_are_the_covered_time_less_one_limit_for_each_run(found: Evidence, gap: int) -> None:
    acts = acts_of(found)
    ordered = sorted(acts)
    gaps = sum(later - at for at, later in pairwise(ordered) if later - at <= gap)
    covered = {second for at in acts for second in range(at, at + gap)}
    # A run begins where no act lies within the limit before.
    runs = sum(1 for at in acts if not any(0 < at - before <= gap for before in acts))
    assert gaps == len(covered) - gap * runs == total(found, rule.Limits(gap=gap))


@quick
@given(st.builds(Evidence, small_points, unplayed))
def test_without_a_play_nothing_counts_but_what_is_joined(found: Evidence) -> None:
    assert total(found, NOTHING_JOINED) == 0


@joined_or_not
@quick
@given(beats(MIDNIGHT, MIDNIGHT + 20_000))
def test_beats_alone_count_what_they_assert_and_no_second_more(limits: rule.Limits, asserted) -> None:
    found = Evidence.asserting(asserted)
    assert rule.active_intervals(found, limits) == [*found.asserted]


@joined_or_not
@quick
@given(evidence(MIDNIGHT, MIDNIGHT + 20_000, with_beats=True))
def test_what_is_asserted_counts_whatever_else_there_is(limits: rule.Limits, found: Evidence) -> None:
    intervals = rule.active_intervals(found, limits)
    assert rule.union([*intervals, *found.asserted]) == intervals


@quick
@given(evidence(MIDNIGHT, MIDNIGHT + 20_000), beats(MIDNIGHT, MIDNIGHT + 20_000))
def test_beats_add_nothing_but_what_they_assert_and_the_silence_next_to_acts(found: Evidence, asserted) -> None:
    """They may take away: where the page reports, silence is absence."""
    after = rule.active_intervals(found | Evidence.asserting(asserted))
    beside = Evidence(
        points=acts_of(found) | {at for i in Evidence.asserting(asserted).asserted for at in (i.start, i.end)}
    )
    most = rule.union([*rule.active_intervals(found), *rule.active_intervals(beside), *asserted])
    assert rule.union([*after, *most]) == most


@quick
@given(evidence(), st.sampled_from([0, 60, 600]))
def test_time_is_what_the_acts_join_and_what_was_played(found: Evidence, gap: int) -> None:
    limits = rule.Limits(gap=gap)
    joined = rule.active_intervals(Evidence(points=acts_of(found)), limits)
    assert rule.active_intervals(found, limits) == rule.union([*joined, *stretches([*found.video])])


@joined_or_not
@quick
@given(AROUND_MIDNIGHT, st.randoms(use_true_random=False), st.integers(1, 5))
def test_order_duplicates_and_splitting_change_nothing(
    limits: rule.Limits, whole: Evidence, chance, pieces: int
) -> None:
    parts = [Evidence() for _ in range(pieces)]
    things = [Evidence(points=frozenset({at})) for at in whole.points]
    things += [Evidence(video=frozenset({point})) for point in whole.video]
    for interval in whole.asserted:
        middle = chance.randint(interval.start, interval.end)
        things += [Evidence.asserting([Interval(interval.start, middle)])]
        things += [Evidence.asserting([Interval(chance.randint(interval.start, middle), interval.end)])]
    things += chance.choices(things, k=len(things) // 3) if things else []
    chance.shuffle(things)
    for thing in things:
        part = chance.randrange(pieces)
        parts[part] |= thing
    stored = [(day, pack(piece, day)) for part in parts for day, piece in part.by_day().items()]
    chance.shuffle(stored)
    united = Evidence.union(unpack(form, day) for day, form in stored)
    assert rule.active_intervals(united, limits) == rule.active_intervals(whole, limits)


@quick
@given(small_points, small_points, st.integers(1, 12))
def test_more_acts_never_make_less_time(acts: frozenset[int], more: frozenset[int], gap: int) -> None:
    limits = rule.Limits(gap=gap)
    before = rule.active_intervals(Evidence(points=acts), limits)
    after = rule.active_intervals(Evidence(points=acts | more), limits)
    assert rule.union([*before, *after]) == after


@joined_or_not
@quick
@given(evidence(with_beats=True), points(MIDNIGHT, MIDNIGHT + SECONDS_PER_DAY))
def test_more_acts_beside_video_and_beats_never_make_less_time(
    limits: rule.Limits, found: Evidence, more: frozenset[int]
) -> None:
    after = rule.active_intervals(found | Evidence(points=more), limits)
    assert rule.union([*rule.active_intervals(found, limits), *after]) == after


@joined_or_not
@quick
@given(evidence(sessions=(1, 2)), evidence(sessions=(3, 4)))
def test_another_session_never_makes_less_time(limits: rule.Limits, one: Evidence, other: Evidence) -> None:
    after = rule.active_intervals(one | other, limits)
    before = [*rule.active_intervals(one, limits), *rule.active_intervals(other, limits)]
    assert rule.union([*before, *after]) == after


@joined_or_not
@quick
@given(evidence(with_beats=True))
def test_no_time_lies_outside_of_the_evidence(limits: rule.Limits, found: Evidence) -> None:
    intervals = rule.active_intervals(found, limits)
    ends = acts_of(found) | {at for interval in found.asserted for at in (interval.start, interval.end)}
    if not ends:
        assert intervals == []
        return
    first, latest = min(ends), max(ends)
    if any(point.act is PLAY for point in found.video):
        # What is played may end later than the last act: where the page is left, or where nothing says when.
        latest = max(latest + limits.open_play, *(point.at // 10 for point in found.video))
    assert all(first <= interval.start < interval.end <= latest for interval in intervals)
    assert total(found, limits) <= latest - first
    assert all(one.end < following.start for one, following in pairwise(intervals))


@joined_or_not
@quick
@given(
    st.sampled_from([150_000, 300_000]).flatmap(
        lambda long: st.builds(
            Evidence.union,
            st.lists(evidence(MIDNIGHT - long, MIDNIGHT + long, sessions=(1,), with_beats=True), max_size=3),
        )
    )
)
def test_what_counts_of_a_day_follows_from_it_and_its_neighbours(limits: rule.Limits, found: Evidence) -> None:
    days = found.by_day()
    whole = rule.active_intervals(found, limits)
    for day in {near for of_day in days for near in (of_day - 1, of_day, of_day + 1)}:
        start, end = day * SECONDS_PER_DAY, (day + 1) * SECONDS_PER_DAY
        around = Evidence.union(days.get(near, Evidence()) for near in (day - 1, day, day + 1))
        assert within(rule.active_intervals(around, limits), start, end) == within(whole, start, end)


@joined_or_not
@quick
@given(evidence(MIDNIGHT - 90_000, MIDNIGHT + 90_000, with_beats=True))
def test_the_kinds_unite_to_the_whole(limits: rule.Limits, found: Evidence) -> None:
    kinds = rule.intervals_by_kind(found, limits)
    assert {*kinds} == {*Kind}
    assert all(rule.union(intervals) == intervals for intervals in kinds.values())
    assert rule.union(i for intervals in kinds.values() for i in intervals) == rule.active_intervals(found, limits)


@joined_or_not
@quick
@given(st.lists(evidence(with_beats=True), min_size=1, max_size=3))
def test_time_over_courses_lies_between_the_longest_and_the_sum(limits: rule.Limits, courses: list[Evidence]) -> None:
    of_each = [rule.active_intervals(course, limits) for course in courses]
    over_all = rule.total_seconds(rule.union(interval for intervals in of_each for interval in intervals))
    times = [rule.total_seconds(intervals) for intervals in of_each]
    assert max(times) <= over_all <= sum(times)

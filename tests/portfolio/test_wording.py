"""Figures never say more than was recorded."""

from __future__ import annotations

import re
from decimal import ROUND_FLOOR, Decimal

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from learner_profile_plugin.portfolio import wording

LIFETIME = 60 * 60 * 24 * 365 * 80


def seconds_in(text: str) -> int:
    """Read the words back."""
    if text == "under a minute":
        return 0
    found = re.fullmatch(r"(?:(\d+) h)? ?(?:(\d+) min)?", text)
    assert found, text
    return int(found[1] or 0) * 3600 + int(found[2] or 0) * 60


@given(st.integers(0, LIFETIME))
def test_a_duration_is_never_rounded_up_and_leaves_out_less_than_a_minute(seconds: int) -> None:
    assert 0 <= seconds - seconds_in(wording.duration(seconds)) < 60


@given(st.integers(0, LIFETIME))
def test_a_duration_for_machines_is_exact(seconds: int) -> None:
    found = re.fullmatch(r"PT(\d+)H(\d+)M(\d+)S", wording.iso_duration(seconds))
    assert found
    hours, minutes, rest = (int(part) for part in found.groups())
    assert hours * 3600 + minutes * 60 + rest == seconds
    assert max(minutes, rest) < 60


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "under a minute"),
        (59, "under a minute"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (3659, "1 h"),
        (3660, "1 h 1 min"),
        (360_000, "100 h"),
    ],
)
def test_a_duration_reads_well(seconds: int, text: str) -> None:
    assert wording.duration(seconds) == text


@given(st.integers(0, 10**6))
def test_a_percentage_of_a_decimal_grade_is_its_whole_per_cent(millionths: int) -> None:
    exact = (Decimal(millionths) / 10**4).to_integral_value(ROUND_FLOOR)
    assert wording.percent(millionths / 10**6) == f"{exact}%"


@given(st.floats(0, 1))
def test_a_percentage_says_no_more_than_the_grade_but_for_what_binary_numbers_lose(fraction: float) -> None:
    shown = int(wording.percent(fraction).removesuffix("%"))
    assert shown <= fraction * 100 + 1e-8
    assert fraction * 100 - shown < 1


@pytest.mark.parametrize("hundredths", range(101))
def test_every_whole_per_cent_survives(hundredths: int) -> None:
    assert wording.percent(hundredths / 100) == f"{hundredths}%"


@pytest.mark.parametrize("language", ["es", "ar", "de"])
def test_figures_can_be_worded_in_any_language(language: str) -> None:
    with translation.override(language):
        assert "7" in wording.duration(7 * 60)
        assert "87" in wording.percent(0.87)

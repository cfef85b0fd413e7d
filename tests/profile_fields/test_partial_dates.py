"""Dates that are known to the year, the month or the day."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learner_profile_plugin.portfolio import wording
from learner_profile_plugin.profile_fields.data import PartialDate

days = st.dates(min_value=date(1, 1, 1), max_value=date(9999, 12, 31))


@st.composite
def partial_dates(draw: st.DrawFn) -> PartialDate:
    day = draw(days)
    known = draw(st.integers(1, 3))
    return PartialDate(*(day.year, day.month, day.day)[:known])


@given(partial_dates())
def test_text_and_date_are_two_forms_of_the_same(value: PartialDate) -> None:
    assert PartialDate.parse(str(value)) == value
    assert len(str(value)) in {4, 7, 10}


@given(partial_dates(), partial_dates())
def test_dates_compare_as_their_texts_do(one: PartialDate, other: PartialDate) -> None:
    assert (one < other) == (str(one) < str(other))
    assert (one == other) == (str(one) == str(other))


@given(days)
def test_the_less_is_known_the_earlier_it_sorts(day: date) -> None:
    year, month = PartialDate(day.year), PartialDate(day.year, day.month)
    assert year < month < PartialDate(day.year, day.month, day.day)
    assert year.first_day() <= month.first_day() <= day


NO_DATES = [
    "x",
    "2020-",
    "-2020",
    "2020-13",
    "2020-02-30",
    "2020-01-32",
    "0000",
    "2020/01",
    "2020-01-01-01",
    "99999",
    "2020-00",
    "2020-00-05",
    "2020-05-00",
    "20",
    "2020-5",
    "2020-05-5",
    "2_020",
    "٢٠٢٠",
    "+2020",
]


@pytest.mark.parametrize("text", [*NO_DATES, "", " 2020", "2020\n"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the messages are Python's own
        PartialDate.parse(text)


@pytest.mark.parametrize(
    ("text", "shown"), [("2019", "2019"), ("2019-03", "March 2019"), ("2019-03-04", "March 4, 2019")]
)
def test_a_date_reads_as_far_as_it_is_known(text: str, shown: str) -> None:
    assert wording.partial_date(PartialDate.parse(text)) == shown

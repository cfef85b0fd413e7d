"""Figures never say more than was recorded."""

from __future__ import annotations

import re
from decimal import ROUND_FLOOR, Decimal
from html import unescape

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from learner_profile_plugin.access import Audience, Section
from learner_profile_plugin.labels import SECTION_LABELS
from learner_profile_plugin.portfolio import visits, wording
from learner_profile_plugin.profile_fields.data import PartialDate

pytestmark = pytest.mark.shown

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


@given(st.integers(0, LIFETIME))
def test_an_exact_duration_is_exact(seconds: int) -> None:
    found = re.fullmatch(r"(?:(\d+) h )?(\d+) min (\d+) s", wording.exact_duration(seconds))
    assert found
    hours, minutes, rest = (int(part or 0) for part in found.groups())
    assert hours * 3600 + minutes * 60 + rest == seconds
    assert max(minutes, rest) < 60


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (PartialDate(2020), "2020"),
        (PartialDate(2020, 2), "February 2020"),
        (PartialDate(2020, 2, 29), "Feb. 29, 2020"),
        (PartialDate(1900, 1, 1), "Jan. 1, 1900"),
    ],
)
def test_a_date_reads_as_far_as_it_is_known(value: PartialDate, text: str) -> None:
    assert wording.partial_date(value) == text


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("https://www.example.org/me/", "example.org/me"),
        ("http://example.org", "example.org"),
        ("https://example.org/?q=1", "example.org/?q=1"),
        ("https://", "https://"),
    ],
)
def test_an_address_reads_without_what_only_machines_need(url: str, text: str) -> None:
    assert wording.bare_address(url) == text


HEADER, ABOUT, SKILLS, LINKS = Section.HEADER, Section.ABOUT, Section.SKILLS, Section.LINKS


@pytest.mark.parametrize(
    ("by_audience", "sentence"),
    [
        ([(Audience.EVERYONE, [HEADER])], "Everyone on the web sees Name, photo and headline."),
        ([(Audience.SIGNED_IN, [HEADER, ABOUT])], "Any signed-in learner sees Name, photo and headline and About."),
        (
            [(Audience.CONNECTED, [HEADER]), (Audience.ONLY_ME, [ABOUT, SKILLS, LINKS])],
            "Learners who share a course with you see Name, photo and headline; only you see About, Skills and Links.",
        ),
        (
            [(Audience.SIGNED_IN, [HEADER]), (Audience.COURSE_STAFF, [ABOUT])],
            "Any signed-in learner sees Name, photo and headline; staff of your courses also see About.",
        ),
        ([(Audience.ONLY_ME, [HEADER])], "Only you see Name, photo and headline."),
    ],
)
def test_privacy_is_one_sentence(by_audience: list[tuple[Audience, list[Section]]], sentence: str) -> None:
    assert wording.privacy_summary(by_audience) == sentence


@given(st.dictionaries(st.sampled_from(Section), st.sampled_from(Audience), min_size=1))
def test_the_sentence_names_every_section_once(audiences: dict[Section, Audience]) -> None:
    sentence = wording.privacy_summary(visits.by_audience(audiences))
    assert sentence.endswith(".")
    assert sentence.count(";") == len(set(audiences.values())) - 1
    for section in audiences:
        assert str(SECTION_LABELS[section]) in sentence


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**bold** and *em*", "<p><strong>bold</strong> and <em>em</em></p>"),
        ("one\ntwo", "<p>one<br>\ntwo</p>"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>"),
        ("List<String> of &lt;", "<p>List&lt;String&gt; of &lt;</p>"),
        ("# Title", "Title"),
        (
            "[me](https://example.org)",
            '<p><a href="https://example.org" rel="nofollow ugc noopener noreferrer">me</a></p>',
        ),
        ("[me](/logout)", '<p><a rel="nofollow ugc noopener noreferrer">me</a></p>'),
        ("", ""),
    ],
)
def test_markdown_reads_as_it_is_meant(text: str, html: str) -> None:
    assert wording.render_markdown(text) == html


@pytest.mark.parametrize("text", ["[" * 101, "`" * 101, "a\n" * 401, "> " * 12 + "x", "1. - + * " * 3 + "x"])
def test_what_nobody_could_read_as_markdown_is_shown_as_it_was_typed(text: str) -> None:
    shown = wording.render_markdown(text)
    assert not re.search("<(?!/?p>|br>)", shown)
    assert "".join(unescape(re.sub("<[^>]*>", "", shown)).split()) == "".join(text.split())

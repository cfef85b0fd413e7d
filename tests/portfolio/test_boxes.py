"""What an item reads like in the box of its section."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from learner_profile_plugin.access import Section
from learner_profile_plugin.portfolio import boxes
from learner_profile_plugin.profile_fields.api import KINDS
from learner_profile_plugin.profile_fields.data import Item, PartialDate

pytestmark = pytest.mark.shown

TODAY = date(2026, 3, 4)
DASH = "\N{EN DASH}"


def entry(section: Section, **values: Any) -> boxes.Entry:
    kind = KINDS[section]
    empty = {field.name: field.empty for field in kind.fields}
    return boxes.entry(kind, Item(uuid4(), section, empty | values), TODAY)


@pytest.mark.parametrize(
    ("section", "start", "end", "text"),
    [
        (Section.WORK_EXPERIENCE, (2019, 3, 1), None, f"March 1, 2019 {DASH} present"),
        (Section.WORK_EXPERIENCE, (2019, 3), (2020,), f"March 2019 {DASH} 2020"),
        (Section.WORK_EXPERIENCE, None, None, ""),
        (Section.PROJECTS, (2019,), None, f"2019 {DASH} present"),
        (Section.VOLUNTEERING, (2019,), (2019,), f"2019 {DASH} 2019"),
        (Section.MEMBERSHIPS, None, (2020,), "2020"),
        (Section.EDUCATION, (2024,), (2028,), f"2024 {DASH} 2028"),
        (Section.CERTIFICATIONS, (2019, 5), (2031,), "Issued May 2019 · Expires 2031"),
        (Section.CERTIFICATIONS, (2019, 5), None, "Issued May 2019"),
        (Section.CERTIFICATIONS, None, (2031,), "Expires 2031"),
        (Section.CERTIFICATIONS, None, None, ""),
        (Section.PUBLICATIONS, (2019,), None, "2019"),
        (Section.HONOURS, (2019, 12, 31), None, "Dec. 31, 2019"),
        (Section.OTHER_COURSES, None, None, ""),
    ],
)
def test_dates_read_as_far_as_they_are_known(
    section: Section, start: tuple[int, ...] | None, end: tuple[int, ...] | None, text: str
) -> None:
    values = {"start": PartialDate(*start) if start else None, "end": PartialDate(*end) if end else None}
    assert boxes.period(KINDS[section], values) == text


def test_dates_read_in_the_reader_s_language() -> None:
    values = {"start": PartialDate(2019, 3), "end": PartialDate(2020, 5, 6)}
    with translation.override("es"):
        assert boxes.period(KINDS[Section.PROJECTS], values) == f"marzo de 2019 {DASH} 6 de mayo de 2020"


@pytest.mark.parametrize(
    ("start", "text"),
    [
        ((2026, 3, 5), "March 5, 2026"),
        ((2026, 4), "April 2026"),
        ((2027,), "2027"),
        ((2026, 3, 4), "right away"),
        ((2026,), "right away"),
    ],
)
def test_who_looks_for_work_is_free_from_a_day_that_lies_ahead_or_right_away(start: tuple[int, ...], text: str) -> None:
    facts = dict(entry(Section.WORK_PREFERENCES, start=PartialDate(*start)).facts)
    assert facts == {"From when?": text}


@pytest.mark.parametrize(("names", "text"), [(("a",), "a"), (("a", "b"), "a and b"), (("a", "b", "c"), "a, b and c")])
def test_several_names_read_as_one_phrase(names: tuple[str, ...], text: str) -> None:
    assert entry(Section.PUBLICATIONS, title="t", authors=names).under == (text,)
    assert dict(entry(Section.WORK_PREFERENCES, roles=names).facts) == {"What roles are you looking for?": text}


def test_codes_read_as_words() -> None:
    found = entry(Section.WORK_EXPERIENCE, title="t", employer="e", employment="self_employed", arrangement="on_site")
    assert found.under == ("e", "Self-employed", "On site")


@pytest.mark.parametrize("section", KINDS)
def test_what_is_empty_leaves_no_trace(section: Section) -> None:
    found = entry(section)
    assert (found.under, found.period, found.facts, found.text, found.tags, found.url, found.site) == (
        (),
        "",
        (),
        "",
        (),
        "",
        "",
    )


# The page shows header and contact by the person.
@pytest.mark.parametrize("section", [section for section in KINDS if section not in {Section.HEADER, Section.CONTACT}])
@given(data=st.data())
def test_every_field_stands_somewhere(section: Section, data: st.DataObject) -> None:
    kind = KINDS[section]
    # What a link is called is shown in place of its address, by the template.
    field = data.draw(st.sampled_from([field for field in kind.fields if field.name != "label"]))
    choices = getattr(field, "choices", None)
    value: Any = "https://probe.example" if field.name == "url" else "probe"
    shown = "probe"
    if choices:
        code = data.draw(st.sampled_from(sorted(choices)))
        value, shown = (code if field.empty == "" else (code,)), str(choices[code])
    elif field.empty == ():
        value = ("probe",)
    elif field.empty is None:
        value, shown = PartialDate(2190), "2190"
    found = entry(section, **{field.name: value})
    places = [
        found.title,
        *found.under,
        found.period,
        *(text for _label, text in found.facts),
        found.text,
        *found.tags,
        found.url,
    ]
    assert any(shown in place for place in places)


def test_known_sites_are_named() -> None:
    assert entry(Section.LINKS, url="https://github.com/ada").site == "GitHub"
    assert entry(Section.PROJECTS, title="t", url="https://github.com.evil.example/").site == ""

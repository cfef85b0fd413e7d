"""Laws of the profile: whatever is entered is refused with words, or is stored and read back as it was taken."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from learner_profile_plugin.profile_fields import api
from learner_profile_plugin.profile_fields.api import KINDS, Kind
from learner_profile_plugin.profile_fields.data import InvalidItemError, PartialDate
from learner_profile_plugin.profile_fields.field_types import Choice, Choices, Date, Flag, Lines
from tests.profile_fields.material import HOSTILE, NO_WEB_ADDRESSES, WEB_ADDRESSES, AnyField, minimal

few = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
more = settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])

any_text = st.one_of(
    # With NUL, lone surrogates, controls and marks of direction.
    st.text(st.characters(), max_size=40),
    st.text(st.sampled_from("a \t\n\r\x00\x0b\x1f\x85\u200b\u202e\u2028\ud83d\ude00\udfff\ufeff🛟"), max_size=12),
    st.sampled_from([*HOSTILE, *WEB_ADDRESSES, *NO_WEB_ADDRESSES, "2020-02", "on_site", "x" * 201, "x" * 6000]),
)
any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | any_text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(any_text, inner, max_size=3),
    max_leaves=8,
)
storable_text = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=60)


def likely(field: AnyField) -> st.SearchStrategy[Any]:
    """Draw what a field may well take, so that more than refusals is tried."""
    match field:
        case Choice():
            return st.sampled_from(["", *field.choices])
        case Choices():
            return st.lists(st.sampled_from(list(field.choices)))
        case Date():
            return st.sampled_from(["", "2019", "2019-03", "2020-02-29"])
        case Flag():
            return st.booleans()
        case Lines():
            return st.lists(storable_text | st.sampled_from(HOSTILE), max_size=6)
    return storable_text | st.sampled_from([*HOSTILE, *WEB_ADDRESSES])


@st.composite
def entered(draw: st.DrawFn, values: Any) -> tuple[Kind, dict[str, Any]]:
    kind = draw(st.sampled_from(list(KINDS.values())))
    drawn = {field.name: values(field) for field in kind.fields}
    return kind, minimal(kind) | draw(st.fixed_dictionaries({}, optional=drawn))


def taken(kind: Kind, values: dict[str, Any]) -> dict[str, Any] | None:
    """Return what is taken of what is entered; None if it is refused, which must happen in words that can be sent."""
    refused: dict[str, list[str]] = {}
    try:
        return api.clean_values(kind, values)
    except InvalidItemError as error:
        refused = error.messages
    assert refused
    assert set(refused) <= {"", *(field.name for field in kind.fields)}
    assert all(texts and all(0 < len(text.encode()) < 500 for text in texts) for texts in refused.values())
    return None


@more
@given(entered(lambda field: any_json | likely(field)), st.dictionaries(any_text, any_json, max_size=2))
def test_any_value_is_taken_or_refused_in_words(found: tuple[Kind, dict[str, Any]], others: dict[str, Any]) -> None:
    kind, values = found
    cleaned = taken(kind, values | others)
    if cleaned is not None:
        assert list(cleaned) == [field.name for field in kind.fields]
        assert kind.load(kind.dump(cleaned)) == cleaned
        # What was taken once is taken again, and as it is.
        assert taken(kind, kind.dump(cleaned)) == cleaned


@more
@given(st.lists(storable_text | st.sampled_from(["a", "A", " a ", "b"]), max_size=12))
def test_of_several_lines_the_first_spelling_stays_where_it_stood(lines: list[str]) -> None:
    (roles,) = [field for kind in KINDS.values() for field in kind.fields if field.name == "roles"]
    plain = [" ".join(line.split()) for line in lines]
    expected: list[str] = []
    for line in plain:
        if line and line.casefold() not in {other.casefold() for other in expected}:
            expected.append(line)
    assert roles.clean(lines) == tuple(expected)


@few
@given(entered(lambda field: likely(field) | any_text))
def test_what_is_stored_and_read_back_is_what_was_taken(learner: User, found: tuple[Kind, dict[str, Any]]) -> None:
    kind, values = found
    api.delete_learner(learner.pk)
    cleaned = taken(kind, values)
    if cleaned is None:
        with pytest.raises(InvalidItemError):
            api.add_item(learner.pk, kind.section, values)
        assert api.get_profile(learner.pk).version == 0
        return
    added = api.add_item(learner.pk, kind.section, values)
    assert added.values == cleaned
    assert api.get_profile(learner.pk).items == {kind.section: (added,)}
    changed = api.change_item(learner.pk, added.id, kind.dump(cleaned), version=1)
    assert changed.values == cleaned
    assert api.get_profile(learner.pk).items == {kind.section: (changed,)}


@few
@given(any_text, st.dictionaries(any_text, st.lists(any_text, max_size=3), max_size=4))
def test_any_draft_can_be_kept_read_and_discarded(learner: User, form: str, typed: dict[str, list[str]]) -> None:
    api.delete_learner(learner.pk)
    if api.save_draft(learner.pk, form, typed):
        draft = api.get_draft(learner.pk, form)
        assert draft is not None
        # Texts that every database takes are kept as they are.
        for name, texts in typed.items():
            if all(_is_storable(text) for text in (name, *texts)):
                assert draft.typed[name] == texts
    api.discard_draft(learner.pk, form)
    assert api.get_draft(learner.pk, form) is None


def _is_storable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\x00" not in text


dates = st.builds(
    lambda day, known: PartialDate(*(day.year, day.month, day.day)[:known]), st.dates(), st.integers(1, 3)
)


class TestOrderOfDates:
    @given(dates, dates)
    def test_of_two_dates_at_most_one_is_surely_before_the_other(self, one: PartialDate, other: PartialDate) -> None:
        assert not (one.surely_before(other) and other.surely_before(one))
        if one.surely_before(other):
            assert one < other
            assert one.first_day() < other.first_day()

    @given(dates, dates, dates)
    def test_surely_before_carries_over(self, one: PartialDate, other: PartialDate, third: PartialDate) -> None:
        if one.surely_before(other) and other.surely_before(third):
            assert one.surely_before(third)

    @given(dates)
    def test_no_date_is_surely_before_what_it_may_be(self, date: PartialDate) -> None:
        for less in (PartialDate(date.year), PartialDate(date.year, date.month), date):
            assert not less.surely_before(date)
            assert not date.surely_before(less)

    @given(dates, dates)
    def test_a_period_is_refused_just_when_its_end_is_surely_before(self, start: PartialDate, end: PartialDate) -> None:
        for kind in KINDS.values():
            if kind.ends_now:
                found = api.contradictions(kind, {"start": start, "end": end})
                assert ("end" in found) == end.surely_before(start)

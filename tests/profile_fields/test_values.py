"""What each field of each kind takes, what it refuses, and with which words."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.utils import translation

from learner_profile_plugin.access import Section
from learner_profile_plugin.labels import SECTION_LABELS
from learner_profile_plugin.profile_fields import api
from learner_profile_plugin.profile_fields.api import KINDS, Kind
from learner_profile_plugin.profile_fields.data import PartialDate
from learner_profile_plugin.profile_fields.field_types import (
    Address,
    Choice,
    Choices,
    Date,
    Flag,
    Line,
    Lines,
    Text,
)
from learner_profile_plugin.section_rules.data import BUILT_IN, RECORDED
from tests.conftest import NOW
from tests.profile_fields.material import (
    FIELDS,
    HOSTILE,
    NO_WEB_ADDRESSES,
    WEB_ADDRESSES,
    AnyField,
    fields_of,
    filled,
    messages,
    minimal,
    name_of,
    sample,
)

REQUIRED = "This field is required."
NO_WEB_ADDRESS = "Enter a web address, for example https://example.org/me."
NO_DATE = "Enter a date as YYYY, YYYY-MM or YYYY-MM-DD."
FROM_THE_LIST = "Choose from the list."
SURROGATE = "This text holds a character that cannot be stored."
NUL = "Null characters are not allowed."
WRONG_TYPE = "This is no value for this field."
AHEAD = "This date lies in the future."

every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=name_of)
every_field = pytest.mark.parametrize(("kind", "field"), FIELDS, ids=name_of)


def every(*types: type[AnyField]) -> pytest.MarkDecorator:
    """Ask for every field of these types."""
    return pytest.mark.parametrize(("kind", "field"), fields_of(*types), ids=name_of)


def cleaned(kind: Kind, field: AnyField, entered: Any) -> Any:
    return api.clean_values(kind, minimal(kind) | {field.name: entered})[field.name]


def refusal(kind: Kind, field: AnyField, entered: Any) -> list[str]:
    """Return what is said of a value; there must be nothing else to complain of."""
    found = messages(kind, minimal(kind) | {field.name: entered})
    texts = found.pop(field.name, [])
    assert found == {}
    return texts


class TestTable:
    def test_there_is_a_kind_for_every_section_that_is_not_recorded(self) -> None:
        assert set(KINDS) == set(Section) - RECORDED

    def test_sections_of_one_item_are_those_that_take_one_at_most(self) -> None:
        assert {kind.section for kind in KINDS.values() if kind.is_single} == {
            section for section, rule in BUILT_IN.items() if rule.max_items == 1
        }

    @every_kind
    def test_the_names_of_fields_differ_and_one_of_them_is_the_title(self, kind: Kind) -> None:
        names = [field.name for field in kind.fields]
        assert len(set(names)) == len(names)
        assert kind.title in names

    @every_kind
    def test_everything_is_called_something(self, kind: Kind) -> None:
        assert str(kind.noun)
        assert str(kind.add)
        assert str(SECTION_LABELS[kind.section])
        assert all(str(field.label) for field in kind.fields)

    @every_kind
    def test_of_several_items_each_has_a_title_that_is_required(self, kind: Kind) -> None:
        (title,) = [field for field in kind.fields if field.name == kind.title]
        assert title.is_required or kind.is_single

    def test_whatever_is_suggested_is_a_name_that_the_lists_know(self) -> None:
        found = {field.suggests for _, field in FIELDS if isinstance(field, Line | Lines) and field.suggests}
        assert found == {"skill", "role", "school", "language"}

    def test_sections_whose_items_have_dates_can_be_put_in_order_by_date(self) -> None:
        assert {kind.section.value for kind in KINDS.values() if kind.has_dates()} == {
            *("work_experience", "projects", "education", "certifications", "other_courses", "volunteering"),
            *("publications", "honours", "memberships"),
        }


class TestWhole:
    @every_kind
    def test_all_fields_filled_are_taken(self, kind: Kind) -> None:
        values = api.clean_values(kind, filled(kind))
        assert list(values) == [field.name for field in kind.fields]
        assert not any(values[field.name] == field.empty for field in kind.fields)

    @every_kind
    def test_what_is_left_out_is_empty(self, kind: Kind) -> None:
        values = api.clean_values(kind, minimal(kind))
        assert {name for name, value in values.items() if value} == set(minimal(kind))

    @every_kind
    def test_an_item_that_says_nothing_is_none(self, kind: Kind) -> None:
        required = {field.name: [REQUIRED] for field in kind.fields if field.is_required}
        assert messages(kind, {}) == (required or {"": ["Fill in at least one field."]})

    @every_kind
    def test_an_item_of_blanks_says_nothing(self, kind: Kind) -> None:
        blanks = {field.name: " \t\n" for field in kind.fields if isinstance(field, Line | Text | Lines | Address)}
        blanks |= {field.name: "" for field in kind.fields if isinstance(field, Date | Choice)}
        assert messages(kind, blanks) == messages(kind, {})

    @pytest.mark.parametrize("name", ["of_another_version", "", "\x00", "\ud800", "values", "id", "🛟", "x" * 10_000])
    def test_a_field_that_is_unknown_is_refused_and_not_repeated(self, name: str) -> None:
        found = messages(KINDS[Section.SKILLS], {"name": "Knots", name: "x"})
        assert found == {"": ["There are fields that are unknown here. The known ones are: name, level."]}

    def test_all_that_is_wrong_is_said_at_once(self) -> None:
        entered = {"title": " ", "start": "x", "url": "ftp://x", "description": "x" * 3001, "employment": "y", "z": 1}
        assert set(messages(KINDS[Section.WORK_EXPERIENCE], entered)) == {
            *("", "title", "employer", "start", "url", "description", "employment")
        }

    def test_messages_are_in_the_language_of_the_reader(self) -> None:
        with translation.override("es"):
            told = messages(KINDS[Section.SKILLS], {})
            assert told == {"name": [translation.gettext(REQUIRED)]} != {"name": [REQUIRED]}


class TestEveryField:
    @every_field
    def test_what_is_required_cannot_be_left_empty(self, kind: Kind, field: AnyField) -> None:
        for nothing in (None, *([""] if str in field.takes else ())):
            others = {name: value for name, value in filled(kind).items() if name not in {"end", field.name}}
            found = messages(kind, others | {field.name: nothing})
            assert found.get(field.name) == ([REQUIRED] if field.is_required else None)

    @every_field
    def test_what_is_of_a_wrong_type_is_refused(self, kind: Kind, field: AnyField) -> None:
        types = {Line: (str,), Text: (str,), Address: (str,), Choice: (str,), Date: (str, PartialDate), Flag: (bool,)}
        takes = types | {Lines: (str, list, tuple), Choices: (list, tuple)}
        for value in ("x", 5, 0, 1.5, True, {}, {"a": 1}, [], ["x"], (), b"x", PartialDate(2020), object()):
            if not isinstance(value, takes[type(field)]):
                assert refusal(kind, field, value) == [WRONG_TYPE], value

    @every_field
    @pytest.mark.parametrize(
        "text", ["x" * 10_000_000, "x " * 5_000_000, "🛟" * 2_500_000, "9" * 10_000_000, "\n" * 10_000_000 + "x" * 9999]
    )
    def test_ten_megabytes_are_refused_in_few_words(self, kind: Kind, field: AnyField, text: str) -> None:
        (told,) = refusal(kind, field, text)
        assert len(told) < 120

    @every(Line, Text, Address, Lines)
    def test_ten_megabytes_of_blanks_are_nothing(self, kind: Kind, field: AnyField) -> None:
        found = messages(kind, filled(kind) | {field.name: " " * 10_000_000})
        assert found.get(field.name) == messages(kind, filled(kind) | {field.name: ""}).get(field.name)

    @every_field
    @pytest.mark.parametrize("text", ["a\x00b", "\x00"])
    def test_nul_is_refused(self, kind: Kind, field: AnyField, text: str) -> None:
        expected = {Choice: FROM_THE_LIST, Date: NO_DATE, Choices: WRONG_TYPE, Flag: WRONG_TYPE}
        assert refusal(kind, field, text) == [expected.get(type(field), NUL)]

    @every_field
    @pytest.mark.parametrize("text", ["\ud800", "a\udfff", "\ude00\ud83d"])
    def test_half_a_character_is_refused(self, kind: Kind, field: AnyField, text: str) -> None:
        expected = {Choice: FROM_THE_LIST, Date: NO_DATE, Choices: WRONG_TYPE, Flag: WRONG_TYPE}
        assert refusal(kind, field, text) == [expected.get(type(field), SURROGATE)]


class TestTexts:
    @every(Line, Text)
    def test_the_longest_text_is_taken_and_no_longer_one(self, kind: Kind, field: Line | Text) -> None:
        longest = "🛟" * field.max_length
        assert cleaned(kind, field, longest) == longest
        most = field.max_length
        told = f"Ensure this value has at most {most} characters (it has {most + 1})."
        assert refusal(kind, field, longest + "x") == [told]

    def test_how_long_they_may_be(self) -> None:
        limits = {
            (kind.section.value, field.name): field.max_length for kind, field in FIELDS if isinstance(field, Line)
        }
        others = {key: limit for key, limit in limits.items() if limit != 200}
        assert others == {
            ("header", "headline"): 120,
            ("header", "pronouns"): 40,
            ("skills", "name"): 100,
            ("education", "grade"): 60,
            ("education", "activities"): 500,
            ("certifications", "credential_id"): 100,
            ("other_courses", "number"): 60,
            ("publications", "title"): 300,
            ("languages", "name"): 60,
        }
        texts = {
            (kind.section.value, field.name): field.max_length for kind, field in FIELDS if isinstance(field, Text)
        }
        assert {key: limit for key, limit in texts.items() if limit != 3000} == {
            ("work_preferences", "about_role"): 1000,
            ("about", "text"): 5000,
        }

    @every(Line, Text)
    def test_any_text_is_taken_as_it_is(self, kind: Kind, field: Line | Text) -> None:
        texts = [text[: field.max_length].strip() for text in HOSTILE]
        assert [cleaned(kind, field, text) for text in texts] == texts

    @every(Line)
    def test_a_line_has_single_blanks(self, kind: Kind, field: Line) -> None:
        assert cleaned(kind, field, " \ta\r\n\u00a0 b\u2028\x0bc\u3000") == "a b c"

    @every(Line)
    def test_blanks_do_not_count_for_the_length(self, kind: Kind, field: Line) -> None:
        assert cleaned(kind, field, "a" + " " * field.max_length + "b") == "a b"

    @every(Text)
    def test_a_text_keeps_its_lines_and_a_break_is_one_character(self, kind: Kind, field: Text) -> None:
        assert cleaned(kind, field, "  \r\na \r\n\r\n  b\rc\n\n") == "a \n\n  b\nc"
        # A browser counts a line break as one character and sends it as two.
        full = ("x" * 49 + "\r\n") * (field.max_length // 50)
        assert cleaned(kind, field, full) == full.replace("\r\n", "\n").strip()


class TestLines:
    @every(Lines)
    @pytest.mark.parametrize(
        "entered", ["b\r\na\n\n  c  \nA\n", ["b", "a", "", "c", "A"], ("b", " a", "c ", "a"), "b\x0ba\u2028c"]
    )
    def test_are_kept_in_their_order_each_once(self, kind: Kind, field: Lines, entered: object) -> None:
        assert cleaned(kind, field, entered) == ("b", "a", "c")

    @every(Lines)
    def test_there_is_room_for_so_many(self, kind: Kind, field: Lines) -> None:
        lines = [str(number) for number in range(field.most)]
        assert cleaned(kind, field, lines) == tuple(lines)
        told = [f"Enter no more than {field.most}, one a line."]
        assert refusal(kind, field, [*lines, "x"]) == told
        assert refusal(kind, field, "\n".join([*lines, "x"])) == told
        assert refusal(kind, field, ["x"] * (10 * field.most + 1)) == told
        assert refusal(kind, field, ["x"] * 1_000_000) == told

    @every(Lines)
    def test_each_has_its_length(self, kind: Kind, field: Lines) -> None:
        longest = "🛟" * field.max_length
        assert cleaned(kind, field, [longest]) == (longest,)
        most = field.max_length
        told = f"Ensure this value has at most {most} characters (it has {most + 1})."
        assert refusal(kind, field, [longest + "x"]) == [told]
        assert refusal(kind, field, f"a\n{longest}x") == [told]

    @every(Lines)
    @pytest.mark.parametrize(
        ("line", "told"),
        [
            (5, WRONG_TYPE),
            ({}, WRONG_TYPE),
            (["a"], WRONG_TYPE),
            (True, WRONG_TYPE),
            ("a\x00", NUL),
            ("\ud800", SURROGATE),
        ],
    )
    def test_each_is_a_text(self, kind: Kind, field: Lines, line: object, told: str) -> None:
        assert refusal(kind, field, ["a", line]) == [told]

    @every(Lines)
    def test_one_that_is_none_is_left_out(self, kind: Kind, field: Lines) -> None:
        assert cleaned(kind, field, ["a", None, "b"]) == ("a", "b")

    def test_how_many_and_how_long_they_may_be(self) -> None:
        found = {
            f"{kind.section}.{field.name}": (field.most, field.max_length)
            for kind, field in FIELDS
            if isinstance(field, Lines)
        }
        assert found == {
            "work_preferences.roles": (20, 100),
            "work_preferences.places": (20, 100),
            "projects.skills": (20, 100),
            "publications.authors": (30, 200),
        }

    def test_a_box_shows_one_a_line(self) -> None:
        box = KINDS[Section.WORK_PREFERENCES].fields[0].form_field()
        assert box.prepare_value(("a", "b")) == "a\nb"
        assert box.prepare_value("a\nb") == "a\nb"


class TestAddresses:
    @every(Address)
    def test_a_web_address_is_taken_with_or_without_its_scheme(self, kind: Kind, field: Address) -> None:
        assert {typed: cleaned(kind, field, typed) for typed in WEB_ADDRESSES} == WEB_ADDRESSES

    @every(Address)
    def test_what_is_not_a_web_address_is_refused(self, kind: Kind, field: Address) -> None:
        assert [url for url in NO_WEB_ADDRESSES if refusal(kind, field, url) != [NO_WEB_ADDRESS]] == []

    @every(Address)
    def test_has_five_hundred_characters_at_most_with_its_scheme(self, kind: Kind, field: Address) -> None:
        whole = "https://example.org/" + "x" * 480
        assert cleaned(kind, field, whole) == whole
        assert cleaned(kind, field, whole.removeprefix("https://")) == whole
        assert refusal(kind, field, whole + "x") == ["Ensure this value has at most 500 characters (it has 501)."]
        assert refusal(kind, field, whole.removeprefix("https://") + "x") == [NO_WEB_ADDRESS]


class TestChoices:
    @every(Choice)
    def test_each_code_is_taken_and_nothing_else(self, kind: Kind, field: Choice) -> None:
        assert [cleaned(kind, field, code) for code in field.choices] == list(field.choices)
        first = next(iter(field.choices))
        for other in (first.upper(), f" {first}", f"{first}\x00", "x", "None", "<b>", "Not said"):
            assert refusal(kind, field, other) == [FROM_THE_LIST]

    @every(Choices)
    def test_several_codes_are_taken_in_the_order_of_the_list(self, kind: Kind, field: Choices) -> None:
        codes = list(field.choices)
        assert cleaned(kind, field, codes[::-1]) == tuple(codes)
        assert cleaned(kind, field, [codes[1], codes[1]]) == (codes[1],)
        assert cleaned(kind, field, []) == ()

    @every(Choices)
    @pytest.mark.parametrize("other", ["x", "", None, 5, {}, ["on_site"], "\ud800", "x" * 10_000_000])
    def test_one_unknown_code_is_refused_and_not_repeated(self, kind: Kind, field: Choices, other: object) -> None:
        assert refusal(kind, field, [next(iter(field.choices)), other]) == [FROM_THE_LIST]

    @pytest.mark.parametrize(
        ("section", "name", "codes"),
        [
            ("skills", "level", "beginner intermediate advanced expert"),
            ("languages", "proficiency", "elementary limited_working professional_working full_professional native"),
            ("work_preferences", "openness", "actively open closed"),
            ("work_preferences", "relocation", "yes maybe no"),
            ("work_preferences", "arrangements", "on_site hybrid remote"),
            ("work_experience", "arrangement", "on_site hybrid remote"),
            (
                *("work_experience", "employment"),
                "full_time part_time contract temporary freelance self_employed internship apprenticeship seasonal",
            ),
        ],
    )
    def test_codes_are_stored_and_so_never_change(self, section: str, name: str, codes: str) -> None:
        (field,) = [field for field in KINDS[Section(section)].fields if field.name == name]
        assert isinstance(field, Choice | Choices)
        assert list(field.choices) == codes.split()

    @pytest.mark.parametrize(("entered", "value"), [(True, True), (False, False), (None, False)])
    def test_a_flag_is_yes_or_not(self, entered: object, value: bool) -> None:
        (flag,) = KINDS[Section.CONTACT].fields
        assert flag.clean(entered) is value

    @pytest.mark.parametrize("entered", ["no", "false", "true", "", 0, 1, []])
    def test_nothing_else_is_taken_for_a_yes(self, entered: object) -> None:
        assert messages(KINDS[Section.CONTACT], {"show_email": entered}) == {"show_email": [WRONG_TYPE]}


MAY_LIE_AHEAD = {("work_preferences", "start"), ("education", "end"), ("certifications", "end")}


class TestDates:
    @every(Date)
    @pytest.mark.parametrize("text", ["2020", "2020-02", "2020-02-29", "2000-02-29", "1900", "1900-01-01"])
    def test_are_known_to_the_year_the_month_or_the_day(self, kind: Kind, field: Date, text: str) -> None:
        others = {"start": "1900"} if field.name == "end" else {}
        assert api.clean_values(kind, minimal(kind) | others | {field.name: text})[field.name] == PartialDate.parse(
            text
        )

    @every(Date)
    @pytest.mark.parametrize("text", ["x", "2020-13", "2019-02-29", "1900-02-29", "2020-1", "0000", " 2020", "2020\n"])
    def test_anything_else_is_no_date(self, kind: Kind, field: Date, text: str) -> None:
        assert refusal(kind, field, text) == [NO_DATE]

    @every(Date)
    @pytest.mark.parametrize("text", ["1899", "0001-01-01", "2201", "9999-12-31"])
    def test_years_are_those_of_people(self, kind: Kind, field: Date, text: str) -> None:
        assert refusal(kind, field, text) == ["Enter the year as four digits."]

    @every(Date)
    @time_machine.travel(NOW)
    @pytest.mark.parametrize("text", ["2026", "2026-03", "2026-03-04", "2026-03-05"])
    def test_today_is_not_ahead_wherever_somebody_is(self, kind: Kind, field: Date, text: str) -> None:
        # At noon in London, the morning of the fifth has begun in Kiritimati.
        others = {"start": "2000"} if field.name == "end" else {}
        assert messages(kind, minimal(kind) | others | {field.name: text}) == {}

    @every(Date)
    @time_machine.travel(NOW)
    @pytest.mark.parametrize("text", ["2026-03-06", "2026-04", "2027", "2200-12-31"])
    def test_only_some_may_lie_ahead(self, kind: Kind, field: Date, text: str) -> None:
        others = {"start": "2000"} if field.name == "end" else {}
        found = messages(kind, minimal(kind) | others | {field.name: text})
        may = (kind.section.value, field.name) in MAY_LIE_AHEAD
        assert found == ({} if may else {field.name: [AHEAD]})

    @pytest.mark.parametrize(
        "boxes",
        [
            ["4", "3", "2020"],
            [4, 3, 2020],
            ["", "3", "2020"],
            [None, None, "2020"],
            ["29", "2", "2020"],
            ["", "", "١٩٩٩"],
        ],
    )
    def test_three_boxes_make_a_date(self, boxes: list[object]) -> None:
        found = _date_field().form_field().clean(boxes)
        day, month, year = (int(str(part)) if part else 0 for part in boxes)
        assert found == PartialDate(year, month, day)

    @pytest.mark.parametrize("boxes", [None, "", [], ["", "", ""], [None, None, None], ()])
    def test_empty_boxes_make_none(self, boxes: object) -> None:
        assert _date_field().form_field().clean(boxes) is None
        with pytest.raises(ValidationError, match=REQUIRED):
            _date_field(Section.WORK_EXPERIENCE).form_field().clean(boxes)

    @pytest.mark.parametrize(
        ("boxes", "told"),
        [
            (["", "3", ""], "Enter the year."),
            (["4", "3", ""], "Enter the year."),
            (["4", "", ""], "Enter the year."),
            (["4", "", "2020"], "Choose the month, or leave the day out."),
            (["31", "4", "2020"], "There is no such day in this month."),
            (["29", "2", "2019"], "There is no such day in this month."),
            (["0", "4", "2020"], "Enter the day as a number."),
            (["32", "4", "2020"], "Enter the day as a number."),
            (["x", "4", "2020"], "Enter the day as a number."),
            (["", "4", "19"], "Enter the year as four digits."),
            (["", "4", "last year"], "Enter the year as four digits."),
            (["", "4", "20240"], "Enter the year as four digits."),
            (["", "4", "20\x0024"], "Enter the year as four digits."),
            (["", "4", "9" * 10_000_000], "Enter the year as four digits."),
            (["", "4", "2020" + "." + "0" * 10_000_000 + "x"], "Enter the year as four digits."),
            (["", "0", "2020"], "Choose the month from the list."),
            (["", "13", "2020"], "Choose the month from the list."),
            (["", "\ud800", "2020"], "Choose the month from the list."),
            (["", "1.5", "2020"], "Choose the month from the list."),
            ("2020-04-31", NO_DATE),
            (5, NO_DATE),
            ({"year": 2020}, NO_DATE),
        ],
    )
    def test_boxes_that_make_no_date_say_why(self, boxes: object, told: str) -> None:
        with pytest.raises(ValidationError) as raised:
            _date_field().form_field().clean(boxes)
        assert raised.value.messages == [told]

    def test_boxes_show_what_is_known(self) -> None:
        widget: Any = _date_field().form_field().widget
        assert widget.decompress(PartialDate(2020, 3, 4)) == [4, 3, 2020]
        assert widget.decompress(PartialDate(2020)) == [None, None, 2020]
        assert widget.decompress(None) == [None, None, None]


def _date_field(section: Section = Section.PROJECTS) -> Date:
    (field,) = [field for field in KINDS[section].fields if field.name == "start"]
    assert isinstance(field, Date)
    return field


PERIODS = [kind for kind in KINDS.values() if {"start", "end"} <= {field.name for field in kind.fields}]


@pytest.mark.parametrize("kind", PERIODS, ids=name_of)
class TestPeriods:
    @pytest.mark.parametrize(
        ("start", "end"),
        [
            *(("2020", "2019"), ("2020-05", "2020-04"), ("2020-05", "2019"), ("2020", "2019-12-31")),
            *(("2020-05-02", "2020-05-01"), ("2020-03-01", "2020-02-29")),
        ],
    )
    def test_the_end_does_not_lie_before_the_start(self, kind: Kind, start: str, end: str) -> None:
        found = messages(kind, minimal(kind) | {"start": start, "end": end})
        assert found == {"end": ["The end lies before the start."]}

    @pytest.mark.parametrize(
        ("start", "end"),
        [
            *(("2020", "2020"), ("2020-05", "2020"), ("2020", "2020-01"), ("2020-05", "2020-05")),
            *(("2020-05-31", "2020-05"), ("2020-05", "2020-05-01"), ("2020-05-01", "2020-05-01"), ("1900", "2026-01")),
            ("2020-02-29", ""),
        ],
    )
    def test_what_may_be_right_is_taken(self, kind: Kind, start: str, end: str) -> None:
        assert messages(kind, minimal(kind) | {"start": start, "end": end}) == {}

    def test_an_end_alone_is_enough_where_no_start_is_asked_for(self, kind: Kind) -> None:
        found = messages(kind, {name: value for name, value in filled(kind).items() if name != "start"})
        required = next(field.is_required for field in kind.fields if field.name == "start")
        assert found == ({"start": [REQUIRED]} if required else {})

    def test_a_wrong_date_is_not_compared(self, kind: Kind) -> None:
        assert set(messages(kind, minimal(kind) | {"start": "x", "end": "2020"})) == {"start"}
        assert set(messages(kind, minimal(kind) | {"start": "2020", "end": "x"})) == {"end"}


class TestLoading:
    """What is stored may come from another version; what is not understood counts as empty."""

    @every_kind
    def test_what_is_dumped_is_loaded(self, kind: Kind) -> None:
        values = api.clean_values(kind, filled(kind))
        assert kind.load(kind.dump(values)) == values

    @every_field
    @pytest.mark.parametrize("stored", [None, 5, {"a": 1}, [1, None], [["x"]], 1.5, "", []])
    def test_nonsense_is_empty(self, kind: Kind, field: AnyField, stored: object) -> None:
        assert kind.load({field.name: stored})[field.name] == field.empty

    def test_codes_and_dates_that_are_unknown_are_empty(self) -> None:
        kind = KINDS[Section.WORK_PREFERENCES]
        found = kind.load({"openness": "of_a_newer_version", "employment": ["x", "contract"], "start": "2020-99"})
        assert (found["openness"], found["employment"], found["start"]) == ("", ("contract",), None)

    @every_field
    def test_a_box_can_be_made_for_it(self, kind: Kind, field: AnyField) -> None:
        box = field.form_field()
        assert box.required == field.is_required
        assert box.widget.render(field.name, box.prepare_value(sample(field) if not isinstance(field, Date) else None))

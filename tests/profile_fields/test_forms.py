"""Editing the profile: what the page takes, refuses and says, through its address."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client

from learner_profile_plugin.access import Audience, Section
from learner_profile_plugin.profile_fields import api, models
from learner_profile_plugin.profile_fields.data import Link, PartialDate, Profile, WorkExperience
from tests.conftest import NOW
from tests.profile_fields.form_page import FormPage, link, open_form, send, work

ANALYST = WorkExperience(
    "Analyst", "Babbage & Co", PartialDate(2019, 3), PartialDate(2021), "London", "Engines.\nMore."
)
TUTOR = WorkExperience("Tutor", "Home", PartialDate(2022))
NOTES = Link("https://example.org/ada?a=1&b=2", "My <notes>")
CODE = Link("http://code.example.org", "")
AUDIENCES = dict.fromkeys(Section, Audience.SIGNED_IN) | {Section.ABOUT: Audience.ONLY_ME}
FULL = Profile("Keeps engines thinking", "I like **engines**.\n\nA lot.", (ANALYST, TUTOR), (NOTES, CODE), AUDIENCES)
ANOTHER = {"title": "Captain", "employer": "Sea", "start_year": "2024"}


@pytest.fixture
def ada(learner: User) -> Client:
    client = Client()
    client.force_login(learner)
    return client


@pytest.fixture
def full(learner: User, ada: Client) -> Client:
    api.save_profile(learner.pk, FULL)
    return ada


def saved(**expected: object) -> bool:
    """Tell whether the one saved profile is as expected."""
    profile = api.get_profile(User.objects.get(username="ada").pk)
    found = {name: getattr(profile, name) for name in expected}
    assert found == expected
    return True


def version() -> int:
    return api.get_profile(User.objects.get(username="ada").pk).version


def refused(client: Client, changes: dict[str, str], *, drop: tuple[str, ...] = ()) -> FormPage:
    """Send a form with something wrong in it; check that nothing is saved and that all is still there."""
    before = version()
    data = {name: value for name, value in (open_form(client).data | changes).items() if name not in drop}
    page = send(client, data)
    assert page.status == 400
    assert version() == before
    assert {name: page.data.get(name) for name in data if data[name]} == {n: v for n, v in data.items() if v}
    assert page.alert
    return page


class TestSaving:
    def test_a_first_profile(self, ada: Client) -> None:
        page = open_form(ada)
        assert (page.status, page.errors, page.alert, page.marked) == (200, {}, "", set())
        data = (
            page.data | {"headline": " Engines ", "about": "Me"} | work(0, **ANOTHER) | link(0, "https://example.org")
        )
        assert send(ada, data).status == 302
        assert saved(
            headline="Engines",
            about="Me",
            work_experience=(WorkExperience("Captain", "Sea", PartialDate(2024)),),
            links=(Link("https://example.org"),),
            version=1,
            published_at=None,
        )

    def test_what_is_saved_is_shown_again_and_saving_it_again_changes_nothing(self, full: Client) -> None:
        page = open_form(full)
        assert (page.data["headline"], page.data["about"]) == (FULL.headline, FULL.about)
        assert send(full, page.data).status == 302
        profile = api.get_profile(User.objects.get(username="ada").pk)
        assert profile.version == 2
        assert [item.description.replace("\r", "") for item in profile.work_experience] == [ANALYST.description, ""]
        assert saved(headline=FULL.headline, links=FULL.links, audiences=FULL.audiences)
        assert [(i.title, i.start, i.end, i.location) for i in profile.work_experience] == [
            (i.title, i.start, i.end, i.location) for i in FULL.work_experience
        ]

    def test_an_untouched_empty_form_saves_an_empty_profile(self, ada: Client) -> None:
        assert send(ada, open_form(ada).data).status == 302
        assert saved(headline="", about="", work_experience=(), links=(), version=1)

    def test_several_positions_and_links_keep_their_order(self, ada: Client) -> None:
        data = open_form(ada).data | {"work-TOTAL_FORMS": "3", "links-TOTAL_FORMS": "3"}
        for number, title in enumerate(("First", "Second", "Third")):
            data |= work(number, title=title, employer="Sea", start_year=str(2020 - number))
            data |= link(number, f"https://{number}.example.org", title)
        assert send(ada, data).status == 302
        profile = api.get_profile(User.objects.get(username="ada").pk)
        assert [item.title for item in profile.work_experience] == ["First", "Second", "Third"]
        assert [item.label for item in profile.links] == ["First", "Second", "Third"]

    def test_what_is_marked_to_be_removed_is_removed_even_if_it_is_wrong(self, full: Client) -> None:
        data = open_form(full).data | {"work-0-DELETE": "on", "work-0-title": "", "links-1-DELETE": "on"}
        assert send(full, data).status == 302
        assert saved(work_experience=(TUTOR,), links=(NOTES,))

    def test_an_audience_is_chosen_for_each_section(self, ada: Client) -> None:
        data = open_form(ada).data
        choices = dict(zip(Section, [*Audience, Audience.ONLY_ME], strict=True))
        data |= {f"audience-{section.value}": str(audience.value) for section, audience in choices.items()}
        assert send(ada, data).status == 302
        assert saved(audiences=choices)
        assert {name: value for name, value in open_form(ada).data.items() if name.startswith("audience-")} == {
            f"audience-{section.value}": str(audience.value) for section, audience in choices.items()
        }

    def test_saving_neither_publishes_nor_takes_back(self, full: Client) -> None:
        learner = User.objects.get(username="ada")
        api.publish(learner.pk, NOW)
        assert send(full, open_form(full).data).status == 302
        assert saved(published_at=NOW)

    def test_choices_for_sections_that_this_version_does_not_know_survive(self, full: Client) -> None:
        learner = User.objects.get(username="ada")
        models.SectionAudience.objects.create(profile_id=learner.pk, section="of_a_newer_version", audience=0)
        assert send(full, open_form(full).data).status == 302
        assert models.SectionAudience.objects.filter(profile_id=learner.pk, section="of_a_newer_version").exists()

    @pytest.mark.parametrize(
        "text", ["👩🏽‍🚀🛟", "مهندسة بحرية", "\u202eevil\u202c", "a\u0300\u0301", "<b>&amp;\"'</b>"]
    )
    def test_any_script_comes_back_as_it_was(self, ada: Client, text: str) -> None:
        data = open_form(ada).data | {"headline": text, "about": text, "work-0-description": text}
        data |= work(0, title=text, employer=text, start_year="2020") | link(0, "https://example.org", text)
        assert send(ada, data).status == 302
        page = open_form(ada)
        for name in ("headline", "about", "work-0-title", "work-0-employer", "links-0-label"):
            assert page.data[name] == text


class TestAdding:
    @pytest.mark.parametrize(("button", "prefix"), [("add_work", "work"), ("add_link", "links")])
    def test_another_entry_leaves_alone_what_was_typed_and_complains_of_nothing(
        self, full: Client, button: str, prefix: str
    ) -> None:
        typed = open_form(full).data | {"headline": "New", "work-0-title": "", "work-1-end_month": "5"}
        typed |= {"links-0-url": "no address", "links-1-DELETE": "on"}
        page = send(full, typed | {button: "1"})
        assert (page.status, page.errors, page.alert) == (200, {}, "")
        assert page.data[f"{prefix}-TOTAL_FORMS"] == "3"
        assert {name: page.data.get(name) for name in typed if not name.endswith("_FORMS")} == {
            name: value for name, value in typed.items() if not name.endswith("_FORMS")
        }
        new = {name: value for name, value in page.data.items() if name.startswith(f"{prefix}-2-")}
        assert new
        assert not any(new.values())
        assert saved(headline=FULL.headline, version=1)

    def test_another_entry_marks_no_field_as_wrong(self, full: Client) -> None:
        page = send(full, open_form(full).data | {"work-0-title": "", "links-0-url": "x", "add_link": "1"})
        assert page.marked == set()

    def test_the_new_entry_can_be_filled_in_and_saved_or_left_empty(self, full: Client) -> None:
        page = send(full, open_form(full).data | {"add_work": "1"})
        page = send(full, page.data | {"add_link": "1"})
        assert send(full, page.data | work(2, **ANOTHER)).status == 302
        profile = api.get_profile(User.objects.get(username="ada").pk)
        assert [item.title for item in profile.work_experience] == ["Analyst", "Tutor", "Captain"]
        assert profile.links == FULL.links

    @pytest.mark.parametrize("count", ["", "x", "-1", "9" * 30, "9" * 5000, "\x00", "²", "٣"])
    def test_a_forged_number_of_entries_does_no_harm(self, full: Client, count: str) -> None:
        page = send(full, open_form(full).data | {"work-TOTAL_FORMS": count, "add_work": "1"})
        assert page.status == 200
        entries = [name for name in page.data if name.startswith("work-") and name.endswith("-title")]
        assert len(entries) <= 2 * models.MAX_WORK_EXPERIENCES
        assert saved(version=1)

    def test_an_entry_typed_beyond_the_most_is_not_lost_by_adding_to_the_other_list(self, ada: Client) -> None:
        typed = many_positions(ada, models.MAX_WORK_EXPERIENCES + 1)
        page = send(ada, typed | {"add_link": "1"})
        assert page.data.get(f"work-{models.MAX_WORK_EXPERIENCES}-title") == f"Captain {models.MAX_WORK_EXPERIENCES}"

    def test_the_most_positions_can_be_saved_with_an_empty_one_below_them(self, ada: Client) -> None:
        data = many_positions(ada, models.MAX_WORK_EXPERIENCES)
        assert send(ada, data).status == 302
        page = send(ada, open_form(ada).data | {"add_work": "1"})
        assert send(ada, page.data).status == 302
        assert len(api.get_profile(User.objects.get(username="ada").pk).work_experience) == models.MAX_WORK_EXPERIENCES


def many_positions(client: Client, number: int) -> dict[str, str]:
    data = open_form(client).data | {"work-TOTAL_FORMS": str(number)}
    for index in range(number):
        data |= work(index, title=f"Captain {index}", employer="Sea", start_year="2024")
    return data


WRONG: dict[str, tuple[dict[str, str], str, str]] = {
    "an end before the start": (
        work(0, **ANOTHER, start_month="5", end_month="4", end_year="2024"),
        "work-0-end_month work-0-end_year",
        "The end lies before the start.",
    ),
    "an end in a year before": (
        work(0, **ANOTHER, end_year="2023"),
        "work-0-end_month work-0-end_year",
        "The end lies before the start.",
    ),
    "a start to come": (
        work(0, title="Captain", employer="Sea", start_month="4", start_year="2026"),
        "work-0-start_month work-0-start_year",
        "This date lies in the future.",
    ),
    "an end in a year to come": (
        work(0, **ANOTHER, end_year="2027"),
        "work-0-end_month work-0-end_year",
        "This date lies in the future.",
    ),
    "a month without its year": (
        work(0, **ANOTHER, end_month="3"),
        "work-0-end_month work-0-end_year",
        "Enter the year.",
    ),
    "a start with its month alone": (
        work(0, title="Captain", employer="Sea", start_month="3"),
        "work-0-start_month work-0-start_year",
        "Enter the year.",
    ),
    "no start": (
        work(0, title="Captain", employer="Sea"),
        "work-0-start_month work-0-start_year",
        "This field is required.",
    ),
    "a year of two digits": (
        work(0, title="Captain", employer="Sea", start_year="19"),
        "work-0-start_month work-0-start_year",
        "Enter the year as four digits.",
    ),
    "a year in words": (
        work(0, title="Captain", employer="Sea", start_year="last year"),
        "work-0-start_month work-0-start_year",
        "Enter the year as four digits.",
    ),
    "a year of five digits": (
        work(0, title="Captain", employer="Sea", start_year="20240"),
        "work-0-start_month work-0-start_year",
        "Enter the year as four digits.",
    ),
    "no title": (work(0, employer="Sea", start_year="2024"), "work-0-title", "This field is required."),
    "no employer": (work(0, title="Captain", start_year="2024"), "work-0-employer", "This field is required."),
    "a link without address": (link(0, "", "Mine"), "links-0-url", "This field is required."),
    "a long headline": (
        {"headline": "x" * 121},
        "headline",
        "Ensure this value has at most 120 characters (it has 121).",
    ),
    "a long about": ({"about": "x" * 5001}, "about", "Ensure this value has at most 5000 characters (it has 5001)."),
    "a long title": (
        work(0, **ANOTHER | {"title": "x" * 201}),
        "work-0-title",
        "Ensure this value has at most 200 characters (it has 201).",
    ),
    "a long description": (
        work(0, **ANOTHER, description="x" * 3001),
        "work-0-description",
        "Ensure this value has at most 3000 characters (it has 3001).",
    ),
    "a NUL in the headline": ({"headline": "a\x00b"}, "headline", "Null characters are not allowed."),
    "a NUL in a link": (link(0, "https://example.org/\x00"), "links-0-url", "Null characters are not allowed."),
    "a NUL in a year": (
        work(0, title="Captain", employer="Sea", start_year="20\x0024"),
        "work-0-start_month work-0-start_year",
        "Enter the year as four digits.",
    ),
}


@time_machine.travel(NOW)
@pytest.mark.parametrize("case", WRONG)
def test_an_error_stands_at_its_field_and_nothing_is_saved_or_lost(ada: Client, case: str) -> None:
    changes, names, message = WRONG[case]
    page = refused(ada, changes)
    assert page.errors == {names: [message]}
    assert page.marked <= set(names.split())


@time_machine.travel(NOW)
@pytest.mark.parametrize(
    "dates",
    [
        {"start_month": "3", "start_year": "2026"},
        {"start_year": "2026", "end_year": "2026"},
        {"start_month": "5", "start_year": "2024", "end_year": "2024"},
        {"start_year": "2024", "end_month": "1", "end_year": "2024"},
        {"start_month": "5", "start_year": "2024", "end_month": "5", "end_year": "2024"},
        {"start_year": "1900"},
    ],
)
def test_dates_that_may_be_right_are_taken(ada: Client, dates: dict[str, str]) -> None:
    assert send(ada, open_form(ada).data | work(0, title="Captain", employer="Sea", **dates)).status == 302


@pytest.mark.parametrize("month", ["0", "13", "x", "1.5"])
def test_a_month_that_the_list_does_not_offer_is_refused(ada: Client, month: str) -> None:
    data = open_form(ada).data | work(0, **ANOTHER, start_month=month)
    page = send(ada, data)
    assert page.status == 400
    assert list(page.errors) == ["work-0-start_month work-0-start_year"]


def test_all_errors_are_shown_at_once(ada: Client) -> None:
    page = refused(ada, {"headline": "x" * 121} | work(0, title="Captain") | link(0, "ftp://example.org"))
    assert set(page.errors) == {"headline", "work-0-employer", "work-0-start_month work-0-start_year", "links-0-url"}


NO_WEB_ADDRESSES = [
    "javascript:alert(1)",
    "JavaScript://example.org/%0aalert(1)",
    "vbscript:x",
    "data:text/html,<script>alert(1)</script>",
    "ftp://example.org",
    "file:///etc/passwd",
    "//example.org",
    "https://",
    "https://nowhere",
    "example",
    "https:/example.org",
    "http:example.org",
    "https://[::1",
    "https://example.org:99999999",
    "mailto:me@example.org",
    "ada@example.org",
    "https://bank.example@evil.example",
]


@pytest.mark.parametrize(
    "url", [*NO_WEB_ADDRESSES, "java\tscript:alert(1)", "https://exa mple.org", "\x01javascript:alert(1)"]
)
def test_what_is_not_a_web_address_is_refused(ada: Client, url: str) -> None:
    page = refused(ada, link(0, url, "Mine"))
    assert page.errors == {"links-0-url": ["Enter a web address, for example https://example.org/me."]}


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("example.org", "https://example.org"),
        (" example.org/me?a=1#b ", "https://example.org/me?a=1#b"),
        ("example.org:8080", "https://example.org:8080"),
        ("http://example.org", "http://example.org"),
        ("HTTPS://Example.org/Me", "HTTPS://Example.org/Me"),
        ("https://bücher.example/ä", "https://bücher.example/ä"),
    ],
)
def test_a_web_address_is_taken_with_or_without_its_scheme(ada: Client, typed: str, url: str) -> None:
    assert send(ada, open_form(ada).data | link(0, typed)).status == 302
    assert saved(links=(Link(url),))


def test_an_address_that_only_its_scheme_makes_too_long_is_refused(ada: Client) -> None:
    longest = "example.org/" + "x" * (models.URL_LENGTH - len("example.org/"))
    page = refused(ada, link(0, longest))
    assert list(page.errors) == ["links-0-url"]
    whole = "https://" + longest[: models.URL_LENGTH - len("https://")]
    assert send(ada, open_form(ada).data | link(0, whole)).status == 302


def test_texts_of_full_length_are_saved(ada: Client) -> None:
    letter = "🛟"
    data = open_form(ada).data | {"headline": letter * 120, "about": letter * 5000}
    data |= work(0, title=letter * 200, employer=letter * 200, location=letter * 200, start_year="2024")
    data |= {"work-0-description": letter * 3000} | link(0, "https://example.org", letter * 200)
    assert send(ada, data).status == 302
    assert saved(headline=letter * 120, about=letter * 5000)


def test_an_about_text_of_full_length_may_hold_line_breaks(ada: Client) -> None:
    # A browser counts a line break as one character and sends it as two.
    about = ("x" * 49 + "\r\n") * 100
    assert send(ada, open_form(ada).data | {"about": about}).status == 302


class TestBounds:
    def test_one_position_too_many_is_refused_with_a_message_that_says_how_many_may_be(self, ada: Client) -> None:
        page = refused(ada, many_positions(ada, models.MAX_WORK_EXPERIENCES + 1))
        assert set(page.errors) == {""}
        assert str(models.MAX_WORK_EXPERIENCES) in page.errors[""][0]

    def test_the_message_about_too_many_speaks_of_positions_not_of_forms(self, ada: Client) -> None:
        page = refused(ada, many_positions(ada, models.MAX_WORK_EXPERIENCES + 1))
        assert "form" not in page.errors[""][0]

    def test_one_link_too_many_is_refused(self, ada: Client) -> None:
        data = open_form(ada).data | {"links-TOTAL_FORMS": str(models.MAX_LINKS + 1)}
        for index in range(models.MAX_LINKS + 1):
            data |= link(index, f"https://{index}.example.org")
        page = refused(ada, data)
        assert str(models.MAX_LINKS) in page.errors[""][0]

    def test_as_many_as_may_be_are_saved(self, ada: Client) -> None:
        assert send(ada, many_positions(ada, models.MAX_WORK_EXPERIENCES)).status == 302


class TestVersions:
    def test_of_two_tabs_the_second_is_told_and_loses_nothing(self, full: Client) -> None:
        first, second = open_form(full), open_form(full)
        assert send(full, first.data | {"headline": "From the first"}).status == 302
        typed = second.data | {"headline": "From the second", "work-0-title": "Admiral"}
        page = send(full, typed)
        assert page.status == 400
        assert "changed elsewhere" in page.alert
        assert page.errors == {}
        assert saved(headline="From the first", version=2)
        assert {n: v for n, v in page.data.items() if n != "version"} == {
            n: v for n, v in typed.items() if n != "version"
        }
        assert send(full, page.data).status == 302
        assert saved(headline="From the second", version=3)

    def test_two_first_saves_are_told_apart_as_well(self, ada: Client) -> None:
        first, second = open_form(ada), open_form(ada)
        assert send(ada, first.data | {"headline": "One"}).status == 302
        assert send(ada, second.data | {"headline": "Two"}).status == 400
        assert saved(headline="One", version=1)

    @pytest.mark.parametrize("forged", ["", "x", "-1", "9" * 40, "1\x00", None])
    def test_a_forged_version_saves_nothing(self, full: Client, forged: str | None) -> None:
        data: dict[str, Any] = open_form(full).data | {"headline": "Forged"}
        data.pop("version")
        page = send(full, data if forged is None else data | {"version": forged})
        assert page.status == 400
        assert page.alert
        assert saved(headline=FULL.headline, version=1)

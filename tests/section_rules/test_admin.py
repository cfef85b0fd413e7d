"""Where an operator lays down rules: Django admin."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from learner_profile_plugin.access import Audience, Section
from learner_profile_plugin.models import SectionRule
from learner_profile_plugin.section_rules import api
from tests.portfolio.pages import Element, parse
from tests.section_rules.conftest import add_row

LIST = "/admin/learner_profile_plugin/sectionrule/"
ADD = f"{LIST}add/"
OPEN = {"is_enabled": "unknown", "is_locked": "unknown", "is_required": "unknown"}


@pytest.fixture(autouse=True)
def permissions(transactional_db: None) -> None:
    """Make the rows of permissions, which other tests do without."""
    ContentType.objects.clear_cache()
    create_permissions(apps.get_app_config("learner_profile_plugin"))


@pytest.fixture
def operator(person) -> Client:
    client = Client()
    client.force_login(person("olga", is_staff=True, is_superuser=True))
    return client


def page_of(response) -> Element:
    assert response.status_code == 200
    return parse(response.content.decode())


def select(page: Element, selector: str) -> list[Element]:
    """Return the elements that a selector finds: names, ids and classes, one inside the other."""
    found = [page]
    for part in selector.split():
        found = [element for outer in found for element in outer.inside() if matches(element, part)]
    return found


def matches(element: Element, part: str) -> bool:
    """Tell whether an element is as a part of a selector says, as in ``option[selected]``."""
    said = {f"#{element.attrs.get('id')}", *(f".{name}" for name in element.attrs.get("class", "").split())}
    said |= {element.tag, *(f"[{name}" for name in element.attrs)}
    return set(re.findall(r"[#.\[]?[\w-]+", part)) <= said


def texts(page: Element, selector: str) -> list[str]:
    return [found.text() for found in select(page, selector)]


def one(page: Element, selector: str) -> Element:
    (found,) = select(page, selector)
    return found


def change(row: SectionRule) -> str:
    return f"{LIST}{row.pk}/change/"


class TestAdd:
    def test_rule_holds_from_then_on(self, operator):
        values = {"section": "projects", "is_locked": "true", "default_audience": "2", "max_items": "5"}

        response = operator.post(ADD, OPEN | values)

        assert response.status_code == 302
        rule = api.get_rules()[Section.PROJECTS]
        assert (rule.is_enabled, rule.is_locked, rule.default_audience, rule.max_items) == (
            True,
            True,
            Audience.CONNECTED,
            5,
        )

    def test_what_is_left_open_is_as_the_settings_say(self, operator, in_settings):
        in_settings({"projects": {"enabled": False, "default_audience": "only_me", "max_items": 3}})

        operator.post(ADD, {**OPEN, "section": "projects", "is_locked": "false"})

        row = SectionRule.objects.get()
        assert (row.is_enabled, row.is_locked, row.default_audience, row.max_items) == (None, False, None, None)
        rule = api.get_rules()[Section.PROJECTS]
        assert (rule.is_enabled, rule.default_audience, rule.max_items) == (False, Audience.ONLY_ME, 3)

    def test_narrowest_audience_is_not_taken_for_none(self, operator):
        operator.post(ADD, {**OPEN, "section": "skills", "default_audience": "0"})

        assert SectionRule.objects.get().default_audience == 0
        page = page_of(operator.get(change(SectionRule.objects.get())))
        assert one(page, "#id_default_audience option[selected]").attrs["value"] == "0"

    def test_sections_without_a_row_are_offered(self, operator):
        add_row("skills")

        offered = [option.attrs["value"] for option in select(page_of(operator.get(ADD)), "#id_section option")]

        assert set(offered) == {"", *(section.value for section in Section)} - {"skills"}
        assert offered[:3] == ["", "header", "contact"]

    def test_form_says_what_happens_if_nothing_is_chosen(self, operator):
        page = page_of(operator.get(ADD))

        for field in ("is_enabled", "is_locked", "is_required", "default_audience"):
            assert texts(page, f"#id_{field} option")[0] == "As the settings say"

    def test_every_field_is_explained(self, operator):
        page = page_of(operator.get(ADD))

        for field in ("section", *OPEN, "default_audience", "max_items"):
            assert len(one(page, f"#id_{field}_helptext").text()) > 40, field

    def test_second_rule_for_a_section_is_refused(self, operator):
        add_row("skills")

        response = operator.post(ADD, {**OPEN, "section": "skills"})

        assert select(page_of(response), ".field-section .errorlist")
        assert SectionRule.objects.count() == 1

    def test_section_has_to_be_chosen(self, operator):
        assert select(page_of(operator.post(ADD, OPEN)), ".field-section .errorlist")


class TestRefusal:
    @pytest.mark.parametrize(
        ("section", "field", "value", "text"),
        [
            ("header", "is_enabled", "false", "cannot be switched off"),
            ("courses", "is_required", "true", "nobody can be asked to fill it"),
            ("learning_time", "max_items", "3", "no items to limit"),
            ("links", "max_items", "21", "The most that it takes is 20."),
            ("links", "max_items", "0", "a whole number, 1 or more"),
            ("links", "max_items", "-1", "greater than or equal to 0"),
            ("links", "default_audience", "9", "not one of the available choices"),
        ],
    )
    def test_what_cannot_hold_is_refused_beside_its_field(self, operator, section, field, value, text):
        page = page_of(operator.post(ADD, {**OPEN, "section": section, field: value}))

        (error,) = texts(page, f".field-{field} .errorlist li")
        assert text in error
        assert not SectionRule.objects.exists()

    def test_requiring_what_is_locked_is_refused(self, operator):
        page = page_of(operator.post(ADD, {**OPEN, "section": "about", "is_locked": "true", "is_required": "true"}))

        assert "nobody can fill it" in texts(page, ".field-is_required .errorlist li")[0]


class TestChange:
    def test_rule_is_changed(self, operator):
        row = add_row("skills", enabled=False)

        response = operator.post(change(row), {**OPEN, "is_enabled": "true", "max_items": "10"})

        assert response.status_code == 302
        row.refresh_from_db()
        assert (row.section, row.is_enabled, row.max_items) == ("skills", True, 10)

    def test_rule_stays_with_its_section(self, operator):
        row = add_row("skills")

        operator.post(change(row), {**OPEN, "section": "about", "max_items": "10"})

        row.refresh_from_db()
        assert (row.section, row.max_items) == ("skills", 10)

    def test_form_shows_what_the_row_says(self, operator):
        row = add_row("skills", enabled=False, locked=True, default_audience="connected", max_items=4)

        page = page_of(operator.get(change(row)))

        assert {field: one(page, f"#id_{field} option[selected]").attrs["value"] for field in OPEN} == {
            "is_enabled": "false",
            "is_locked": "true",
            "is_required": "unknown",
        }
        assert one(page, "#id_default_audience option[selected]").attrs["value"] == "2"
        assert one(page, "#id_max_items").attrs["value"] == "4"
        assert texts(page, "#id_section option") == ["Skills"]

    def test_row_of_another_version_can_be_opened_and_deleted(self, operator):
        row = SectionRule.objects.create(section="hobbies", default_audience=9)

        assert "hobbies" in texts(page_of(operator.get(LIST)), ".field-label")
        assert texts(page_of(operator.get(change(row))), "#id_section option") == ["hobbies"]
        assert select(page_of(operator.post(change(row), OPEN)), ".errorlist.nonfield")
        operator.post(f"{LIST}{row.pk}/delete/", {"post": "yes"})

        assert not SectionRule.objects.exists()


class TestList:
    def test_shows_what_holds_with_all_sources(self, operator, in_settings, on_site):
        in_settings({"skills": {"max_items": 12}})
        add_row("skills", locked=True, default_audience="connected")
        on_site({"skills": {"default_audience": "only_me"}})

        page = page_of(operator.get(LIST))

        assert texts(page, ".field-label") == ["Skills"]
        assert texts(page, ".field-holds") == ["Audience: Only you; locked; items: at most 12"]

    @pytest.mark.parametrize(
        ("section", "entry", "text"),
        [
            ("skills", {"enabled": False}, "Not shown"),
            ("courses", {}, "Audience: Everyone on the web"),
            ("about", {"required": True}, "Audience: Everyone on the web; required; items: at most 1"),
        ],
    )
    def test_says_it_in_words(self, operator, section, entry, text):
        add_row(section, **entry)

        assert texts(page_of(operator.get(LIST)), ".field-holds") == [text]

    def test_more_rows_cost_no_more_queries(self, operator):
        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                operator.get(LIST)
            return len(captured)

        add_row("skills")
        few = queries()
        for section in ("about", "links", "projects", "contact"):
            add_row(section)

        assert queries() == few

    def test_tells_what_is_wrong_in_any_source(self, operator, in_settings, on_site):
        in_settings({"skills": {"max_items": 0}})
        on_site({"abuot": {}})

        warnings = texts(page_of(operator.get(LIST)), ".messagelist .warning")

        assert len(warnings) == 2
        assert re.match(r"LEARNER_PROFILE_SECTIONS: skills: max_items cannot be 0", warnings[0])
        assert re.match(r"LEARNER_PROFILE_SECTIONS of the site configuration: 'abuot': There is no", warnings[1])

    def test_what_is_written_wrong_is_no_markup(self, operator, on_site):
        on_site({"<script>alert(1)</script>": {}})

        assert "<script>alert" not in operator.get(LIST).content.decode()


class TestAccess:
    @pytest.mark.parametrize("flags", [{}, {"is_staff": True}])
    def test_is_closed_to_others(self, person, flags):
        client = Client()
        client.force_login(person("ben", **flags))

        assert client.get(LIST).status_code in {302, 403}
        assert client.post(ADD, {**OPEN, "section": "skills", "is_enabled": "false"}).status_code in {302, 403}
        assert not SectionRule.objects.exists()

    def test_can_be_given_to_staff(self, person):
        staff = person("sam", is_staff=True)
        staff.user_permissions.set(Permission.objects.filter(content_type__model="sectionrule"))
        client = Client()
        client.force_login(staff)

        assert client.post(ADD, {**OPEN, "section": "skills", "is_enabled": "false"}).status_code == 302
        assert not api.get_rules()[Section.SKILLS].is_enabled

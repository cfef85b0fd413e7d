"""Which of several rules for a section holds."""

from __future__ import annotations

from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from learner_profile_plugin.access import Audience, Section, SectionRule
from learner_profile_plugin.section_rules import api, models
from learner_profile_plugin.section_rules.data import BUILT_IN, MOST_ITEMS
from tests.section_rules.conftest import FIELDS, NAME, add_row

# For each key: a section that takes it, what is built in, and two values to tell sources apart.
KEYS = {
    "enabled": ("skills", True, False, True),
    "locked": ("skills", False, True, False),
    "required": ("skills", False, True, False),
    "default_audience": ("contact", "signed_in", "only_me", "everyone"),
    "max_items": ("skills", 100, 7, 9),
}


def effective(section: str, key: str) -> object:
    value = getattr(api.get_rules()[Section(section)], FIELDS[key])
    return value.name.lower() if isinstance(value, Audience) else value


@pytest.mark.django_db
class TestBuiltIn:
    def test_every_section_has_a_rule(self):
        assert list(api.get_rules()) == list(Section)

    def test_sections_are_for_everyone_once_a_portfolio_is_published_but_for_contact(self):
        narrower = {section for section, rule in api.get_rules().items() if rule.default_audience != Audience.EVERYONE}

        assert narrower == {Section.CONTACT}
        assert api.get_rules()[Section.CONTACT].default_audience is Audience.SIGNED_IN

    def test_nothing_is_off_locked_or_required(self):
        assert {(rule.is_enabled, rule.is_locked, rule.is_required) for rule in api.get_rules().values()} == {
            (True, False, False)
        }

    @pytest.mark.parametrize(
        ("section", "most"),
        [
            *((name, 1) for name in ("header", "contact", "work_preferences", "about", "resume")),
            *((name, 0) for name in ("learning_time", "courses")),
            ("skills", 100),
            ("languages", 30),
            ("links", 20),
            ("work_experience", 50),
            ("memberships", 50),
        ],
    )
    def test_limits(self, section, most):
        assert api.get_rules()[Section(section)].max_items == most

    @pytest.mark.parametrize("nothing", [None, {}, {"skills": {}}])
    def test_nothing_said_changes_nothing(self, in_settings, on_site, nothing):
        in_settings(nothing)
        on_site(nothing)
        add_row("skills")

        assert api.get_rules() == BUILT_IN

    def test_setting_need_not_be_there(self, settings):
        if hasattr(settings, NAME):
            delattr(settings, NAME)

        assert api.get_rules() == BUILT_IN


class TestOrder:
    @pytest.mark.parametrize("key", KEYS)
    @pytest.mark.parametrize("said", [said for said in product((False, True), repeat=3) if any(said)])
    def test_most_specific_source_that_says_something_wins(self, in_settings, in_admin, on_site, key, said):
        section, _default, value, other = KEYS[key]
        last = max(place for place, is_said in enumerate(said) if is_said)
        for place, write in enumerate((in_settings, in_admin, on_site)):
            if said[place]:
                write({section: {key: value if place == last else other}})

        assert effective(section, key) == value

    @pytest.mark.parametrize("key", KEYS)
    def test_more_specific_source_can_go_back_to_what_is_built_in(self, in_settings, in_admin, on_site, key):
        section, default, value, _other = KEYS[key]
        in_settings({section: {key: value}})
        in_admin({section: {key: value}})
        on_site({section: {key: default}})

        assert effective(section, key) == default

    def test_fields_are_merged_one_by_one(self, in_settings, in_admin, on_site):
        in_settings({"projects": {"max_items": 5, "default_audience": "connected", "required": True}})
        in_admin({"projects": {"default_audience": "signed_in", "max_items": 6}})
        on_site({"projects": {"max_items": 4}})

        assert api.get_rules()[Section.PROJECTS] == SectionRule(
            default_audience=Audience.SIGNED_IN, max_items=4, is_required=True
        )

    def test_other_sections_stay_as_they_are(self, in_settings, in_admin, on_site):
        in_settings({"about": {"locked": True}})
        in_admin({"skills": {"enabled": False}})
        on_site({"links": {"max_items": 3}})

        changed = {section for section, rule in api.get_rules().items() if rule != BUILT_IN[section]}

        assert changed == {Section.ABOUT, Section.SKILLS, Section.LINKS}

    def test_limit_raised_again_up_to_what_is_built_in(self, in_settings, on_site):
        in_settings({"links": {"max_items": 2}})
        on_site({"links": {"max_items": MOST_ITEMS[Section.LINKS]}})

        assert api.get_rules()[Section.LINKS].max_items == 20


class TestRequired:
    """Nobody is asked for what they cannot do, wherever the two halves of the contradiction were written."""

    @pytest.mark.parametrize("obstacle", [{"locked": True}, {"enabled": False}])
    def test_what_nobody_can_fill_is_not_required(self, in_settings, on_site, obstacle):
        in_settings({"about": {"required": True}})
        on_site({"about": obstacle})

        assert not api.get_rules()[Section.ABOUT].is_required

    def test_required_again_once_it_can_be_filled(self, in_settings, on_site):
        in_settings({"about": {"required": True, "locked": True}})
        on_site({"about": {"locked": False}})

        assert api.get_rules()[Section.ABOUT].is_required


@pytest.mark.django_db
class TestQueries:
    def test_one_query_however_much_is_written(self, in_settings, on_site):
        in_settings({"about": {"locked": True}, "nonsense": {}})
        on_site({"about": 5})
        for section in Section:
            add_row(section.value, locked=True)

        with CaptureQueriesContext(
            connection,
        ) as queries:
            api.get_rules()

        assert len(queries) == 1

    def test_change_in_admin_holds_at_once(self):
        row = add_row("skills", enabled=False)
        assert not api.get_rules()[Section.SKILLS].is_enabled

        models.SectionRule.objects.update(is_enabled=True)
        assert api.get_rules()[Section.SKILLS].is_enabled

        row.delete()
        assert api.get_rules() == BUILT_IN

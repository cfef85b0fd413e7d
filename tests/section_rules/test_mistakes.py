"""What becomes of rules that are written wrong."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict
from typing import Any

import pytest
from django.test import override_settings
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from learner_profile_plugin.access import Audience, Section, SectionRule
from learner_profile_plugin.models import SectionRule as Row
from learner_profile_plugin.section_rules import api
from learner_profile_plugin.section_rules.data import BUILT_IN, MOST_ITEMS, RECORDED, ProblemKind
from tests.section_rules.conftest import FIELDS, NAME, add_row

AUDIENCES = [audience.name.lower() for audience in Audience]
LOGGER = "learner_profile_plugin.section_rules.api"

NARROWEST = {"is_enabled": False, "is_locked": True, "default_audience": Audience.ONLY_ME}

# What is written for a section, what is wrong with it, the field concerned, and what holds of it.
MISTAKES: list[tuple[str, Any, ProblemKind, str, dict[str, Any]]] = [
    ("skills", {"enabled": "no"}, ProblemKind.UNREADABLE, "is_enabled", {"is_enabled": False}),
    ("skills", {"enabled": 1}, ProblemKind.UNREADABLE, "is_enabled", {"is_enabled": False}),
    ("skills", {"enabled": None}, ProblemKind.UNREADABLE, "is_enabled", {"is_enabled": False}),
    ("header", {"enabled": "no"}, ProblemKind.UNREADABLE, "is_enabled", {}),
    ("header", {"enabled": False}, ProblemKind.IMPOSSIBLE, "is_enabled", {}),
    ("skills", {"locked": 0}, ProblemKind.UNREADABLE, "is_locked", {"is_locked": True}),
    ("skills", {"locked": []}, ProblemKind.UNREADABLE, "is_locked", {"is_locked": True}),
    ("skills", {"default_audience": "public"}, ProblemKind.UNREADABLE, "default_audience", {"default_audience": 0}),
    ("skills", {"default_audience": "EVERYONE"}, ProblemKind.UNREADABLE, "default_audience", {"default_audience": 0}),
    ("skills", {"default_audience": 4}, ProblemKind.UNREADABLE, "default_audience", {"default_audience": 0}),
    ("skills", {"default_audience": ["everyone"]}, ProblemKind.UNREADABLE, "default_audience", {"default_audience": 0}),
    ("skills", {"required": "yes"}, ProblemKind.UNREADABLE, "is_required", {}),
    ("courses", {"required": True}, ProblemKind.IMPOSSIBLE, "is_required", {}),
    ("learning_time", {"required": True}, ProblemKind.IMPOSSIBLE, "is_required", {}),
    ("about", {"required": True, "locked": True}, ProblemKind.IN_VAIN, "is_required", {"is_locked": True}),
    ("about", {"required": True, "enabled": False}, ProblemKind.IN_VAIN, "is_required", {"is_enabled": False}),
    ("skills", {"max_items": "5"}, ProblemKind.UNREADABLE, "max_items", {}),
    ("skills", {"max_items": True}, ProblemKind.UNREADABLE, "max_items", {}),
    ("skills", {"max_items": 5.0}, ProblemKind.UNREADABLE, "max_items", {}),
    ("skills", {"max_items": 0}, ProblemKind.UNREADABLE, "max_items", {}),
    ("skills", {"max_items": -1}, ProblemKind.UNREADABLE, "max_items", {}),
    ("skills", {"max_items": 101}, ProblemKind.IMPOSSIBLE, "max_items", {}),
    ("about", {"max_items": 2}, ProblemKind.IMPOSSIBLE, "max_items", {}),
    ("courses", {"max_items": 5}, ProblemKind.IMPOSSIBLE, "max_items", {}),
    ("skills", {"audience": "only_me"}, ProblemKind.UNKNOWN_KEY, "", {}),
    ("skills", {3: True}, ProblemKind.UNKNOWN_KEY, "", {}),
    ("skills", False, ProblemKind.NO_DICTIONARY, "", NARROWEST),
    ("skills", None, ProblemKind.NO_DICTIONARY, "", NARROWEST),
    ("skills", ["locked"], ProblemKind.NO_DICTIONARY, "", NARROWEST),
    ("header", "off", ProblemKind.NO_DICTIONARY, "", {"is_locked": True, "default_audience": Audience.ONLY_ME}),
]


@pytest.fixture(params=["settings", "site"])
def written(request):
    """Write to the setting, and to the configuration of the site."""
    return request.getfixturevalue({"settings": "in_settings", "site": "on_site"}[request.param])


# Said here, for the fixture that is chosen at run time is not seen when tests are put in order.
@pytest.mark.django_db
class TestOneMistake:
    @pytest.mark.parametrize(("section", "entry", "kind", "field", "holds"), MISTAKES)
    def test_is_told(self, section, entry, kind, field, holds):
        (problem,) = api.problems({section: entry})

        assert (problem.kind, problem.section, problem.field) == (kind, section, field)
        assert problem.text.endswith(".")
        assert problem.hint.endswith(".")

    @pytest.mark.parametrize(("section", "entry", "kind", "field", "holds"), MISTAKES)
    def test_leaves_what_holds_of_it_and_all_the_rest(self, written, section, entry, kind, field, holds):
        written({section: entry, "languages": {"max_items": 3}})

        rules = api.get_rules()

        expected = {name: getattr(BUILT_IN[Section(section)], name) for name in FIELDS.values()} | holds
        assert rules[Section(section)] == SectionRule(**expected)
        assert rules[Section.LANGUAGES].max_items == 3

    def test_leaves_the_other_keys_of_the_section(self, written):
        written({"projects": {"default_audience": 7, "max_items": 3, "locked": True, "color": "red"}})

        assert api.get_rules()[Section.PROJECTS] == SectionRule(
            is_locked=True, default_audience=Audience.ONLY_ME, max_items=3
        )

    def test_leaves_what_a_more_general_source_says(self, in_settings, on_site):
        in_settings({"skills": {"max_items": 10}})
        on_site({"skills": {"max_items": 1000}})

        assert api.get_rules()[Section.SKILLS].max_items == 10

    def test_is_put_right_by_a_more_specific_source(self, in_settings, in_admin):
        in_settings({"skills": {"default_audience": "evryone"}})
        in_admin({"skills": {"default_audience": "connected"}})

        assert api.get_rules()[Section.SKILLS].default_audience is Audience.CONNECTED

    @pytest.mark.parametrize("name", ["skill", "SKILLS", "", 7, None, ("skills",)])
    def test_unknown_section_is_told_and_changes_nothing(self, written, name):
        written({name: {"enabled": False}})

        (problem,) = api.problems({name: {"enabled": False}})

        assert problem.kind is ProblemKind.UNKNOWN_SECTION
        assert "work_experience" in problem.hint
        assert api.get_rules() == BUILT_IN

    @pytest.mark.parametrize("junk", ["", "off", 0, [], [{"skills": {}}], False])
    def test_what_cannot_be_read_at_all_keeps_everything_to_the_learners(self, written, junk):
        written(junk)

        (problem,) = api.problems(junk)
        rules = api.get_rules()

        assert problem.kind is ProblemKind.NO_DICTIONARY
        assert {rule.default_audience for rule in rules.values()} == {Audience.ONLY_ME}
        assert all(rule.is_locked for rule in rules.values())
        assert [section for section, rule in rules.items() if rule.is_enabled] == [Section.HEADER]

    def test_long_value_is_told_in_short(self):
        (problem,) = api.problems({"skills": {"default_audience": "x" * 10_000}})

        assert len(str(problem)) < 300

    def test_several_mistakes_are_all_told(self):
        found = api.problems({"skills": {"locked": 1, "max_items": 0, "color": "red"}, "x": {}, "about": 1})

        assert len(found) == 5


@pytest.mark.django_db
class TestRows:
    """Rows come about past the form too: fixtures, the shell, other versions of the plugin."""

    def test_unknown_section_changes_nothing(self):
        Row.objects.create(section="hobbies", is_enabled=False)

        assert api.get_rules() == BUILT_IN

    def test_unknown_audience_counts_as_nobody_else(self):
        Row.objects.create(section="skills", default_audience=9)

        assert api.get_rules()[Section.SKILLS].default_audience is Audience.ONLY_ME

    def test_head_of_the_page_stays(self):
        Row.objects.create(section="header", is_enabled=False)

        assert api.get_rules()[Section.HEADER].is_enabled

    def test_limit_is_not_raised(self):
        Row.objects.create(section="links", max_items=1000)

        assert api.get_rules()[Section.LINKS].max_items == 20


class TestTelling:
    def test_log_names_the_source_and_what_to_do(self, in_settings, caplog):
        in_settings({"telling_one": {}})

        api.get_rules()

        (record,) = caplog.records
        assert record.name == LOGGER
        assert record.levelno == logging.ERROR
        assert record.getMessage().startswith(f"{NAME}: 'telling_one': ")
        assert "The sections are: header, contact" in record.getMessage()

    def test_log_says_it_once(self, in_settings, caplog):
        in_settings({"telling_two": {}})

        for _again in range(3):
            api.get_rules()

        assert len(caplog.records) == 1

    def test_log_is_in_english_whoever_reads_the_page(self, in_settings, caplog):
        in_settings({"telling_three": {}})

        with translation.override("ar"):
            api.get_rules()
            assert translation.get_language() == "ar"

        assert "There is no section of this name" in caplog.text

    def test_every_source_is_told_apart(self, in_settings, on_site):
        in_settings({"skills": {"max_items": 0}})
        Row.objects.create(section="links", max_items=1000)
        on_site({"about": 3})

        starts = [problem[: problem.index(": ", problem.index(": ") + 1)] for problem in api.get_problems()]

        assert starts == [f"{NAME}: skills", "Django admin: links", f"{NAME} of the site configuration: about"]

    def test_nothing_wrong_is_nothing_told(self, in_settings, on_site, caplog):
        in_settings({"skills": {"max_items": 3, "required": True}})
        add_row("about", locked=True, default_audience="only_me")
        on_site({"contact": {"enabled": False}})

        api.get_rules()

        assert api.get_problems() == []
        assert not caplog.records


leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(AUDIENCES)
junk = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text() | st.sampled_from([*Section, *FIELDS]).map(str), inner, max_size=4)
    ),
    max_leaves=12,
)
entries = st.fixed_dictionaries(
    {},
    optional={
        "enabled": st.booleans(),
        "locked": st.booleans(),
        "required": st.booleans(),
        "default_audience": st.sampled_from(AUDIENCES),
        "max_items": st.integers(1, 100),
    },
)
sections = st.sampled_from([section.value for section in Section])
configurations = st.dictionaries(sections, entries, max_size=5)
# Mostly well formed, with something broken in it.
near = st.dictionaries(sections, st.dictionaries(st.sampled_from(list(FIELDS)), leaves) | leaves, max_size=5)


def rules_of(setting: Any, site: Any = None) -> Any:
    with override_settings(**{NAME: setting, "SITE_CONFIGURATION": {NAME: site}}):
        return api.get_rules()


def shows_no_more(rule: SectionRule, than: SectionRule) -> bool:
    return (
        rule.default_audience <= than.default_audience
        and rule.is_enabled <= than.is_enabled
        and rule.is_locked >= than.is_locked
    )


@pytest.mark.django_db
class TestLaws:
    @given(junk | near | configurations, junk | near | configurations)
    def test_anything_makes_rules_that_can_hold(self, setting, site):
        rules = rules_of(setting, site)

        assert list(rules) == list(Section)
        assert rules[Section.HEADER].is_enabled
        for section, rule in rules.items():
            assert [type(value) for value in asdict(rule).values()] == [bool, bool, Audience, int, bool]
            assert (0 if section in RECORDED else 1) <= rule.max_items <= MOST_ITEMS[section]
            assert not (rule.is_required and (section in RECORDED or rule.is_locked or not rule.is_enabled))

    @given(junk | near, junk | near)
    def test_only_a_readable_word_for_a_wider_audience_widens_one(self, setting, site):
        for section, rule in rules_of(setting, site).items():
            words = [
                source[section]["default_audience"]
                for source in (setting, site)
                if isinstance(source, dict) and isinstance(source.get(section), dict)
                if source[section].get("default_audience") in AUDIENCES
            ]
            if rule.default_audience > BUILT_IN[section].default_audience:
                assert rule.default_audience.name.lower() in words

    @given(configurations, st.data())
    def test_breaking_a_value_never_shows_more(self, configuration, data):
        whole = rules_of(configuration)
        broken = json.loads(json.dumps(configuration))
        places = [(section, key) for section, entry in configuration.items() for key in entry]
        if not places:
            broken = data.draw(leaves.filter(lambda value: value is not None))
        else:
            section, key = data.draw(st.sampled_from(places))
            not_a_value = st.none() | st.floats() | st.just("") | st.lists(leaves, max_size=2)
            if data.draw(st.booleans()):
                broken[section][key] = data.draw(not_a_value)
            else:
                broken[section] = data.draw(leaves)

        assert all(shows_no_more(rule, than=whole[section]) for section, rule in rules_of(broken).items())

    @given(near | configurations)
    def test_what_is_not_told_to_be_wrong_holds_as_it_is_written(self, configuration):
        told = {(problem.section, problem.field) for problem in api.problems(configuration)}

        rules = rules_of(configuration)

        for section, entry in configuration.items():
            for key, written in entry.items() if isinstance(entry, dict) else ():
                if (section, FIELDS[key]) not in told:
                    value = Audience[written.upper()] if key == "default_audience" else written
                    assert getattr(rules[Section(section)], FIELDS[key]) == value

    @given(junk | near | configurations)
    def test_wherever_it_is_written_it_means_the_same(self, configuration):
        assert rules_of(configuration) == rules_of(None, configuration)

    @given(configurations)
    def test_row_in_admin_means_what_the_setting_means(self, configuration):
        Row.objects.all().delete()
        for section, entry in configuration.items():
            add_row(section, **entry)
        in_admin = rules_of(None)

        Row.objects.all().delete()
        assert in_admin == rules_of(configuration)

    @given(
        st.text(max_size=32).filter(lambda name: "\x00" not in name) | sections,
        st.none() | st.integers(0, 32767),
        st.none() | st.integers(0, 32767),
    )
    def test_any_row_makes_rules_that_can_hold(self, name, default_audience, max_items):
        Row.objects.all().delete()
        Row.objects.create(section=name, default_audience=default_audience, max_items=max_items)

        for section, rule in rules_of(None).items():
            assert rule.default_audience in {BUILT_IN[section].default_audience, default_audience, Audience.ONLY_ME}
            assert (0 if section in RECORDED else 1) <= rule.max_items <= MOST_ITEMS[section]

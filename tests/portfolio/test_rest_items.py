"""Items by the API: added, read, replaced, patched, removed and had back, by one who knows what they change."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.conf import LazySettings
from django.contrib.auth.models import User
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from demo.lms import compat as lms
from learner_profile_plugin.access import Section
from learner_profile_plugin.profile_fields import api as profile_fields
from learner_profile_plugin.profile_fields.data import Item
from tests.conftest import PersonFactory
from tests.portfolio import material
from tests.portfolio.programs import Answer, Program, values

SINGLE = [section for section, kind in profile_fields.KINDS.items() if kind.is_single]


@pytest.fixture
def program(learner: User) -> Program:
    return Program(learner)


def add(program: Program, section: Section = Section.SKILLS, **changes: Any) -> Answer:
    answer = program.post(f"sections/{section}/items/", {"values": values(section, **changes)})
    assert answer.status == 201, answer
    return answer


def path(answer: Answer) -> str:
    return f"items/{answer.body['id']}/"


def change(program: Program, method: str, address: str, tag: str | None) -> Answer:
    """Do something that would succeed with the right tag."""
    if method == "put":
        return program.put(address, {"values": values(Section.SKILLS, name="Weaving")}, tag)
    if method == "patch":
        return program.patch(address, {"values": {"name": "Weaving"}}, tag)
    return program.delete(address, tag)


class TestAdding:
    @pytest.mark.parametrize("section", material.TYPED)
    def test_what_was_sent_comes_back(self, program: Program, learner: User, section: Section) -> None:
        added = add(program, section)

        (item,) = profile_fields.get_profile(learner.pk).items[section]
        assert added.body == {
            "id": str(item.id),
            "section": section,
            "provenance": "stated",
            "is_hidden": False,
            "version": 1,
            "values": values(section),
            "pictures": [],
        }
        assert added.headers["Location"] == f"http://testserver/api/learner_profile/v1/items/{item.id}/"
        read = program.get(path(added))
        assert (read.body, read.tag, added.tag) == (added.body, '"1"', '"1"')
        assert program.get(f"sections/{section}/items/").body == [added.body]

    def test_it_can_be_hidden_from_the_start(self, program: Program) -> None:
        answer = program.post("sections/skills/items/", {"values": {"name": "Analysis"}, "is_hidden": True})
        assert answer.body["is_hidden"] is True

    def test_what_is_left_out_is_empty(self, program: Program) -> None:
        answer = program.post("sections/projects/items/", {"values": {"title": "Note G"}})
        assert answer.body["values"] == {
            "title": "Note G",
            "role": "",
            "start": None,
            "end": None,
            "url": "",
            "description": "",
            "skills": [],
        }

    @pytest.mark.parametrize("section", SINGLE)
    def test_a_section_with_room_for_one_takes_no_second(self, program: Program, section: Section) -> None:
        first = add(program, section)
        answer = program.post(f"sections/{section}/items/", {"values": values(section)})
        assert (answer.status, answer.code) == (409, "no_room")
        assert program.get(f"sections/{section}/items/").body == [first.body]

    def test_a_full_section_takes_no_more(self, program: Program, settings: LazySettings) -> None:
        settings.LEARNER_PROFILE_SECTIONS = {"skills": {"max_items": 2}}
        add(program, name="One")
        add(program, name="Two")
        answer = program.post("sections/skills/items/", {"values": {"name": "Three"}})
        assert (answer.status, answer.code) == (400, "invalid")
        assert answer.body["message"] == "There is room for 2 in this section."

    def test_every_mistake_is_told_at_its_field(self, program: Program) -> None:
        entered = {"title": "", "start": "2021-13", "end": "1700", "url": "javascript:x", "description": "x" * 3001}
        answer = program.post("sections/work_experience/items/", {"values": entered})
        assert (answer.status, answer.code) == (400, "invalid")
        assert set(answer.body["field_errors"]) == {"title", "employer", "start", "end", "url", "description"}
        assert all(isinstance(text, str) for texts in answer.body["field_errors"].values() for text in texts)

    def test_an_item_that_says_nothing_is_none(self, program: Program) -> None:
        answer = program.post("sections/about/items/", {"values": {}})
        assert (answer.status, answer.body["message"]) == (400, "Fill in at least one field.")

    @pytest.mark.parametrize(
        "data",
        [
            {},
            {"values": None},
            {"values": []},
            {"values": "x"},
            {"values": {"name": "x"}, "is_hidden": None},
            {"values": {"name": "x"}, "is_hidden": "yes"},
            {"values": {"name": "x"}, "hidden": True},
            {"values": {"name": "x", "nickname": "y"}},
            {"name": "x"},
        ],
    )
    def test_what_cannot_be_understood_is_refused(self, program: Program, data: dict[str, Any]) -> None:
        answer = program.post("sections/skills/items/", data)
        assert (answer.status, answer.code) == (400, "invalid")
        assert program.get("sections/skills/items/").body == []

    @pytest.mark.parametrize("section", [Section.COURSES, Section.LEARNING_TIME, "nothing", "\x00"])
    def test_there_are_sections_without_items(self, program: Program, section: str) -> None:
        address = f"sections/{section}/items/"
        assert (program.get(address).status, program.post(address, {"values": {}}).status) == (404, 404)


class TestReplacing:
    @pytest.mark.parametrize("section", material.TYPED)
    def test_an_item_sent_back_as_it_came_says_the_same(self, program: Program, section: Section) -> None:
        added = add(program, section)
        answer = program.put(path(added), added.body, added.tag)
        assert (answer.status, answer.tag) == (200, '"2"')
        assert answer.body == added.body | {"version": 2}

    def test_what_is_left_out_becomes_empty(self, program: Program) -> None:
        added = program.post("sections/skills/items/", {"values": values(Section.SKILLS), "is_hidden": True})
        answer = program.put(path(added), {"values": {"name": "Weaving"}}, added.tag)
        assert answer.body["values"] == {"name": "Weaving", "level": ""}
        assert answer.body["is_hidden"] is False

    def test_a_mistake_changes_nothing(self, program: Program) -> None:
        added = add(program)
        answer = program.put(path(added), {"values": {"name": ""}}, added.tag)
        assert (answer.status, list(answer.body["field_errors"])) == (400, ["name"])
        assert program.get(path(added)).body == added.body


class TestPatching:
    @pytest.mark.parametrize(
        ("patch", "changed"),
        [
            ({}, {}),
            ({"title": "Note H"}, {"title": "Note H"}),
            ({"skills": ["Patience"]}, {"skills": ["Patience"]}),
            ({"skills": []}, {"skills": []}),
            ({"skills": None}, {"skills": []}),
            ({"start": None}, {"start": None}),
            ({"start": "2021-02", "end": "2021-02-28"}, {"start": "2021-02", "end": "2021-02-28"}),
            ({"description": None, "role": ""}, {"description": "", "role": ""}),
        ],
    )
    def test_what_is_named_changes_and_the_rest_stays(
        self, program: Program, patch: dict[str, Any], changed: dict[str, Any]
    ) -> None:
        added = add(program, Section.PROJECTS)
        answer = program.patch(path(added), {"values": patch}, added.tag)
        assert answer.status == 200, answer
        assert answer.body["values"] == values(Section.PROJECTS) | changed
        assert answer.body["is_hidden"] is False

    def test_an_item_is_hidden_and_shown_again(self, program: Program) -> None:
        added = add(program)
        hidden = program.patch(path(added), {"is_hidden": True}, added.tag)
        assert (hidden.body["is_hidden"], hidden.body["values"]) == (True, added.body["values"])
        assert program.patch(path(added), {"is_hidden": None}, hidden.tag).body["is_hidden"] is False

    @pytest.mark.parametrize("patch", [{"values": {"name": None}}, {"values": None}, {"values": {"name": ["x"]}}])
    def test_what_may_not_be_is_refused(self, program: Program, patch: dict[str, Any]) -> None:
        added = add(program)
        assert program.patch(path(added), patch, added.tag).status == 400
        assert program.get(path(added)).body == added.body

    @pytest.mark.parametrize(
        ("method", "content_type"),
        [("patch", "application/json"), ("put", "application/merge-patch+json"), ("put", "text/plain")],
    )
    def test_each_way_of_changing_has_its_own_media_type(
        self, program: Program, method: str, content_type: str
    ) -> None:
        added = add(program)
        answer = program.send(method, path(added), {"values": {"name": "x"}}, tag="*", content_type=content_type)
        assert (answer.status, answer.code) == (415, "unsupported_media_type")


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
class TestVersions:
    def test_who_names_no_version_changes_nothing(self, program: Program, method: str) -> None:
        added = add(program)
        answer = change(program, method, path(added), None)
        assert (answer.status, answer.code) == (428, "if_match_required")
        assert program.get(path(added)).body == added.body

    def test_who_has_seen_another_version_changes_nothing(self, program: Program, method: str) -> None:
        added = add(program)
        second = program.patch(path(added), {"values": {"level": "beginner"}}, added.tag)
        for tag in ('"1"', '"3"', '"22"', "2", '""', "", "x", 'W/"1"', '"1", "3"', "é", '"2'):
            answer = change(program, method, path(added), tag)
            assert (answer.status, answer.code) == (412, "stale"), tag
        assert program.get(path(added)).body == second.body

    @pytest.mark.parametrize("tag", ['"1"', "*", ' "1" ', '"7", "1"', 'W/"1"', '"1-gzip"'])
    def test_who_has_seen_this_version_changes_it(self, program: Program, method: str, tag: str) -> None:
        added = add(program)
        assert change(program, method, path(added), tag).status in {200, 204}
        assert program.get(path(added)).body != added.body

    def test_one_that_changes_meanwhile_is_not_overwritten(
        self, program: Program, learner: User, method: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        added = add(program)

        # The platform is asked this after the item was read, and before it is changed.
        def change_it_elsewhere(name: str) -> None:
            monkeypatch.undo()
            profile_fields.change_item(learner.pk, UUID(added.body["id"]), {"name": "Elsewhere"}, version=1)

        monkeypatch.setattr(lms, "get_site_setting", change_it_elsewhere)
        answer = change(program, method, path(added), "*")
        assert (answer.status, answer.code) == (412, "stale")
        # One connection has done both here, so both are undone.
        assert program.get(path(added)).body == added.body


class TestRemoving:
    def test_a_removed_item_is_gone_and_can_be_had_back(self, program: Program) -> None:
        added = add(program)
        answer = program.delete(path(added), added.tag)
        assert (answer.status, answer.body) == (204, None)
        assert program.get(path(added)).status == 404
        assert program.get("sections/skills/items/").body == []
        restored = program.post(f"{path(added)}restore/")
        assert (restored.status, restored.body, restored.tag) == (200, added.body, added.tag)

    def test_one_that_was_never_removed_stays_as_it_is(self, program: Program) -> None:
        added = add(program)
        assert program.post(f"{path(added)}restore/").body == added.body

    def test_after_an_hour_it_cannot_be_had_back(self, program: Program, clock: time_machine.Traveller) -> None:
        added = add(program)
        program.delete(path(added), added.tag)
        clock.shift(timedelta(hours=1, seconds=1))
        assert program.post(f"{path(added)}restore/").status == 404

    @pytest.mark.parametrize("section", [Section.ABOUT, Section.SKILLS])
    def test_it_is_not_had_back_where_its_place_is_taken(
        self, program: Program, section: Section, settings: LazySettings
    ) -> None:
        settings.LEARNER_PROFILE_SECTIONS = {"skills": {"max_items": 1}}
        added = add(program, section)
        program.delete(path(added), added.tag)
        second = add(program, section)
        answer = program.post(f"{path(added)}restore/")
        assert (answer.status, answer.code) == (409, "no_room")
        assert program.get(f"sections/{section}/items/").body == [second.body]


class TestWhoMayChange:
    ACTIONS = ("get", "put", "patch", "delete", "restore", "upload")

    def act(self, program: Program, action: str, item: Any) -> Answer:
        address = f"items/{item}/"
        if action == "upload":
            return program.upload(item)
        if action == "restore":
            return program.post(f"{address}restore/")
        return program.get(address) if action == "get" else change(program, action, address, "*")

    @pytest.mark.parametrize("action", ACTIONS)
    def test_items_of_others_are_as_if_they_were_none(
        self, learner: User, everything: dict[Section, Item], person: PersonFactory, action: str
    ) -> None:
        admin = person("root", is_superuser=True)
        before = profile_fields.get_profile(learner.pk)
        for other in (person("ben"), admin):
            program = Program(other)
            foreign = self.act(program, action, everything[Section.PROJECTS].id)
            assert (foreign.status, foreign) == (404, self.act(program, action, uuid4()))
        assert profile_fields.get_profile(learner.pk) == before

    @pytest.mark.parametrize("action", ACTIONS)
    def test_a_locked_section_can_be_read_only(
        self, program: Program, learner: User, settings: LazySettings, action: str
    ) -> None:
        added = add(program, Section.PROJECTS)
        if action == "restore":
            program.delete(path(added), added.tag)
        settings.LEARNER_PROFILE_SECTIONS = {"projects": {"locked": True}}
        before = profile_fields.get_profile(learner.pk)
        answer = self.act(program, action, added.body["id"])
        assert answer.status == (200 if action == "get" else 403)
        assert action == "get" or answer.code == "locked"
        new = program.post("sections/projects/items/", {"values": values(Section.PROJECTS)})
        assert (new.status, new.code) == (403, "locked")
        assert profile_fields.get_profile(learner.pk).items == before.items

    @pytest.mark.parametrize("action", ACTIONS)
    def test_a_section_that_is_off_is_not_there(
        self, program: Program, learner: User, settings: LazySettings, action: str
    ) -> None:
        added = add(program, Section.PROJECTS)
        if action == "restore":
            program.delete(path(added), added.tag)
        settings.LEARNER_PROFILE_SECTIONS = {"projects": {"enabled": False}}
        before = profile_fields.get_profile(learner.pk)
        assert self.act(program, action, added.body["id"]).status == 404
        assert program.get("sections/projects/items/").status == 404
        assert program.post("sections/projects/items/", {"values": values(Section.PROJECTS)}).status == 404
        assert profile_fields.get_profile(learner.pk).items == before.items

    def test_a_learner_whose_account_is_closed_changes_nothing(self, program: Program, learner: User) -> None:
        added = add(program)
        User.objects.filter(pk=learner.pk).update(password="!")
        # The browser's session ends with a new password; a token does not.
        program.client.force_login(User.objects.get(pk=learner.pk))
        assert change(program, "put", path(added), "*").code == "locked"


HOSTILE = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(["\x00", "a\x00b", "\u202e", "2026-02-30", "9" * 5000, "<script>", "http://[", "\U0010ffff"])
)


ANYTHING = HOSTILE | st.lists(HOSTILE, max_size=3) | st.dictionaries(st.text(), HOSTILE, max_size=2)


class TestAnything:
    @pytest.mark.parametrize("section", material.TYPED)
    @given(data=st.data())
    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_whatever_is_sent_for_fields_is_kept_or_refused(
        self, program: Program, section: Section, data: st.DataObject
    ) -> None:
        names = st.sampled_from([field.name for field in profile_fields.KINDS[section].fields])
        entered = values(section) | data.draw(st.dictionaries(names, ANYTHING, min_size=1, max_size=2))
        answer = program.post(f"sections/{section}/items/", {"values": entered})
        assert answer.status in {201, 400}
        if answer.status == 201:
            read = program.get(path(answer))
            assert read.body == answer.body
            assert program.put(path(answer), read.body, read.tag).body["values"] == read.body["values"]
            program.delete(path(answer), "*")

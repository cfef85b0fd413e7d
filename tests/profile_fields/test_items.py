"""What a learner does with items, and that nothing of it gets lost or reaches the items of others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.contrib.auth.models import User
from django.utils import timezone

from learner_profile_plugin.access import Section
from learner_profile_plugin.profile_fields import api, models
from learner_profile_plugin.profile_fields.api import KINDS
from learner_profile_plugin.profile_fields.data import (
    InvalidItemError,
    Item,
    NoSuchItemError,
    Profile,
    StaleItemError,
)
from tests.conftest import NOW, PersonFactory
from tests.profile_fields.material import EVERYONE, add, filled, minimal, titles

HOUR = timedelta(hours=1)
SKILLS, WORK, ABOUT = Section.SKILLS, Section.WORK_EXPERIENCE, Section.ABOUT
SINGLE = [kind.section for kind in KINDS.values() if kind.is_single]


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """Stop the clock; tests move it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


def shown(learner: User, section: Section = SKILLS) -> tuple[Item, ...]:
    return api.get_profile(learner.pk).items.get(section, ())


def version(learner: User) -> int:
    return api.get_profile(learner.pk).version


def refused(error: type[Exception], learner: User, deed: Callable[[], object]) -> None:
    """Do something that is refused; check that nothing of it was saved."""
    before = api.get_profile(learner.pk)
    with pytest.raises(error):
        deed()
    assert api.get_profile(learner.pk) == before


class TestAdding:
    @pytest.mark.parametrize("section", KINDS)
    def test_an_item_is_returned_and_kept_as_it_was_entered(self, learner: User, section: Section) -> None:
        kind = KINDS[section]
        added = api.add_item(learner.pk, section, filled(kind), is_hidden=True)
        assert added == Item(added.id, section, api.clean_values(kind, filled(kind)), is_hidden=True)
        assert api.get_profile(learner.pk) == Profile(items={section: (added,)}, version=1)

    def test_items_stand_in_the_order_in_which_they_were_added(self, learner: User) -> None:
        for name in "bca":
            add(learner.pk, name=name)
        assert titles(learner.pk, SKILLS) == ["b", "c", "a"]
        assert version(learner) == 3

    @pytest.mark.parametrize("values", [{}, {"name": ""}, {"name": "x" * 101}, {"name": "x", "level": "y"}])
    def test_what_is_wrong_is_not_added(self, learner: User, values: dict[str, Any]) -> None:
        refused(InvalidItemError, learner, lambda: api.add_item(learner.pk, SKILLS, values))
        assert not models.Profile.objects.exists()

    @pytest.mark.parametrize("section", [Section.COURSES, Section.LEARNING_TIME])
    def test_nothing_is_added_to_what_is_recorded(self, learner: User, section: Section) -> None:
        with pytest.raises(InvalidItemError) as raised:
            api.add_item(learner.pk, section, {})
        assert list(raised.value.messages) == [""]

    @pytest.mark.parametrize("section", SINGLE)
    def test_where_there_is_one_it_is_not_replaced_in_silence(self, learner: User, section: Section) -> None:
        add(learner.pk, section)
        refused(StaleItemError, learner, lambda: add(learner.pk, section))

    def test_one_that_was_removed_makes_room(self, learner: User) -> None:
        api.remove_item(learner.pk, add(learner.pk, ABOUT).id)
        add(learner.pk, ABOUT, text="Anew")
        assert titles(learner.pk, ABOUT) == ["Anew"]

    def test_there_is_room_for_as_many_as_the_rules_say(self, learner: User, settings: Any) -> None:
        settings.LEARNER_PROFILE_SECTIONS = {"skills": {"max_items": 3}}
        items = [add(learner.pk, name=name) for name in "abc"]
        refused(InvalidItemError, learner, lambda: add(learner.pk))
        with pytest.raises(InvalidItemError) as raised:
            add(learner.pk)
        assert raised.value.messages == {"": ["There is room for 3 in this section."]}
        # Another section has room of its own, and so has another learner.
        add(learner.pk, WORK)
        api.remove_item(learner.pk, items[0].id)
        add(learner.pk, name="d")
        assert titles(learner.pk, SKILLS) == ["b", "c", "d"]

    def test_what_was_added_before_the_rules_became_narrower_stays_and_can_be_changed(
        self, learner: User, settings: Any
    ) -> None:
        items = [add(learner.pk, name=name) for name in "abc"]
        settings.LEARNER_PROFILE_SECTIONS = {"skills": {"max_items": 1}}
        api.change_item(learner.pk, items[2].id, {"name": "d"}, version=1)
        refused(InvalidItemError, learner, lambda: add(learner.pk))
        assert titles(learner.pk, SKILLS) == ["a", "b", "d"]


class TestChanging:
    def test_what_it_says_is_replaced_and_its_version_grows(self, learner: User) -> None:
        added = add(learner.pk, name="Knots", level="expert")
        changed = api.change_item(learner.pk, added.id, {"name": "Ropes"}, version=1)
        assert changed == Item(added.id, SKILLS, {"name": "Ropes", "level": ""}, version=2)
        assert shown(learner) == (changed,)
        assert version(learner) == 2

    def test_it_stays_hidden_or_not_unless_that_is_said(self, learner: User) -> None:
        item = api.add_item(learner.pk, SKILLS, {"name": "Knots"}, is_hidden=True)
        for number, (said, expected) in enumerate([(None, True), (False, False), (None, False), (True, True)], start=1):
            found = api.change_item(learner.pk, item.id, {"name": "Knots"}, version=number, is_hidden=said)
            assert found.is_hidden is shown(learner)[0].is_hidden is expected

    @pytest.mark.parametrize("stale", [0, 1, 3, -1, 2**63, 10**30])
    def test_of_two_tabs_the_second_saves_nothing(self, learner: User, stale: int) -> None:
        item = add(learner.pk, name="Knots")
        api.change_item(learner.pk, item.id, {"name": "From the first"}, version=1)
        refused(
            StaleItemError, learner, lambda: api.change_item(learner.pk, item.id, {"name": "Second"}, version=stale)
        )

    def test_hiding_counts_as_a_change(self, learner: User) -> None:
        item = add(learner.pk)
        api.set_hidden(learner.pk, item.id, is_hidden=True)
        refused(StaleItemError, learner, lambda: api.change_item(learner.pk, item.id, {"name": "x"}, version=1))

    def test_what_is_wrong_is_not_saved(self, learner: User) -> None:
        item = add(learner.pk)
        refused(InvalidItemError, learner, lambda: api.change_item(learner.pk, item.id, {"name": ""}, version=1))

    def test_fields_that_this_version_does_not_know_stay(self, learner: User) -> None:
        item = add(learner.pk, name="Knots")
        row = models.Item.objects.get()
        row.values |= {"of_a_newer_version": {"a": ["🛟", None, 1.5]}}
        row.save()
        api.change_item(learner.pk, item.id, {"name": "Ropes"}, version=1)
        assert models.Item.objects.get().values == {
            "name": "Ropes",
            "level": "",
            "of_a_newer_version": {"a": ["🛟", None, 1.5]},
        }
        assert shown(learner)[0].values == {"name": "Ropes", "level": ""}

    def test_items_of_sections_that_this_version_does_not_know_are_left_alone(self, learner: User) -> None:
        add(learner.pk)
        row = models.Item.objects.create(profile_id=learner.pk, section="of_a_newer_version", position=0, values={})
        for removed_at in (None, timezone.now()):
            models.Item.objects.filter(pk=row.pk).update(removed_at=removed_at)
            for deed in every_deed(learner.pk, row.pk):
                refused(NoSuchItemError, learner, deed)
        assert set(api.get_profile(learner.pk).items) == {SKILLS}
        assert models.Item.objects.filter(pk=row.pk).exists()


class TestHiding:
    def test_hides_and_shows_again(self, learner: User) -> None:
        item, other = add(learner.pk), add(learner.pk)
        api.set_hidden(learner.pk, item.id, is_hidden=True)
        assert [(found.is_hidden, found.version) for found in shown(learner)] == [(True, 2), (False, 1)]
        api.set_hidden(learner.pk, item.id, is_hidden=False)
        assert shown(learner)[0].is_hidden is False
        assert shown(learner)[1] == other


class TestRemoving:
    def test_is_gone_and_comes_back_as_it_was_where_it_was(self, learner: User) -> None:
        items = [add(learner.pk, name=name) for name in "abc"]
        before = shown(learner)
        api.remove_item(learner.pk, items[1].id)
        assert titles(learner.pk, SKILLS) == ["a", "c"]
        assert api.restore_item(learner.pk, items[1].id) == items[1]
        assert shown(learner) == before
        assert version(learner) == 5

    def test_a_version_may_be_named(self, learner: User) -> None:
        item = add(learner.pk)
        refused(StaleItemError, learner, lambda: api.remove_item(learner.pk, item.id, version=2))
        api.remove_item(learner.pk, item.id, version=1)
        assert shown(learner) == ()

    def test_what_is_removed_can_neither_be_changed_nor_removed_again(self, learner: User) -> None:
        item = add(learner.pk)
        api.remove_item(learner.pk, item.id)
        for deed in every_deed(learner.pk, item.id, restore=False):
            refused(NoSuchItemError, learner, deed)

    def test_it_takes_its_draft_along(self, learner: User) -> None:
        item = add(learner.pk)
        api.save_draft(learner.pk, str(item.id), {"f-name": ["x"]})
        api.save_draft(learner.pk, "skills", {"f-name": ["y"]})
        api.remove_item(learner.pk, item.id)
        assert api.get_draft(learner.pk, str(item.id)) is None
        assert api.get_draft(learner.pk, "skills") is not None

    def test_having_back_what_was_never_removed_changes_nothing(self, learner: User) -> None:
        item = add(learner.pk)
        assert api.restore_item(learner.pk, item.id) == item
        assert shown(learner) == (item,)

    @pytest.mark.parametrize(("after", "is_there"), [(HOUR, True), (HOUR + timedelta(microseconds=1), False)])
    def test_for_an_hour_it_can_be_had_back(
        self, clock: time_machine.Traveller, learner: User, after: timedelta, is_there: bool
    ) -> None:
        item = add(learner.pk)
        api.remove_item(learner.pk, item.id)
        clock.move_to(NOW + after)
        if is_there:
            api.restore_item(learner.pk, item.id)
        else:
            refused(NoSuchItemError, learner, lambda: api.restore_item(learner.pk, item.id))
        assert shown(learner) == ((item,) if is_there else ())

    def test_what_is_had_back_is_not_erased_later(self, clock: time_machine.Traveller, learner: User) -> None:
        item = add(learner.pk)
        api.remove_item(learner.pk, item.id)
        api.restore_item(learner.pk, item.id)
        clock.move_to(NOW + 2 * HOUR)
        assert api.erase_removed() == 0
        assert shown(learner) == (item,)

    def test_there_may_be_no_room_for_it_any_more(self, learner: User, settings: Any) -> None:
        settings.LEARNER_PROFILE_SECTIONS = {"skills": {"max_items": 1}}
        item = add(learner.pk)
        api.remove_item(learner.pk, item.id)
        add(learner.pk)
        refused(InvalidItemError, learner, lambda: api.restore_item(learner.pk, item.id))

    def test_there_may_be_another_one(self, learner: User) -> None:
        item = add(learner.pk, ABOUT)
        api.remove_item(learner.pk, item.id)
        add(learner.pk, ABOUT)
        refused(StaleItemError, learner, lambda: api.restore_item(learner.pk, item.id))

    def test_whoever_removes_something_erases_what_is_long_removed_whosever_it_is(
        self, clock: time_machine.Traveller, learner: User, person: PersonFactory
    ) -> None:
        ben = person("ben")
        old, kept = add(learner.pk), add(learner.pk)
        api.remove_item(learner.pk, old.id)
        clock.move_to(NOW + HOUR)
        api.remove_item(ben.pk, add(ben.pk).id)
        assert models.Item.objects.filter(pk=old.id).exists(), "it can still be had back"
        clock.move_to(NOW + HOUR + timedelta(minutes=10, microseconds=1))
        api.remove_item(ben.pk, add(ben.pk).id)
        assert not models.Item.objects.filter(pk=old.id).exists()
        assert models.Item.objects.count() == 3
        assert shown(learner) == (kept,)

    def test_erasing_counts_items_of_all_learners(
        self, clock: time_machine.Traveller, learner: User, person: PersonFactory
    ) -> None:
        for user in (learner, person("ben")):
            api.remove_item(user.pk, add(user.pk).id)
            add(user.pk)
        assert api.erase_removed() == 0
        assert api.erase_removed(NOW + 2 * HOUR) == 2
        assert api.erase_removed(NOW + 2 * HOUR) == 0
        assert models.Item.objects.count() == 2


def every_deed(user_id: int, item_id: UUID, *, restore: bool = True) -> list[Callable[[], object]]:
    """Return all that can be done with one item."""
    deeds: list[Callable[[], object]] = [
        lambda: api.change_item(user_id, item_id, {"name": "x"}, version=1),
        lambda: api.set_hidden(user_id, item_id, is_hidden=True),
        lambda: api.remove_item(user_id, item_id),
        lambda: api.remove_item(user_id, item_id, version=1),
        lambda: api.move_item(user_id, item_id, steps=1),
        lambda: api.set_order(user_id, SKILLS, [item_id]),
    ]
    return [*deeds, lambda: api.restore_item(user_id, item_id)] if restore else deeds


class TestItemsOfOthers:
    @pytest.mark.parametrize("is_removed", [False, True])
    def test_are_no_items_to_anybody_else(self, learner: User, person: PersonFactory, is_removed: bool) -> None:
        ben = person("ben")
        theirs = add(ben.pk, name="Ben's own")
        mine = add(learner.pk)
        if is_removed:
            api.remove_item(ben.pk, theirs.id)
        before = api.get_profile(ben.pk)
        for deed in every_deed(learner.pk, theirs.id):
            refused(NoSuchItemError, learner, deed)
        refused(NoSuchItemError, learner, lambda: api.set_order(learner.pk, SKILLS, [mine.id, theirs.id]))
        assert api.get_profile(ben.pk) == before

    def test_one_that_never_was_is_no_item(self, learner: User) -> None:
        for deed in every_deed(learner.pk, uuid4()):
            refused(NoSuchItemError, learner, deed)
        assert not models.Profile.objects.exists()


class TestOrderByHand:
    @pytest.mark.parametrize(
        ("steps", "expected"),
        [(0, "abcd"), (1, "acbd"), (2, "acdb"), (9, "acdb"), (-1, "bacd"), (-2, "bacd"), (-(10**9), "bacd")],
    )
    def test_an_item_moves_by_steps_to_the_ends_at_most(self, learner: User, steps: int, expected: str) -> None:
        items = [add(learner.pk, name=name) for name in "abcd"]
        api.move_item(learner.pk, items[1].id, steps=steps)
        assert titles(learner.pk, SKILLS) == list(expected)
        assert {item.version for item in shown(learner)} == {1}, "an item that moves says the same"

    def test_a_whole_order_is_taken(self, learner: User) -> None:
        a, b, c = (add(learner.pk, name=name).id for name in "abc")
        api.set_order(learner.pk, SKILLS, [c, a, b])
        assert titles(learner.pk, SKILLS) == ["c", "a", "b"]
        assert version(learner) == 4

    def test_those_that_are_not_named_follow_as_they_stood(self, learner: User) -> None:
        _, b, _, d = (add(learner.pk, name=name).id for name in "abcd")
        api.set_order(learner.pk, SKILLS, [d, b, d])
        assert titles(learner.pk, SKILLS) == ["d", "b", "a", "c"]
        api.set_order(learner.pk, SKILLS, [])
        assert titles(learner.pk, SKILLS) == ["d", "b", "a", "c"]

    def test_an_item_of_another_section_has_no_place_in_it(self, learner: User) -> None:
        skill, job = add(learner.pk), add(learner.pk, WORK)
        refused(NoSuchItemError, learner, lambda: api.set_order(learner.pk, SKILLS, [skill.id, job.id]))

    def test_what_is_added_later_comes_last_and_what_is_had_back_where_it_was(self, learner: User) -> None:
        a, b, c = (add(learner.pk, name=name).id for name in "abc")
        api.set_order(learner.pk, SKILLS, [c, b, a])
        api.remove_item(learner.pk, b)
        add(learner.pk, name="d")
        api.restore_item(learner.pk, b)
        assert titles(learner.pk, SKILLS) == ["c", "b", "a", "d"]


def work(learner: User, title: str, start: str, end: str = "") -> UUID:
    return add(learner.pk, WORK, title=title, start=start, end=end).id


class TestOrderByDate:
    def test_the_newest_comes_first_and_before_it_what_still_lasts(self, learner: User) -> None:
        for title, start, end in (
            ("old", "1999", "2003-05"),
            ("present", "2010", ""),
            ("newer", "2002", "2020-06"),
            ("present since later", "2015-02", ""),
            ("same end, later start", "2004", "2020-06"),
            ("end of that year, day known", "2000", "2020-06-01"),
            ("some time in that year", "2001", "2020"),
        ):
            work(learner, title, start, end)
        assert titles(learner.pk, WORK) == [
            "present since later",
            "present",
            "end of that year, day known",
            "same end, later start",
            "newer",
            "some time in that year",
            "old",
        ]

    def test_equal_ones_stay_as_they_stood(self, learner: User) -> None:
        for title in "bca":
            work(learner, title, "2020", "2021")
        assert titles(learner.pk, WORK) == ["b", "c", "a"]

    def test_items_without_dates_come_last(self, learner: User) -> None:
        add(learner.pk, Section.PROJECTS, title="undated")
        add(learner.pk, Section.PROJECTS, title="dated", start="1990", end="1991")
        assert titles(learner.pk, Section.PROJECTS) == ["dated", "undated"]

    def test_a_degree_to_come_stands_before_one_that_is_over(self, learner: User) -> None:
        for school, start, end in (("over", "2019", "2022"), ("to come", "2023", "2199"), ("open", "2018", "")):
            add(learner.pk, Section.EDUCATION, school=school, start=start, end=end)
        assert titles(learner.pk, Section.EDUCATION) == ["open", "to come", "over"]

    def test_certificates_go_by_when_they_were_issued_not_by_when_they_expire(self, learner: User) -> None:
        for name, start, end in (
            ("older, lasts long", "2015", "2099"),
            ("newest", "2021-05", ""),
            ("newer, over", "2020", "2021"),
            ("undated", "", ""),
        ):
            add(learner.pk, Section.CERTIFICATIONS, name=name, start=start, end=end)
        assert titles(learner.pk, Section.CERTIFICATIONS) == ["newest", "newer, over", "older, lasts long", "undated"]

    def test_a_hand_stops_dates_from_making_the_order_until_they_are_asked_to(self, learner: User) -> None:
        work(learner, "old", "1999", "2000")
        newest = work(learner, "new", "2020", "2021")
        assert api.get_profile(learner.pk).by_hand == frozenset()
        api.move_item(learner.pk, newest, steps=1)
        work(learner, "present", "2022")
        assert titles(learner.pk, WORK) == ["old", "new", "present"]
        assert api.get_profile(learner.pk).by_hand == {WORK}
        api.order_by_date(learner.pk, WORK)
        assert titles(learner.pk, WORK) == ["present", "new", "old"]
        assert api.get_profile(learner.pk).by_hand == frozenset()

    def test_an_order_by_hand_keeps_the_audience(self, learner: User) -> None:
        api.set_audiences(learner.pk, EVERYONE)
        newest = work(learner, "new", "2020")
        api.move_item(learner.pk, newest, steps=1)
        api.order_by_date(learner.pk, WORK)
        assert api.get_profile(learner.pk).audiences == EVERYONE


class TestDeletingALearner:
    def test_removes_all_that_they_stated_and_nothing_of_others(self, learner: User, person: PersonFactory) -> None:
        ben = person("ben")
        for user in (learner, ben):
            for section, kind in KINDS.items():
                api.add_item(user.pk, section, minimal(kind))
            api.remove_item(user.pk, add(user.pk).id)
            api.set_audiences(user.pk, EVERYONE)
            api.save_draft(user.pk, "skills", {"f-name": ["x"]})
            api.publish(user.pk, text="Yes.", audiences=EVERYONE)
        theirs = api.get_profile(ben.pk)
        api.delete_learner(learner.pk)
        assert api.get_profile(learner.pk) == Profile()
        for model in (models.Item, models.SectionChoice, models.Draft, models.Consent):
            assert set(model.objects.values_list("profile_id", flat=True)) == {ben.pk}
        assert api.get_profile(ben.pk) == theirs

    def test_doing_it_again_and_to_nobody_does_no_harm(self, learner: User) -> None:
        add(learner.pk)
        for user_id in (learner.pk, learner.pk, 10**9):
            api.delete_learner(user_id)
            api.delete_profile(user_id)
        assert not models.Profile.objects.exists()

    def test_deleting_the_account_leaves_nothing_behind(self, learner: User) -> None:
        add(learner.pk)
        api.save_draft(learner.pk, "skills", {"f-name": ["x"]})
        api.publish(learner.pk, text="Yes.", audiences=EVERYONE)
        learner.delete()
        for model in (models.Profile, models.Item, models.Draft, models.Consent, models.SectionChoice):
            assert not model.objects.exists()


def test_the_names_of_rows_tell_nothing_of_what_they_say(learner: User) -> None:
    """They get into logs, and into Django admin."""
    item = api.add_item(learner.pk, Section.PROJECTS, {"title": "Secret ambition"})
    api.save_draft(learner.pk, "projects", {"f-title": ["Secret ambition"]})
    api.set_audiences(learner.pk, EVERYONE)
    api.publish(learner.pk, text="Secret ambition", audiences=EVERYONE)
    picture = models.Picture.objects.create(
        item_id=item.id, position=0, file_name="x", width=1, height=1, description="Secret ambition"
    )
    of_learner = [
        str(row)
        for model in (models.Profile, models.Item, models.Draft, models.SectionChoice, models.Consent)
        for row in model.objects.all()
    ]
    assert len(of_learner) == 4 + len(EVERYONE)
    assert all(f"user {learner.pk}" in name for name in of_learner)
    assert not any("ecret" in name or "ada" in name for name in (*of_learner, str(picture)))

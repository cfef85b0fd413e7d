"""A learner changes their profile, by the forms of the pages and as a browser sends them."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from demo.lms import compat
from learner_profile_plugin.access import Audience, Section
from learner_profile_plugin.profile_fields import api as profile_fields
from learner_profile_plugin.profile_fields.data import Item
from learner_profile_plugin.section_rules.data import MOST_ITEMS
from tests.conftest import PersonFactory
from tests.portfolio import material
from tests.portfolio.conftest import SignIn
from tests.portfolio.pages import Page, get, press, send

pytestmark = pytest.mark.shown

PORTFOLIO = "/u/ada"
SINGLE = [section for section, kind in profile_fields.KINDS.items() if kind.is_single]
SEVERAL = [section for section, kind in profile_fields.KINDS.items() if not kind.is_single]
DATED = [section for section, kind in profile_fields.KINDS.items() if kind.has_dates()]


def add_page(section: Section) -> str:
    return reverse("learner_profile:add_item", args=[section.value])


def edit_page(item: Item) -> str:
    return reverse("learner_profile:edit_item", args=[item.id])


def action(item: Item, name: str) -> str:
    return reverse("learner_profile:act_on_item", args=[item.id, name])


def items(user: User, section: Section) -> tuple[Item, ...]:
    return profile_fields.get_profile(user.pk).items.get(section, ())


def box_text(page: Page, section: Section) -> str:
    return page.main.one(id=f"lp-box-{section.value}").text()


def titles(page: Page, section: Section) -> list[str]:
    entries = [part for part in page.main.one(id=f"lp-box-{section.value}").all("li") if "data-lp-item" in part.attrs]
    return [entry.all("bdi")[0].text() for entry in entries]


def edit(owner: Client, address: str, changes: dict[str, Any], **options: Any) -> Page:
    """Open a form, type into it, and save it."""
    return send(owner, get(owner, address).form(address), changes, **options)


def several(user: User, section: Section, number: int = 3) -> list[Item]:
    """Add items with the titles 1, 2, ... that are all from the same time."""
    title = profile_fields.KINDS[section].title
    names = [f"https://{n}.example" if title == "url" else str(n) for n in range(1, number + 1)]
    changes: list[dict[str, Any]] = [{title: name, "label": ""} for name in names]
    return [material.add(user.pk, section, **change) for change in changes]


class TestAdding:
    @pytest.mark.parametrize("section", material.TYPED)
    def test_all_that_is_typed_stands_in_the_box(self, owner: Client, learner: User, section: Section) -> None:
        page = edit(owner, add_page(section), material.typed(section))

        assert page.path == f"{PORTFOLIO}#lp-box-{section.value}"
        assert page.messages() == "Saved."
        for text in material.SHOWN[section]:
            assert text in box_text(page, section), text
        assert len(items(learner, section)) == 1

    def test_the_table_of_what_is_typed_holds_every_field(self) -> None:
        for section, kind in profile_fields.KINDS.items():
            typed = {
                name.removesuffix("_day").removesuffix("_month").removesuffix("_year")
                for name in material.TYPED[section]
            }
            missing = {field.name for field in kind.fields} - typed
            assert missing <= {"end"}, section

    @pytest.mark.parametrize("section", material.TYPED)
    def test_the_form_of_an_item_holds_what_was_typed(self, owner: Client, learner: User, section: Section) -> None:
        item = material.add(learner.pk, section)
        address = add_page(section) if section in SINGLE else edit_page(item)
        page = send(owner, get(owner, address).form(address))

        assert page.messages() == "Saved."
        (after,) = items(learner, section)
        assert after.values == item.values
        assert after.id == item.id

    @pytest.mark.parametrize("section", SEVERAL)
    def test_another_one_stands_beside_the_first(self, owner: Client, learner: User, section: Section) -> None:
        several(learner, section, 2)
        edit(owner, add_page(section), material.typed(section))
        assert len(items(learner, section)) == 3

    @pytest.mark.parametrize("section", SINGLE)
    def test_of_some_sections_there_is_one_item_only(self, owner: Client, learner: User, section: Section) -> None:
        first = material.add(learner.pk, section)
        edit(owner, add_page(section), material.typed(section))
        assert [item.id for item in items(learner, section)] == [first.id]

    def test_an_item_can_be_added_hidden(self, owner: Client, learner: User) -> None:
        page = edit(owner, add_page(Section.SKILLS), material.typed(Section.SKILLS) | {"is_hidden": "on"})
        assert "Hidden: only you see it" in box_text(page, Section.SKILLS)
        assert items(learner, Section.SKILLS)[0].is_hidden

    @pytest.mark.parametrize("section", SEVERAL)
    def test_a_full_section_says_so_and_keeps_what_was_typed(
        self, owner: Client, learner: User, settings: LazySettings, section: Section
    ) -> None:
        settings.LEARNER_PROFILE_SECTIONS = {section.value: {"max_items": 2}}
        several(learner, section, 2)
        page = edit(owner, add_page(section), material.typed(section))

        assert page.status == 422
        assert "There is room for 2 in this section." in page.alert()
        shown = page.form(add_page(section)).shown()
        assert shown | _sent(section) == shown
        assert add_page(section) not in [link.attrs["href"] for link in get(owner, PORTFOLIO).main.all("a")]
        assert len(items(learner, section)) == 2

    @pytest.mark.parametrize("section", [Section.LINKS, Section.LANGUAGES])
    def test_no_section_takes_more_than_the_plugin_allows(
        self, owner: Client, learner: User, settings: LazySettings, section: Section
    ) -> None:
        settings.LEARNER_PROFILE_SECTIONS = {section.value: {"max_items": 10_000}}
        several(learner, section, MOST_ITEMS[section])
        assert edit(owner, add_page(section), material.typed(section)).status == 422
        assert len(items(learner, section)) == MOST_ITEMS[section]


def _sent(section: Section) -> dict[str, list[str]]:
    typed = material.typed(section)
    return {name: value if isinstance(value, list) else [value] for name, value in typed.items()}


class TestChanging:
    def test_what_is_changed_replaces_what_was_there(self, owner: Client, learner: User) -> None:
        item = material.add(learner.pk, Section.WORK_EXPERIENCE)
        page = edit(owner, edit_page(item), {"f-title": "Countess", "f-url": "", "f-description": ""})
        text = box_text(page, Section.WORK_EXPERIENCE)
        assert "Countess" in text
        assert "Chief analyst" not in text
        assert "babbage.example" not in text

    @pytest.mark.parametrize("section", SINGLE)
    def test_a_section_of_one_item_is_emptied_by_saving_nothing(
        self, owner: Client, learner: User, section: Section
    ) -> None:
        material.add(learner.pk, section)
        nothing: dict[str, Any] = {f"f-{name}": "" for name in material.TYPED[section]}
        nothing |= {"f-show_email": None, "f-arrangements": None, "f-employment": None}
        page = edit(owner, add_page(section), nothing)
        if section is Section.RESUME:
            # Here the one field has to be filled; the button "Remove" takes it away.
            assert page.errors() == {"f-url": "This field is required."}
        else:
            assert page.messages() == "Saved."
            assert items(learner, section) == ()

    def test_an_empty_section_is_not_saved_empty(self, owner: Client, learner: User) -> None:
        page = edit(owner, add_page(Section.ABOUT), {"f-text": " "})
        assert "Fill in at least one field." in page.alert()
        assert items(learner, Section.ABOUT) == ()


class TestRemoving:
    @pytest.mark.parametrize("section", material.TYPED)
    def test_what_is_removed_is_gone_and_can_be_had_back(self, owner: Client, learner: User, section: Section) -> None:
        item = material.add(learner.pk, section)
        page = press(owner, get(owner, PORTFOLIO), action(item, "remove"))

        assert page.messages() == "Removed. Undo"
        assert items(learner, section) == ()
        page = press(owner, page, action(item, "restore"))
        assert page.messages() == "It is back."
        assert items(learner, section) == (item,)

    def test_what_is_removed_comes_back_to_its_place(self, owner: Client, learner: User) -> None:
        added = several(learner, Section.SKILLS)
        page = press(owner, get(owner, PORTFOLIO), action(added[1], "remove"))
        assert titles(page, Section.SKILLS) == ["1", "3"]
        assert titles(press(owner, page, action(added[1], "restore")), Section.SKILLS) == ["1", "2", "3"]

    def test_after_an_hour_it_is_gone_for_good(
        self, owner: Client, learner: User, clock: time_machine.Traveller
    ) -> None:
        item = material.add(learner.pk, Section.SKILLS)
        owner.post(action(item, "remove"))
        clock.shift(timedelta(hours=1, seconds=1))
        assert owner.post(action(item, "restore")).status_code == 404

    def test_where_there_is_no_room_any_more_it_does_not_come_back(
        self, owner: Client, learner: User, settings: LazySettings
    ) -> None:
        settings.LEARNER_PROFILE_SECTIONS = {"skills": {"max_items": 1}}
        first = material.add(learner.pk, Section.SKILLS)
        page = press(owner, get(owner, PORTFOLIO), action(first, "remove"))
        second = material.add(learner.pk, Section.SKILLS, name="Other")
        assert press(owner, page, action(first, "restore")).messages() == "There is no room for it any more."
        assert items(learner, Section.SKILLS) == (second,)

    def test_of_a_section_of_one_the_newer_stays(self, owner: Client, learner: User) -> None:
        first = material.add(learner.pk, Section.ABOUT)
        page = press(owner, get(owner, PORTFOLIO), action(first, "remove"))
        second = material.add(learner.pk, Section.ABOUT, text="Newer")
        assert press(owner, page, action(first, "restore")).messages() == "There is no room for it any more."
        assert items(learner, Section.ABOUT) == (second,)

    @pytest.mark.parametrize(("rule", "status"), [({"locked": True}, 403), ({"enabled": False}, 404)])
    @pytest.mark.parametrize("by", ["the button", "its open form"])
    def test_nothing_comes_back_to_a_section_that_may_not_be_edited(
        self, owner: Client, learner: User, settings: LazySettings, rule: dict[str, bool], status: int, by: str
    ) -> None:
        item = material.add(learner.pk, Section.SKILLS)
        form = get(owner, edit_page(item)).form(edit_page(item))
        owner.post(action(item, "remove"))
        settings.LEARNER_PROFILE_SECTIONS = {"skills": rule}
        response = owner.post(action(item, "restore")) if by == "the button" else owner.post(form.action, form.data())
        assert response.status_code == status
        settings.LEARNER_PROFILE_SECTIONS = {}
        assert items(learner, Section.SKILLS) == ()

    @pytest.mark.parametrize("value", ["", "x", str(uuid4()), "%00", "<x-probe>"])
    def test_nothing_is_offered_to_be_had_back_for_what_is_no_id(self, owner: Client, value: str) -> None:
        page = get(owner, f"{PORTFOLIO}?removed={value}")
        assert page.status == 200
        assert [form for form in page.main.all("form") if "restore" in form.attrs.get("action", "")] == [] or len(
            value
        ) == 36
        assert "<x-probe" not in page.html


class TestItemThatIsGone:
    """It was removed, in another tab, while its form was open."""

    def test_saving_it_has_it_back(self, owner: Client, learner: User) -> None:
        item = material.add(learner.pk, Section.PROJECTS)
        form = get(owner, edit_page(item)).form(edit_page(item))
        owner.post(action(item, "remove"))
        page = send(owner, form, {"f-title": "Still wanted"})
        assert page.messages() == "Saved."
        assert [i.values["title"] for i in items(learner, Section.PROJECTS)] == ["Still wanted"]

    @pytest.mark.parametrize("partial", [False, True])
    def test_gone_for_good_what_was_typed_is_offered_as_a_new_one(
        self, owner: Client, learner: User, clock: time_machine.Traveller, partial: bool
    ) -> None:
        item = material.add(learner.pk, Section.PROJECTS)
        form = get(owner, edit_page(item)).form(edit_page(item))
        owner.post(action(item, "remove"))
        clock.shift(timedelta(hours=2))
        headers = {"HX-Request": "true"} if partial else {}
        answer = send(owner, form, {"f-title": "Still wanted"}, follow=False, **headers)
        assert answer.headers["HX-Redirect" if partial else "Location"] == add_page(Section.PROJECTS)

        page = get(owner, add_page(Section.PROJECTS))
        assert "This was removed in the meantime." in page.messages()
        assert page.form(add_page(Section.PROJECTS)).data()["f-title"] == ["Still wanted"]
        send(owner, page.form(add_page(Section.PROJECTS)))
        assert [i.values["title"] for i in items(learner, Section.PROJECTS)] == ["Still wanted"]

    def test_its_form_is_not_found(self, owner: Client, learner: User) -> None:
        item = material.add(learner.pk, Section.SKILLS)
        owner.post(action(item, "remove"))
        assert owner.get(edit_page(item)).status_code == 404


class TestHiding:
    @pytest.mark.parametrize("section", material.TYPED)
    def test_hidden_it_is_for_the_owner_alone_until_it_is_shown_again(
        self, owner: Client, learner: User, section: Section
    ) -> None:
        item = material.add(learner.pk, section)
        profile_fields.publish(learner.pk, text="", audiences={})
        profile_fields.set_audiences(learner.pk, {Section.CONTACT: Audience.EVERYONE})
        probe = material.SHOWN[section][0]
        assert probe in get(Client(), PORTFOLIO).text()

        page = press(owner, get(owner, PORTFOLIO), action(item, "hide"))
        assert "Hidden: only you see it" in page.text()
        assert probe in page.text()
        assert probe not in get(Client(), PORTFOLIO).text()
        page = press(owner, page, action(item, "show"))
        assert "Hidden: only you see it" not in page.text()
        assert probe in get(Client(), PORTFOLIO).text()


class TestOrder:
    @pytest.mark.parametrize("section", SEVERAL)
    def test_items_move_up_and_down(self, owner: Client, learner: User, section: Section) -> None:
        added = several(learner, section)
        names = titles(get(owner, PORTFOLIO), section)
        page = press(owner, get(owner, PORTFOLIO), action(added[2], "up"))
        assert titles(page, section) == [names[0], names[2], names[1]]
        page = press(owner, page, action(added[0], "down"))
        assert titles(page, section) == [names[2], names[0], names[1]]

    def test_the_ends_are_the_ends(self, owner: Client, learner: User) -> None:
        added = several(learner, Section.SKILLS)
        page = get(owner, PORTFOLIO)
        actions = {a for form in page.main.all("form") for a in [b.attrs.get("formaction") for b in form.all("button")]}
        assert action(added[0], "up") not in actions
        assert action(added[2], "down") not in actions
        owner.post(action(added[0], "up"))
        owner.post(action(added[2], "down"))
        assert titles(get(owner, PORTFOLIO), Section.SKILLS) == ["1", "2", "3"]

    @pytest.mark.parametrize("section", DATED)
    def test_dates_make_the_order_until_a_hand_does_and_again_when_asked(
        self, owner: Client, learner: User, section: Section
    ) -> None:
        title = profile_fields.KINDS[section].title
        ended: dict[str, Any] = {"end_day": "", "end_month": "", "end_year": ""}
        old, new = (
            material.add(learner.pk, section, **ended | {title: year, "start_year": year}) for year in ("1999", "2009")
        )
        sort = reverse("learner_profile:order_section", args=[section.value])
        page = get(owner, PORTFOLIO)
        assert titles(page, section) == ["2009", "1999"]
        assert "Put in order by date again" not in page.text()
        page = press(owner, page, action(old, "up"))
        assert titles(page, section) == ["1999", "2009"]
        page = send(owner, page.form(sort), press="Put in order by date again")
        assert titles(page, section) == ["2009", "1999"]
        assert [item.id for item in items(learner, section)] == [new.id, old.id]

    def test_the_script_sends_a_whole_order(self, owner: Client, learner: User) -> None:
        first, second, third = several(learner, Section.SKILLS)
        address = reverse("learner_profile:order_section", args=["skills"])
        owner.post(address, {"item": [str(third.id), str(first.id)]})
        assert titles(get(owner, PORTFOLIO), Section.SKILLS) == ["3", "1", "2"]
        assert [item.id for item in items(learner, Section.SKILLS)] == [third.id, first.id, second.id]

    @pytest.mark.parametrize("sent", [["x"], [str(uuid4())], ["\x00"], ["{first}", "{other}"]])
    def test_an_order_of_other_things_is_not_found(self, owner: Client, learner: User, sent: list[str]) -> None:
        first = several(learner, Section.SKILLS)[0]
        other = material.add(learner.pk, Section.LINKS)
        ids = [text.format(first=first.id, other=other.id) for text in sent]
        address = reverse("learner_profile:order_section", args=["skills"])
        assert owner.post(address, {"item": ids}).status_code == 404
        assert titles(get(owner, PORTFOLIO), Section.SKILLS) == ["1", "2", "3"]


WRONG = [
    (Section.SKILLS, {"name": ""}, "f-name", "This field is required."),
    (Section.SKILLS, {"name": "x" * 101}, "f-name", "at most 100 characters (it has 101)"),
    (Section.SKILLS, {"level": "guru"}, "f-level", "Choose from the list."),
    (Section.SKILLS, {"name": "a\x00b"}, "f-name", "Null characters are not allowed."),
    (Section.ABOUT, {"text": "x" * 5001}, "f-text", "at most 5000 characters (it has 5001)"),
    (Section.LINKS, {"url": "javascript:alert(1)"}, "f-url", "Enter a web address"),
    (Section.LINKS, {"url": "https://" + "x" * 500}, "f-url", "at most 500 characters (it has 508)"),
    (Section.WORK_PREFERENCES, {"roles": "\r\n".join("abcdefghijklmnopqrstu")}, "f-roles", "Enter no more than 20"),
    (Section.WORK_PREFERENCES, {"roles": "x" * 101}, "f-roles", "at most 100 characters (it has 101)"),
    (Section.WORK_PREFERENCES, {"employment": ["slavery"]}, "f-employment", "Choose from the list."),
    (Section.WORK_EXPERIENCE, {"start_year": ""}, "f-start_year", "Enter the year."),
    (Section.WORK_EXPERIENCE, {"start_year": "2030"}, "f-start_year", "This date lies in the future."),
    (Section.WORK_EXPERIENCE, {"start_year": "1850"}, "f-start_year", "Enter the year as four digits."),
    (Section.WORK_EXPERIENCE, {"end_year": "2018"}, "f-end_year", "The end lies before the start."),
    (Section.WORK_EXPERIENCE, {"end_month": "2", "end_day": "30"}, "f-end_year", "There is no such day in this month."),
    (Section.WORK_EXPERIENCE, {"end_month": ""}, "f-end_year", "Choose the month, or leave the day out."),
    (Section.PROJECTS, {"description": "x" * 3001}, "f-description", "at most 3000 characters (it has 3001)"),
]


class TestErrors:
    @pytest.mark.parametrize(("section", "wrong", "box", "message"), WRONG)
    def test_errors_stand_at_their_field_and_nothing_typed_is_lost(
        self,
        owner: Client,
        learner: User,
        clock: time_machine.Traveller,
        section: Section,
        wrong: dict[str, Any],
        box: str,
        message: str,
    ) -> None:
        typed = material.typed(section, **wrong)
        page = edit(owner, add_page(section), typed)

        assert page.status == 422
        assert message in page.errors()[box]
        assert "Not saved yet" in page.alert()
        kept = page.form(add_page(section)).shown()
        for name, value in typed.items():
            # A choice that does not exist cannot be shown as chosen, and no text shows what is no character.
            if name not in {"f-level", "f-employment"} and "\x00" not in value:
                assert kept[name] == (value if isinstance(value, list) else [value])
        assert items(learner, section) == ()

        again = get(owner, add_page(section))
        assert "This is what you typed on" in again.text()
        for name in typed:
            # A draft is kept without what no database takes.
            if "\x00" not in typed[name]:
                assert again.form(add_page(section)).data().get(name) == kept.get(name)

    def test_every_box_that_is_wrong_says_so(self, owner: Client) -> None:
        page = edit(owner, add_page(Section.WORK_EXPERIENCE), {"f-url": "nowhere", "f-end_day": "40"})
        assert set(page.errors()) >= {"f-title", "f-employer", "f-start_year", "f-url", "f-end_day"}

    def test_a_field_is_tied_to_its_help_and_to_its_error(self, owner: Client) -> None:
        page = get(owner, add_page(Section.LINKS))
        box = page.main.one("input", name="f-label")
        (help_id,) = box.attrs["aria-describedby"].split()
        assert page.main.one(id=help_id).text() == "What to call it, for example: My photographs."
        page = edit(owner, add_page(Section.LINKS), {"f-url": "", "f-label": "x" * 201})
        ids = page.main.one("input", name="f-label").attrs["aria-describedby"].split()
        assert [page.main.one(id=name).tag for name in ids] == ["p", "ul"]

    @pytest.mark.parametrize("version", ["", "x", "-1", str(2**31), None])
    def test_a_form_without_its_version_is_refused(self, owner: Client, learner: User, version: str | None) -> None:
        item = material.add(learner.pk, Section.SKILLS)
        page = edit(owner, edit_page(item), {"version": version, "f-name": "Other"})
        assert page.status == 422
        assert page.alert()
        assert items(learner, Section.SKILLS) == (item,)


class TestTwoTabs:
    @pytest.mark.parametrize("section", material.TYPED)
    def test_the_second_is_told_and_decides(self, owner: Client, learner: User, section: Section) -> None:
        item = material.add(learner.pk, section)
        address = add_page(section) if section in SINGLE else edit_page(item)
        first, second = (get(owner, address).form(address) for _ in range(2))
        send(owner, first, {"is_hidden": "on"})
        page = send(owner, second, {"is_hidden": None})

        assert page.status == 422
        assert "This was changed elsewhere in the meantime" in page.alert()
        assert items(learner, section)[0].is_hidden
        form = page.form(address)
        kept = {name: values for name, values in second.shown().items() if name not in {"form", "typed_by"}}
        assert form.shown() | kept | {"version": ["2"]} == form.shown()
        assert list(form.buttons()) == ["Save", "Save and replace", "Cancel"]
        assert send(owner, form, press="Save and replace").messages() == "Saved."
        assert not items(learner, section)[0].is_hidden

    def test_two_that_fill_the_same_section_of_one(self, owner: Client, learner: User) -> None:
        first, second = (get(owner, add_page(Section.ABOUT)).form(add_page(Section.ABOUT)) for _ in range(2))
        send(owner, first, {"f-text": "First"})
        page = send(owner, second, {"f-text": "Second"})
        assert "This was changed elsewhere in the meantime" in page.alert()
        send(owner, page.form(add_page(Section.ABOUT)))
        assert [item.values["text"] for item in items(learner, Section.ABOUT)] == ["Second"]

    def test_a_cancelled_replacement_leaves_the_other_version(self, owner: Client, learner: User) -> None:
        item = material.add(learner.pk, Section.SKILLS)
        first, second = (get(owner, edit_page(item)).form(edit_page(item)) for _ in range(2))
        send(owner, first, {"f-name": "First"})
        page = send(owner, second, {"f-name": "Second"})
        send(owner, page.form(edit_page(item)), press="Cancel")
        assert items(learner, Section.SKILLS)[0].values["name"] == "First"
        assert get(owner, edit_page(item)).form(edit_page(item)).data()["f-name"] == ["First"]

    def test_a_draft_remembers_which_version_it_started_from(self, owner: Client, learner: User) -> None:
        item = material.add(learner.pk, Section.SKILLS)
        form = get(owner, edit_page(item)).form(edit_page(item))
        owner.post(reverse("learner_profile:keep_draft"), form.data() | {"f-name": "Typed long ago"})
        profile_fields.change_item(learner.pk, item.id, {"name": "Changed elsewhere"}, version=1)
        page = edit(owner, edit_page(item), {})
        assert "This was changed elsewhere in the meantime" in page.alert()
        assert items(learner, Section.SKILLS)[0].values["name"] == "Changed elsewhere"

    def test_what_a_picture_is_called_elsewhere_survives_a_replacement(self, owner: Client, learner: User) -> None:
        item = material.add(learner.pk, Section.PROJECTS)
        form = get(owner, edit_page(item)).form(edit_page(item))
        profile_fields.add_picture(learner.pk, item.id, picture(), description="A loom")
        page = send(owner, form, {"f-title": "Replaced"})
        send(owner, page.form(edit_page(item)))
        (after,) = items(learner, Section.PROJECTS)
        assert after.values["title"] == "Replaced"
        assert [p.description for p in after.pictures] == ["A loom"]


class TestDrafts:
    KEEP = "/learner-profile/drafts/"

    def test_what_is_typed_is_there_when_the_form_is_opened_again(self, owner: Client, learner: User) -> None:
        form = get(owner, add_page(Section.WORK_PREFERENCES)).form(add_page(Section.WORK_PREFERENCES))
        typed = form.data() | material.typed(Section.WORK_PREFERENCES) | {"is_hidden": "on"}
        answer = owner.post(self.KEEP, typed)
        assert (answer.status_code, answer.content) == (204, b"")

        page = get(owner, add_page(Section.WORK_PREFERENCES))
        again = page.form(add_page(Section.WORK_PREFERENCES)).data()
        assert "This is what you typed on" in page.text()
        assert again | _sent(Section.WORK_PREFERENCES) | {"is_hidden": ["on"]} == again
        assert items(learner, Section.WORK_PREFERENCES) == ()

    def test_saving_ends_the_draft(self, owner: Client) -> None:
        form = get(owner, add_page(Section.SKILLS)).form(add_page(Section.SKILLS))
        owner.post(self.KEEP, form.data() | {"f-name": "Draft"})
        edit(owner, add_page(Section.SKILLS), {"f-name": "Saved"})
        page = get(owner, add_page(Section.SKILLS))
        assert "This is what you typed on" not in page.text()
        assert page.form(add_page(Section.SKILLS)).data()["f-name"] == [""]

    def test_cancel_throws_the_draft_away(self, owner: Client) -> None:
        form = get(owner, add_page(Section.SKILLS)).form(add_page(Section.SKILLS))
        owner.post(self.KEEP, form.data() | {"f-name": "Draft"})
        page = send(owner, form, {"f-name": "More"}, press="Cancel")
        assert page.path == PORTFOLIO
        assert "This is what you typed on" not in get(owner, add_page(Section.SKILLS)).text()

    def test_removing_an_item_ends_its_draft(self, owner: Client, learner: User) -> None:
        item = material.add(learner.pk, Section.SKILLS)
        form = get(owner, edit_page(item)).form(edit_page(item))
        owner.post(self.KEEP, form.data() | {"f-name": "Draft"})
        owner.post(action(item, "remove"))
        owner.post(action(item, "restore"))
        assert get(owner, edit_page(item)).form(edit_page(item)).data()["f-name"] == ["Analysis"]

    def test_a_draft_is_seen_by_nobody_else(self, owner: Client, person: PersonFactory, sign_in: SignIn) -> None:
        form = get(owner, add_page(Section.SKILLS)).form(add_page(Section.SKILLS))
        owner.post(self.KEEP, form.data() | {"f-name": "Draft of ada"})
        assert "Draft of ada" not in get(sign_in(person("ben")), add_page(Section.SKILLS)).html

    def test_a_draft_of_an_unreasonable_length_is_not_kept(self, owner: Client) -> None:
        answer = owner.post(self.KEEP, {"form": "skills", "f-name": "x" * 100_001})
        assert answer.status_code == 413
        assert "This is what you typed on" not in get(owner, add_page(Section.SKILLS)).text()

    @pytest.mark.parametrize("form", ["", "x" * 41, "\x00", "nothing of ours"])
    def test_a_draft_of_no_form_does_no_harm(self, owner: Client, form: str) -> None:
        assert owner.post(self.KEEP, {"form": form, "f-name": "x"}).status_code in {204, 413}
        assert owner.post(self.KEEP, {"form": form, "discard": "1"}).status_code == 302


class TestInPlace:
    """What the script of the page asks, with the header of htmx."""

    HX = {"HX-Request": "true"}

    def test_a_refused_form_takes_the_place_of_the_one_that_was_sent(self, owner: Client, learner: User) -> None:
        item = material.add(learner.pk, Section.SKILLS)
        page = edit(owner, edit_page(item), {"f-name": ""}, **self.HX)
        place = f"#lp-editor-{item.id}"
        assert page.status == 422
        assert [page.headers[f"HX-{name}"] for name in ("Retarget", "Reselect", "Reswap")] == [
            place,
            place,
            "outerHTML",
        ]
        assert page.main.one(id=place[1:]).all("form")

    def test_so_does_one_that_is_out_of_date(self, owner: Client, learner: User) -> None:
        item = material.add(learner.pk, Section.SKILLS)
        page = edit(owner, edit_page(item), {"version": "0"}, **self.HX)
        assert page.headers["HX-Retarget"] == f"#lp-editor-{item.id}"

    @pytest.mark.parametrize("section", material.TYPED)
    @pytest.mark.parametrize("filled", [False, True])
    def test_each_link_to_a_form_names_the_part_of_its_page_that_is_the_form(
        self, owner: Client, learner: User, section: Section, filled: bool
    ) -> None:
        if filled:
            material.add(learner.pk, section)
        portfolio = get(owner, PORTFOLIO)
        box = portfolio.main.one(id=f"lp-box-{section.value}")
        links = [link for link in box.all("a") if "hx-get" in link.attrs]
        assert links
        for link in links:
            assert link.attrs["href"] == link.attrs["hx-get"]
            portfolio.main.one(id=link.attrs["hx-target"].removeprefix("#"))
            get(owner, link.attrs["href"]).main.one(id=link.attrs["hx-select"].removeprefix("#"))

    def test_a_saved_form_leads_to_the_page_that_is_drawn_anew(self, owner: Client) -> None:
        page = edit(owner, add_page(Section.SKILLS), material.typed(Section.SKILLS), **self.HX)
        part = page.main.one(id="lp-page")
        assert part.attrs["hx-target"] == part.attrs["hx-select"] == "#lp-page"
        assert "Saved." in part.text()
        assert not [name for name in page.headers if name.startswith("HX-")]

    def test_a_refused_audience_takes_the_place_of_the_form_too(self, owner: Client) -> None:
        page = edit(owner, "/learner-profile/sections/skills/audience/", {"audience": "7"}, **self.HX)
        assert page.status == 422
        assert page.main.one(id=page.headers["HX-Reselect"].removeprefix("#")).all("form")

    def test_a_page_without_the_script_has_no_such_headers(self, owner: Client) -> None:
        page = edit(owner, add_page(Section.SKILLS), {"f-name": ""})
        assert not [name for name in page.headers if name.startswith("HX-")]


def picture(color: str = "red", kind: str = "PNG", name: str = "loom.png") -> SimpleUploadedFile:
    file = BytesIO()
    Image.new("RGB", (40, 30), color).save(file, kind)
    return SimpleUploadedFile(name, file.getvalue(), f"image/{kind.lower()}")


class TestPictures:
    def test_a_picture_is_added_described_and_removed(
        self, owner: Client, learner: User, django_capture_on_commit_callbacks: Any
    ) -> None:
        page = edit(
            owner,
            add_page(Section.PROJECTS),
            material.typed(Section.PROJECTS) | {"picture": picture(), "describe-new": "A loom"},
        )
        (item,) = items(learner, Section.PROJECTS)
        (shown,) = item.pictures
        image = page.main.one(id="lp-box-projects").one("img")
        assert (image.attrs["alt"], image.attrs["width"], image.attrs["height"]) == ("A loom", "40", "30")
        answer = owner.get(image.attrs["src"])
        assert answer["Content-Type"] == "image/jpeg"
        assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")  # type: ignore[attr-defined]

        page = edit(owner, edit_page(item), {f"describe-{shown.id}": "A larger loom"})
        assert page.main.one(id="lp-box-projects").one("img").attrs["alt"] == "A larger loom"

        page = edit(owner, edit_page(item), {f"remove-{shown.id}": "on"})
        assert page.main.one(id="lp-box-projects").all("img") == []
        assert owner.get(image.attrs["src"]).status_code == 404

    def test_a_picture_that_is_not_described_is_told_by_its_project(self, owner: Client) -> None:
        page = edit(owner, add_page(Section.PROJECTS), material.typed(Section.PROJECTS) | {"picture": picture()})
        assert page.main.one(id="lp-box-projects").one("img").attrs["alt"] == "Picture 1 of Note G"

    @pytest.mark.parametrize("adding", [True, False])
    def test_a_refused_picture_loses_nothing_else(self, owner: Client, learner: User, adding: bool) -> None:
        item = None if adding else material.add(learner.pk, Section.PROJECTS)
        if item:
            profile_fields.add_picture(learner.pk, item.id, picture(), description="Old")
        before = items(learner, Section.PROJECTS)
        address = edit_page(item) if item else add_page(Section.PROJECTS)
        typed = material.typed(Section.PROJECTS, title="Typed") | {"describe-new": "New words"}
        if item:
            typed |= {f"describe-{before[0].pictures[0].id}": "Other words"}
        page = edit(owner, address, typed | {"picture": SimpleUploadedFile("x.png", b"no picture", "image/png")})

        assert page.status == 422
        assert "This is no picture that can be read." in page.errors()["picture"]
        assert items(learner, Section.PROJECTS) == before
        data = page.form(address).data()
        assert data["f-title"] == ["Typed"]
        assert data["describe-new"] == ["New words"]
        page = send(owner, page.form(address), {"picture": picture("blue")})
        assert page.messages() == "Saved."
        (after,) = items(learner, Section.PROJECTS)
        assert after.values["title"] == "Typed"
        assert [p.description for p in after.pictures] == (["New words"] if adding else ["Other words", "New words"])

    def test_an_empty_file_is_refused(self, owner: Client) -> None:
        empty = SimpleUploadedFile("x.png", b"", "image/png")
        page = edit(owner, add_page(Section.PROJECTS), material.typed(Section.PROJECTS) | {"picture": empty})
        assert page.errors()["picture"] == "The submitted file is empty."

    def test_there_is_room_for_six(self, owner: Client, learner: User) -> None:
        item = material.add(learner.pk, Section.PROJECTS)
        for _ in range(6):
            profile_fields.add_picture(learner.pk, item.id, picture())
        page = edit(owner, edit_page(item), {"picture": picture()})
        assert page.errors()["picture"] == "There is room for 6 pictures."
        first = items(learner, Section.PROJECTS)[0].pictures[0]
        page = edit(owner, edit_page(item), {"picture": picture(), f"remove-{first.id}": "on"})
        assert page.messages() == "Saved."
        assert len(items(learner, Section.PROJECTS)[0].pictures) == 6

    def test_a_long_description_is_refused(self, owner: Client) -> None:
        typed = material.typed(Section.PROJECTS) | {"picture": picture(), "describe-new": "x" * 201}
        page = edit(owner, add_page(Section.PROJECTS), typed)
        assert "at most 200 characters" in page.errors()["describe-new"]

    @pytest.mark.parametrize("section", [section for section in material.TYPED if section is not Section.PROJECTS])
    def test_other_kinds_take_none(self, owner: Client, learner: User, section: Section) -> None:
        edit(owner, add_page(section), material.typed(section) | {"picture": picture()})
        assert [item.pictures for item in items(learner, section)] == [()]


class TestAudience:
    @pytest.mark.parametrize("section", Section)
    def test_the_learner_says_who_sees_a_section(
        self, owner: Client, learner: User, everything: dict[Section, Item], section: Section
    ) -> None:
        address = reverse("learner_profile:choose_audience", args=[section.value])
        page = edit(owner, address, {"audience": "2"})
        assert page.path == f"{PORTFOLIO}#lp-box-{section.value}"
        assert profile_fields.get_profile(learner.pk).audiences == {section: Audience.CONNECTED}

    @pytest.mark.parametrize("section", material.TYPED)
    def test_the_page_says_it_and_leads_to_where_it_is_changed(
        self, owner: Client, learner: User, everything: dict[Section, Item], section: Section
    ) -> None:
        profile_fields.set_audiences(learner.pk, {section: Audience.CONNECTED})
        address = reverse("learner_profile:choose_audience", args=[section.value])
        link = get(owner, PORTFOLIO).main.one("a", href=address)
        assert link.text().endswith("Who can see it: Learners who share a course with you")
        page = get(owner, address)
        page.main.one(id=link.attrs["hx-select"].removeprefix("#"))
        assert page.form(address).data()["audience"] == ["2"]

    def test_a_choice_that_there_is_not_is_refused(self, owner: Client, learner: User) -> None:
        address = reverse("learner_profile:choose_audience", args=["skills"])
        page = edit(owner, address, {"audience": "7"})
        assert "7 is not one of the available choices" in page.errors()["audience"]
        assert profile_fields.get_profile(learner.pk).audiences == {}

    def test_saving_what_was_shown_does_not_undo_what_another_tab_said(self, owner: Client, learner: User) -> None:
        address = reverse("learner_profile:choose_audience", args=["skills"])
        form = get(owner, address).form(address)
        profile_fields.set_audiences(learner.pk, {Section.SKILLS: Audience.ONLY_ME})
        send(owner, form)
        assert profile_fields.get_profile(learner.pk).audiences == {Section.SKILLS: Audience.ONLY_ME}


class TestWhatMayNotBeChanged:
    @pytest.mark.parametrize(("rule", "status"), [({"locked": True}, 403), ({"enabled": False}, 404)])
    def test_a_section_that_is_locked_or_off(
        self, owner: Client, learner: User, settings: LazySettings, rule: dict[str, bool], status: int
    ) -> None:
        item = material.add(learner.pk, Section.SKILLS)
        before = profile_fields.get_profile(learner.pk)
        settings.LEARNER_PROFILE_SECTIONS = {"skills": rule}
        form = {"f-name": "Other", "version": "1"}
        for address in (add_page(Section.SKILLS), edit_page(item), "/learner-profile/sections/skills/audience/"):
            assert owner.get(address).status_code == status, address
            assert owner.post(address, form | {"audience": "0"}).status_code == status, address
        for name in ("remove", "hide", "show", "up", "down"):
            assert owner.post(action(item, name)).status_code == status, name
        for order in ({"by": "date"}, {"item": [str(item.id)]}):
            assert owner.post("/learner-profile/sections/skills/order/", order).status_code == status
        assert profile_fields.get_profile(learner.pk) == before

    def test_the_page_offers_nothing_in_a_locked_section(
        self, owner: Client, everything: dict[Section, Item], settings: LazySettings
    ) -> None:
        settings.LEARNER_PROFILE_SECTIONS = {section.value: {"locked": True} for section in Section}
        page = get(owner, PORTFOLIO)
        columns = [part for part in page.main.all("div") if part.has_class("lp-columns")] + page.main.all("header")
        for part in columns:
            assert part.all("form") == []
            assert [link for link in part.all("a") if link.attrs["href"].startswith("/learner-profile/")] == []
            assert "Who can see it" in part.text()

    @pytest.mark.parametrize("section", ["courses", "learning_time"])
    def test_of_what_is_recorded_only_the_audience_is_the_learner_s(self, owner: Client, section: str) -> None:
        assert owner.get(f"/learner-profile/sections/{section}/add/").status_code == 404
        assert owner.post(f"/learner-profile/sections/{section}/add/", {"version": "0"}).status_code == 404
        assert owner.post(f"/learner-profile/sections/{section}/order/", {"by": "date"}).status_code == 404
        assert owner.get(f"/learner-profile/sections/{section}/audience/").status_code == 200

    @pytest.mark.parametrize("name", ["nothing", "HEADER", "%00", "..", "add", "skills%20"])
    @pytest.mark.parametrize("part", ["add", "order", "audience"])
    def test_there_is_no_such_section(self, owner: Client, name: str, part: str) -> None:
        assert owner.post(f"/learner-profile/sections/{name}/{part}/").status_code == 404

    def test_there_is_no_such_item(self, owner: Client) -> None:
        nothing = f"/learner-profile/items/{uuid4()}/"
        assert owner.get(nothing).status_code == 404
        assert owner.post(nothing, {"version": "1"}).status_code == 404
        assert owner.post(nothing, {"version": "1", "section": "nothing"}).status_code == 404
        for name in ("remove", "restore", "hide", "show", "up", "down"):
            assert owner.post(f"{nothing}{name}/").status_code == 404

    @pytest.mark.parametrize("name", ["delete", "Remove", "%00", "edit"])
    def test_there_is_no_such_action(self, owner: Client, learner: User, name: str) -> None:
        item = material.add(learner.pk, Section.SKILLS)
        assert owner.post(f"/learner-profile/items/{item.id}/{name}/").status_code == 404
        assert items(learner, Section.SKILLS) == (item,)

    def test_another_s_items_are_not_found(self, learner: User, person: PersonFactory, sign_in: SignIn) -> None:
        item = material.add(learner.pk, Section.SKILLS)
        before = profile_fields.get_profile(learner.pk)
        for other in (sign_in(person("ben")), sign_in(person("root", is_superuser=True))):
            assert other.get(edit_page(item)).status_code == 404
            assert other.post(edit_page(item), {"f-name": "Mine", "version": "1"}).status_code == 404
            for name in ("remove", "restore", "hide", "show", "up", "down"):
                assert other.post(action(item, name)).status_code == 404
            assert other.post("/learner-profile/sections/skills/order/", {"item": [str(item.id)]}).status_code == 404
        assert profile_fields.get_profile(learner.pk) == before

    @pytest.mark.parametrize("name", ["remove", "hide", "up"])
    def test_an_item_that_vanishes_while_something_is_done_with_it(
        self, owner: Client, learner: User, monkeypatch: pytest.MonkeyPatch, name: str
    ) -> None:
        item = material.add(learner.pk, Section.SKILLS)
        removed_meanwhile(monkeypatch, learner, item)
        assert owner.post(action(item, name)).status_code == 404

    def test_an_item_that_vanishes_while_it_is_saved_is_offered_as_a_new_one(
        self, owner: Client, learner: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        item = material.add(learner.pk, Section.SKILLS)
        form = get(owner, edit_page(item)).form(edit_page(item))
        with monkeypatch.context() as patch:
            removed_meanwhile(patch, learner, item, is_form=True)
            page = send(owner, form, {"f-name": "Typed"}, follow=False)
        assert page.headers["Location"] == add_page(Section.SKILLS)
        assert get(owner, add_page(Section.SKILLS)).form(add_page(Section.SKILLS)).data()["f-name"] == ["Typed"]


def removed_meanwhile(patch: pytest.MonkeyPatch, user: User, item: Item, *, is_form: bool = False) -> None:
    """Let an item be removed in another tab, after it was read; a form asks for the account once before that."""
    get_account = compat.get_account
    asked = iter([False, True] if is_form else [True])

    def account(user_id: int) -> Any:
        if next(asked, False):
            profile_fields.remove_item(user.pk, item.id)
        return get_account(user_id)

    patch.setattr(compat, "get_account", account)


class TestSuggestions:
    def test_names_are_suggested_while_one_types(self, owner: Client) -> None:
        answer = owner.get("/learner-profile/suggestions/language/", {"q": "fren"})
        assert "French" in answer.json()

    @pytest.mark.parametrize("kind", ["skill", "role", "school", "language"])
    @pytest.mark.parametrize("typed", ["", "a", "\x00", "x" * 5000, "<x-probe>", "😀"])
    def test_anything_can_be_typed(self, owner: Client, kind: str, typed: str) -> None:
        assert isinstance(owner.get(f"/learner-profile/suggestions/{kind}/", {"q": typed}).json(), list)

    @pytest.mark.parametrize("kind", ["", "Skill", "nothing", "%00", "KIND"])
    def test_nothing_else_is_suggested(self, owner: Client, kind: str) -> None:
        assert owner.get(f"/learner-profile/suggestions/{kind}/", {"q": "a"}).status_code == 404

    def test_boxes_ask_for_lists_that_there_are(self, owner: Client) -> None:
        kinds = set()
        for section in material.TYPED:
            boxes = get(owner, add_page(section)).main.all()
            kinds |= {box.attrs["data-lp-suggest"] for box in boxes if "data-lp-suggest" in box.attrs}
        assert kinds == {"skill", "role", "school", "language"}
        for kind in kinds:
            assert owner.get(f"/learner-profile/suggestions/{kind}/", {"q": "a"}).status_code == 200

"""Every field of every kind, from filling it to deleting it: by pointer, by keyboard, without scripts, in Arabic."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from learner_profile_plugin.access import Audience, Section
from learner_profile_plugin.profile_fields.kind import Kind
from learner_profile_plugin.profile_fields.kinds import KINDS
from tests.browser.conftest import Visit
from tests.browser.pilots import Keyboard, Pointer
from tests.browser.samples import SAMPLES, SECOND, finds

pytestmark = [pytest.mark.browser, pytest.mark.once]


@dataclass(frozen=True)
class Way:
    """One way in which somebody may use the pages."""

    width: int = 1280
    language: str = ""
    scripts: bool = True
    pilot: type[Pointer] = Pointer

    def context(self) -> dict[str, Any]:
        return {"width": self.width, "language": self.language, "scripts": self.scripts}


WAYS = {
    "by pointer at 1280 px": Way(),
    "by keyboard at 1280 px": Way(pilot=Keyboard),
    "in Arabic at 390 px": Way(language="ar", width=390),
    "without scripts at 390 px": Way(scripts=False, width=390),
}


def test_every_field_has_a_sample() -> None:
    fields = {section: {field.name for field in kind.fields} for section, kind in KINDS.items()}
    assert {section: set(values) for section, values in SAMPLES.items()} == fields


@pytest.mark.parametrize("name", WAYS)
def test_each_field_is_filled_shown_ordered_fetched_hidden_and_deleted(visit: Visit, guest: str, name: str) -> None:
    way = WAYS[name]
    desk = Desk(visit("/learner-profile/publish/", user=guest, **way.context()), way)
    desk.publish()
    for kind in KINDS.values():
        desk.add(kind, SAMPLES[kind.section])
    desk.open_to_everyone(Section.CONTACT)
    visitor = visit(f"/u/{guest}", **way.context())
    assert_shown(visitor, way)
    assert fetch(visitor, guest) == {section: [values] for section, values in SAMPLES.items()}

    for section, values in SECOND.items():
        desk.add(KINDS[section], values)
        titles = desk.turn_round(KINDS[section])
        assert [values[KINDS[section].title] for values in fetch(visitor, guest)[section]] == titles

    for kind in KINDS.values():
        desk.hide_sample(kind)
    visitor.goto(f"/u/{guest}")
    expect(visitor.locator("[id^=lp-entry-]")).to_have_count(len(SECOND))
    assert {section for section, values in SAMPLES.items() if values in fetch(visitor, guest)[section]} == set()

    for kind in KINDS.values():
        desk.delete_sample(kind)
    own = fetch(desk.page, guest)
    assert {section: len(items) for section, items in own.items() if items} == dict.fromkeys(SECOND, 1)
    assert {section for section, values in SAMPLES.items() if values in own[section]} == set()


def assert_shown(visitor: Page, way: Way) -> None:
    for section, values in SAMPLES.items():
        box = visitor.locator(f"#lp-box-{section}")
        for field in KINDS[section].fields:
            for found in finds(box, field, values[field.name], way.language):
                expect(found, f"{section} {field.name}").to_be_visible()
    assert visitor.evaluate("document.documentElement.scrollWidth") <= way.width
    is_right_to_left = visitor.locator("main").evaluate("main => getComputedStyle(main).direction") == "rtl"
    assert is_right_to_left == (way.language == "ar")


def fetch(page: Page, username: str) -> dict[Section, list[dict[str, Any]]]:
    """Return what the API tells somebody of the items: the values of each, by section."""
    items = page.request.get(f"/api/learner_profile/v1/portfolios/{username}/").json()["items"]
    return {Section(section): [item["values"] for item in of_section] for section, of_section in items.items()}


class Desk:
    """The owner at their page."""

    def __init__(self, page: Page, way: Way) -> None:
        self.page = page
        self.way = way
        self.pilot = way.pilot(page)

    def publish(self) -> None:
        self.pilot.press(self.page.locator("main form [type=submit]"))
        expect(self.page.locator(".lp-status .lp-messages")).to_be_visible()
        self.page.wait_for_load_state()

    def box(self, kind: Kind) -> Locator:
        return self.page.locator(f"#lp-box-{kind.section}")

    def add(self, kind: Kind, values: Mapping[str, Any]) -> None:
        address = f"/sections/{kind.section}/add/"
        form = self.page.locator(f'form[action$="{address}"]')
        self.pilot.press(self.box(kind).locator(f'a[href$="{address}"]'))
        expect(form).to_be_visible()
        self._assert_focus(form)
        self.pilot.fill(form, kind, values)
        self.pilot.press(form.locator(".lp-actions .lp-button").first)
        expect(form).to_have_count(0)
        self._assert_focus(self.box(kind))

    def open_to_everyone(self, section: Section) -> None:
        box = self.box(KINDS[section])
        form = self.page.locator(f'form[action$="/sections/{section}/audience/"]')
        self.pilot.press(box.locator(".lp-audience a"))
        expect(form).to_be_visible()
        self._assert_focus(form)
        self.pilot.choose(form.locator("select"), str(Audience.EVERYONE.value))
        self.pilot.press(form.locator(".lp-button").first)
        expect(form).to_have_count(0)
        self._assert_focus(box)

    def turn_round(self, kind: Kind) -> list[str]:
        """Move the first of two items down; return their titles in the new order."""
        items = self.box(kind).locator("[data-lp-item]")
        expect(items).to_have_count(2)
        before = items.evaluate_all("items => items.map(item => item.dataset.lpItem)")
        self._press_in_menu(items.first, "down")
        expect(items.nth(1)).to_have_attribute("data-lp-item", before[0])
        self._assert_focus(items.nth(1))
        titles = [str(values[kind.section][kind.title]) for values in (SAMPLES, SECOND)]
        return titles if titles[0] in items.nth(0).inner_html() else titles[::-1]

    def hide_sample(self, kind: Kind) -> None:
        place = self._place_of_sample(kind)
        self._press_in_menu(place, "hide")
        expect(self.box(kind).locator('button[formaction$="/show/"]')).to_have_count(1)
        expect(self.box(kind).locator(".lp-hidden-note")).to_be_visible()
        self._assert_focus(place)

    def delete_sample(self, kind: Kind) -> None:
        """Remove the item of a kind, have it back, and remove it after all."""
        buttons = self.box(kind).locator('button[formaction$="/remove/"]')
        count = buttons.count()
        undo = self.page.locator('#lp-status form[action$="/restore/"] button')
        self._press_in_menu(self._place_of_sample(kind), "remove")
        expect(buttons).to_have_count(count - 1)
        self._assert_focus(undo)
        self.pilot.press(undo)
        expect(buttons).to_have_count(count)
        self._assert_focus(self.box(kind))
        self._press_in_menu(self._place_of_sample(kind), "remove")
        expect(buttons).to_have_count(count - 1)

    def _place_of_sample(self, kind: Kind) -> Locator:
        if kind.is_single:
            return self.box(kind)
        return (
            self.box(kind)
            .locator("[data-lp-item]", has_not_text="Zither")
            .filter(has_not=self.page.locator(f'a[href="{SECOND[kind.section][kind.title]}"]'))
        )

    def _press_in_menu(self, place: Locator, action: str) -> None:
        menu = place.locator(".lp-menu")
        self.pilot.press(menu.locator("summary"))
        self.pilot.press(menu.locator(f'button[formaction$="/{action}/"]'))

    def _assert_focus(self, place: Locator) -> None:
        """What was done leaves the focus where one goes on; without scripts a new page begins at its top."""
        if self.way.scripts:
            expect(place.locator(":scope:focus, :focus")).to_have_count(1)

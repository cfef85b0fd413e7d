"""Two ways to use a page: with a pointer, and by keyboard alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playwright.sync_api import Locator, Page, expect

from learner_profile_plugin.profile_fields.field_types import Choice, Choices, Date, FieldType, Flag
from learner_profile_plugin.profile_fields.kind import Kind

# How many stops of the Tab key lie between what has the focus and an element.
STOPS = """target => {
    const selector = "a[href], button, input:not([type=hidden]), select, textarea, summary";
    const stops = [...document.querySelectorAll(selector)].filter(
        (element) => element === target || element === document.activeElement
            || (element.tabIndex >= 0 && !element.disabled && element.checkVisibility({ visibilityProperty: true })));
    const at = (element) => stops.indexOf(element);
    if (at(document.activeElement) >= 0) return at(target) - at(document.activeElement);
    const before = stops.filter((stop) =>
        document.activeElement.compareDocumentPosition(stop) & Node.DOCUMENT_POSITION_PRECEDING);
    return at(target) - (document.activeElement === document.body ? -1 : before.length - 1);
}"""
IS_SEEN = """element => {
    const box = element.getBoundingClientRect();
    const outline = getComputedStyle(element);
    const isInView = box.bottom > 0 && box.top < innerHeight && box.width > 0;
    return isInView && outline.outlineStyle === "solid" && parseFloat(outline.outlineWidth) >= 2;
}"""


class Pointer:
    """Clicks, and types where it clicked."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, target: Locator) -> None:
        target.click()

    def type(self, box: Locator, text: str) -> None:
        box.fill(text)

    def tick(self, box: Locator) -> None:
        box.check()

    def choose(self, box: Locator, value: str) -> None:
        box.select_option(value)

    def fill(self, form: Locator, kind: Kind, values: Mapping[str, Any]) -> None:
        """Enter the values of an item into its form."""
        for field in kind.fields:
            if field.name in values:
                self._enter(form, field, values[field.name])

    def _enter(self, form: Locator, field: FieldType[Any], value: Any) -> None:
        box = form.locator(f'[name="f-{field.name}"]')
        if isinstance(field, Date):
            self._enter_date(form, field, value)
        elif isinstance(field, Choices):
            for code in value:
                self.tick(form.locator(f'[name="f-{field.name}"][value="{code}"]'))
        elif isinstance(field, Choice):
            self.choose(box, value)
        elif isinstance(field, Flag):
            self.tick(box)
        else:
            self.type(box, value if isinstance(value, str) else "\n".join(value))

    def _enter_date(self, form: Locator, field: FieldType[Any], value: str) -> None:
        year, month, day = [*(str(int(part)) for part in value.split("-")), "", ""][:3]
        part = f'[name="f-{field.name}_%s"]'
        if day:
            self.type(form.locator(part % "day"), day)
        if month:
            self.choose(form.locator(part % "month"), month)
        self.type(form.locator(part % "year"), year)


class Keyboard(Pointer):
    """Reaches everything with the Tab key, and sees where it is."""

    def press(self, target: Locator) -> None:
        self._reach(target)
        self.page.keyboard.press("Enter")

    def type(self, box: Locator, text: str) -> None:
        self._reach(box)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def tick(self, box: Locator) -> None:
        self._reach(box)
        self.page.keyboard.press("Space")
        expect(box).to_be_checked()

    def choose(self, box: Locator, value: str) -> None:
        self._reach(box)
        self.page.keyboard.press("Home")
        values = box.locator("option").evaluate_all("options => options.map(option => option.value)")
        for _ in range(values.index(value)):
            self.page.keyboard.press("ArrowDown")
        expect(box).to_have_value(value)

    def _reach(self, target: Locator) -> None:
        expect(target).to_be_visible()
        stops = target.evaluate(STOPS)
        for _ in range(abs(stops)):
            self.page.keyboard.press("Tab" if stops > 0 else "Shift+Tab")
        expect(target).to_be_focused()
        assert target.evaluate(IS_SEEN), f"No one sees that {target} has the focus."

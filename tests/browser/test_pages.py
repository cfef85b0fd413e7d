"""The plugin's own pages, in every state that the sample people give: usable by everybody, at any width."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

PAGES = {
    "visitor of a rich portfolio": ("", "/u/ada"),
    "owner of a rich portfolio": ("ada", "/u/ada"),
    "two hundred courses": ("maya", "/u/maya"),
    "right to left": ("layla", "/u/layla"),
    "a very long name": ("theodora", "/u/theodora"),
    "nothing yet": ("chidi", "/u/chidi"),
    "a minor": ("finn", "/u/finn"),
    "course staff": ("sam", "/u/finn"),
    "editing": ("ada", "/learner-profile/edit/"),
    "editing from nothing": ("chidi", "/learner-profile/edit/"),
    "editing right to left": ("layla", "/learner-profile/edit/"),
    "publishing": ("chidi", "/learner-profile/publish/"),
}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def assert_accessible(page: Page) -> None:
    results = Axe().run(page, context=".lp", options=RULES)
    assert results.violations_count == 0, results.generate_report()


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("state", PAGES)
def test_a_page_is_accessible_and_fits(visit: Visit, state: str, width: int) -> None:
    user, path = PAGES[state]
    page = visit(path, user=user, width=width)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_form_with_errors_is_accessible_and_says_where_they_are(visit: Visit) -> None:
    page = visit("/learner-profile/edit/", user="chidi", width=390)
    work = page.get_by_role("group", name="Position 1")
    work.get_by_label("Title").fill("Cook")
    page.get_by_role("group", name="Link 1").get_by_label("Address").fill("javascript:alert(1)")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_role("alert")).to_contain_text("Not saved yet")
    expect(work.get_by_label("Title")).to_have_value("Cook")
    expect(work.get_by_label("Employer")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#id_work-0-employer_error")).to_be_visible()
    expect(page.get_by_text("Enter a web address, for example https://example.org/me.")).to_be_visible()
    assert_accessible(page)


def test_without_scripts_a_portfolio_is_read_and_a_profile_is_edited(visit: Visit) -> None:
    assert "Data analyst for cities and coasts" in visit("/u/ada", scripts=False).content()
    page = visit("/learner-profile/edit/", user="finn", scripts=False)
    page.get_by_role("textbox", name="Headline").fill("Potter")
    page.get_by_role("button", name="Add another position").click()
    expect(page.get_by_role("group", name="Position 2")).to_be_visible()
    expect(page.get_by_role("textbox", name="Headline")).to_have_value("Potter")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_text("Your profile is saved.")).to_be_visible()
    expect(page.get_by_text("Potter")).to_be_visible()


def test_the_keyboard_reaches_everything_and_enter_saves(visit: Visit) -> None:
    page = visit("/learner-profile/edit/", user="finn")
    headline = page.get_by_role("textbox", name="Headline")
    headline.fill("Potter and glazer")
    headline.press("Enter")
    expect(page.get_by_text("Your profile is saved.")).to_be_visible()
    page.goto("/u/ada")
    summary = page.locator("summary").last
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".lp details").first).to_have_attribute("open", "")
    outline = summary.evaluate("element => getComputedStyle(element).outlineStyle")
    assert outline == "solid"


def test_the_printed_page_leaves_the_owners_buttons_out(visit: Visit) -> None:
    page = visit("/u/ada", user="ada")
    page.emulate_media(media="print")
    expect(page.get_by_role("link", name="Edit profile")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()

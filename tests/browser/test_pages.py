"""The plugin's own pages, in every state that there is: usable by everybody, at any width, on paper too."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from learner_profile_plugin.access import Section
from learner_profile_plugin.profile_fields.kinds import KINDS
from tests.browser.conftest import RunInDemo, Visit
from tests.browser.pilots import Pointer
from tests.browser.samples import SAMPLES, SECOND

pytestmark = pytest.mark.browser

WIDTHS = (1280, 390, 320)
PAGES = {
    "visitor of a rich portfolio": ("", "/u/ada"),
    "owner of a rich portfolio, with a hidden item": ("ada", "/u/ada"),
    "two hundred courses": ("", "/u/maya"),
    "owner of two hundred courses": ("maya", "/u/maya"),
    "right to left": ("", "/u/layla"),
    "owner, right to left": ("layla", "/u/layla"),
    "a very long name": ("theodora", "/u/theodora"),
    "nothing yet": ("chidi", "/u/chidi"),
    "a minor": ("finn", "/u/finn"),
    "course staff": ("sam", "/u/finn"),
    "learning time": ("ada", "/learner-profile/learning-time/"),
    "learning time, nothing yet": ("chidi", "/learner-profile/learning-time/"),
    "site administrator": ("root", "/u/ada"),
    "nothing for a visitor": ("", "/u/chidi"),
    "nothing for somebody signed in": ("ada", "/u/chidi"),
    "view as everyone": ("ada", "/u/ada?view_as=everyone"),
    "view as somebody who sees nothing": ("chidi", "/u/chidi?view_as=signed_in"),
    "publishing": ("chidi", "/learner-profile/publish/"),
    "publishing as a minor": ("finn", "/learner-profile/publish/"),
    "privacy": ("ada", "/learner-profile/privacy/"),
    "privacy, right to left": ("layla", "/learner-profile/privacy/"),
    "no secret link": ("ada", "/learner-profile/links/"),
    "no secret links for a minor": ("finn", "/learner-profile/links/"),
    "deleting": ("ada", "/learner-profile/delete/"),
    "who can see a section": ("ada", "/learner-profile/sections/courses/audience/"),
}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


def assert_accessible(page: Page, state: str = "", layouts: Sequence[int] = (1280, 390)) -> None:
    """Look at both layouts; and the page fits where it is narrowest, or enlarged to the double."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{state} at {width} px"
    for width in layouts:
        page.set_viewport_size({"width": width, "height": 900})
        results = Axe().run(page, context=".lp", options=RULES)
        assert results.violations_count == 0, f"{state} at {width} px:\n{results.generate_report()}"


@pytest.mark.parametrize("state", PAGES)
def test_a_page_is_accessible_and_fits(visit: Visit, state: str) -> None:
    user, path = PAGES[state]
    page = visit(path, user=user, language="ar" if "right to left" in state else "")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert_accessible(page)


@pytest.mark.parametrize("language", ["", "ar"])
def test_the_form_of_every_kind_is_accessible_with_and_without_errors(visit: Visit, guest: str, language: str) -> None:
    page = visit("/dashboard", user=guest, language=language)
    for section, kind in KINDS.items():
        page.goto(f"/learner-profile/sections/{section}/add/")
        if not language:
            assert_accessible(page, section)
        if all(field.name in {"text", "show_email"} for field in kind.fields):
            continue
        for box in page.locator("form[data-lp-draft] [name$=_day]").all():
            box.fill("31")
        for box in page.locator("form[data-lp-draft] [inputmode=url]").all():
            box.fill("javascript:alert(1)")
        page.locator(".lp-actions .lp-button").first.click()
        expect(page.get_by_role("alert")).to_be_visible()
        assert_accessible(page, f"{section} with errors", layouts=[390])


def test_a_form_in_place_says_what_is_wrong_and_where(visit: Visit, guest: str) -> None:
    page = visit(f"/u/{guest}", user=guest, width=390)
    page.get_by_role("link", name="Add a position").last.click()
    form = page.get_by_role("form", name="Add a position")
    form.get_by_label("Title").fill("Cook")
    form.get_by_label("Link").fill("javascript:alert(1)")
    form.get_by_role("group", name="Start").get_by_label("Year").fill("2999")
    form.get_by_role("button", name="Save", exact=True).click()
    expect(form.get_by_role("alert").or_(page.get_by_role("alert"))).to_contain_text("Not saved yet")
    employer = form.get_by_label("Employer")
    expect(employer).to_be_focused()
    expect(employer).to_have_accessible_description("This field is required.")
    expect(form.get_by_label("Title")).to_have_value("Cook")
    expect(form.get_by_text("Enter the year as four digits.")).to_be_visible()
    expect(form.get_by_text("Enter a web address, for example https://example.org/me.")).to_be_visible()
    assert_accessible(page)


def test_what_the_owner_meets_while_editing_is_accessible(visit: Visit, guest: str) -> None:
    page = visit(f"/u/{guest}", user=guest)
    pilot = Pointer(page)
    for section in (Section.PROJECTS, Section.SKILLS, Section.CONTACT, Section.HEADER):
        form = open_form(page, section)
        pilot.fill(form, KINDS[section], SAMPLES[section])
        if section is Section.PROJECTS:
            form.locator("[name=picture]").set_input_files({"name": "x.gif", "mimeType": "image/gif", "buffer": GIF})
        form.get_by_role("button", name="Save", exact=True).click()
        expect(form).to_have_count(0)
    assert_accessible(page, "saved")

    form = open_form(page, Section.SKILLS)
    pilot.fill(form, KINDS[Section.SKILLS], SECOND[Section.SKILLS])
    with page.expect_response("**/drafts/"):
        form.locator("[name=f-name]").fill("Half a skill")
    page.reload()
    open_form(page, Section.SKILLS)
    expect(page.get_by_text("This is what you typed on")).to_be_visible()
    page.locator("#lp-box-projects .lp-edit[href*='/items/']").click()
    expect(page.get_by_role("form", name="Projects")).to_be_visible()
    page.locator("#lp-box-contact .lp-audience a").click()
    expect(page.get_by_role("form", name="Who can see it: Contact")).to_be_visible()
    page.locator("#lp-box-skills summary").click()
    assert_accessible(page, "forms, a draft and a menu")

    page.get_by_role("button", name="Hide it from others").click()
    expect(page.locator("#lp-box-skills .lp-hidden-note")).to_be_visible()
    page.locator("#lp-box-contact summary").click()
    page.locator("#lp-box-contact").get_by_role("button", name="Remove").click()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    assert_accessible(page, "hidden and removed")

    elsewhere = page.context.new_page()
    elsewhere.goto(f"/u/{guest}")
    for form in [open_form(tab, Section.HEADER) for tab in (page, elsewhere)]:
        form.locator("[name=f-headline]").fill("Changed")
        form.get_by_role("button", name="Save", exact=True).click()
        expect(form.get_by_role("button", name="Save", exact=True)).to_have_count(0)
    expect(elsewhere.get_by_role("button", name="Save and replace")).to_be_visible()
    assert_accessible(elsewhere, "changed elsewhere")


def open_form(page: Page, section: Section) -> Locator:
    address = f"/sections/{section}/add/"
    page.locator(f'#lp-box-{section} a[href$="{address}"]').click()
    form = page.locator(f'form[action$="{address}"]')
    expect(form).to_be_visible()
    return form


def test_secret_links_are_accessible_in_every_state(visit: Visit, guest: str, run_in_demo: RunInDemo) -> None:
    page = visit("/learner-profile/links/", user=guest)
    page.get_by_role("button", name="Make the link").click()
    expect(page.get_by_label("Name")).to_have_attribute("aria-invalid", "true")
    assert_accessible(page, "without a name")
    for name in ("Expired", "Revoked", "Live"):
        page.get_by_role("textbox", name="Name").fill(name)
        page.get_by_role("button", name="Make the link").click()
        expect(page.get_by_role("heading", name=f"Your new link: {name}")).to_be_visible()
    assert_accessible(page, "a new one")
    address = page.get_by_role("textbox", name="The link").input_value()
    page.get_by_role("button", name=re.compile("^Revoke ?: Revoked")).click()
    expect(page.get_by_text("The link does not work any more.")).to_be_visible()
    run_in_demo(
        "from datetime import timedelta; from django.utils import timezone\n"
        "from learner_profile_plugin.secret_links.models import SecretLink\n"
        "past = timezone.now() - timedelta(days=2)\n"
        "SecretLink.objects.filter(name='Expired').update(created_at=past, expires_at=past + timedelta(days=1))"
    )
    page.reload()
    expect(page.get_by_role("listitem").filter(has_text="Expired")).to_contain_text("Remove from the list")
    assert_accessible(page, "expired and revoked")

    visitor = visit(address)
    expect(visitor.get_by_text("shared this page with whoever has the link")).to_be_visible()
    assert_accessible(visitor, "through the link")
    page.get_by_role("button", name=re.compile("^Revoke ?: Live")).click()
    expect(page.get_by_text("The link does not work any more.")).to_be_visible()
    visitor.reload()
    expect(visitor.get_by_role("heading", name="Nothing to see here")).to_be_visible()
    assert_accessible(visitor, "through a revoked link")


def test_a_section_that_is_required_by_the_administrator_is_asked_for(visit: Visit, guest: str) -> None:
    admin = visit("/admin/learner_profile_plugin/sectionrule/add/", user="root")
    admin.get_by_label("Section:").select_option(label="Education")
    admin.get_by_label("Required").select_option(label="Yes")
    admin.get_by_role("button", name="Save", exact=True).click()
    try:
        expect(admin.get_by_role("row").filter(has_text="Education")).to_contain_text("required")
        page = visit("/learner-profile/publish/", user=guest)
        expect(page.get_by_role("alert")).to_contain_text("asks for these sections before you publish")
        expect(page.get_by_role("button", name="Agree and publish")).to_be_disabled()
        assert_accessible(page)
        page.goto(f"/u/{guest}")
        expect(page.locator(".lp-guide li").first).to_contain_text("asks for it before you publish")
        assert_accessible(page)
    finally:
        admin.get_by_role("link", name="Education", exact=True).click()
        admin.get_by_role("link", name="Delete").click()
        admin.get_by_role("button", name=re.compile("^Yes")).click()
        expect(admin.get_by_text("0 section rules")).to_be_visible()


def test_deleting_asks_first_and_then_nothing_is_left(visit: Visit, guest: str) -> None:
    page = visit(f"/u/{guest}", user=guest)
    form = open_form(page, Section.SKILLS)
    form.locator("[name=f-name]").fill("Letting go")
    form.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Letting go").first).to_be_visible()
    page.goto("/learner-profile/delete/")
    page.get_by_role("button", name="Delete my profile").click()
    expect(page.get_by_text("This field is required.")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Yes, delete my profile.").check()
    page.get_by_role("button", name="Delete my profile").click()
    expect(page.get_by_text("Your profile is deleted.")).to_be_visible()
    expect(page.get_by_text("Letting go")).to_have_count(0)
    assert_accessible(page)


def test_a_visitor_reads_everything_without_scripts_and_by_keyboard(visit: Visit) -> None:
    assert "Data analyst for cities and coasts" in visit("/u/ada", scripts=False).content()
    page = visit("/u/ada")
    assert page.locator("script[src*=learner_profile]").count() == 0
    summary = page.locator(".lp-more summary").last
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".lp-more").first).to_have_attribute("open", "")
    assert summary.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"


def test_the_printed_page_is_what_a_visitor_reads(visit: Visit) -> None:
    page = visit("/u/ada", user="ada")
    expect(page.get_by_text("Public speaking").first).to_be_visible()
    page.emulate_media(media="print")
    for unseen in (".lp-owner", ".lp-controls", ".lp-audience", ".lp-item-hidden"):
        expect(page.locator(unseen).first).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_in_forced_colours_the_controls_are_there(visit: Visit) -> None:
    page = visit("/u/ada", user="ada", forced_colors="active")
    expect(page.locator(".lp-handle").first).to_be_visible()
    for name in ("Edit: Python", "Add a skill"):
        icon = page.get_by_role("link", name=name, exact=True).locator("svg")
        colours = icon.evaluate(
            "icon => [getComputedStyle(icon).fill, getComputedStyle(document.body).backgroundColor]"
        )
        assert colours[0] != colours[1]


GIF = bytes.fromhex("47494638396101000100800000ff0000ffffff2c00000000010001000002024401003b")

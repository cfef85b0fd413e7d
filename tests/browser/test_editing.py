"""Editing in place, as it goes wrong and right: two tabs, drafts, drags, suggestions, failures, hostile texts."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Dialog, Locator, Page, Request, Route, expect

from learner_profile_plugin.access import Section
from tests.browser.conftest import Visit, sign_in_by_name
from tests.portfolio import hostile_texts

pytestmark = [pytest.mark.browser, pytest.mark.once]

STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'"
)
# What no text of a learner may bring onto a page: what runs, loads or leads to something that does.
WHAT_RUNS = """main => [...main.querySelectorAll("*")].flatMap((element) => {
    const names = [...element.attributes].map((attribute) => attribute.name);
    const found = names.filter((name) => /^(on|data-hx|hx-on|style|srcdoc)/.test(name));
    if (element.matches("script, style, iframe, object, embed, base, meta, template, video, audio, svg script")) {
        found.push(element.tagName);
    }
    if (element.matches("a[href]") && !["http:", "https:"].includes(element.protocol)) found.push(element.href);
    return found;
})"""
WATCH_POLICY = """
window.refused = [];
document.addEventListener("securitypolicyviolation", (event) => window.refused.push(event.violatedDirective));
"""


def box(page: Page, section: Section) -> Locator:
    return page.locator(f"#lp-box-{section}")


def open_new(page: Page, section: Section) -> Locator:
    """Open the form for a new item; return it."""
    box(page, section).locator(f'a[href$="/sections/{section}/add/"]').click()
    form = page.locator(f'form[action$="/sections/{section}/add/"]')
    expect(form).to_be_visible()
    return form


def save(form: Locator) -> None:
    form.get_by_role("button", name="Save", exact=True).click()
    expect(form).to_have_count(0)


def add(page: Page, section: Section, **values: str) -> None:
    form = open_new(page, section)
    for name, value in values.items():
        form.locator(f'[name="f-{name}"]').fill(value)
    save(form)


def titles(page: Page, section: Section) -> list[str]:
    return box(page, section).locator("[data-lp-item] :is(h3, span) > bdi").all_inner_texts()


def test_a_tab_that_is_behind_says_so_and_overwrites_only_when_told(visit: Visit, guest: str) -> None:
    page = visit(f"/u/{guest}", user=guest)
    add(page, Section.SKILLS, name="Sawing")
    behind = page.context.new_page()
    behind.goto(f"/u/{guest}")
    forms = []
    for tab, name in ((page, "Sawing wood"), (behind, "Sawing metal")):
        tab.get_by_role("link", name="Edit: Sawing", exact=True).click()
        forms.append(box(tab, Section.SKILLS).locator("form[data-lp-draft]"))
        forms[-1].get_by_role("textbox", name="Skill").fill(name)
    save(forms[0])

    forms[1].get_by_role("button", name="Save", exact=True).click()
    expect(behind.get_by_role("alert")).to_contain_text("This was changed elsewhere in the meantime")
    expect(behind.get_by_role("alert")).to_be_focused()
    expect(forms[1].get_by_role("textbox", name="Skill")).to_have_value("Sawing metal")
    page.reload()
    assert titles(page, Section.SKILLS) == ["Sawing wood"]

    forms[1].get_by_role("button", name="Save and replace").click()
    expect(behind.get_by_role("link", name="Edit: Sawing metal", exact=True)).to_be_focused()
    page.reload()
    assert titles(page, Section.SKILLS) == ["Sawing metal"]


def test_what_is_typed_survives_a_reload_and_leaving_at_once(visit: Visit, guest: str) -> None:
    page = visit(f"/u/{guest}", user=guest)
    form = open_new(page, Section.ABOUT)
    with page.expect_response("**/drafts/"):
        form.get_by_role("textbox", name="About you").fill("Half a thought")
    page.reload()
    form = open_new(page, Section.ABOUT)
    expect(form.get_by_role("textbox", name="About you")).to_have_value("Half a thought")
    expect(page.get_by_text("This is what you typed on")).to_be_visible()

    form.get_by_role("textbox", name="About you").fill("A whole thought")
    page.goto("/dashboard")
    # The browser sends it after the page is left, and tells nobody when.
    for _ in range(20):
        page.goto("/learner-profile/sections/about/add/")
        if page.get_by_role("textbox", name="About you").input_value() == "A whole thought":
            break
    expect(page.get_by_role("textbox", name="About you")).to_have_value("A whole thought")
    save(page.locator("form[data-lp-draft]"))
    expect(box(page, Section.ABOUT)).to_contain_text("A whole thought")
    page.get_by_role("link", name="Edit: About", exact=True).click()
    expect(page.get_by_role("textbox", name="About you")).to_be_focused()
    expect(page.get_by_text("This is what you typed on")).to_have_count(0)


def test_cancel_throws_the_draft_away_and_goes_back_to_where_it_was(visit: Visit, guest: str) -> None:
    page = visit(f"/u/{guest}", user=guest)
    form = open_new(page, Section.ABOUT)
    with page.expect_response("**/drafts/"):
        form.get_by_role("textbox", name="About you").fill("Not a good idea")
    form.get_by_role("button", name="Cancel").click()
    expect(form).to_have_count(0)
    expect(box(page, Section.ABOUT).get_by_role("link", name="Write about yourself")).to_be_focused()
    expect(open_new(page, Section.ABOUT).get_by_role("textbox", name="About you")).to_have_value("")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_form_outlives_the_session(visit: Visit, guest: str, scripts: bool) -> None:
    page = visit(f"/u/{guest}", user=guest, scripts=scripts)
    form = open_new(page, Section.SKILLS)
    page.context.clear_cookies(name="sessionid")
    form.get_by_role("textbox", name="Skill").fill("Patience")
    form.get_by_role("button", name="Save", exact=True).click()
    expect(page).to_have_url(re.compile(r"/login\?"))
    sign_in_by_name(page, guest)
    expect(page).to_have_url(re.compile(r"/learner-profile/sections/skills/add/$"))
    expect(page.get_by_role("textbox", name="Skill")).to_have_value("Patience")
    save(page.locator("form[data-lp-draft]"))
    assert titles(page, Section.SKILLS) == ["Patience"]


def test_items_are_put_in_order_by_dragging_and_by_date_again(visit: Visit, guest: str) -> None:
    page = visit(f"/u/{guest}", user=guest)
    for title, year in (("Oldest", "2001"), ("Middle", "2002"), ("Newest", "2003")):
        form = open_new(page, Section.HONOURS)
        form.get_by_label("Title").fill(title)
        form.get_by_label("Year").fill(year)
        save(form)
    assert titles(page, Section.HONOURS) == ["Newest", "Middle", "Oldest"]

    drag(page, "Oldest", onto="Newest")
    by_date = box(page, Section.HONOURS).get_by_role("button", name="Put in order by date again")
    expect(by_date).to_be_visible()
    assert titles(page, Section.HONOURS) == ["Oldest", "Newest", "Middle"]
    page.reload()
    assert titles(page, Section.HONOURS) == ["Oldest", "Newest", "Middle"]
    by_date.click()
    expect(by_date).to_have_count(0)
    assert titles(page, Section.HONOURS) == ["Newest", "Middle", "Oldest"]


def drag(page: Page, title: str, *, onto: str) -> None:
    """Drag an item onto the first one, as somebody does who looks where it is before they let go."""
    item, first = (page.locator("[data-lp-item]", has_text=text) for text in (title, onto))
    start, end = (place.locator(".lp-handle").bounding_box() for place in (item, first))
    assert start
    assert end
    x = start["x"] + start["width"] / 2
    page.mouse.move(x, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(x, end["y"], steps=10)
    for step in range(100):
        page.mouse.move(x + step % 2, end["y"])
        if item.evaluate("item => item === item.parentElement.querySelector(':scope > [data-lp-item]')"):
            break
    page.mouse.up()


def test_suggestions_are_offered_and_never_forced(visit: Visit, guest: str) -> None:
    page = visit(f"/u/{guest}", user=guest)
    form = open_new(page, Section.SKILLS)
    skill = form.locator("[name=f-name]")
    with page.expect_response("**/suggestions/skill/?q=pyth"):
        skill.press_sequentially("pyth")
    expect(form.locator("datalist option[value=Python]")).to_have_count(1)
    assert skill.evaluate("box => box.list.id") == form.locator("datalist").get_attribute("id")
    skill.fill("Python charming")
    save(form)
    assert titles(page, Section.SKILLS) == ["Python charming"]

    form = open_new(page, Section.WORK_PREFERENCES)
    roles = form.get_by_label("What roles are you looking for?")
    roles.fill("Baker\nnurse")
    form.get_by_role("button", name="Veterinary nurse", exact=True).click()
    expect(roles).to_have_value("Baker\nVeterinary nurse\n")
    expect(roles).to_be_focused()
    save(form)
    expect(box(page, Section.WORK_PREFERENCES)).to_contain_text("Baker and Veterinary nurse")


def test_a_failure_is_told_and_loses_nothing(visit: Visit, guest: str) -> None:
    page = visit(f"/u/{guest}", user=guest)
    form = open_new(page, Section.SKILLS)
    form.get_by_role("textbox", name="Skill").fill("Persistence")
    address = "**/sections/skills/add/"
    answers = [lambda route: route.abort(), lambda route: route.fulfill(status=503, body="Busy")]
    for answer in answers:
        page.route(address, answer)
        form.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator("#lp-status")).to_contain_text("That did not work. Nothing is lost")
        expect(page.locator("#lp-live")).to_contain_text("That did not work.")
        page.unroute(address)
        page.locator("#lp-status").evaluate("status => status.replaceChildren()")
    save(form)
    assert titles(page, Section.SKILLS) == ["Persistence"]


def test_other_open_forms_keep_what_is_typed_when_one_is_saved(visit: Visit, guest: str) -> None:
    page = visit(f"/u/{guest}", user=guest)
    form = open_new(page, Section.HEADER)
    headline = form.get_by_label("Headline")
    headline.fill("Still writing")
    add(page, Section.SKILLS, name="Multitasking")
    expect(headline).to_have_value("Still writing")
    expect(box(page, Section.SKILLS).get_by_role("link", name="Add a skill")).to_be_focused()

    # Opening it once more leads to it, and does not begin anew.
    page.locator(".lp-guide").get_by_role("link", name="Add a headline").click()
    expect(headline).to_be_focused()
    expect(headline).to_have_value("Still writing")

    # An answer that comes late leaves whoever types elsewhere alone.
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/hide/", hold)
    box(page, Section.SKILLS).locator("summary").click()
    with page.expect_request("**/hide/"):
        box(page, Section.SKILLS).get_by_role("button", name="Hide it from others").click()
    headline.focus()
    held[0].continue_()
    expect(box(page, Section.SKILLS).locator(".lp-hidden-note")).to_be_visible()
    expect(headline).to_be_focused()
    save(form)
    expect(box(page, Section.HEADER)).to_contain_text("Still writing")


def test_saving_twice_by_a_double_click_adds_one_item(visit: Visit, guest: str) -> None:
    page = visit(f"/u/{guest}", user=guest)
    form = open_new(page, Section.SKILLS)
    form.get_by_role("textbox", name="Skill").fill("Haste")
    form.get_by_role("button", name="Save", exact=True).dblclick()
    expect(form).to_have_count(0)
    page.reload()
    assert titles(page, Section.SKILLS) == ["Haste"]


def test_what_was_done_is_told_and_goes_by_itself_but_undo_stays(visit: Visit, guest: str) -> None:
    page = visit(f"/u/{guest}", user=guest)
    page.clock.install()
    add(page, Section.SKILLS, name="Silence")
    expect(page.locator("#lp-status")).to_contain_text("Saved.")
    page.clock.fast_forward(60)
    expect(page.locator("#lp-live")).to_have_text("Saved.")
    page.clock.fast_forward(20_000)
    expect(page.locator("#lp-status")).to_be_empty()

    box(page, Section.SKILLS).locator("summary").click()
    box(page, Section.SKILLS).get_by_role("button", name="Remove").click()
    expect(page.get_by_role("button", name="Undo")).to_be_focused()
    page.clock.fast_forward(60)
    expect(page.locator("#lp-live")).to_have_text("Removed. Undo")
    page.clock.fast_forward(600_000)
    expect(page.get_by_role("button", name="Undo")).to_be_visible()


def test_a_menu_is_walked_with_the_arrow_keys_and_closed_with_escape(visit: Visit, guest: str) -> None:
    page = visit(f"/u/{guest}", user=guest)
    for name in ("First", "Second"):
        add(page, Section.SKILLS, name=name)
    summary = box(page, Section.SKILLS).locator("summary").first
    summary.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="Move down")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("button", name="Remove")).to_be_focused()
    page.keyboard.press("Escape")
    expect(summary).to_be_focused()
    expect(box(page, Section.SKILLS).locator("details[open]")).to_have_count(0)

    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#lp-live")).to_have_text("Now 2 of 2.")
    assert titles(page, Section.SKILLS) == ["Second", "First"]
    expect(page.locator("details[open] summary")).to_be_focused()


def test_a_site_with_a_strict_content_policy_refuses_nothing(visit: Visit, guest: str) -> None:
    page = visit("/dashboard", user=guest)
    page.add_init_script(WATCH_POLICY)

    def with_policy(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, headers={**answer.headers, "content-security-policy": STRICT})

    page.route(f"**/u/{guest}", with_policy)
    page.goto(f"/u/{guest}")
    for name in ("Upper", "Lower"):
        add(page, Section.SKILLS, name=name)
    before = titles(page, Section.SKILLS)
    drag(page, before[1], onto=before[0])
    expect(page.get_by_role("link", name=f"Edit: {before[1]}", exact=True)).to_be_focused()
    expect(box(page, Section.SKILLS).locator("[data-lp-item] bdi").first).to_have_text(before[1])
    box(page, Section.SKILLS).locator("summary").first.click()
    box(page, Section.SKILLS).get_by_role("button", name="Remove").first.click()
    page.get_by_role("button", name="Undo").click()
    expect(box(page, Section.SKILLS).locator("[data-lp-item]")).to_have_count(2)
    assert page.evaluate("window.refused") == []


def test_hostile_texts_are_inert_on_every_page_that_shows_them(visit: Visit, guest: str, demo: str) -> None:
    page = visit(f"/u/{guest}", user=guest)
    wrong: list[str] = []
    watch(page, demo, wrong)
    for section, text in zip(places(), [*hostile_texts.HTML, *hostile_texts.MARKDOWN], strict=False):
        values = {"title": text, "organisation": text, "role": text, "issuer": text, "cause": text, "description": text}
        send(page, section, values)
    for address in hostile_texts.ADDRESSES:
        send(page, Section.LINKS, {"url": address, "label": address})
    send(page, Section.ABOUT, {"text": "\n\n".join(hostile_texts.MARKDOWN)[:5000]})

    page.goto(f"/u/{guest}")
    shown = page.locator("[data-lp-item]").count()
    assert shown > len(hostile_texts.HTML) + len(hostile_texts.MARKDOWN)
    look_for_what_runs(page)
    # By their addresses: a form takes the place of its link, and the links after it move up.
    links = page.locator(".lp-controls a.lp-edit[href*='/items/']")
    addresses = links.evaluate_all("links => links.map((link) => link.getAttribute('href'))")
    chosen = addresses[:: shown // 12]
    for address in chosen:
        page.locator(f".lp-controls a.lp-edit[href='{address}']").evaluate("link => link.click()")
    expect(page.locator(".lp-editor")).to_have_count(len(chosen))
    look_for_what_runs(page)

    page.goto("/learner-profile/publish/")
    page.get_by_role("button", name="Agree and publish").click()
    visitor = visit("/login")
    watch(visitor, demo, wrong)
    visitor.goto(f"/u/{guest}")
    assert visitor.locator("[data-lp-item]").count() == shown
    look_for_what_runs(visitor)
    assert wrong == []


def places() -> Iterator[Section]:
    for section in (Section.HONOURS, Section.VOLUNTEERING, Section.MEMBERSHIPS):
        yield from [section] * 50


def send(page: Page, section: Section, values: dict[str, str]) -> None:
    """Send the form of a new item as it stands on its page."""
    address = f"/learner-profile/sections/{section}/add/"
    token = next(cookie["value"] for cookie in page.context.cookies() if cookie["name"] == "csrftoken")
    form: dict[str, str | float | bool] = {"version": "0", "csrfmiddlewaretoken": token}
    form |= {f"f-{name}": value for name, value in values.items()}
    page.request.post(address, form=form, max_redirects=0)


def watch(page: Page, demo: str, wrong: list[str]) -> None:
    """Note every dialog, and every request to somewhere else."""

    def note(request: Request) -> None:
        if not request.url.startswith(demo):
            wrong.append(request.url)

    def refuse(dialog: Dialog) -> None:
        wrong.append(dialog.message)
        dialog.dismiss()

    page.on("request", note)
    page.on("dialog", refuse)
    page.on("pageerror", lambda error: wrong.append(str(error)))


def look_for_what_runs(page: Page) -> None:
    assert page.locator("main").evaluate(WHAT_RUNS) == []

"""The whole main job, as a person does it: learn, be certified, say something, publish, be seen."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, expect

from demo.lms.sample.material import SUBJECTS
from tests.browser.conftest import Visit

pytestmark = pytest.mark.browser

COURSE = "Python for Everyday Work"
ANSWERS = {
    question.text: question.choices[question.right] for subject in SUBJECTS.values() for question in subject.questions
}
UNIT = re.compile(r"^Unit (\d+) of (\d+)$")


def test_from_a_new_learner_to_a_published_portfolio(visit: Visit) -> None:
    page = visit("/u/ben", user="ben")
    expect(page.get_by_role("heading", name="Your portfolio starts here")).to_be_visible()

    enrol(page)
    work_through_a_unit(page)
    first = learning_seconds(page)
    assert first > 0
    while go_on(page):
        work_through_a_unit(page)
    expect(page.get_by_text("You have passed.")).to_be_visible()
    assert learning_seconds(page) > first

    page.goto("/u/ben")
    completed = page.get_by_role("region", name="Courses completed")
    expect(completed).to_contain_text(COURSE)
    expect(completed).to_contain_text("Certificate issued")
    expect(completed.get_by_role("link", name="See the certificate")).to_be_visible()
    exact = page.get_by_role("region", name="How learning time is measured")
    expect(exact).to_contain_text(re.compile(r"\d+ s, from the activity that Harbour Academy recorded in 1 course:"))

    fill_in_profile(page)
    expect(page.get_by_text("Only you can see this page.")).to_be_visible()
    visitor = visit("/u/ben")
    expect(visitor.get_by_text("Ben Castellanos")).to_have_count(0)

    publish(page)
    visitor.goto("/u/ben")
    see_what_a_visitor_sees(visitor)
    colleague = visit("/u/ben", user="chidi")
    expect(colleague.get_by_text("Deckhand")).to_be_visible()

    revoke_certificate(visit("/login", user="root"))
    visitor.reload()
    expect(visitor.get_by_text("Certificate issued")).to_have_count(0)
    expect(visitor.get_by_role("region", name="Courses completed")).to_contain_text("Passed")

    page.get_by_role("button", name="Make private").click()
    expect(page.get_by_text("Only you can see this page.")).to_be_visible()
    visitor.reload()
    expect(visitor.get_by_text("Ben Castellanos")).to_have_count(0)


def enrol(page: Page) -> None:
    find_course(page)
    page.get_by_role("main").get_by_role("button", name="Enrol").click()
    page.get_by_role("link", name="Begin").click()


def find_course(page: Page) -> None:
    page.goto("/courses")
    page.get_by_label("Search courses").fill(COURSE)
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name=COURSE, exact=True).click()


def work_through_a_unit(page: Page) -> None:
    """Do what the unit asks for, until the list of units says that it is done."""
    unit = page.frame_locator("#unit-frame")
    expect(unit.locator("main")).to_be_visible()
    kind = unit.locator("[data-video], [data-problem], [data-completes]").first
    expect(kind).to_be_visible()
    # People look before they act; two acts within one second prove no time.
    page.wait_for_timeout(1200)
    if unit.locator("[data-problem]").count():
        answer(unit)
    elif unit.locator("[data-video]").count():
        watch(page, unit)
    else:
        unit.locator("[data-completes]").click()
    expect(page.locator('.unit-row:has([aria-current="page"]) .badge')).to_be_visible()


def answer(unit: FrameLocator) -> None:
    question = unit.locator("legend").inner_text().strip()
    unit.get_by_label(ANSWERS[question], exact=True).check()
    unit.get_by_role("button", name="Submit").click()


def watch(page: Page, unit: FrameLocator) -> None:
    """Play two seconds, go to just before the end, and let it run out."""
    unit.get_by_role("button", name="Play").click()
    page.wait_for_timeout(2000)
    position = unit.get_by_label("Position")
    position.evaluate(
        """input => {
            input.value = Number(input.max) - 1;
            input.dispatchEvent(new Event("input", { bubbles: true }));
            input.dispatchEvent(new Event("change", { bubbles: true }));
        }"""
    )


def go_on(page: Page) -> bool:
    """Go to the next unit; return whether there is one."""
    found = UNIT.match(page.locator(".learning__head .quiet").inner_text().strip())
    assert found
    if found[1] == found[2]:
        return False
    page.get_by_role("link", name="Next", exact=True).click()
    page.wait_for_url("**/learning/**")
    return True


def learning_seconds(page: Page) -> int:
    portfolio = page.request.get("/api/learner_profile/v1/portfolios/ben/").json()
    return portfolio["learning_time"]["seconds"] if portfolio["learning_time"] else 0


def fill_in_profile(page: Page) -> None:
    """Say something in four places, without leaving the page."""
    form = open_form(page, "Add a headline")
    form.get_by_label("Headline").fill("Sailor who automates the boring parts")
    form.get_by_label("Headline").press("Enter")
    expect(page.locator(".lp-headline")).to_contain_text("Sailor who automates")
    form = open_form(page, "Write about yourself")
    form.get_by_role("textbox", name="About you").fill("I write *small* programs.")
    save(form)
    form = open_form(page, "Add a position")
    form.get_by_label("Title").fill("Deckhand")
    form.get_by_label("Employer").fill("Harbour Ferries")
    form.get_by_role("group", name="Start").get_by_label("Year").fill("2022")
    save(form)
    form = open_form(page, "Add a link")
    form.get_by_label("Address").fill("https://example.org/ben")
    save(form)
    page.get_by_role("region", name="Work experience").get_by_role("link", name="Who can see it").click()
    form = page.get_by_role("form", name="Who can see it: Work experience")
    form.get_by_label("Who can see it").select_option(label="Any signed-in learner")
    save(form)
    expect(page.get_by_role("region", name="Work experience")).to_contain_text("Any signed-in learner")
    assert page.url.endswith("/u/ben")


def open_form(page: Page, name: str) -> Locator:
    page.get_by_role("link", name=name, exact=True).first.click()
    form = page.get_by_role("form", name=name)
    expect(form).to_be_visible()
    return form


def save(form: Locator) -> None:
    form.get_by_role("button", name="Save", exact=True).click()
    expect(form).to_have_count(0)


def publish(page: Page) -> None:
    page.get_by_role("link", name="Publish").click()
    expect(page.get_by_text("Once published, this is who can see what:")).to_be_visible()
    page.get_by_role("button", name="Agree and publish").click()
    expect(page.get_by_text("Your portfolio is published.")).to_be_visible()


def see_what_a_visitor_sees(visitor: Page) -> None:
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Ben Castellanos")
    expect(visitor.get_by_text("Sailor who automates the boring parts")).to_be_visible()
    expect(visitor.get_by_text(COURSE, exact=True)).to_be_visible()
    expect(visitor.get_by_text("Certificate issued")).to_be_visible()
    for unseen in ("Deckhand", "Secret links", "Who can see it", "@harbour-academy.example"):
        assert unseen not in visitor.content()


def revoke_certificate(page: Page) -> None:
    find_course(page)
    course = page.url.removesuffix("/about")
    page.goto(f"{course}/instructor")
    page.get_by_role("button", name="Revoke certificate of ben").click()

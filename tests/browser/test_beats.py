"""The script that beats, in a browser whose clock the test moves; and once for real, in the demo."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page, Request, Route

from tests.browser.conftest import Visit

pytestmark = [pytest.mark.browser, pytest.mark.once]

SCRIPT = Path(__file__).parents[2] / "learner_profile_plugin/static/learner_profile/beats.js"
ADDRESS = "https://lms.example/unit"
PAGE = """<!DOCTYPE html><title>Unit</title><p>Read this.</p>
<div hidden data-lp-beats="/beats" data-ticket="TICKET" data-idle="120"></div>
<video></video><script src="/beats.js"></script>"""
# Whether the page is in view, and whether its video plays, as the test says.
STAGE = """
window.shown = "visible";
Object.defineProperty(document, "visibilityState", { get: () => window.shown });
window.turn = (state) => { window.shown = state; document.dispatchEvent(new Event("visibilitychange")); };
window.play = (playing) => {
  const video = document.querySelector("video");
  Object.defineProperty(video, "paused", { value: !playing, configurable: true });
  Object.defineProperty(video, "ended", { value: false, configurable: true });
};
"""


class Unit:
    """A page with the script, its clock, and what it reported."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.claimed: set[int] = set()
        self.reports: list[dict[str, str]] = []
        self.status = 204
        page.clock.install(time=0)
        page.add_init_script(STAGE)
        page.route("https://lms.example/**", self._answer)
        page.goto(ADDRESS)

    def _answer(self, route: Route, request: Request) -> None:
        if request.url == ADDRESS:
            route.fulfill(body=PAGE, content_type="text/html")
        elif request.url.endswith("/beats.js"):
            route.fulfill(body=SCRIPT.read_text(), content_type="text/javascript")
        elif request.url.endswith("/beats"):
            report = {name: values[0] for name, values in parse_qs(request.post_data or "").items()}
            if not self.status:
                route.abort()
                return
            self.reports.append(report)
            for stretch in report["stretches"].split(",") if self.status == 204 else ():
                start, end = (int(number) // 1000 for number in stretch.split("-"))
                self.claimed |= set(range(start, end))
            route.fulfill(status=self.status)
        else:
            route.abort()

    def pass_time(self, seconds: int, *, touching_every: int = 0) -> None:
        """Let time pass, moving the mouse every so many seconds."""
        step = touching_every or seconds
        for start in range(0, seconds, step):
            if touching_every:
                self.page.dispatch_event("p", "pointermove")
            self.page.clock.run_for(min(step, seconds - start) * 1000)

    def leave(self) -> int:
        """Go out of view, and return how many seconds were claimed in all."""
        self.page.evaluate("window.turn('hidden')")
        self.page.wait_for_timeout(200)
        return len(self.claimed)


@pytest.fixture
def open_unit(chromium: Browser) -> Iterator[Callable[[], Unit]]:
    context = chromium.new_context()
    yield lambda: Unit(context.new_page())
    context.close()


OpenUnit = Callable[[], Unit]


def is_about(seconds: int, wanted: int) -> bool:
    return abs(seconds - wanted) <= 2


def test_reading_counts_to_the_second_and_is_reported_every_minute(open_unit: OpenUnit) -> None:
    unit = open_unit()
    unit.pass_time(300, touching_every=20)
    assert 4 <= len(unit.reports) <= 5
    assert is_about(unit.leave(), 300)
    assert unit.reports[0]["ticket"] == "TICKET"


def test_a_silence_that_is_broken_counts_and_of_a_longer_one_only_its_beginning(open_unit: OpenUnit) -> None:
    unit = open_unit()
    unit.pass_time(100)
    unit.page.dispatch_event("p", "pointermove")
    unit.pass_time(1000)
    unit.page.dispatch_event("p", "pointermove")
    unit.pass_time(10)
    assert is_about(unit.leave(), 100 + 30 + 10)


def test_a_video_that_plays_counts_without_a_touch(open_unit: OpenUnit) -> None:
    unit = open_unit()
    unit.page.evaluate("window.play(true)")
    unit.pass_time(600)
    unit.page.evaluate("window.play(false)")
    unit.pass_time(600)
    assert abs(unit.leave() - 630) <= 6


def test_a_hidden_page_counts_nothing(open_unit: OpenUnit) -> None:
    unit = open_unit()
    unit.pass_time(30, touching_every=10)
    assert is_about(unit.leave(), 30)
    unit.page.evaluate("window.play(true)")
    unit.pass_time(600)
    unit.page.evaluate("window.play(false); window.turn('visible')")
    unit.pass_time(30, touching_every=10)
    assert is_about(unit.leave(), 60)


def test_a_closed_laptop_counts_nothing(open_unit: OpenUnit) -> None:
    unit = open_unit()
    unit.pass_time(60, touching_every=10)
    unit.page.clock.fast_forward(8 * 3600 * 1000)
    unit.page.dispatch_event("p", "pointermove")
    unit.pass_time(60, touching_every=10)
    assert abs(unit.leave() - 120) <= 6
    assert max(unit.claimed) > 8 * 3600


def test_what_could_not_be_sent_is_sent_later_and_nothing_twice(open_unit: OpenUnit) -> None:
    unit = open_unit()
    unit.status = 0
    unit.pass_time(180, touching_every=10)
    assert unit.reports == []
    unit.status = 503
    unit.pass_time(70, touching_every=10)
    assert not unit.claimed
    unit.status = 204
    unit.pass_time(70, touching_every=10)
    assert is_about(unit.leave(), 320)


def test_what_a_closed_page_could_not_send_is_sent_by_the_next(open_unit: OpenUnit) -> None:
    first = open_unit()
    first.status = 0
    first.pass_time(50, touching_every=10)
    first.leave()
    first.page.close()
    second = open_unit()
    second.pass_time(65, touching_every=10)
    second.page.wait_for_timeout(300)
    late, own = second.reports
    start, end = (int(number) for number in late["stretches"].split("-"))
    assert is_about((end - start) // 1000, 50)
    assert is_about(int(own["stretches"].split("-")[1]) // 1000, 60)


def test_a_page_that_is_refused_stops(open_unit: OpenUnit) -> None:
    unit = open_unit()
    unit.status = 403
    unit.pass_time(70, touching_every=10)
    unit.page.wait_for_timeout(200)
    told = len(unit.reports)
    assert told == 1
    unit.pass_time(300, touching_every=10)
    unit.leave()
    assert len(unit.reports) == told


def test_two_tabs_in_the_demo_count_once_and_never_more_than_passed(visit: Visit, guest: str) -> None:
    page = visit("/courses", user=guest)
    page.get_by_role("main").get_by_role("link").first.click()
    page.get_by_role("main").get_by_role("button", name="Enrol").click()
    page.get_by_role("link", name="Begin").click()
    address = page.locator("#unit-frame").get_attribute("src")
    assert address
    tabs = [page, page.context.new_page()]
    start = page.evaluate("Date.now()")
    for tab in tabs:
        tab.goto(address)
        tab.mouse.move(100, 100)
    for step in range(8):
        page.wait_for_timeout(1000)
        for tab in tabs:
            tab.mouse.move(100 + step, 120)
    passed = (page.evaluate("Date.now()") - start) / 1000
    for tab in tabs:
        tab.goto("/dashboard")
    api = f"/api/learner_profile/v1/portfolios/{guest}/"
    seconds = 0
    for _ in range(20):
        page.wait_for_timeout(250)
        seconds = (page.request.get(api).json()["learning_time"] or {}).get("seconds", 0)
        if seconds >= 6:
            break
    assert 6 <= seconds <= passed + 3

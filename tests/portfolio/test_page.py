"""The page, through its address: what stands on it, for whom, and who says so."""

from __future__ import annotations

import re
import shutil
from datetime import timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from demo.lms.actions import certificates, enrolment, grades, roles
from learner_profile_plugin.access import Audience, Section
from learner_profile_plugin.profile_fields import api as profile_fields
from learner_profile_plugin.profile_fields.data import Item
from learner_profile_plugin.secret_links import api as secret_links
from learner_profile_plugin.time_on_task import api as time_on_task
from learner_profile_plugin.time_on_task.data import Activity, Evidence
from tests.conftest import NOW, CourseFactory, PersonFactory
from tests.portfolio import material
from tests.portfolio.conftest import SignIn
from tests.portfolio.conftest import publish as publish_with
from tests.portfolio.pages import Element, Page, get
from tests.portfolio.test_editing import picture

pytestmark = pytest.mark.shown

PORTFOLIO = "/u/ada"
EVERYTHING = dict.fromkeys(Section, Audience.EVERYONE)


@pytest.fixture
def recorded(learner: User, course: CourseFactory) -> User:
    """Let the learner pass a course, with a certificate and 20 minutes and 59 seconds of learning."""
    key = course()
    enrolment.enrol(learner, key, at=NOW)
    grades.record(learner, key, 0.87, at=NOW)
    certificates.issue(learner, key, at=NOW)
    start = int(NOW.timestamp())
    points = frozenset({start, start + 600, start + 900, start + 1259})
    time_on_task.keep([Activity(learner.pk, key, Evidence(points=points))])
    return learner


def publish(user: User) -> None:
    publish_with(user, **EVERYTHING)


def visitor(path: str = PORTFOLIO) -> Page:
    return get(Client(), path)


def boxes(page: Page) -> list[str]:
    return [part.attrs["id"] for part in page.main.all("section") if part.attrs.get("id", "").startswith("lp-box-")]


def marks(part: Element) -> set[str]:
    return {mark.attrs["title"] for mark in part.all("span") if mark.has_class("lp-mark")}


class TestVisitor:
    @pytest.mark.parametrize("section", material.TYPED)
    def test_reads_all_that_is_stated(self, learner: User, section: Section) -> None:
        material.add(learner.pk, section)
        publish(learner)
        said = visitor().main.one(id=f"lp-box-{section.value}").text()
        for text in material.SHOWN[section]:
            assert text in said

    def test_sees_claims_and_evidence_told_apart(self, recorded: User, everything: dict[Section, Item]) -> None:
        publish(recorded)
        page = visitor()
        for text in ("Boats for everyone", "Certificate issued March 4, 2026", "Grade 87%", "20 min of learning"):
            assert text in page.text()
        courses = next(part for part in page.main.all("section") if part.attrs["aria-labelledby"] == "lp-completed")
        for course in courses.all("li"):
            assert marks(course) == {"Recorded by Harbour Academy"}
        time = next(part for part in page.main.all("section") if part.attrs["aria-labelledby"] == "lp-time")
        assert marks(time) == {"Recorded by Harbour Academy"}
        for section in material.TYPED:
            assert "Stated by Ada Lovelace" in marks(page.main.one(id=f"lp-box-{section.value}"))

    @pytest.mark.parametrize("section", [s for s, kind in profile_fields.KINDS.items() if not kind.is_single])
    def test_finds_a_mark_at_every_item_or_at_its_list(self, learner: User, section: Section) -> None:
        title = profile_fields.KINDS[section].title
        for number in range(2):
            value: dict[str, Any] = {title: f"https://{number}.example" if title == "url" else f"Number {number}"}
            material.add(learner.pk, section, **value)
        publish(learner)
        box = visitor().main.one(id=f"lp-box-{section.value}")
        entries = [part for part in box.all("li") if "data-lp-item" in part.attrs]
        assert len(entries) == 2
        assert all(marks(entry) == {"Stated by Ada Lovelace"} for entry in entries) or marks(box)

    def test_sees_no_box_that_is_empty(self, learner: User) -> None:
        publish(learner)
        page = visitor()
        assert "Ada Lovelace" in page.text()
        assert boxes(page) == []
        assert [part for part in page.main.all() if part.has_class("lp-box")] == []
        material.add(learner.pk, Section.SKILLS)
        material.add(learner.pk, Section.LANGUAGES, is_hidden=True)
        assert boxes(visitor()) == ["lp-box-skills"]

    def test_has_nothing_to_press(
        self, recorded: User, everything: dict[Section, Item], person: PersonFactory, sign_in: SignIn
    ) -> None:
        publish(recorded)
        for page in (visitor(), get(sign_in(person("ben")), PORTFOLIO)):
            assert page.main.all("form") == []
            assert page.main.all("button") == []
            assert [
                link.attrs["href"] for link in page.main.all("a") if link.attrs["href"].startswith("/learner-profile/")
            ] == []
            assert "editing.js" not in page.html
            assert "Who can see it" not in page.text()

    def test_reads_links_that_lead_away_without_a_trace(self, learner: User, everything: dict[Section, Item]) -> None:
        publish(learner)
        links = [link for link in visitor().main.all("a") if link.attrs["href"].startswith("http")]
        assert len(links) > 5
        for link in links:
            assert {"nofollow", "noopener", "noreferrer"} <= set(link.attrs["rel"].split())

    def test_sees_the_links_of_the_account_beside_those_that_are_stated(self, learner: User) -> None:
        learner.profile.linkedin_url = "https://www.linkedin.com/in/ada"
        learner.profile.x_url = "https://x.com/ada"
        learner.profile.save()
        material.add(learner.pk, Section.LINKS, url="http://linkedin.com/in/ada/")
        publish(learner)
        box = visitor().main.one(id="lp-box-links")
        assert [link.attrs["href"] for link in box.all("a")] == ["http://linkedin.com/in/ada/", "https://x.com/ada"]

    def test_does_not_see_a_certificate_that_was_revoked(self, recorded: User) -> None:
        publish(recorded)
        certificates.invalidate(recorded.certificates.get(), at=NOW + timedelta(days=1))
        assert "Certificate issued" not in visitor().text()
        assert "Passed March 4, 2026" in visitor().text()

    def test_unfolds_long_lists_of_courses(self, learner: User, course: CourseFactory) -> None:
        for number in range(20):
            key = course(f"Boats{number}")
            enrolment.enrol(learner, key, at=NOW)
            if number % 2:
                grades.record(learner, key, 0.9, at=NOW)
        publish(learner)
        page = visitor()
        assert "Courses completed 10" in page.text().replace("Courses completed10", "Courses completed 10")
        for folded in page.main.all("details"):
            number = int(re.findall(r"\d+", folded.one("summary").text())[0])
            assert len(folded.all("h3")) == number
        assert len([part for part in page.main.all("h3") if "for everyone" in part.text()]) == 20


class TestOwner:
    def test_sees_a_box_to_fill_for_every_section_that_is_on(self, owner: Client, settings: LazySettings) -> None:
        settings.LEARNER_PROFILE_SECTIONS = {"links": {"enabled": False}, "skills": {"locked": True}}
        page = get(owner, PORTFOLIO)
        addresses = {link.attrs["href"] for link in page.main.all("a")}
        for section in material.TYPED:
            add = reverse("learner_profile:add_item", args=[section.value])
            assert (add in addresses) is (section not in {Section.LINKS, Section.SKILLS})

    def test_is_invited_while_there_is_nothing(self, owner: Client, learner: User) -> None:
        assert "Your portfolio starts here" in get(owner, PORTFOLIO).text()
        material.add(learner.pk, Section.SKILLS)
        assert "Your portfolio starts here" not in get(owner, PORTFOLIO).text()

    def test_is_told_who_sees_what_of_what_there_is(self, owner: Client, learner: User) -> None:
        material.add(learner.pk, Section.SKILLS)
        material.add(learner.pk, Section.LANGUAGES, is_hidden=True)
        learner.profile.x_url = "https://x.com/ada"
        learner.profile.save()
        profile_fields.set_audiences(learner.pk, {Section.SKILLS: Audience.CONNECTED})
        said = get(owner, PORTFOLIO).text()
        sentence = (
            "Everyone on the web sees Name, photo and headline and Links; "
            "learners who share a course with you also see Skills."
        )
        assert "Only you can see this page." in said
        assert f"Once you publish it: {sentence}" in said
        publish_with(learner, skills=Audience.CONNECTED)
        said = get(owner, PORTFOLIO).text()
        assert sentence in said
        assert "Only you can see this page." not in said

    def test_sees_hidden_items_marked(self, owner: Client, everything: dict[Section, Item], learner: User) -> None:
        for item in everything.values():
            profile_fields.set_hidden(learner.pk, item.id, is_hidden=True)
        page = get(owner, PORTFOLIO)
        for section in material.TYPED:
            assert "Hidden: only you see it" in page.main.one(id=f"lp-box-{section.value}").text()
        publish(learner)
        assert boxes(visitor()) == []
        assert "Keeps engines" not in visitor().text()

    def test_is_led_to_the_account_for_what_is_changed_there(self, owner: Client, learner: User) -> None:
        learner.profile.x_url = "https://x.com/ada"
        learner.profile.save()
        assert "From your account" in get(owner, PORTFOLIO).text()
        publish(learner)
        assert "From your account" not in visitor().text()


class TestWhoSeesIt:
    def test_nobody_but_the_owner_sees_an_unpublished_portfolio(
        self, owner: Client, learner: User, person: PersonFactory, sign_in: SignIn
    ) -> None:
        assert visitor().status == 404
        assert get(sign_in(person("ben")), PORTFOLIO).status == 404
        assert get(owner, PORTFOLIO).status == 200

    def test_the_page_that_shows_nothing_offers_to_sign_in(self, learner: User, owner: Client) -> None:
        page = visitor()
        (link,) = page.main.all("a")
        assert link.attrs["href"] == "/login?next=%2Fu%2Fada"
        assert get(owner, "/u/nobody").main.all("a") == []

    @pytest.mark.parametrize("year", [None, NOW.year - 9])
    def test_a_minor_is_not_seen_by_the_web(self, person: PersonFactory, sign_in: SignIn, year: int | None) -> None:
        kim = person("kim", year_of_birth=year)
        publish_with(kim)
        assert visitor("/u/kim").status == 404
        assert get(sign_in(person("ben")), "/u/kim").status == 404
        assert "It stays with the staff of your courses" in get(sign_in(kim), "/u/kim").text()

    def test_it_is_kept_from_search_engines_and_shared_caches(self, learner: User) -> None:
        publish(learner)
        for page in (visitor(), visitor("/u/nobody")):
            assert page.headers["X-Robots-Tag"] == "noindex"
            assert {"no-store", "private"} <= set(page.headers["Cache-Control"].replace(" ", "").split(","))
            (robots,) = page.root.all("meta", name="robots")
            assert robots.attrs["content"] == "noindex"

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
    def test_it_only_shows(self, owner: Client, method: str) -> None:
        assert getattr(owner, method)(PORTFOLIO).status_code == 405


AUDIENCES = {
    "everyone": Audience.EVERYONE,
    "signed_in": Audience.SIGNED_IN,
    "connected": Audience.CONNECTED,
    "course_staff": Audience.COURSE_STAFF,
}


class TestViewAs:
    @pytest.fixture
    def people(
        self, recorded: User, person: PersonFactory, course: CourseFactory, sign_in: SignIn
    ) -> dict[str, Client]:
        """One of each audience."""
        key = course("Ropes")
        enrolment.enrol(recorded, key, at=NOW)
        classmate, staff = person("classmate"), person("staff")
        enrolment.enrol(classmate, key, at=NOW)
        roles.grant(staff, key)
        return {
            "everyone": Client(),
            "signed_in": sign_in(person("stranger")),
            "connected": sign_in(classmate),
            "course_staff": sign_in(staff),
        }

    @pytest.fixture
    def each_to_others(self, recorded: User, everything: dict[Section, Item]) -> None:
        material.add(recorded.pk, Section.PROJECTS, title="Hidden one", is_hidden=True)
        audiences = dict(zip(material.TYPED, list(AUDIENCES.values()) * 5, strict=False))
        profile_fields.set_audiences(recorded.pk, audiences | {Section.HEADER: Audience.EVERYONE})
        profile_fields.set_audiences(recorded.pk, {Section.COURSES: Audience.CONNECTED})

    def body(self, page: Page) -> str:
        """Return what is inside of the page as it came, byte for byte, without the bar."""
        main = page.html[page.html.index("<main") : page.html.index("</main>")]
        start, end = main.find('<aside class="lp-owner"'), main.find("</aside>")
        return re.sub(r"\s*\n\s*", "\n", main[:start] + main[end + len("</aside>") :] if start > 0 else main)

    @pytest.mark.parametrize("audience", AUDIENCES)
    @pytest.mark.usefixtures("each_to_others")
    def test_the_owner_sees_to_the_byte_what_the_audience_sees(
        self, owner: Client, recorded: User, people: dict[str, Client], audience: str
    ) -> None:
        profile_fields.publish(recorded.pk, text="", audiences={})
        theirs = get(people[audience], PORTFOLIO)
        mine = get(owner, f"{PORTFOLIO}?view_as={audience}")
        assert self.body(mine) == self.body(theirs)
        assert "This is what they see: " in mine.text()
        assert "Hidden one" not in mine.text()

    @pytest.mark.usefixtures("each_to_others")
    def test_no_two_audiences_see_the_same(self, owner: Client, recorded: User) -> None:
        profile_fields.publish(recorded.pk, text="", audiences={})
        bodies = {self.body(get(owner, f"{PORTFOLIO}?view_as={name}")) for name in AUDIENCES}
        assert len(bodies) == len(AUDIENCES)

    @pytest.mark.parametrize("audience", AUDIENCES)
    @pytest.mark.usefixtures("each_to_others")
    def test_before_publishing_they_see_nothing_and_the_owner_can_look_ahead(
        self, owner: Client, recorded: User, people: dict[str, Client], audience: str
    ) -> None:
        theirs = get(people[audience], PORTFOLIO)
        mine = get(owner, f"{PORTFOLIO}?view_as={audience}")
        assert (mine.status, theirs.status) == (404, 404)
        assert self.body(mine) == self.body(theirs)
        ahead = get(owner, f"{PORTFOLIO}?view_as={audience}&published=1")
        profile_fields.publish(recorded.pk, text="", audiences={})
        assert self.body(ahead) == self.body(get(people[audience], PORTFOLIO))

    def test_as_only_you_the_owner_sees_all_without_the_tools(
        self, owner: Client, everything: dict[Section, Item]
    ) -> None:
        page = get(owner, f"{PORTFOLIO}?view_as=only_me")
        assert len(boxes(page)) == len(material.TYPED) - 1
        assert [form for form in page.main.all("form") if form.attrs.get("method") == "post"] == []

    def test_others_cannot_look_as_somebody_else(
        self, recorded: User, people: dict[str, Client], each_to_others: None
    ) -> None:
        profile_fields.publish(recorded.pk, text="", audiences={})
        for client in people.values():
            plain = get(client, PORTFOLIO)
            for name in ("only_me", "course_staff", "everyone"):
                assert self.body(get(client, f"{PORTFOLIO}?view_as={name}&published=1")) == self.body(plain)

    def test_a_site_administrator_can(
        self, recorded: User, person: PersonFactory, sign_in: SignIn, each_to_others: None
    ) -> None:
        root = sign_in(person("root", is_superuser=True))
        profile_fields.publish(recorded.pk, text="", audiences={})
        assert self.body(get(root, f"{PORTFOLIO}?view_as=everyone")) == self.body(visitor())

    @pytest.mark.parametrize("value", ["", "nobody", "EVERYONE", "4", "\x00", "<x-probe>"])
    def test_an_audience_that_there_is_not_is_the_own_view(self, owner: Client, value: str) -> None:
        page = get(owner, f"{PORTFOLIO}?view_as={value}")
        assert page.status == 200
        assert "Your portfolio" in page.main.all("aside")[0].attrs["aria-label"]


class TestSharedPage:
    def test_shows_what_the_link_names_and_pictures_by_its_own_addresses(
        self, learner: User, everything: dict[Section, Item]
    ) -> None:
        profile_fields.add_picture(learner.pk, everything[Section.PROJECTS].id, picture(), description="A loom")
        _link, token = secret_links.create_link(learner.pk, name="x", sections={Section.PROJECTS})
        page = visitor(f"/learner-profile/shared/{token}/")
        assert boxes(page) == ["lp-box-projects"]
        image = page.main.one(id="lp-box-projects").one("img")
        assert token in image.attrs["src"]
        answer = Client().get(image.attrs["src"])
        assert b"".join(answer.streaming_content)  # type: ignore[attr-defined]
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert Client().get(image.attrs["src"].replace(f"shared/{token}/", "")).status_code == 404

    @pytest.mark.parametrize("token", ["x", "0" * 32 + "-" + "a" * 43, "%00", "ä"])
    def test_a_link_that_there_is_not_shows_nothing(self, learner: User, token: str) -> None:
        page = visitor(f"/learner-profile/shared/{token}/")
        assert page.status == 404
        assert "Nothing to see here" in page.text()
        assert page.headers["Referrer-Policy"] == "no-referrer"

    def test_a_picture_whose_file_is_gone_is_not_found(
        self, owner: Client, learner: User, everything: dict[Section, Item], settings: LazySettings
    ) -> None:
        added = profile_fields.add_picture(learner.pk, everything[Section.PROJECTS].id, picture())
        address = reverse("learner_profile:picture", args=[added.id])
        assert b"".join(owner.get(address).streaming_content)  # type: ignore[attr-defined]
        shutil.rmtree(settings.MEDIA_ROOT)
        assert owner.get(address).status_code == 404

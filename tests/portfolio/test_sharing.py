"""A learner shows their portfolio to others, or to some by a link, sees who sees what, and takes it all back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.conf import LazySettings, settings
from django.contrib.auth.models import User
from django.db import DatabaseError
from django.db.models.signals import post_delete
from django.test import Client
from django.urls import reverse

from demo.lms import compat
from demo.lms.actions import certificates, enrolment, grades, roles
from learner_profile_plugin import models
from learner_profile_plugin.access import Audience, Section
from learner_profile_plugin.compat.data import AccountStanding, ProfileLinks
from learner_profile_plugin.learning_record import api as learning_record
from learner_profile_plugin.profile_fields import api as profile_fields
from learner_profile_plugin.profile_fields.data import Item
from learner_profile_plugin.secret_links import api as secret_links
from tests.conftest import NOW, CourseFactory, PersonFactory
from tests.portfolio import material
from tests.portfolio.conftest import SignIn
from tests.portfolio.pages import Page, get, press, send
from tests.portfolio.test_editing import picture

PORTFOLIO = "/u/ada"
PUBLISH, UNPUBLISH, PRIVACY, LINKS, DELETE = (
    f"/learner-profile/{name}/" for name in ("publish", "unpublish", "privacy", "links", "delete")
)


def agree(client: Client, page: Page) -> Page:
    return send(client, page.form(PUBLISH))


def is_published(user: User) -> bool:
    return profile_fields.get_profile(user.pk).published_at is not None


def age(user: User, year_of_birth: int | None) -> None:
    user.profile.year_of_birth = year_of_birth
    user.profile.save()


class TestPublishing:
    def test_the_page_shows_who_will_see_what(
        self, owner: Client, learner: User, everything: dict[Section, Item]
    ) -> None:
        profile_fields.set_audiences(learner.pk, {Section.SKILLS: Audience.CONNECTED, Section.ABOUT: Audience.ONLY_ME})
        material.add(learner.pk, Section.PROJECTS, title="Second")
        material.add(learner.pk, Section.LANGUAGES, name="Italian", is_hidden=True)
        profile_fields.remove_item(learner.pk, everything[Section.HONOURS].id)

        shown = get(owner, PUBLISH).main.one("dl")
        lines = {group.one("dt").text(): [dd.text() for dd in group.all("dd")] for group in shown.all("div")}
        assert {name.partition(" Preview")[0] for name in lines} == {
            "Everyone on the web",
            "Any signed-in learner",
            "Learners who share a course with you",
            "Only you",
        }
        assert next(found for name, found in lines.items() if name.startswith("Only you")) == ["About"]
        everyone = next(found for name, found in lines.items() if name.startswith("Everyone"))
        assert "Projects (2)" in everyone
        assert "Languages" in everyone
        assert "Honors and awards (empty, so not shown)" in everyone
        assert "Courses" in everyone

    def test_each_audience_can_be_looked_at_first(
        self, owner: Client, learner: User, everything: dict[Section, Item]
    ) -> None:
        profile_fields.set_audiences(learner.pk, {Section.SKILLS: Audience.SIGNED_IN})
        links = [a.attrs["href"] for a in get(owner, PUBLISH).main.all("a") if "view_as" in a.attrs["href"]]
        seen = {href: "Analysis" in get(owner, href).text() for href in links}
        assert sorted(seen.values()) == [False, True]
        assert not is_published(learner)

    def test_agreeing_publishes_and_keeps_the_text_that_was_shown(
        self, owner: Client, learner: User, everything: dict[Section, Item], clock: time_machine.Traveller
    ) -> None:
        profile_fields.set_audiences(learner.pk, {Section.SKILLS: Audience.CONNECTED})
        page = get(owner, PUBLISH)
        (shown,) = [part.text() for part in page.main.all("p") if part.has_class("lp-consent")]
        page = agree(owner, page)

        assert page.path == PORTFOLIO
        assert page.messages() == "Your portfolio is published."
        (consent,) = profile_fields.get_consents(learner.pk)
        assert (consent.text, consent.given_at, consent.withdrawn_at) == (shown, NOW, None)
        assert "Harbour Academy" in shown
        assert "everyone on the web sees Name, photo and headline" in shown.replace("Everyone", "everyone")
        assert "learners who share a course with you also see Skills" in shown
        assert "Babbage" in get(Client(), PORTFOLIO).text()

    def test_what_the_rules_say_is_what_the_text_said(self, owner: Client, learner: User) -> None:
        profile_fields.set_audiences(learner.pk, {Section.SKILLS: Audience.CONNECTED})
        agree(owner, get(owner, PUBLISH))
        audiences = models.Consent.objects.get().audiences
        assert audiences["skills"] == "connected"
        assert audiences["contact"] == "signed_in"
        assert audiences["header"] == "everyone"
        assert set(audiences) == set(Section)

    def test_a_text_that_changed_meanwhile_is_shown_before_it_counts(self, owner: Client, learner: User) -> None:
        old = get(owner, PUBLISH)
        profile_fields.set_audiences(learner.pk, {Section.ABOUT: Audience.ONLY_ME})
        page = agree(owner, old)
        assert "who can see what has changed since this page was shown to you" in page.alert()
        assert "only you see About" in page.text()
        assert not is_published(learner)
        assert profile_fields.get_consents(learner.pk) == []
        assert agree(owner, page).messages() == "Your portfolio is published."
        assert "only you see About" in profile_fields.get_consents(learner.pk)[0].text

    @pytest.mark.parametrize("sent", [{}, {"text": ""}, {"text": "I agree to anything"}])
    def test_nobody_agrees_to_what_they_were_not_shown(
        self, owner: Client, learner: User, sent: dict[str, str]
    ) -> None:
        assert "Not published yet" in owner.post(PUBLISH, sent).content.decode()
        assert not is_published(learner)

    def test_agreeing_twice_is_agreeing_once(self, owner: Client, learner: User) -> None:
        page = get(owner, PUBLISH)
        agree(owner, page)
        first = profile_fields.get_profile(learner.pk)
        agree(owner, page)
        assert profile_fields.get_profile(learner.pk) == first
        assert len(profile_fields.get_consents(learner.pk)) == 1

    def test_what_the_site_requires_comes_first(self, owner: Client, learner: User, settings: LazySettings) -> None:
        settings.LEARNER_PROFILE_SECTIONS = {"about": {"required": True}, "skills": {"required": True}}
        material.add(learner.pk, Section.SKILLS)
        page = get(owner, PUBLISH)
        assert "Harbour Academy asks for these sections before you publish: About" in page.alert()
        (link,) = page.main.one(role="alert").all("a")
        assert "disabled" in page.form(PUBLISH).buttons()["Agree and publish"].attrs
        assert agree(owner, page).path == PUBLISH
        assert not is_published(learner)

        send(owner, get(owner, link.attrs["href"]).form(link.attrs["href"]), {"f-text": "Here"})
        page = get(owner, PUBLISH)
        assert page.alert() == ""
        agree(owner, page)
        assert is_published(learner)

    @pytest.mark.parametrize("year", [None, NOW.year - 9])
    def test_minors_and_people_of_unknown_age_go_no_further_than_their_course_staff(
        self,
        owner: Client,
        learner: User,
        clock: time_machine.Traveller,
        year: int | None,
        course: CourseFactory,
        person: PersonFactory,
        sign_in: SignIn,
    ) -> None:
        age(learner, year)
        key = course()
        enrolment.enrol(learner, key)
        teacher = person("teacher")
        roles.grant(teacher, key)
        page = get(owner, PUBLISH)
        assert "your portfolio goes no further than the staff of your courses" in page.text()
        assert "Everyone on the web" not in page.text()
        agree(owner, page)
        assert "staff of your courses see Name" in profile_fields.get_consents(learner.pk)[0].text.replace(
            "Staff", "staff"
        )
        assert get(Client(), PORTFOLIO).status == 404
        assert get(sign_in(teacher), PORTFOLIO).status == 200
        assert "It stays with the staff of your courses" in get(owner, PORTFOLIO).text()

    def test_grown_up_they_are_asked_anew(self, owner: Client, learner: User, clock: time_machine.Traveller) -> None:
        age(learner, NOW.year - 13)
        agree(owner, get(owner, PUBLISH))
        clock.move_to(NOW + timedelta(days=400))
        owner.force_login(learner)
        page = get(owner, PORTFOLIO)
        assert "You published it when you were younger" in page.text()
        assert "Because of your age" not in get(owner, PUBLISH).text()
        assert get(Client(), PORTFOLIO).status == 404
        agree(owner, get(owner, PUBLISH))
        assert get(Client(), PORTFOLIO).status == 200
        old, new = reversed(profile_fields.get_consents(learner.pk))
        assert old.withdrawn_at == new.given_at
        assert "everyone on the web" in new.text.lower()
        assert "everyone on the web" not in old.text.lower()

    def test_it_can_be_taken_back(self, owner: Client, learner: User, clock: time_machine.Traveller) -> None:
        agree(owner, get(owner, PUBLISH))
        clock.shift(timedelta(days=1))
        page = press(owner, get(owner, PORTFOLIO), UNPUBLISH)
        assert page.messages() == "Your portfolio is private again. Only you can see it."
        assert get(Client(), PORTFOLIO).status == 404
        (consent,) = profile_fields.get_consents(learner.pk)
        assert consent.withdrawn_at == NOW + timedelta(days=1)

    def test_what_was_never_published_can_be_taken_back_as_well(self, owner: Client, learner: User) -> None:
        assert owner.post(UNPUBLISH).status_code == 302
        assert profile_fields.get_profile(learner.pk).version == 0


class TestPrivacyPage:
    def change(self, owner: Client, changes: Mapping[str, Audience], page: Page | None = None) -> Page:
        sent = {f"audience-{name}": str(audience.value) for name, audience in changes.items()}
        return send(owner, (page or get(owner, PRIVACY)).form(PRIVACY), sent)

    def test_one_sentence_says_who_sees_what(self, owner: Client, learner: User) -> None:
        audiences = dict.fromkeys(Section, Audience.ONLY_ME)
        audiences |= {Section.HEADER: Audience.EVERYONE, Section.SKILLS: Audience.EVERYONE}
        audiences |= {Section.ABOUT: Audience.SIGNED_IN, Section.LINKS: Audience.CONNECTED}
        audiences |= {Section.PROJECTS: Audience.COURSE_STAFF}
        profile_fields.set_audiences(learner.pk, audiences)
        said = get(owner, PRIVACY).text()
        assert "Nobody but you sees anything until you publish." in said
        sentence = (
            "Everyone on the web sees Name, photo and headline and Skills; any signed-in learner also sees About; "
            "learners who share a course with you also see Links; staff of your courses also see Projects; "
            "only you see Contact, Work preferences, Learning time"
        )
        assert f"Once you publish it: {sentence}" in said
        profile_fields.publish(learner.pk, text="", audiences={})
        said = get(owner, PRIVACY).text()
        assert sentence in said
        assert "Once you publish it" not in said

    @pytest.mark.parametrize("section", Section)
    def test_the_audience_of_every_section_can_be_changed(self, owner: Client, learner: User, section: Section) -> None:
        page = self.change(owner, {section.value: Audience.COURSE_STAFF})
        assert page.messages() == "Saved."
        assert page.form(PRIVACY).data()[f"audience-{section.value}"] == ["1"]
        assert profile_fields.get_profile(learner.pk).audiences == {section: Audience.COURSE_STAFF}

    def test_what_is_left_alone_stays_with_the_site_s_default(
        self, owner: Client, learner: User, settings: LazySettings
    ) -> None:
        self.change(owner, {"skills": Audience.ONLY_ME})
        self.change(owner, {})
        settings.LEARNER_PROFILE_SECTIONS = {"about": {"default_audience": "only_me"}}
        assert get(owner, PRIVACY).form(PRIVACY).data()["audience-about"] == ["0"]

    def test_a_second_tab_does_not_undo_what_the_first_said(self, owner: Client, learner: User) -> None:
        first, second = get(owner, PRIVACY), get(owner, PRIVACY)
        self.change(owner, {"about": Audience.ONLY_ME}, first)
        self.change(owner, {"skills": Audience.CONNECTED}, second)
        assert profile_fields.get_profile(learner.pk).audiences == {
            Section.ABOUT: Audience.ONLY_ME,
            Section.SKILLS: Audience.CONNECTED,
        }

    def test_a_choice_that_there_is_not_is_refused_and_nothing_is_saved(self, owner: Client, learner: User) -> None:
        page = send(owner, get(owner, PRIVACY).form(PRIVACY), {"audience-about": "0", "audience-skills": "9"})
        assert "9 is not one of the available choices" in page.errors()["audience-skills"]
        assert page.form(PRIVACY).data()["audience-about"] == ["0"]
        assert profile_fields.get_profile(learner.pk).audiences == {}

    def test_what_the_site_locked_is_shown_and_stays(
        self, owner: Client, learner: User, settings: LazySettings
    ) -> None:
        settings.LEARNER_PROFILE_SECTIONS = {
            "skills": {"locked": True, "default_audience": "course_staff"},
            "links": {"enabled": False},
        }
        page = get(owner, PRIVACY)
        assert "Set by Harbour Academy SkillsStaff of your courses" in page.text()
        boxes = {name for name in page.form(PRIVACY).data() if name.startswith("audience-")}
        assert boxes == {f"audience-{s.value}" for s in Section if s not in {Section.SKILLS, Section.LINKS}}
        send(owner, page.form(PRIVACY), {"audience-skills": "4", "audience-links": "4"})
        assert profile_fields.get_profile(learner.pk).audiences == {}

    def test_account_facts_come_from_the_platform_and_are_changed_there(
        self, owner: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        links = ProfileLinks("https://account.example", "https://p.example", "https://l.example", "https://v.example")
        monkeypatch.setattr(compat, "get_profile_links", lambda username: links)
        monkeypatch.setattr(compat, "get_account_standing", lambda user_id: AccountStanding())
        page = get(owner, PRIVACY)
        for text in ("Full nameAda Lovelace", "E-mailada@example.org", "Linked accountsNone"):
            assert text in page.text()
        hrefs = {a.attrs["href"]: a.text() for a in page.main.all("a") if a.attrs["href"].startswith("https:")}
        assert set(hrefs) == {
            "https://account.example",
            "https://p.example",
            "https://l.example",
            "https://v.example",
        }
        standing = AccountStanding(name_verified=True, linked_accounts=("Google", "Azure"))
        monkeypatch.setattr(compat, "get_account_standing", lambda user_id: standing)
        page = get(owner, PRIVACY)
        assert "verified by Harbour Academy" in page.text()
        assert "Linked accountsGoogle, Azure" in page.text()
        assert "https://v.example" not in page.html

    def test_what_was_agreed_to_can_be_read_again(
        self, owner: Client, learner: User, clock: time_machine.Traveller
    ) -> None:
        assert "What you agreed to" not in get(owner, PRIVACY).text()
        profile_fields.publish(learner.pk, text="The first <b>text</b>", audiences={})
        profile_fields.unpublish(learner.pk)
        profile_fields.publish(learner.pk, text="The second text", audiences={})
        said = get(owner, PRIVACY).text()
        assert said.index("The second text") < said.index("taken back") < said.index("The first <b>text</b>")

    @pytest.mark.parametrize("year", [None, NOW.year - 9])
    def test_a_minor_is_told_what_holds(
        self, owner: Client, learner: User, clock: time_machine.Traveller, year: int | None
    ) -> None:
        age(learner, year)
        assert "Staff of your courses see Name" in get(owner, PRIVACY).text()
        profile_fields.publish(learner.pk, text="", audiences={}, as_minor=True)
        assert "It stays with the staff of your courses" in get(owner, PRIVACY).text()


class TestSecretLinks:
    def make(self, owner: Client, **changes: Any) -> Page:
        entered: dict[str, Any] = {"name": "Lighthouse", "sections": ["about"], "expires": "7"} | changes
        sent = {f"link-{name}": value for name, value in entered.items()}
        return send(owner, get(owner, LINKS).form(LINKS, with_button="Make the link"), sent)

    def address(self, page: Page) -> str:
        return page.main.one("input", id="lp-link-address").attrs["value"]

    def test_a_link_is_made_and_shown_once(
        self, owner: Client, learner: User, everything: dict[Section, Item], clock: time_machine.Traveller
    ) -> None:
        page = self.make(owner)
        address = self.address(page)
        assert "Your new link: Lighthouse" in page.text()
        assert address not in get(owner, LINKS).html
        (link,) = secret_links.get_links(learner.pk)
        assert link.sections == {Section.HEADER, Section.ABOUT}
        assert link.expires_at == NOW + timedelta(days=7)

        seen = get(Client(), address)
        assert "I like engines." in seen.text()
        assert "Ada Lovelace shared this page" in seen.text()
        assert "Babbage" not in seen.text()
        assert seen.headers["Referrer-Policy"] == "no-referrer"
        assert seen.headers["X-Robots-Tag"] == "noindex"

    @pytest.mark.parametrize(
        ("days", "said"), [("7", "Works until March 11, 2026"), ("0", "Works until you revoke it")]
    )
    def test_the_list_says_how_long_it_works_and_what_it_shows(
        self, owner: Client, clock: time_machine.Traveller, days: str, said: str
    ) -> None:
        page = self.make(owner, expires=days, sections=["about", "skills"])
        (line,) = page.main.one("section", aria_labelledby="lp-links").all("li")
        assert said in line.text()
        assert "Name, photo and headline, About, Skills" in line.text()
        assert "Opened 0 times" in line.text()

    def test_uses_are_counted_but_not_the_owner_s(
        self,
        owner: Client,
        everything: dict[Section, Item],
        clock: time_machine.Traveller,
        person: PersonFactory,
        sign_in: SignIn,
    ) -> None:
        address = self.address(self.make(owner))
        for client in (Client(), sign_in(person("ben")), owner):
            assert get(client, address).status == 200
        assert "Opened 2 times, last March 4, 2026, noon" in get(owner, LINKS).text()

    def test_an_expired_link_leads_nowhere_and_says_so_in_the_list(
        self, owner: Client, learner: User, everything: dict[Section, Item], clock: time_machine.Traveller
    ) -> None:
        address = self.address(self.make(owner))
        clock.shift(timedelta(days=7))
        assert get(Client(), address).status == 404
        page = get(owner, LINKS)
        assert "Expired March 11, 2026" in page.text()
        (link,) = secret_links.get_links(learner.pk)
        page = press(owner, page, reverse("learner_profile:act_on_link", args=[link.id, "delete"]))
        assert "Lighthouse" not in page.main.text()
        assert secret_links.get_links(learner.pk) == []

    def test_a_link_is_revoked_at_once(
        self, owner: Client, learner: User, everything: dict[Section, Item], clock: time_machine.Traveller
    ) -> None:
        page = self.make(owner)
        address = self.address(page)
        (link,) = secret_links.get_links(learner.pk)
        page = press(owner, get(owner, LINKS), reverse("learner_profile:act_on_link", args=[link.id, "revoke"]))
        assert page.messages() == "The link does not work any more."
        assert "Revoked March 4, 2026" in page.text()
        assert get(Client(), address).status == 404

    @pytest.mark.parametrize(
        ("changes", "box", "message"),
        [
            ({"name": ""}, "link-name", "This field is required."),
            ({"name": " \u200b "}, "link-name", "Give the link a name."),
            ({"name": "x" * 101}, "link-name", "at most 100 characters"),
            ({"name": "a\x00b"}, "link-name", "Null characters are not allowed."),
            ({"sections": None}, "link-sections", "This field is required."),
            ({"sections": ["nothing"]}, "link-sections", "nothing is not one of the available choices"),
            ({"sections": ["header"]}, "link-sections", "header is not one of the available choices"),
            ({"expires": "8"}, "link-expires", "8 is not one of the available choices"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(
        self, owner: Client, learner: User, changes: dict[str, Any], box: str, message: str
    ) -> None:
        page = self.make(owner, **changes)
        assert message in page.errors()[box]
        if "name" not in changes:
            assert page.form(LINKS, with_button="Make the link").data()["link-name"] == ["Lighthouse"]
        assert secret_links.get_links(learner.pk) == []

    def test_no_more_are_made_than_there_may_be(self, owner: Client, learner: User) -> None:
        for number in range(secret_links.MAX_LIVE_LINKS):
            secret_links.create_link(learner.pk, name=str(number), sections={Section.ABOUT})
        page = self.make(owner)
        assert "There is room for 20 links that work: revoke one first." in page.text()
        assert len(secret_links.get_links(learner.pk)) == secret_links.MAX_LIVE_LINKS

    def test_only_what_a_link_can_show_is_offered_and_ticked_only_what_everyone_may_see(
        self, owner: Client, learner: User, settings: LazySettings
    ) -> None:
        settings.LEARNER_PROFILE_SECTIONS = {
            "skills": {"locked": True, "default_audience": "signed_in"},
            "links": {"enabled": False},
            "about": {"locked": True},
        }
        profile_fields.set_audiences(learner.pk, {Section.PROJECTS: Audience.ONLY_ME})
        form = get(owner, LINKS).form(LINKS, with_button="Make the link")
        offered = {box.attrs["value"] for box in form.element.all("input", type="checkbox")}
        assert {"header", "skills", "links"}.isdisjoint(offered)
        assert {"about", "projects", "contact", "courses"} <= offered
        assert set(form.data()["link-sections"]) == offered - {"projects", "contact"}

    @pytest.mark.parametrize("year", [None, NOW.year - 9])
    def test_minors_have_none(
        self, owner: Client, learner: User, clock: time_machine.Traveller, year: int | None
    ) -> None:
        link, token = secret_links.create_link(learner.pk, name="Old", sections={Section.ABOUT})
        age(learner, year)
        page = get(owner, LINKS)
        assert "secret links do not work for your portfolio" in page.text()
        assert "Make a new link" not in page.text()
        owner.post(LINKS, {"link-name": "x", "link-sections": ["about"], "link-expires": "7"})
        assert [found.id for found in secret_links.get_links(learner.pk)] == [link.id]
        assert get(Client(), f"/learner-profile/shared/{token}/").status == 404
        press(owner, page, reverse("learner_profile:act_on_link", args=[link.id, "revoke"]))
        assert secret_links.get_links(learner.pk)[0].revoked_at

    def test_unknown_links_and_actions_and_those_of_others_are_not_found(
        self, owner: Client, learner: User, person: PersonFactory, sign_in: SignIn
    ) -> None:
        link, _token = secret_links.create_link(learner.pk, name="Mine", sections={Section.ABOUT})
        ben = sign_in(person("ben"))
        for client, link_id, action in (
            (owner, link.id, "edit"),
            (owner, uuid4(), "revoke"),
            (owner, uuid4(), "delete"),
            (ben, link.id, "revoke"),
            (ben, link.id, "delete"),
        ):
            answer = client.post(reverse("learner_profile:act_on_link", args=[link_id, action]))
            assert answer.status_code == 404
        assert secret_links.get_links(learner.pk) == [link]

    def test_the_database_holds_no_address(self, owner: Client, learner: User) -> None:
        token = self.address(self.make(owner)).rstrip("/").rpartition("/")[2]
        row = models.SecretLink.objects.filter(user=learner).values().get()
        assert token.partition("-")[2] not in repr(row)


class TestDeleting:
    @pytest.fixture
    def full(self, owner: Client, learner: User, everything: dict[Section, Item], course: CourseFactory) -> Path:
        """Fill all that there is; return the folder of pictures."""
        key = course()
        enrolment.enrol(learner, key, at=NOW)
        grades.record(learner, key, 0.9, at=NOW)
        certificates.issue(learner, key, at=NOW)
        profile_fields.add_picture(learner.pk, everything[Section.PROJECTS].id, picture())
        profile_fields.save_draft(learner.pk, "skills", {"f-name": ["Draft"]})
        secret_links.create_link(learner.pk, name="Lighthouse", sections={Section.ABOUT})
        profile_fields.set_audiences(learner.pk, {Section.HEADER: Audience.SIGNED_IN})
        profile_fields.publish(learner.pk, text="Yes", audiences={})
        removed = material.add(learner.pk, Section.SKILLS, name="Removed")
        profile_fields.remove_item(learner.pk, removed.id)
        return Path(settings.MEDIA_ROOT)

    def files(self, folder: Path) -> list[str]:
        return [path.name for path in folder.rglob("*") if path.is_file()]

    def test_all_that_was_stated_goes_and_what_was_recorded_stays(
        self, owner: Client, learner: User, full: Path
    ) -> None:
        assert len(self.files(full)) == 1
        page = send(owner, get(owner, DELETE).form(DELETE), {"confirm": "on"})
        assert page.path == PORTFOLIO
        assert page.messages() == "Your profile is deleted."
        assert profile_fields.get_profile(learner.pk) == profile_fields.get_profile(-1)
        for model in (
            models.Profile,
            models.Item,
            models.Picture,
            models.Draft,
            models.Consent,
            models.SectionChoice,
            models.SecretLink,
        ):
            assert model._default_manager.count() == 0, model
        assert self.files(full) == []
        assert len(learning_record.get_learning_records(learner.pk)) == 1
        assert "Boats for everyone" in page.text()
        assert get(Client(), PORTFOLIO).status == 404

    def test_it_needs_the_word(self, owner: Client, learner: User, full: Path) -> None:
        before = profile_fields.get_profile(learner.pk)
        page = send(owner, get(owner, DELETE).form(DELETE))
        assert page.path == DELETE
        assert "This field is required." in page.text()
        assert profile_fields.get_profile(learner.pk) == before
        assert len(secret_links.get_links(learner.pk)) == 1

    def test_nothing_of_it_can_be_had_back(
        self, owner: Client, learner: User, full: Path, everything: dict[Section, Item]
    ) -> None:
        page = send(owner, get(owner, DELETE).form(DELETE), {"confirm": "on"})
        assert "Undo" not in page.text()
        for item in everything.values():
            assert owner.post(reverse("learner_profile:act_on_item", args=[item.id, "restore"])).status_code == 404

    def test_where_it_fails_half_way_all_is_as_it_was_the_files_too(
        self, owner: Client, learner: User, full: Path
    ) -> None:
        before = profile_fields.get_profile(learner.pk)
        form = get(owner, DELETE).form(DELETE)

        def fail(**kwargs: Any) -> None:
            raise DatabaseError

        post_delete.connect(fail, sender=models.Profile)
        try:
            with pytest.raises(DatabaseError):
                send(owner, form, {"confirm": "on"})
        finally:
            post_delete.disconnect(fail, sender=models.Profile)
        assert profile_fields.get_profile(learner.pk) == before
        assert len(secret_links.get_links(learner.pk)) == 1
        assert len(self.files(full)) == 1

    def test_what_waits_in_the_session_goes_too(self, owner: Client, learner: User) -> None:
        add = reverse("learner_profile:add_item", args=["skills"])
        form = get(owner, add).form(add)
        delete_form = get(owner, DELETE).form(DELETE)
        owner.logout()
        send(owner, form, {"f-name": "Typed"})
        owner.post("/login", {"username": "ada", "password": "secret"})
        send(owner, delete_form, {"confirm": "on"})
        assert get(owner, add).form(add).data()["f-name"] == [""]

    def test_others_keep_theirs(self, owner: Client, learner: User, person: PersonFactory, full: Path) -> None:
        ben = person("ben")
        material.add(ben.pk, Section.SKILLS)
        secret_links.create_link(ben.pk, name="Ben's", sections={Section.ABOUT})
        before = profile_fields.get_profile(ben.pk)
        send(owner, get(owner, DELETE).form(DELETE), {"confirm": "on"})
        assert profile_fields.get_profile(ben.pk) == before
        assert len(secret_links.get_links(ben.pk)) == 1

    def test_a_profile_that_says_nothing_can_be_deleted_and_filled_again(self, owner: Client, learner: User) -> None:
        send(owner, get(owner, DELETE).form(DELETE), {"confirm": "on"})
        material.add(learner.pk, Section.SKILLS)
        assert "Analysis" in get(owner, PORTFOLIO).text()


@pytest.mark.parametrize("address", [PUBLISH, PRIVACY, LINKS, DELETE])
def test_without_an_account_there_is_no_page(owner: Client, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setattr(compat, "get_account", lambda user_id: None)
    assert owner.get(address).status_code == 404

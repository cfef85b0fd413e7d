"""Nobody comes in but the learner, and no form is lost to the end of a session."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from learner_profile_plugin.access import Section
from learner_profile_plugin.profile_fields import api as profile_fields
from learner_profile_plugin.profile_fields.data import Item
from tests.conftest import PersonFactory
from tests.portfolio import material
from tests.portfolio.conftest import SignIn
from tests.portfolio.pages import Form, get, send

ADD = reverse("learner_profile:add_item", args=["work_experience"])
DRAFTS = reverse("learner_profile:keep_draft")
OWN = reverse("learner_profile:own_portfolio")
HX = {"HX-Request": "true"}
PAGES = [
    ADD,
    "/learner-profile/publish/",
    "/learner-profile/privacy/",
    "/learner-profile/links/",
    "/learner-profile/delete/",
    "/learner-profile/sections/skills/audience/",
    f"/learner-profile/items/{uuid4()}/",
]
ACTIONS = [
    "/learner-profile/unpublish/",
    DRAFTS,
    "/learner-profile/sections/skills/order/",
    f"/learner-profile/items/{uuid4()}/remove/",
    f"/learner-profile/links/{uuid4()}/revoke/",
]


def login(page: str) -> str:
    return f"/login?next={page}"


def sign_in_as(client: Client, user: User) -> None:
    """Sign in as the sign-in page does, in the session that the browser has."""
    client.post("/login", {"username": user.username, "password": "secret"})


@pytest.fixture
def open_form(owner: Client) -> Form:
    return get(owner, ADD).form(ADD)


class TestWhoComesIn:
    @pytest.mark.parametrize("page", PAGES)
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_others_sign_in_first_and_come_to_the_page(self, learner: User, page: str, method: str) -> None:
        assert getattr(Client(), method)(page)["Location"] == login(page)

    @pytest.mark.parametrize("address", ACTIONS)
    def test_where_there_is_no_page_they_come_to_their_portfolio(self, learner: User, address: str) -> None:
        assert Client().post(address)["Location"] == login(OWN)
        assert Client().post(address, {"form": "skills"})["Location"] == login(OWN)

    @pytest.mark.parametrize("address", ACTIONS)
    def test_what_only_takes_forms_shows_nothing(self, owner: Client, address: str) -> None:
        assert owner.get(address).status_code == 405

    @pytest.mark.parametrize("page", PAGES)
    def test_the_script_leads_the_whole_page_there(self, learner: User, page: str) -> None:
        answer = Client().post(page, headers=HX)
        assert (answer.status_code, answer["HX-Redirect"]) == (200, login(page))

    @pytest.mark.parametrize("page", PAGES[:-1])
    def test_no_cache_keeps_them(self, owner: Client, page: str) -> None:
        for client in (owner, Client()):
            assert {"no-store", "private"} <= set(client.get(page)["Cache-Control"].replace(" ", "").split(","))

    def test_the_own_portfolio_is_one_address_for_all(self, owner: Client) -> None:
        assert owner.get(OWN)["Location"] == "/u/ada"
        assert Client().get(OWN)["Location"] == login(OWN)


class TestSessionThatEnded:
    def test_the_form_is_there_after_signing_in(self, owner: Client, learner: User, open_form: Form) -> None:
        owner.logout()
        typed = material.typed(Section.WORK_EXPERIENCE) | {"is_hidden": "on"}
        assert send(owner, open_form, typed).path == login(ADD)

        sign_in_as(owner, learner)
        page = get(owner, ADD)
        assert "This is what you typed on" in page.text()
        shown = page.form(ADD).data()
        assert {name: shown[name] for name in typed} == {name: [text] for name, text in typed.items()}
        assert send(owner, page.form(ADD)).messages() == "Saved."
        (item,) = profile_fields.get_profile(learner.pk).items[Section.WORK_EXPERIENCE]
        assert (item.values["title"], item.is_hidden) == ("Chief analyst", True)

    def test_so_is_the_form_of_an_item_with_its_version(self, owner: Client, learner: User) -> None:
        item = material.add(learner.pk, Section.SKILLS)
        address = reverse("learner_profile:edit_item", args=[item.id])
        form = get(owner, address).form(address)
        owner.logout()
        send(owner, form, {"f-name": "Typed"})
        profile_fields.change_item(learner.pk, item.id, {"name": "Elsewhere"}, version=1)
        sign_in_as(owner, learner)
        page = send(owner, get(owner, address).form(address))
        assert "This was changed elsewhere in the meantime" in page.alert()
        assert page.form(address).data()["f-name"] == ["Typed"]

    def test_with_the_script_too(self, owner: Client, learner: User, open_form: Form) -> None:
        owner.logout()
        page = send(owner, open_form, {"f-title": "Typed"}, follow=False, **HX)
        assert page.headers["HX-Redirect"] == login(ADD)
        sign_in_as(owner, learner)
        assert get(owner, ADD).form(ADD).data()["f-title"] == ["Typed"]

    def test_what_the_script_sends_while_one_types_is_kept_too(
        self, owner: Client, learner: User, open_form: Form
    ) -> None:
        owner.logout()
        owner.post(DRAFTS, open_form.data() | {"f-title": "Typed"})
        sign_in_as(owner, learner)
        assert get(owner, ADD).form(ADD).data()["f-title"] == ["Typed"]

    def test_it_is_kept_from_whatever_page_comes_first(self, owner: Client, learner: User, open_form: Form) -> None:
        owner.logout()
        send(owner, open_form, {"f-title": "Typed"})
        sign_in_as(owner, learner)
        get(owner, "/learner-profile/privacy/")
        draft = profile_fields.get_draft(learner.pk, "work_experience")
        assert draft
        assert draft.typed["f-title"] == ["Typed"]

    def test_another_who_signs_in_never_sees_it(
        self, owner: Client, learner: User, person: PersonFactory, open_form: Form
    ) -> None:
        ben = person("ben")
        owner.logout()
        send(owner, open_form, {"f-title": "Typed by ada"})
        sign_in_as(owner, ben)
        page = get(owner, ADD)
        assert "Typed by ada" not in page.html
        assert "This is what you typed on" not in page.text()
        assert profile_fields.get_draft(ben.pk, "work_experience") is None

        # Nor is it ada's any more: the browser is ben's now.
        owner.logout()
        sign_in_as(owner, learner)
        assert "Typed by ada" not in get(owner, ADD).html

    def test_what_was_cancelled_is_not_kept(self, owner: Client, learner: User, open_form: Form) -> None:
        owner.logout()
        page = send(owner, open_form, {"f-title": "Typed"}, press="Cancel")
        assert page.path == login(OWN)
        sign_in_as(owner, learner)
        assert get(owner, ADD).form(ADD).data()["f-title"] == [""]

    @pytest.mark.parametrize("typed_by", ["", "x", "nobody:signed:this", None])
    def test_what_nobody_signed_is_not_kept(
        self, owner: Client, learner: User, open_form: Form, typed_by: str | None
    ) -> None:
        owner.logout()
        send(owner, open_form, {"f-title": "Typed", "typed_by": typed_by})
        sign_in_as(owner, learner)
        assert get(owner, ADD).form(ADD).data()["f-title"] == [""]

    def test_nor_is_a_form_that_was_open_for_more_than_a_week(
        self, owner: Client, learner: User, clock: time_machine.Traveller
    ) -> None:
        form = get(owner, ADD).form(ADD)
        owner.logout()
        clock.shift(timedelta(days=7, seconds=1))
        send(owner, form, {"f-title": "Typed"})
        sign_in_as(owner, learner)
        assert get(owner, ADD).form(ADD).data()["f-title"] == [""]

    def test_nor_is_more_than_any_form_can_hold(self, owner: Client, learner: User, open_form: Form) -> None:
        owner.logout()
        send(owner, open_form, {"f-description": "x" * 100_001})
        sign_in_as(owner, learner)
        assert get(owner, ADD).form(ADD).data()["f-description"] == [""]


class TestTokenThatIsOutOfDate:
    """Whoever signed in anew in another tab has a new token; forms that were open have the old one."""

    @pytest.fixture
    def strict(self, learner: User) -> Client:
        client = Client(enforce_csrf_checks=True)
        client.force_login(learner)
        return client

    def out_of_date(self, client: Client, address: str = ADD) -> Form:
        form = get(client, address).form(address)
        client.cookies["csrftoken"] = "x" * 32
        return form

    def test_what_was_typed_becomes_a_draft_and_nothing_is_saved(self, strict: Client, learner: User) -> None:
        form = self.out_of_date(strict)
        page = send(strict, form, material.typed(Section.WORK_EXPERIENCE))
        assert "This is what you typed on" in page.text()
        assert page.form(ADD).data()["f-title"] == ["Chief analyst"]
        assert profile_fields.get_profile(learner.pk).items == {}
        assert send(strict, page.form(ADD)).messages() == "Saved."

    def test_with_the_script_too(self, strict: Client) -> None:
        page = send(strict, self.out_of_date(strict), {"f-title": "Typed"}, follow=False, **HX)
        assert page.headers["HX-Redirect"] == ADD
        assert get(strict, ADD).form(ADD).data()["f-title"] == ["Typed"]

    @pytest.mark.parametrize("typed_by", ["of another", "of nobody"])
    def test_a_form_of_another_site_changes_nothing_and_leaves_no_draft(
        self, strict: Client, learner: User, person: PersonFactory, sign_in: SignIn, typed_by: str
    ) -> None:
        form = self.out_of_date(strict)
        theirs = get(sign_in(person("ben")), ADD).form(ADD).data()["typed_by"]
        sent = {"f-title": "Forged", "typed_by": theirs if typed_by == "of another" else "x"}
        page = send(strict, form, sent)
        assert "Forged" not in page.html
        assert "Forged" not in get(strict, ADD).html
        assert profile_fields.get_profile(learner.pk).items == {}

    @pytest.mark.parametrize("address", [*PAGES, *ACTIONS])
    def test_every_other_form_without_its_token_is_refused(
        self, strict: Client, learner: User, everything: dict[Section, Item], address: str
    ) -> None:
        get(strict, ADD)
        before = profile_fields.get_profile(learner.pk)
        for token in ({}, {"csrfmiddlewaretoken": "x" * 64}):
            answer = strict.post(address, {"confirm": "on", "audience": "0", "text": "x", "form": "skills"} | token)
            assert answer.status_code == 403
        assert profile_fields.get_profile(learner.pk) == before


class TestTooMuch:
    @pytest.mark.parametrize("address", [*PAGES[:-1], DRAFTS])
    @pytest.mark.parametrize("as_file_form", [True, False])
    def test_ten_megabytes_in_a_field_get_a_message(self, owner: Client, address: str, as_file_form: bool) -> None:
        flood = "x" * 10_000_000
        if as_file_form:
            answer = owner.post(address, {"f-description": flood})
        else:
            answer = owner.post(address, f"f-description={flood}", content_type="application/x-www-form-urlencoded")
        assert answer.status_code == 413
        assert "longer than any field can hold" in answer.content.decode()

    def test_so_do_ten_thousand_fields(self, owner: Client) -> None:
        answer = owner.post(ADD, {f"f-{number}": "" for number in range(10_000)})
        assert answer.status_code == 413

    def test_what_the_site_reads_gets_the_message_of_its_field(self, owner: Client) -> None:
        form = get(owner, ADD).form(ADD)
        page = send(owner, form, material.typed(Section.WORK_EXPERIENCE, description="x" * 2_000_000))
        assert page.status == 422
        assert "at most 3000 characters (it has 2000000)" in page.errors()["f-description"]

    @pytest.mark.parametrize("section", material.TYPED)
    def test_a_browser_lets_nobody_type_as_much(self, owner: Client, section: Section) -> None:
        form = get(owner, reverse("learner_profile:add_item", args=[section.value])).form(
            reverse("learner_profile:add_item", args=[section.value])
        )
        boxes = [*form.element.all("textarea"), *form.element.all("input", type="text")]
        assert all(0 < int(box.attrs["maxlength"]) <= 10_000 for box in boxes)

"""What holds for the API as a whole: how one signs in, how often one may come, and what it makes of anything sent."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.core.cache import cache
from django.urls import resolve

from demo.lms import compat as lms
from learner_profile_plugin.access import Section
from learner_profile_plugin.portfolio import rest_api
from learner_profile_plugin.profile_fields import api as profile_fields
from tests.conftest import PersonFactory
from tests.portfolio import material
from tests.portfolio.conftest import publish
from tests.portfolio.programs import API, MERGE_PATCH, Program, token_of, values

pytestmark = pytest.mark.shown

SKILL = {"values": {"name": "Analysis"}}


def skills(user: User) -> int:
    return len(profile_fields.get_profile(user.pk).items.get(Section.SKILLS, ()))


class TestSigningIn:
    OWN = ("profile/", "sections/skills/", "sections/skills/items/", "publication/", "links/", "suggestions/skill/")

    @pytest.mark.parametrize("path", OWN)
    def test_what_is_one_s_own_is_for_the_signed_in(self, learner: User, path: str) -> None:
        answer = Program().get(path)
        assert (answer.status, answer.code) == (401, "not_authenticated")
        assert answer.headers["WWW-Authenticate"] == 'JWT realm="api"'
        assert Program(learner).get(path).status == 200

    def test_by_a_token_of_the_platform(self, learner: User) -> None:
        program = Program(headers={"authorization": f"JWT {token_of(learner)}"})
        assert program.get("profile/").body["username"] == "ada"
        assert program.post("sections/skills/items/", SKILL).status == 201
        assert skills(learner) == 1

    @pytest.mark.parametrize(
        "claims", [{"exp": 1_000_000_000}, {"iss": "https://elsewhere.example"}, {"preferred_username": None}]
    )
    def test_not_by_a_token_that_does_not_hold(self, learner: User, claims: dict[str, Any]) -> None:
        program = Program(headers={"authorization": f"JWT {token_of(learner, **claims)}"})
        answer = program.get("profile/")
        assert (answer.status, answer.code) == (401, "authentication_failed")
        assert isinstance(answer.body["message"], str)

    def test_not_by_anything_else(self, learner: User) -> None:
        for header in ("JWT", "JWT x", "JWT a.b.c", "JWT a b", "JWT é", "Bearer", "Bearer a b", "Basic eDp5", "x"):
            assert Program(headers={"authorization": header}).get("profile/").status == 401, header

    def test_not_by_a_token_of_an_application_with_restricted_rights(self, learner: User) -> None:
        publish(learner)
        program = Program(headers={"authorization": f"JWT {token_of(learner, is_restricted=True)}"})
        for path in ("profile/", "portfolios/ada/"):
            answer = program.get(path)
            assert (answer.status, answer.code) == (403, "permission_denied")

    def test_by_an_oauth_token_that_the_platform_knows(self, learner: User, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(lms, "find_token_owner", lambda token: learner.pk if token == "abc.D-1" else None)
        for header in ("Bearer abc.D-1", "bearer  abc.D-1"):
            program = Program(headers={"authorization": header})
            assert program.get("profile/").body["username"] == "ada"
            assert program.post("sections/skills/items/", SKILL).status == 201
        for header in ("Bearer abc", "Bearer abc.D-1x"):
            answer = Program(headers={"authorization": header}).get("profile/")
            assert (answer.status, answer.code) == (401, "authentication_failed")

    def test_an_account_that_is_not_activated_may_do_what_it_may_on_the_pages(
        self, person: PersonFactory, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        user = person("new", is_active=False)
        monkeypatch.setattr(lms, "find_token_owner", lambda token: user.pk)
        for header in (f"JWT {token_of(user)}", "Bearer x"):
            assert Program(headers={"authorization": header}).get("profile/").status == 200

    def test_a_change_by_the_browser_s_session_needs_the_token_against_forgery(self, learner: User) -> None:
        program = Program(learner, enforce_csrf_checks=True)
        answer = program.post("sections/skills/items/", SKILL)
        assert (answer.status, answer.code, skills(learner)) == (403, "permission_denied", 0)
        for method, path in (("put", "publication/"), ("patch", "sections/skills/"), ("delete", "profile/")):
            assert program.send(method, path, {}, content_type=MERGE_PATCH).code == "permission_denied"
        program.client.get("/learner-profile/privacy/")
        forgery = program.client.cookies["csrftoken"].value
        assert program.post("sections/skills/items/", SKILL, **{"X-CSRFToken": forgery}).status == 201

    def test_a_change_by_a_token_needs_none(self, learner: User) -> None:
        program = Program(enforce_csrf_checks=True, headers={"authorization": f"JWT {token_of(learner)}"})
        assert program.post("sections/skills/items/", SKILL).status == 201


class TestHowOften:
    @pytest.fixture(autouse=True)
    def emptied(self) -> Iterator[None]:
        cache.clear()
        yield
        cache.clear()

    @pytest.fixture
    def limited(self, settings: LazySettings) -> None:
        settings.LEARNER_PROFILE_API_RATES = {"read": "3/minute", "change": "2/minute"}

    def test_so_many_requests_that_read(self, learner: User, limited: None, clock: time_machine.Traveller) -> None:
        program = Program(learner)
        assert [program.get("profile/").status for _ in range(4)] == [200, 200, 200, 429]
        answer = program.get("links/")
        assert (answer.status, answer.code, answer.headers["Retry-After"]) == (429, "throttled", "60")
        clock.shift(61)
        assert program.get("links/").status == 200

    def test_so_many_that_change_something(self, learner: User, limited: None, clock: time_machine.Traveller) -> None:
        program = Program(learner)
        assert [program.post("sections/skills/items/", SKILL).status for _ in range(3)] == [201, 201, 429]
        assert program.get("profile/").status == 200

    def test_each_person_for_themself(
        self, learner: User, person: PersonFactory, limited: None, clock: time_machine.Traveller
    ) -> None:
        first, second = Program(learner), Program(person("ben"))
        assert [first.get("profile/").status for _ in range(4)][-1] == 429
        assert second.get("profile/").status == 200

    def test_and_each_address_where_nobody_is_signed_in(
        self, learner: User, limited: None, clock: time_machine.Traveller
    ) -> None:
        publish(learner)
        assert [Program().get("portfolios/ada/").status for _ in range(4)] == [200, 200, 200, 429]
        assert Program(REMOTE_ADDR="10.1.2.3").get("portfolios/ada/").status == 200

    @pytest.mark.parametrize("rates", [{"change": "many"}, {"change": 3}, {}, None, "3/minute", {"change": "5/year"}])
    def test_a_rate_that_cannot_be_read_does_not_hold(
        self, learner: User, settings: LazySettings, rates: Any, clock: time_machine.Traveller
    ) -> None:
        settings.LEARNER_PROFILE_API_RATES = rates
        program = Program(learner)
        statuses = [program.post("profile/").status for _ in range(61)]
        assert (statuses.count(405), statuses[-1]) == (60, 429)


# None of these is a JSON object that can be kept.
NO_OBJECTS = [
    b"{",
    b"nothing",
    b"\xff\xfe",
    b"[]",
    b'"x"',
    b"null",
    b"3",
    b'{"values": NaN}',
    b'{"values": 1e999}',
    b'{"values": ' + b"9" * 5000 + b"}",
    b'{"values": {"name": "\\ud800"}}',
    b'{"\\udfff": 1}',
    b"[" * 100_000,
    b'{"values":' * 2000 + b"1" + b"}" * 2000,
]


class TestWhatIsSent:
    @pytest.mark.parametrize(
        ("method", "path", "content_type"),
        [
            ("post", "sections/skills/items/", "application/json"),
            ("put", "publication/", "application/json"),
            ("patch", "sections/skills/", MERGE_PATCH),
        ],
    )
    def test_what_is_no_json_object_is_refused(self, learner: User, method: str, path: str, content_type: str) -> None:
        program = Program(learner)
        for body in NO_OBJECTS:
            answer = program.send(method, path, body, content_type=content_type)
            assert (answer.status, answer.code, answer.body["field_errors"]) == (400, "parse_error", {}), body[:40]

    def test_nothing_at_all_is_an_object_without_anything(self, learner: User) -> None:
        program = Program(learner)
        assert program.post("sections/skills/items/", b"").code == "invalid"
        assert program.send("patch", "sections/skills/", b"", content_type=MERGE_PATCH).status == 200

    @pytest.mark.parametrize(
        "body", [b"x" * 500_001, json.dumps({"values": {"name": "x" * 500_000}}).encode(), b" " * 3_000_000]
    )
    def test_what_is_too_long_is_not_even_read(self, learner: User, body: bytes) -> None:
        answer = Program(learner).post("sections/skills/items/", body)
        assert (answer.status, answer.code) == (413, "too_large")

    @pytest.mark.parametrize(("length", "status"), [("9" * 5000, 413), ("x", 400), ("-1", 400), ("", 400), ("²", 400)])
    def test_a_length_that_is_none_does_no_harm(self, learner: User, length: str, status: int) -> None:
        response = Program(learner).client.post(
            f"{API}sections/skills/items/", SKILL, content_type="application/json", CONTENT_LENGTH=length
        )
        assert (response.status_code, skills(learner)) == (status, 0)

    def test_the_longest_item_fits_in_however_it_is_written(self, learner: User) -> None:
        longest = {"text": "\U0001f600" * 5000}
        assert Program(learner).post("sections/about/items/", {"values": longest}).status == 201
        authors = [f"{n}{chr(0x1F600)}" + "\U0001f600" * 190 for n in range(10, 40)]
        item = values(Section.PUBLICATIONS, authors=authors, description="\U0001f600" * 3000)
        assert Program(learner).post("sections/publications/items/", {"values": item}).status == 201

    @pytest.mark.parametrize("charset", ["utf-8", "latin-1", "utf-16", "base64", "rot13", "nonsense", "zip"])
    def test_json_is_utf_8_whatever_it_is_called(self, learner: User, charset: str) -> None:
        body = json.dumps({"values": {"name": "Ärger"}}, ensure_ascii=False).encode()
        answer = Program(learner).send(
            "post", "sections/skills/items/", body, content_type=f"application/json; charset={charset}"
        )
        assert (answer.status, answer.body["values"]["name"]) == (201, "Ärger")

    def test_other_media_types_are_refused(self, learner: User) -> None:
        program = Program(learner)
        for content_type in ("text/plain", "application/x-www-form-urlencoded", "", "x", "a/b; c"):
            answer = program.send("post", "sections/skills/items/", b"name=x", content_type=content_type)
            assert (answer.status, answer.code) == (415, "unsupported_media_type"), content_type

    def test_any_query_is_answered(self, learner: User) -> None:
        program = Program(learner)
        for query in ("q=%00", "q=%ED%A0%80", "q=" + "x" * 10_000, "q[]=1&q="):
            assert program.client.get(f"{API}suggestions/skill/?{query}").status_code == 200, query[:40]

    def test_a_method_that_there_is_not_is_refused(self, learner: User) -> None:
        answer = Program(learner).post("profile/", {})
        assert (answer.status, answer.code, answer.headers["Allow"]) == (
            405,
            "method_not_allowed",
            "GET, DELETE, HEAD, OPTIONS",
        )


class TestAnswers:
    @pytest.mark.parametrize("path", ["", "schema/", "profile/", "portfolios/ada/", "portfolios/none/", "links/"])
    def test_none_is_kept_by_shared_caches_or_search_engines(self, learner: User, path: str) -> None:
        for program in (Program(learner), Program()):
            headers = program.get(path).headers
            assert (headers["Cache-Control"], headers["X-Robots-Tag"]) == ("private, no-store", "noindex")

    def test_the_root_leads_everywhere(self, learner: User) -> None:
        found = Program(learner).get().body
        assert set(found) == {"schema", "profile", "publication", "links", "learning_time", "portfolio"}
        for address in found.values():
            assert Program(learner).client.get(address).status_code == 200
        assert set(Program().get().body) == {"schema"}

    @pytest.mark.parametrize("path", ["", "profile/", "sections/skills/", "links/", "portfolios/none/", "publication/"])
    def test_people_can_look_at_it_with_a_browser(self, learner: User, path: str) -> None:
        material.add(learner.pk, Section.SKILLS, name="<script>alert(1)</script>")
        response = Program(learner).client.get(API + path, headers={"accept": "text/html"})
        html = response.content.decode()
        assert response["Content-Type"] == "text/html; charset=utf-8"
        assert "<script>alert" not in html
        fetched = re.findall(r'<(?:script|link|img|iframe)[^>]*(?:src|href)="([^"]*)"', html)
        assert fetched
        assert [address for address in fetched if not address.startswith("/static/rest_framework/")] == []

    def test_what_cannot_be_had_in_the_form_asked_for_is_told(self, learner: User) -> None:
        response = Program(learner).client.get(f"{API}profile/", headers={"accept": "application/xml"})
        assert (response.status_code, response.json()["code"]) == (406, "not_acceptable")

    def test_errors_are_told_in_the_reader_s_language(self, learner: User) -> None:
        response = Program(learner).client.post(
            f"{API}sections/skills/items/", {}, content_type="application/json", headers={"accept-language": "es"}
        )
        assert response["Content-Language"] == "es"
        assert response.json()["code"] == "invalid"


class TestSuggestions:
    def test_names_that_could_be_meant(self, learner: User) -> None:
        assert "Python" in Program(learner).get("suggestions/skill/", q="pyt").body["names"]
        assert Program(learner).get("suggestions/skill/").body == {"names": []}

    @pytest.mark.parametrize("kind", ["skill", "role", "language"])
    def test_of_what_is_the_same_everywhere_there_are_some(self, learner: User, kind: str) -> None:
        assert Program(learner).get(f"suggestions/{kind}/", q="a").body["names"]

    def test_not_of_others(self, learner: User) -> None:
        assert Program(learner).get("suggestions/name/", q="a").status == 404


def test_every_address_has_a_name_of_its_own() -> None:
    names = [pattern.name or "" for pattern in rest_api.urlpatterns]
    assert len(set(names)) == len(names)
    assert all(name.startswith("api_") for name in names)
    assert resolve(API).url_name == "api_root"

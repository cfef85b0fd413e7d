"""The OpenAPI document: it is valid, it tells what the profile knows, and the API keeps what it says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import hypothesis
import pytest
import schemathesis
from django.contrib.auth.models import User
from django.core.wsgi import get_wsgi_application
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.settings import spectacular_settings
from drf_spectacular.validation import validate_schema
from hypothesis import HealthCheck
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from learner_profile_plugin.access import Section
from learner_profile_plugin.portfolio import rest_api
from learner_profile_plugin.portfolio.rest_api.openapi import document
from learner_profile_plugin.profile_fields import api as profile_fields
from learner_profile_plugin.profile_fields.data import Item
from learner_profile_plugin.secret_links import api as secret_links
from tests.portfolio.programs import Program, token_of

pytestmark = pytest.mark.shown

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


DESCRIBED = tuple(pattern for pattern in rest_api.urlpatterns if pattern.name != "api_schema")


@dataclass(frozen=True)
class World:
    """A learner with something of everything, and by what it is known."""

    headers: dict[str, str]
    known: dict[str, str]


@pytest.fixture
def world(learner: User, everything: dict[Section, Item]) -> World:
    project = everything[Section.PROJECTS]
    picture = Program(learner).upload(project).body["id"]
    link, token = secret_links.create_link(learner.pk, name="For a job", sections=["header", "projects"])
    known = {
        "item_id": str(project.id),
        "picture_id": picture,
        "link_id": str(link.id),
        "token": token,
        "username": "ada",
        "section": "projects",
        "kind": "skill",
    }
    return World({"Authorization": f"JWT {token_of(learner)}"}, known)


def site(environ: Any, start_response: Any) -> list[bytes]:
    """Answer as a server does, which closes what it has sent."""
    response = application(environ, start_response)
    try:
        return [b"".join(response)]
    finally:
        response.close()


application = get_wsgi_application()
schema = schemathesis.openapi.from_dict(document(DESCRIBED))
schema.app = site


@schema.given(is_known=st.booleans(), is_signed_in=st.sampled_from([True, True, True, False]))
@schema.parametrize()
@hypothesis.settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
def test_the_api_keeps_what_its_schema_says(case: Any, world: World, is_known: bool, is_signed_in: bool) -> None:
    if is_known:
        case.headers["If-Match"] = "*"
    case.path_parameters = {
        name: world.known[name] if is_known else value if _leads_here(name, value) else str(uuid4())
        for name, value in (case.path_parameters or {}).items()
    }
    case.call_and_validate(headers=world.headers if is_signed_in else None, checks=CHECKS)


def _leads_here(name: str, value: Any) -> bool:
    """Return whether a part of an address makes one of ours: others are the host's to answer."""
    try:
        return bool(UUID(str(value))) if name.endswith("_id") else "/" not in str(value) and bool(str(value))
    except ValueError:
        return False


class TestDocument:
    def test_it_is_valid_and_nothing_in_it_had_to_be_guessed(self, capsys: pytest.CaptureFixture[str]) -> None:
        GENERATOR_STATS.reset()
        validate_schema(document.__wrapped__(DESCRIBED))
        assert not GENERATOR_STATS, capsys.readouterr().err

    def test_it_is_served_to_everybody_and_is_the_same_in_any_language(self, db: None) -> None:
        first = Program().get("schema/")
        second = Program(headers={"accept-language": "es"}).get("schema/")
        assert first.status == 200
        assert first.body == second.body
        assert first.body["openapi"] == "3.0.3"
        assert "Headline" in str(first.body)

    def test_it_is_ours_whatever_the_host_has_set_for_its_own(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def keep_nothing(endpoints: Any) -> list[Any]:
            return []

        before = document.__wrapped__(DESCRIBED)
        for name, theirs in {"PREPROCESSING_HOOKS": [keep_nothing], "TITLE": "Theirs", "VERSION": "9"}.items():
            monkeypatch.setattr(spectacular_settings, name, theirs)
        assert document.__wrapped__(DESCRIBED) == before

    def test_it_has_every_address_and_every_method(self) -> None:
        made = document(DESCRIBED)
        found = {(path, method.upper()) for path, methods in made["paths"].items() for method in methods}
        expected = set()
        for pattern in DESCRIBED:
            path = re.sub(r"<\w+:(\w+)>", r"{\1}", f"/{pattern.pattern}")
            view: Any = pattern.callback
            expected |= {(path, method) for method in set(view.view_class().allowed_methods) - {"HEAD", "OPTIONS"}}
        assert found == expected

    @pytest.mark.parametrize("section", profile_fields.KINDS)
    def test_it_tells_of_each_section_what_its_kind_does(self, section: Section) -> None:
        schemas = document(DESCRIBED)["components"]["schemas"]
        kind = profile_fields.KINDS[section]
        values = schemas[f"{section.title().replace('_', '')}Values"]
        assert list(values["properties"]) == [field.name for field in kind.fields]
        assert values.get("required", []) == [field.name for field in kind.fields if field.is_required]
        for field in kind.fields:
            told, checked = values["properties"][field.name], field.form_field()
            assert told["title"] == str(field.label)
            assert told.get("description", "") == str(field.help)
            of_one = told.get("items", told)
            line = getattr(checked, "line", checked)
            assert of_one.get("maxLength") == getattr(line, "max_length", None)
            assert told.get("maxItems") == getattr(checked, "most", None)
            assert [code for code in of_one.get("enum", []) if code] == list(getattr(field, "choices", []))

"""The OpenAPI document: what the views say of themselves, and what an item of each section is, made from its kind."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, TypeVar, cast

from django.conf import settings
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.settings import SPECTACULAR_DEFAULTS, patched_settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.permissions import IsAuthenticated

import learner_profile_plugin
from learner_profile_plugin.access import Section
from learner_profile_plugin.labels import SECTION_LABELS
from learner_profile_plugin.profile_fields import api as profile_fields
from learner_profile_plugin.profile_fields.api import Kind

Method = TypeVar("Method", bound=Callable[..., Any])

JSON, MERGE_PATCH, FORM = "application/json", "application/merge-patch+json", "multipart/form-data"
UUID = {"type": "string", "format": "uuid"}
SECURITY_SCHEMES = {
    "jwt": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "`JWT <token>`, a token that the platform signed.",
    },
    "oauth": {"type": "http", "scheme": "bearer", "description": "An OAuth access token of the platform."},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": settings.SESSION_COOKIE_NAME,
        "description": "The session of the browser. Changes need the header `X-CSRFToken` besides.",
    },
}
# Bad credentials, a token of an application with restricted rights, and what no view ever gets to see.
ANYWHERE = (401, 403, 406, 413, 429)
IF_MATCH = OpenApiParameter(
    "If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, description="The ETag of what is changed, or `*`."
)
OPTIONAL_IF_MATCH = OpenApiParameter(
    "If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, description="If sent, the ETag of the section."
)
ETAG = OpenApiParameter(
    "ETag",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="The version, to be sent as If-Match.",
    response=[200, 201],
)
SECTION = OpenApiParameter(
    "section", OpenApiTypes.STR, OpenApiParameter.PATH, enum=[section.value for section in Section]
)

_lock = threading.Lock()


class ApiSchema(AutoSchema):
    """Describes a view by its docstrings, and says how to sign in."""

    def get_auth(self) -> list[dict[str, Any]]:
        """Return the ways to sign in, and whether one may come without."""
        is_open = not any(type(each) is IsAuthenticated for each in self.view.get_permissions())
        return [*([{}] if is_open and self.method == "GET" else []), *({name: []} for name in SECURITY_SCHEMES)]

    def get_summary(self) -> str | None:
        """Return the first line of what the method says of itself."""
        return str(self.get_description()).partition("\n")[0] or None

    def get_tags(self) -> list[str]:
        """Return what the resource is part of."""
        return [str(cast(Any, self.view).tag)]


def described(**facts: Any) -> Callable[[Method], Method]:
    """Describe a method of a view, with the arguments of ``extend_schema``, whatever the host describes its own by."""

    def describe(method: Method) -> Method:
        method.kwargs = {"schema": ApiSchema}  # type: ignore[attr-defined] # where extend_schema looks for it
        return extend_schema(**facts)(method)

    return describe


def answers(ok: dict[Any, Any], *errors: int) -> dict[Any, Any]:
    """Return the answers of an operation: those that are meant, and the errors, all of one form."""
    return {**ok, **dict.fromkeys(sorted({*errors, *ANYWHERE}), ref("Error"))}


def ref(name: str) -> dict[str, str]:
    """Return a reference to a component."""
    return {"$ref": f"#/components/schemas/{name}"}


@lru_cache(maxsize=1)
def document(patterns: tuple[Any, ...]) -> dict[str, Any]:
    """Return the OpenAPI document of these addresses, in English. It is made once."""
    # The settings of the generator are those of the whole process meanwhile.
    with _lock, translation.override("en"), patched_settings(_settings()):
        generator: Any = SchemaGenerator(patterns=list(patterns))  # type: ignore[no-untyped-call]
        made: dict[str, Any] = generator.get_schema(request=None, public=True)
    return made


def _settings() -> dict[str, Any]:
    """Return what holds for our document, whatever the host has set for its own."""
    defaults = {
        name: value
        for name, value in SPECTACULAR_DEFAULTS.items()
        if not name.startswith("SERVE_") and name != "DEFAULT_GENERATOR_CLASS"
    }
    return defaults | {
        "TITLE": "Learner profiles",
        "DESCRIPTION": "What learners state and what the platform recorded of them, for those who may see it.",
        "VERSION": learner_profile_plugin.__version__,
        "SCHEMA_PATH_PREFIX": r"/api/learner_profile/v1",
        "APPEND_COMPONENTS": {"schemas": _components(), "securitySchemes": SECURITY_SCHEMES},
        # Choices stay where they are; names made up for them would be long and would change.
        "POSTPROCESSING_HOOKS": [],
    }


def _components() -> dict[str, Any]:
    kinds = profile_fields.KINDS
    items = {section.value: ref(f"{_name(section)}Item") for section in kinds}
    found: dict[str, Any] = {"Error": ERROR, "Picture": PICTURE}
    for section, kind in kinds.items():
        found[f"{_name(section)}Values"] = _values(kind)
        found[f"{_name(section)}Item"] = _item(kind, is_own=True)
    found["Item"] = {
        "oneOf": list(items.values()),
        "discriminator": {
            "propertyName": "section",
            "mapping": {name: item["$ref"] for name, item in items.items()},
        },
    }
    found["PortfolioItems"] = _object(
        {section.value: {"type": "array", "items": _item(kind, is_own=False)} for section, kind in kinds.items()}
    )
    values = {"anyOf": [ref(f"{_name(section)}Values") for section in kinds]}
    found["NewItem"] = _object(
        {"values": values, "is_hidden": {"type": "boolean", "default": False}}, required=["values"]
    )
    found["ItemPatch"] = _object(
        {
            "values": {
                "type": "object",
                "additionalProperties": True,
                "description": "The fields that change, as in the values of the item's section; null empties one.",
            },
            "is_hidden": {"type": "boolean"},
        },
        required=[],
    )
    return found


def _values(kind: Kind) -> dict[str, Any]:
    properties = {
        field.name: field.json_schema()
        | {"title": str(field.label)}
        | ({"description": str(field.help)} if field.help else {})
        for field in kind.fields
    }
    required = [field.name for field in kind.fields if field.is_required]
    return _object(properties, required=required) | {
        "title": str(SECTION_LABELS[kind.section]),
        "additionalProperties": False,
    }


def _item(kind: Kind, *, is_own: bool) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "id": UUID,
        "provenance": {"type": "string", "enum": ["stated"]},
        "is_hidden": {"type": "boolean"},
        "values": ref(f"{_name(kind.section)}Values"),
        "pictures": {"type": "array", "items": ref("Picture")},
    }
    if is_own:
        properties["section"] = {"type": "string", "enum": [kind.section.value]}
        properties["version"] = {"type": "integer"}
    return _object(properties)


def _object(properties: dict[str, Any], required: Sequence[str] | None = None) -> dict[str, Any]:
    """Return an object; all of its properties are there, unless it is said which."""
    names = list(properties if required is None else required)
    return {"type": "object", "properties": properties, **({"required": names} if names else {})}


def _name(section: Section) -> str:
    return section.value.title().replace("_", "")


PICTURE = _object(
    {
        "id": UUID,
        "url": {"type": "string", "format": "uri"},
        "description": {"type": "string", "maxLength": 200},
        "width": {"type": "integer"},
        "height": {"type": "integer"},
    }
)
ERROR = _object(
    {
        "code": {"type": "string", "description": "For programs; stays the same."},
        "message": {"type": "string", "description": "For people, in their language."},
        "field_errors": {
            "type": "object",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
            "description": "What is wrong with single fields.",
        },
    }
)

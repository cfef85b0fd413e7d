"""Programs that use the REST API."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import jwt
from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from PIL import Image

from learner_profile_plugin.access import Section
from learner_profile_plugin.portfolio.forms import ItemForm
from learner_profile_plugin.profile_fields import api as profile_fields
from learner_profile_plugin.profile_fields.data import Item
from tests.portfolio import material

API = "/api/learner_profile/v1/"
MERGE_PATCH = "application/merge-patch+json"


@dataclass(frozen=True)
class Answer:
    """What came back; ``body`` is None where nothing did."""

    status: int
    body: Any
    headers: dict[str, str]

    @property
    def code(self) -> str:
        """Return what an error is called."""
        return str(self.body["code"])

    @property
    def tag(self) -> str:
        return self.headers["ETag"]


class Program:
    """Sends JSON to the API, as somebody who is signed in, or as nobody."""

    def __init__(self, user: User | None = None, **options: Any) -> None:
        self.client = Client(**options)
        if user is not None:
            self.client.force_login(user)

    def get(self, path: str = "", **query: Any) -> Answer:
        return _read(self.client.get(API + path, query))

    def post(self, path: str, data: Any = None, **headers: str) -> Answer:
        return self.send("post", path, data, **headers)

    def put(self, path: str, data: Any, tag: str | None = None) -> Answer:
        return self.send("put", path, data, tag=tag)

    def patch(self, path: str, data: Any, tag: str | None = None) -> Answer:
        return self.send("patch", path, data, tag=tag, content_type=MERGE_PATCH)

    def delete(self, path: str, tag: str | None = None) -> Answer:
        return self.send("delete", path, b"", tag=tag)

    def upload(self, item: Item | str, content: bytes | None = None, **fields: Any) -> Answer:
        """Send a picture, as a form."""
        file = SimpleUploadedFile("picture.png", png() if content is None else content)
        return _read(self.client.post(f"{API}items/{getattr(item, 'id', item)}/pictures/", {"picture": file, **fields}))

    def send(
        self,
        method: str,
        path: str,
        data: Any = None,
        *,
        tag: str | None = None,
        content_type: str = "application/json",
        **headers: str,
    ) -> Answer:
        """Send anything; text and bytes as they are, the rest as JSON."""
        body = data if isinstance(data, str | bytes) else json.dumps({} if data is None else data)
        if tag is not None:
            headers["If-Match"] = tag
        return _read(
            self.client.generic(method.upper(), API + path, body, content_type=content_type, headers=headers or None)
        )


def _read(response: Any) -> Answer:
    assert isinstance(response, HttpResponse) or response.streaming
    is_json = response.headers.get("Content-Type", "").startswith("application/json")
    return Answer(response.status_code, response.json() if is_json else None, dict(response.headers))


def png(size: tuple[int, int] = (8, 6)) -> bytes:
    file = BytesIO()
    Image.new("RGB", size, "teal").save(file, "PNG")
    return file.getvalue()


def values(section: Section, **changes: Any) -> dict[str, Any]:
    """Return what a program sends for the item of the table of material: what the profile makes of it."""
    kind = profile_fields.KINDS[section]
    form = ItemForm(kind, material.typed(section) | {"version": "0"})
    assert form.is_valid(), form.errors
    return {name: _plain(value) for name, value in form.values().items()} | changes


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return value if isinstance(value, str | bool | None) else str(value)


def token_of(user: User, **claims: Any) -> str:
    """Return a token for this user, signed as the platform signs them."""
    issuer = settings.JWT_AUTH["JWT_ISSUERS"][0]
    now = int(time.time())
    payload = {
        "iss": issuer["ISSUER"],
        "aud": issuer["AUDIENCE"],
        "preferred_username": user.get_username(),
        "iat": now,
        "exp": now + 600,
        "version": "1.2.0",
        "is_restricted": False,
        "filters": [],
        "scopes": [],
    }
    return jwt.encode(payload | claims, issuer["SECRET_KEY"], algorithm="HS256")

"""What the tests of the profile share: something to enter for every field of every kind, and texts that mean ill."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection

from learner_profile_plugin.access import Audience, Section
from learner_profile_plugin.profile_fields import api
from learner_profile_plugin.profile_fields.api import KINDS, Kind
from learner_profile_plugin.profile_fields.data import InvalidItemError, Item
from learner_profile_plugin.profile_fields.field_types import (
    Address,
    Choice,
    Choices,
    Date,
    FieldType,
    Flag,
    Line,
    Lines,
    Text,
)

AnyField = FieldType[Any]

FIELDS = [(kind, field) for kind in KINDS.values() for field in kind.fields]
EVERYONE = dict.fromkeys(Section, Audience.EVERYONE)


def name_of(case: object) -> str:
    """Name a case of ``FIELDS`` in the report of a test."""
    return case.section.value if isinstance(case, Kind) else getattr(case, "name", repr(case))


def fields_of(*types: type[AnyField]) -> list[tuple[Kind, AnyField]]:
    return [(kind, field) for kind, field in FIELDS if isinstance(field, types)]


SAMPLES: dict[type[AnyField], Any] = {
    Line: "Sea",
    Text: "Knows **ropes**.\n\nAnd knots.",
    Lines: ["Captain", "Pilot"],
    Address: "https://example.org/me",
    Date: "2019-03",
    Flag: True,
}


def sample(field: AnyField) -> Any:
    """Return something that a field takes, as a program sends it."""
    if isinstance(field, Choice | Choices):
        codes = list(field.choices)
        return codes[0] if isinstance(field, Choice) else codes[:2]
    return "2020-03-04" if field.name == "end" else SAMPLES[type(field)]


def filled(kind: Kind) -> dict[str, Any]:
    return {field.name: sample(field) for field in kind.fields}


def minimal(kind: Kind) -> dict[str, Any]:
    """Return the least that makes an item."""
    least = {field.name: sample(field) for field in kind.fields if field.is_required}
    return least or {kind.title: sample(next(field for field in kind.fields if field.name == kind.title))}


def messages(kind: Kind, entered: dict[str, Any]) -> dict[str, list[str]]:
    """Return what is said to be wrong with what is entered; nothing, if it is taken."""
    try:
        api.clean_values(kind, entered)
    except InvalidItemError as error:
        return {name: list(texts) for name, texts in error.messages.items()}
    return {}


def add(user_id: int, section: Section = Section.SKILLS, **values: Any) -> Item:
    """Add an item that has what it needs and what is said besides."""
    return api.add_item(user_id, section, minimal(KINDS[section]) | values)


def titles(user_id: int, section: Section) -> list[Any]:
    kind = KINDS[section]
    return [item.values[kind.title] for item in api.get_profile(user_id).items.get(section, ())]


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Do things at the same time, each on a connection of its own; return what they gave, or raise what they raised."""
    ready = threading.Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> Any:
        try:
            # Connected before the start, so that they really meet.
            connection.ensure_connection()
            ready.wait(20)
            return deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [future.result(60) for future in [pool.submit(run, deed) for deed in deeds]]


HOSTILE = [
    "<script>alert(1)</script>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script href='data:text/javascript,alert(1)'/></svg>",
    "<math><mtext></p><style><img src onerror=alert(1)></style></mtext></math>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data='data:text/html,<script>alert(1)</script>'></object>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='jav&#x09;ascript:alert(1)'>x</a>",
    "<a href=' &#1; javascript:alert(1)'>x</a>",
    "<a href='https://example.org' onclick='alert(1)' style='position:fixed;inset:0'>x</a>",
    "<form action='https://evil.example'><input name=password><button>Sign in</button></form>",
    "<body onload=alert(1)>",
    "<base href='https://evil.example/'>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<link rel=stylesheet href='https://evil.example/x.css'>",
    "<style>*{display:none}</style>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php alert(1) ?><!DOCTYPE html [<!ENTITY x 'y'>]>",
    "<xmp><script>alert(1)</script></xmp>",
    "<details open ontoggle=alert(1)>",
    "<div id=main class=lp name=csrfmiddlewaretoken>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&colon;alert(1))",
    "[x](&#1;javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](vbscript:msgbox(1))",
    '[x](https://example.org "onmouseover=alert(1)")',
    '[x](https://example.org" onmouseover="alert(1))',
    '![x](x" onerror="alert(1))',
    "![x](javascript:alert(1))",
    "<javascript:alert(1)>",
    "<https://example.org/'onmouseover='alert(1)>",
    "`</code><script>alert(1)</script>`",
    "> <script>alert(1)</script>",
    "* <img src=x onerror=alert(1)>",
    '"><script>alert(1)</script>',
    "'\"><svg onload=alert(1)>",
    "{{ 7|add:7 }}{% load static %}",
    "\ufffd<script>alert(1)</script>",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
    "'; DROP TABLE learner_profile_plugin_item; --",
    "\\u0000 \\ud800 %s %(x)s $1 {}",
    "\u202eevil\u202c",
    "مهندسة بحرية",
    "👩🏽‍🚀🛟",
    "a\u0300\u0301",
    "\ufffe\uffff\U0010ffff",
    "\x01\x7f",
    "null",
    "-1",
]

WEB_ADDRESSES = {
    "example.org": "https://example.org",
    " example.org/me?a=1#b ": "https://example.org/me?a=1#b",
    "example.org:8080": "https://example.org:8080",
    "http://example.org": "http://example.org",
    "HTTPS://Example.org/Me": "HTTPS://Example.org/Me",
    "https://bücher.example/ä": "https://bücher.example/ä",
    "https://xn--bcher-kva.example": "https://xn--bcher-kva.example",
    "https://例え.テスト/道": "https://例え.テスト/道",
    "https://192.0.2.7/me": "https://192.0.2.7/me",
    "https://[2001:db8::1]/me": "https://[2001:db8::1]/me",
    "https://example.org/a@b": "https://example.org/a@b",
    "https://example.org/?u=https://other.example": "https://example.org/?u=https://other.example",
    "https://example.org/javascript:alert(1)": "https://example.org/javascript:alert(1)",
}

NO_WEB_ADDRESSES = [
    "javascript:alert(1)",
    "JavaScript://example.org/%0aalert(1)",
    "java\tscript:alert(1)",
    "\x01javascript:alert(1)",
    "vbscript:x",
    "data:text/html,<script>alert(1)</script>",
    "data://example.org/,x",
    "ftp://example.org",
    "file:///etc/passwd",
    "blob:https://example.org/1",
    "view-source:https://example.org",
    "//example.org",
    "https://",
    "https:///example.org",
    "https://nowhere",
    "example",
    "https:/example.org",
    "http:example.org",
    "https://[::1",
    "https://example.org:99999999",
    "https://example..org",
    "https://-example.org",
    "mailto:me@example.org",
    "ada@example.org",
    "https://ada@example.org",
    "https://ada:secret@example.org",
    "https://bank.example@evil.example",
    "https://bank.example%40evil.example",
    "https://bank.example\\@evil.example",
    "https://evil.example\\.github.com",
    "https://github.com\uff0f.evil.example",
    "https://exa mple.org",
    "https://example.org/a b",
    "https://example.org/\u2028x",
    "https://example.org/ <script>",
    "https://example.org https://example.com",
    "<https://example.org>",
    "😀",
]

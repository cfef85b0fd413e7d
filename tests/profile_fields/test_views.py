"""Who edits whose profile, and what hostile texts come to."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from django.contrib.auth.models import User
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from learner_profile_plugin.profile_fields import api
from learner_profile_plugin.profile_fields.data import Link, PartialDate, Profile, WorkExperience
from tests.conftest import PersonFactory
from tests.profile_fields.form_page import ADDRESS, link, open_form, send, work


@pytest.fixture
def ada(learner: User) -> Client:
    client = Client()
    client.force_login(learner)
    return client


class TestAccess:
    @pytest.mark.parametrize("method", ["get", "post", "head"])
    def test_a_visitor_is_asked_to_sign_in(self, db: None, method: str) -> None:
        response = getattr(Client(), method)(ADDRESS)
        assert response.status_code == 302
        assert response["Location"] == f"/login?next={ADDRESS}"

    def test_a_posted_name_or_number_of_another_person_is_ignored(
        self, learner: User, ada: Client, person: PersonFactory
    ) -> None:
        ben = person("ben")
        api.save_profile(ben.pk, Profile(headline="Ben's own"))
        aimed = {"username": "ben", "user": str(ben.pk), "user_id": str(ben.pk), "profile": str(ben.pk)}
        assert send(ada, open_form(ada).data | {"headline": "By Ada", "version": "0"} | aimed).status == 302
        assert api.get_profile(ben.pk) == Profile(headline="Ben's own", version=1)
        assert api.get_profile(learner.pk).headline == "By Ada"

    def test_the_page_shows_the_profile_of_nobody_else(self, ada: Client, person: PersonFactory) -> None:
        ben = person("ben")
        api.save_profile(ben.pk, Profile(headline="Ben's own"))
        assert open_form(ada).data["headline"] == ""

    def test_the_page_is_kept_by_no_cache(self, ada: Client) -> None:
        caching = ada.get(ADDRESS)["Cache-Control"]
        assert "no-store" in caching
        assert "private" in caching


INVISIBLE = "".join(map(chr, range(33)))
URLS_THAT_RUN = ("javascript:", "data:", "vbscript:", "file:")

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
    "[x](java\tscript:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](java&#10;script:alert(1))",
    "[x](&#1;javascript:alert(1))",
    "[x](  javascript:alert(1) )",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](vbscript:msgbox(1))",
    '[x](https://example.org "onmouseover=alert(1)")',
    '[x](https://example.org" onmouseover="alert(1))',
    "[x]: javascript:alert(1)\n\n[x]",
    '![x](x" onerror="alert(1))',
    "![x](javascript:alert(1))",
    "<javascript:alert(1)>",
    "<https://example.org/'onmouseover='alert(1)>",
    "`</code><script>alert(1)</script>`",
    "```html\n</code></pre><script>alert(1)</script>\n```",
    "    </code></pre><script>alert(1)</script>",
    "> <script>alert(1)</script>",
    "* <img src=x onerror=alert(1)>",
    '"><script>alert(1)</script>',
    "'\"><svg onload=alert(1)>",
    "{{ 7|add:7 }}{% load static %}",
    "\x00<script>alert(1)</script>".replace("\x00", "\ufffd"),
    "<script\u2028>alert(1)</script\u2029>",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
]


class Inspector(HTMLParser):
    """Collects what of a page could run, load or lead astray."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.problems: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            # As a browser reads an address: without what is invisible around it and breaks in it.
            bare = re.sub(r"[\t\n\r]", "", (value or "").strip(INVISIBLE)).lower()
            if name.startswith("on") or name in {"srcdoc", "style"}:
                self.problems.append(f"<{tag} {name}={value}>")
            if name in {"href", "src", "action", "formaction", "data", "xlink:href"} and bare.startswith(URLS_THAT_RUN):
                self.problems.append(f"<{tag} {name}={value}>")


def inspect(html: str) -> Inspector:
    inspector = Inspector()
    inspector.feed(html)
    inspector.close()
    return inspector


def profile_of(text: str) -> Profile:
    """Return a profile with a text wherever one can be written, though the form may refuse it."""
    position = WorkExperience(text[:200], text[:200], PartialDate(2020), None, text[:200], text)
    return Profile(text[:120], text, (position,), (Link("https://example.org", text[:200]),))


def shown(viewer: Client) -> str:
    response = viewer.get("/u/ada")
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture(scope="module")
def harmless_tags() -> set[str]:
    return {"p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote", "code", "pre"}


def test_hostile_texts_are_inert_on_the_page_and_in_the_form(
    learner: User, ada: Client, harmless_tags: set[str]
) -> None:
    api.publish(learner.pk)
    api.save_profile(learner.pk, profile_of("harmless"))
    plain = {"page": inspect(shown(Client())).tags, "form": inspect(ada.get(ADDRESS).content.decode()).tags}
    found = []
    for number, text in enumerate(HOSTILE, start=1):
        api.save_profile(learner.pk, replace(profile_of(text), version=number))
        page, form = inspect(shown(Client())), inspect(ada.get(ADDRESS).content.decode())
        more = [tag for tag in page.tags if tag not in harmless_tags]
        expected = [tag for tag in plain["page"] if tag not in harmless_tags]
        if page.problems or form.problems or more != expected or form.tags != plain["form"]:
            found.append((text, page.problems, form.problems, more))
    assert found == []


def test_the_inspection_finds_what_is_not_inert() -> None:
    assert inspect("<a href=' JavaScript:x'>").problems
    assert inspect("<a href='java&#10;script:x'>").problems
    assert inspect("<p onclick=x>").problems
    assert inspect("<p>").problems == []


def test_links_of_a_learner_lend_no_weight_and_leave_no_trace(learner: User) -> None:
    api.publish(learner.pk)
    about = "[one](https://example.org/1) <https://example.org/2> <a href='https://example.org/3' rel='dofollow'>3</a>"
    api.save_profile(learner.pk, Profile(about=about, links=(Link("https://example.org/4"),)))
    html = shown(Client())
    for number in "1234":
        (tag,) = [part for part in html.split("<a ") if f'href="https://example.org/{number}"' in part.split(">")[0]]
        assert 'rel="nofollow ugc noopener noreferrer"' in tag.split(">")[0]


ENDLESS = {
    "lists in lists": "1. " * 1600,
    "bullets in bullets": "+ " * 2500,
    "quotes in quotes": ">" * 5000,
    "brackets": "[" * 5000,
    "pictures": "![" * 2500,
    "brackets in brackets": "[a" * 1600 + "]" * 1600,
    "stars": "*a **b " * 700,
    "tags": "<div>" * 1000,
    "comments": "<!--" * 1250,
    "ends of nothing": "<![" * 1600,
    "ticks": "`" * 4999,
}


@pytest.mark.parametrize("case", ENDLESS)
def test_a_text_made_to_be_slow_or_deep_is_shown_in_good_time(learner: User, case: str) -> None:
    api.publish(learner.pk)
    api.save_profile(learner.pk, Profile(about=ENDLESS[case]))
    start = time.process_time()
    assert "lp-about" in shown(Client())
    assert time.process_time() - start < 1


texts = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    st.sampled_from([*HOSTILE, "\x00", "9" * 5000, "-1", "on", "2026", "\u202e", "x" * 6000]),
)
FIELDS = [
    *("headline", "about", "version", "add_work", "add_link"),
    *(f"work-{name}" for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS", "MAX_NUM_FORMS")),
    *work(0),
    "work-0-DELETE",
    *work(1),
    *("links-TOTAL_FORMS", "links-INITIAL_FORMS", *link(0, ""), "links-0-DELETE"),
    *("audience-header", "audience-about", "unknown"),
]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(FIELDS), texts, max_size=8), st.booleans())
def test_nothing_that_is_typed_or_forged_breaks_a_page(
    learner: User, ada: Client, typed: dict[str, str], is_whole: bool
) -> None:
    data = open_form(ada).data | typed if is_whole else typed
    assert send(ada, data).status in {200, 302, 400}
    assert open_form(ada).status == 200
    assert shown(ada)
    assert ada.get("/api/learner_profile/v1/portfolios/ada/").status_code == 200


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.fixed_dictionaries(
        {
            **dict.fromkeys(["headline", "about", "work-0-title", "work-0-employer", "work-0-location"], texts),
            **dict.fromkeys(["work-0-description", "links-0-label"], texts),
        }
    )
)
def test_any_text_is_saved_and_shown_as_it_was_typed_or_refused_with_a_reason(
    learner: User, ada: Client, typed: dict[str, str]
) -> None:
    api.delete_learner(learner.pk)
    page = open_form(ada)
    data = page.data | work(0, start_year="2020") | link(0, "https://example.org") | typed
    answer = send(ada, data)
    if answer.status == 400:
        assert set(answer.errors) & set(typed)
        assert api.get_profile(learner.pk) == Profile()
        return
    again = open_form(ada)
    assert {name: _plain(again.data[name]) for name in typed} == {name: _plain(text) for name, text in typed.items()}
    assert inspect(shown(ada)).problems == []


def _plain(text: str) -> str:
    """Return a text but for what a form takes off its ends and for the kind of its line breaks."""
    return "\n".join(text.replace("\r\n", "\n").replace("\r", "\n").strip().split("\n"))

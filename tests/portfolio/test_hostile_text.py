"""Whatever somebody writes, in whatever field: the page says it, and does nothing of what it says."""

from __future__ import annotations

import re
import time
from html import unescape
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from learner_profile_plugin.access import Audience, Section
from learner_profile_plugin.models import Draft, Item
from learner_profile_plugin.portfolio import wording
from learner_profile_plugin.profile_fields import api as profile_fields
from learner_profile_plugin.secret_links import api as secret_links
from tests.portfolio import hostile_texts, material
from tests.portfolio.pages import Element, get, parse, send

pytestmark = pytest.mark.shown

PORTFOLIO = "/u/ada"
ALL = [*hostile_texts.HTML, *hostile_texts.MARKDOWN, *hostile_texts.ADDRESSES]
OF_MARKDOWN = {("a", "href"), ("a", "rel"), *((tag, "") for tag in wording.SAFE_TAGS)}
REL = {"nofollow", "ugc", "noopener", "noreferrer"}
# What would show if anything that was typed became part of the page.
PROBES = [
    "<x-probe x-probe=1>",
    '" x-probe="',
    "' x-probe='",
    "{{ 7|add:35 }}",
    "{% now 'Y' %}",
    "</p></main>",
    "<!--",
    "&lt;x-probe&gt;",
]

texts = st.lists(
    st.one_of(st.text(max_size=30), st.sampled_from(PROBES), st.sampled_from(ALL)), min_size=1, max_size=4
).map(" ".join)
at_the_page = settings(
    max_examples=5,
    deadline=None,
    # Pages are slow to ask for: what fails is shown as it was found.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def parts(page: Element) -> set[tuple[str, str]]:
    """Return what a page is made of: tags, and tags with the names of their attributes."""
    elements = list(page.inside())
    return {(e.tag, "") for e in elements} | {(e.tag, name) for e in elements for name in e.attrs}


def made_safely(main: Element) -> None:
    """Check that nothing in a page can run, and that links lead to the web, to this site or to a letter."""
    for element in main.inside():
        assert not [
            name for name in element.attrs if name.startswith("on") or name in {"style", "srcdoc", "xlink:href"}
        ]
        for name in ("href", "src", "action", "formaction"):
            if name in element.attrs:
                assert_leads_well(element, element.attrs[name])


def assert_leads_well(element: Element, address: str) -> None:
    if address.startswith(("/", "#")):
        assert not address.startswith("//")
        return
    scheme = urlsplit(address).scheme
    assert scheme in {"http", "https"} or address == "mailto:ada@example.org", address
    if scheme in {"http", "https"}:
        assert element.tag == "a"
        assert set(element.attrs["rel"].split()) >= REL


@pytest.fixture
def template(owner: Client, learner: User) -> set[tuple[str, str]]:
    """Return all that pages of harmless texts are made of, and what Markdown can add. It is the same for all tests."""
    if not KNOWN:
        KNOWN.update(OF_MARKDOWN | parts(get(owner, PORTFOLIO).main))
        for section in material.TYPED:
            address = reverse("learner_profile:add_item", args=[section.value])
            page = get(owner, address)
            for wrong in ("", "\x00"):
                answer = send(
                    owner, page.form(address), dict.fromkeys(material.typed(section), wrong) | {"version": ""}
                )
                KNOWN.update(parts(answer.main))
            item = material.add(learner.pk, section)
            own = address if profile_fields.KINDS[section].is_single else edit_page(item.id)
            KNOWN.update(parts(page.main) | parts(get(owner, own).main))
            if not profile_fields.KINDS[section].is_single:
                material.add(learner.pk, section, is_hidden=True)
        KNOWN.update(parts(get(owner, PORTFOLIO).main))
    return KNOWN


KNOWN: set[tuple[str, str]] = set()


def edit_page(item_id: UUID) -> str:
    return reverse("learner_profile:edit_item", args=[item_id])


def entered(data: st.DataObject, section: Section) -> dict[str, Any]:
    typed = material.typed(section)
    changed = data.draw(st.sets(st.sampled_from(sorted(typed)), min_size=1))
    return typed | {name: data.draw(texts) for name in changed}


@pytest.mark.parametrize("section", material.TYPED)
@given(data=st.data())
@at_the_page
def test_any_text_in_any_field_is_refused_or_shown_as_text(
    owner: Client, learner: User, template: set[tuple[str, str]], section: Section, data: st.DataObject
) -> None:
    Item.objects.all().delete()
    Draft.objects.all().delete()
    profile_fields.publish(learner.pk, text="", audiences={})
    address = reverse("learner_profile:add_item", args=[section.value])
    typed = entered(data, section)
    page = send(owner, get(owner, address).form(address), typed)

    assert page.status in {200, 422}
    seen = [page, get(owner, PORTFOLIO), get(Client(), PORTFOLIO)]
    items = profile_fields.get_profile(learner.pk).items.get(section, ())
    assert bool(items) is (page.status == 200)
    for item in items:
        # What is in the form again is what is kept, and saving it once more changes nothing.
        own = address if profile_fields.KINDS[section].is_single else edit_page(item.id)
        seen.append(get(owner, own))
        seen.append(send(owner, seen[-1].form(own)))
        assert seen[-1].status == 200
        (again,) = profile_fields.get_profile(learner.pk).items[section]
        assert again.values == item.values
    for shown in seen:
        assert parts(shown.main) <= template
        made_safely(shown.main)


LINES = {
    section: [field.name for field in kind.fields if type(field).__name__ == "Line"]
    for section, kind in profile_fields.KINDS.items()
}


@pytest.mark.parametrize("section", [section for section, names in LINES.items() if names])
def test_what_is_typed_into_every_field_stands_on_the_page_as_it_was_typed(
    owner: Client, learner: User, section: Section
) -> None:
    lines = [name for name in material.TYPED[section] if name in LINES[section]]
    probe = {name: f"{number} <x-probe> \"'&amp; {{{{ 7 }}}}" for number, name in enumerate(lines)}
    address = reverse("learner_profile:add_item", args=[section.value])
    page = send(owner, get(owner, address).form(address), material.typed(section, **probe))
    assert page.status == 200
    for text in probe.values():
        assert text in page.text()


@pytest.mark.parametrize("attacks", [ALL[start : start + 50] for start in range(0, len(ALL), 50)])
def test_known_attacks_on_the_page_are_inert(owner: Client, learner: User, attacks: list[str]) -> None:
    for text in attacks:
        words = text.replace("\x00", "")
        values = {"title": words, "publisher": words, "authors": words, "description": f"Before\n\n{words}\n\nafter"}
        profile_fields.add_item(learner.pk, Section.PUBLICATIONS, values)
    profile_fields.publish(learner.pk, text="", audiences={})
    for client in (owner, Client()):
        main = get(client, PORTFOLIO).main
        made_safely(main)
        box = main.one(id="lp-box-publications")
        descriptions = [part for part in box.all("div") if part.has_class("lp-text")]
        assert len(descriptions) == len(attacks)
        for description in descriptions:
            assert parts(description) <= OF_MARKDOWN
            assert description.text().startswith("Before")
            assert description.text().endswith("after")
        titles = [heading.text() for heading in box.all("h3")]
        assert titles == [" ".join(text.replace("\x00", "").split()) for text in attacks]


@pytest.mark.parametrize("text", ALL)
def test_known_attacks_in_markdown_leave_harmless_tags_only(text: str) -> None:
    html = parse(wording.render_markdown(text))
    assert parts(html) <= OF_MARKDOWN
    for link in html.all("a"):
        assert link.attrs.get("href", "https://").startswith(("http://", "https://"))
        assert set(link.attrs["rel"].split()) == REL


@pytest.mark.parametrize("text", hostile_texts.HTML)
def test_html_in_a_text_is_text(text: str) -> None:
    shown = parse(wording.render_markdown(f"Before {text} after")).text()
    # Without what Markdown takes for its own signs.
    assert [word for word in re.findall(r"\w+", unescape(text)) if word not in shown] == []
    assert shown.startswith("Before")
    assert shown.endswith("after")


@given(
    st.lists(
        st.one_of(st.text(max_size=20), st.sampled_from(ALL), st.sampled_from(list("[]()<>*_`!#>-\\\n\t\"'&{}%")))
    ).map("".join)
)
@settings(deadline=None)
def test_any_text_as_markdown_is_harmless(text: str) -> None:
    html = parse(wording.render_markdown(text))
    assert parts(html) <= OF_MARKDOWN
    made_safely(html)


@pytest.mark.parametrize("address", hostile_texts.ADDRESSES)
def test_known_attacks_in_a_link_are_refused_or_lead_to_the_web(owner: Client, learner: User, address: str) -> None:
    form_page = reverse("learner_profile:add_item", args=["links"])
    page = send(owner, get(owner, form_page).form(form_page), {"f-url": address})
    made_safely(page.main)
    items = profile_fields.get_profile(learner.pk).items.get(Section.LINKS, ())
    if page.status == 422:
        assert page.errors()["f-url"]
        assert items == ()
    else:
        (item,) = items
        found = urlsplit(str(item.values["url"]))
        assert found.scheme in {"http", "https"}
        assert found.hostname
        assert "@" not in found.netloc


@pytest.mark.parametrize("text", ["<x-probe>", '"><x-probe>', "{{ 7|add:35 }}", "\u202eturned", "😀" * 20])
def test_the_name_of_a_link_is_text_too(owner: Client, learner: User, text: str) -> None:
    links = "/learner-profile/links/"
    form = get(owner, links).form(links, with_button="Make the link")
    page = send(owner, form, {"link-name": text, "link-sections": ["about"]})
    assert text in page.text()
    assert page.main.all("x-probe") == []
    assert secret_links.get_links(learner.pk)[0].name == text


def test_the_name_and_links_of_an_account_are_text_too(learner: User, owner: Client) -> None:
    learner.profile.name = "<x-probe> \"'"
    learner.profile.linkedin_url = f"javascript:{hostile_texts.RUN}"
    learner.profile.x_url = 'https://x.com/"onmouseover="alert(1)'
    learner.profile.save()
    profile_fields.publish(learner.pk, text="", audiences={})
    profile_fields.set_audiences(learner.pk, {Section.LINKS: Audience.EVERYONE})
    for page in (get(owner, PORTFOLIO), get(Client(), PORTFOLIO), get(owner, "/learner-profile/privacy/")):
        assert page.main.all("x-probe") == []
        made_safely(page.main)
    hrefs = [link.attrs["href"] for link in get(Client(), PORTFOLIO).main.all("a")]
    assert hrefs == ['https://x.com/"onmouseover="alert(1)']


SIGNS = [
    "[",
    "]",
    "*",
    "_",
    "`",
    "``a`",
    "> ",
    "- ",
    "+ ",
    "1. ",
    "<",
    "<a ",
    "&",
    "![",
    "[a](",
    "a\n=\n",
    "-\n",
    "\\",
    "\n\n    ",
]


@pytest.mark.parametrize("sign", SIGNS)
def test_no_text_takes_long_to_read(sign: str) -> None:
    begin = time.process_time()
    wording.render_markdown((sign * 5000)[:5000])
    wording.render_markdown(sign * 100 + "a" * 2000)
    # On a slow machine; before there were limits some of these took from seconds to minutes.
    assert time.process_time() - begin < 2

"""The edit page as a browser holds it: the fields that it would send back, and the errors beside them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.test import Client

ADDRESS = "/learner-profile/edit/"
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}


@dataclass
class FormPage:
    """
    What a page says.

    Attributes:
        data: the fields of the form about the profile and their values, as a browser would post them.
        errors: by the names of the fields in whose box they stand, joined by a space; ``""`` for
            those that stand in no box.
        marked: names of the fields that are marked as wrong for assistive technology.
        alert: the text at the top that says that something is wrong.
    """

    status: int
    data: dict[str, str] = field(default_factory=dict)
    errors: dict[str, list[str]] = field(default_factory=dict)
    marked: set[str] = field(default_factory=set)
    alert: str = ""


class _Reader(HTMLParser):
    def __init__(self, page: FormPage) -> None:
        super().__init__()
        self.page = page
        self.stack: list[tuple[str, str]] = []
        self.names: list[str] = []
        self.messages: list[str] = []
        self.textarea = self.select = ""
        self.in_form = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag not in VOID:
            self.stack.append((tag, found.get("class", "")))
        if tag == "form":
            self.in_form = found.get("class") == "lp-form"
        if tag == "div" and "lp-field" in found.get("class", "").split():
            self.names, self.messages = [], []
        if self.in_form:
            self._control(tag, found)

    def _control(self, tag: str, found: dict[str, str]) -> None:
        name = found.get("name", "")
        if name and tag in {"input", "textarea", "select"}:
            self.names.append(name)
            if found.get("aria-invalid") == "true":
                self.page.marked.add(name)
        if tag == "textarea":
            self.textarea, self.page.data[name] = name, ""
        elif tag == "select":
            self.select, self.page.data[name] = name, ""
        elif tag == "option" and "selected" in found:
            self.page.data[self.select] = found.get("value", "")
        elif tag == "input" and name and (found.get("type") != "checkbox" or "checked" in found):
            self.page.data[name] = found.get("value", "on" if found.get("type") == "checkbox" else "")

    def handle_endtag(self, tag: str) -> None:
        while self.stack:
            closed, kind = self.stack.pop()
            if closed == "textarea":
                self.textarea = ""
            if closed == "div" and "lp-field" in kind.split():
                self._note(" ".join(self.names))
            if closed == tag:
                break

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.page.data[self.textarea] += data
        kinds = [kind.split() for _, kind in self.stack]
        if any("errorlist" in kind for kind in kinds) and data.strip():
            self.messages.append(data.strip())
            if not any("lp-field" in kind for kind in kinds):
                self._note("")
        if any("lp-alert" in kind for kind in kinds):
            self.page.alert += data

    def _note(self, names: str) -> None:
        if self.messages:
            self.page.errors.setdefault(names, []).extend(self.messages)
        self.messages = []


def read(status: int, html: str) -> FormPage:
    page = FormPage(status)
    reader = _Reader(page)
    reader.feed(html)
    reader.close()
    # A browser drops the first line break in a textarea.
    page.data = {name: value.removeprefix("\n").replace("\r\n", "\n") for name, value in page.data.items()}
    page.data.pop("csrfmiddlewaretoken", None)
    page.alert = " ".join(page.alert.split())
    return page


def open_form(client: Client) -> FormPage:
    response = client.get(ADDRESS)
    return read(response.status_code, response.content.decode())


def send(client: Client, data: dict[str, str]) -> FormPage:
    response = client.post(ADDRESS, data)
    return read(response.status_code, response.content.decode())


def work(number: int, **values: str) -> dict[str, str]:
    """Return what is typed into a position: ``start_month`` is the month, ``start_year`` the year."""
    empty = dict.fromkeys(
        ("title", "employer", "location", "start_month", "start_year", "end_month", "end_year", "description"), ""
    )
    return {f"work-{number}-{name}": value for name, value in (empty | values).items()}


def link(number: int, url: str, label: str = "") -> dict[str, str]:
    return {f"links-{number}-url": url, f"links-{number}-label": label}

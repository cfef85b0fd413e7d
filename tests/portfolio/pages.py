"""Pages as a browser holds them: what they say, and the forms that it would send back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.test import Client

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
NOT_SENT_BY_THEMSELVES = {"submit", "button", "reset", "image", "file"}


@dataclass
class Element:
    """An element of a page, with its parts: texts and other elements."""

    tag: str
    attrs: dict[str, str]
    parent: Element | None = field(default=None, repr=False)
    parts: list[Element | str] = field(default_factory=list, repr=False)

    def all(self, tag: str = "", **attrs: str) -> list[Element]:
        """Return all elements inside, of this tag and with these attributes ("_" stands for "-")."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attrs.items()}
        return [
            element
            for element in self.inside()
            if tag in {"", element.tag} and all(element.attrs.get(name) == value for name, value in wanted.items())
        ]

    def one(self, tag: str = "", **attrs: str) -> Element:
        found = self.all(tag, **attrs)
        assert len(found) == 1, f"{len(found)} of {tag} {attrs}"
        return found[0]

    def inside(self) -> Iterator[Element]:
        for part in self.parts:
            if isinstance(part, Element):
                yield part
                yield from part.inside()

    def text(self) -> str:
        """Return what can be read, with single spaces."""
        return " ".join(self.raw_text().split())

    def raw_text(self) -> str:
        return "".join(part if isinstance(part, str) else part.raw_text() for part in self.parts)

    def has_class(self, name: str) -> bool:
        return name in self.attrs.get("class", "").split()


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = self.here = Element("", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.parts.append(element)
        if tag not in VOID:
            self.here = element

    def handle_endtag(self, tag: str) -> None:
        # Pages are well-formed here, which every parsing proves.
        assert self.here.tag == tag, f"</{tag}> ends <{self.here.tag} {self.here.attrs}>"
        assert self.here.parent is not None
        self.here = self.here.parent

    def handle_data(self, data: str) -> None:
        self.here.parts.append(data)


def parse(html: str) -> Element:
    builder = _Builder()
    builder.feed(html)
    builder.close()
    assert builder.here is builder.root, f"<{builder.here.tag} {builder.here.attrs}> is not closed"
    return builder.root


@dataclass
class Page:
    """
    An answer.

    Attributes:
        path: where it is, after all redirections.
        headers: of the last answer.
        html: as it came.
        root: all of it, ``main`` included.
    """

    status: int
    path: str
    headers: dict[str, str]
    html: str
    root: Element

    @property
    def main(self) -> Element:
        return self.root.one("main")

    def text(self) -> str:
        return self.main.text()

    def alert(self) -> str:
        """Return what is said to be wrong with the whole."""
        return " ".join(element.text() for element in self.main.all(role="alert"))

    def messages(self) -> str:
        said = [
            part for part in self.main.all() if {"lp-messages", "lp-alert"} & set(part.attrs.get("class", "").split())
        ]
        return " ".join(element.text() for element in said)

    def errors(self) -> dict[str, str]:
        """Return what a screen reader says is wrong with a field, by the name of its box."""
        found = {}
        for box in self.main.all(aria_invalid="true"):
            ids = box.attrs["aria-describedby"].split()
            said = [self.main.one(id=name) for name in ids]
            found[box.attrs["name"]] = " ".join(part.text() for part in said if part.attrs["id"].endswith("_error"))
        return found

    def form(self, action: str = "", *, with_button: str = "") -> Form:
        """Return the one form that goes to an address, or that has a button which does or says so."""
        forms = [Form(element, self.path) for element in self.main.all("form")]
        fit = [form for form in forms if not action or form.action == action or action in form.actions()]
        fit = [form for form in fit if not with_button or with_button in form.buttons()]
        assert len(fit) == 1, f"{len(fit)} of {len(forms)} forms go to {action!r} {with_button!r}"
        return fit[0]


@dataclass
class Form:
    """A form of a page."""

    element: Element
    path: str

    @property
    def action(self) -> str:
        return self.element.attrs.get("action") or self.path

    def buttons(self) -> dict[str, Element]:
        """Return the buttons by what is written on them."""
        return {button.text(): button for button in self.element.all("button")}

    def actions(self) -> set[str]:
        return {button.attrs.get("formaction", self.action) for button in self.element.all("button")}

    def shown(self) -> dict[str, list[str]]:
        """Return what is in the boxes, without the token, which is another one each time."""
        return {name: values for name, values in self.data().items() if name != "csrfmiddlewaretoken"}

    def data(self) -> dict[str, list[str]]:
        """Return what a browser sends of the form as it is shown, without any button."""
        data: dict[str, list[str]] = {}
        for box in self.element.inside():
            values = _sent(box) if box.attrs.get("name") and "disabled" not in box.attrs else []
            if values:
                data.setdefault(box.attrs["name"], []).extend(values)
        return data

    def choices(self, name: str) -> list[str]:
        return [option.attrs["value"] for option in self.element.one("select", name=name).all("option")]


def _sent(box: Element) -> list[str]:
    kind = box.attrs.get("type", "text")
    if box.tag == "textarea":
        # A browser drops the first line break in a textarea, and sends each as two characters.
        return [box.raw_text().removeprefix("\n").replace("\r\n", "\n").replace("\n", "\r\n")]
    if box.tag == "select":
        options = box.all("option")
        chosen = [option for option in options if "selected" in option.attrs] or options[:1]
        return [option.attrs["value"] for option in chosen]
    if box.tag != "input" or kind in NOT_SENT_BY_THEMSELVES:
        return []
    if kind in {"checkbox", "radio"}:
        return [box.attrs.get("value", "on")] if "checked" in box.attrs else []
    return [box.attrs.get("value", "")]


def read(response: Any, path: str) -> Page:
    html = response.content.decode()
    return Page(response.status_code, path, dict(response.headers), html, parse(html))


def get(client: Client, path: str, **headers: str) -> Page:
    """Open a page, wherever it leads."""
    response = client.get(path, headers=headers or None, follow=True)
    return read(response, _last_path(response, path))


def send(
    client: Client,
    form: Form,
    changes: dict[str, Any] | None = None,
    *,
    press: str = "",
    follow: bool = True,
    **headers: str,
) -> Page:
    """
    Send a form with what was typed into it, by one of its buttons or the first of them; see what comes.

    A change to None leaves a box out, as one that is not ticked is.
    """
    button = form.buttons()[press] if press else next(iter(form.element.all("button")))
    data: dict[str, Any] = form.data() | (changes or {})
    if "name" in button.attrs:
        data[button.attrs["name"]] = button.attrs.get("value", "")
    data = {name: value for name, value in data.items() if value is not None}
    path = button.attrs.get("formaction", form.action)
    response = client.post(path, data, headers=headers or None, follow=follow)
    return read(response, _last_path(response, path))


def press(client: Client, page: Page, action: str) -> Page:
    """Press the one button of a page that posts to an address."""
    form = page.form(action)
    button = next(b for b in form.element.all("button") if b.attrs.get("formaction", form.action) == action)
    return send(client, form, press=button.text())


def _last_path(response: Any, path: str) -> str:
    chain = getattr(response, "redirect_chain", [])
    return str(chain[-1][0]) if chain else path

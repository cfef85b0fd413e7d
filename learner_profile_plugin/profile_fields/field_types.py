"""
What a field of an item can be: a line, a text, an address, a choice, a date, ...

Each type knows three shapes of its value and nothing of where it is used: the plain value
(``data.Value``), what is stored of it (JSON), and the form field that checks it. Page, API and
imports all check by that one form field. For programs it says besides what JSON they have to send.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, TypeVar
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from learner_profile_plugin.profile_fields.data import PartialDate
from learner_profile_plugin.profile_fields.date_field import PartialDateField

V = TypeVar("V")

NAME_LENGTH = 200
TEXT_LENGTH = 3000
URL_LENGTH = 500
WRONG_TYPE = _("This is no value for this field.")
# Django's own would repeat what was sent, whatever it is.
CHOICE_MESSAGES = dict.fromkeys(("invalid_choice", "invalid_list"), _("Choose from the list."))


class LineField(forms.CharField):
    """A text of one line; what cannot be written to a database is refused."""

    def to_python(self, value: Any) -> str:
        """Return the text with every run of white space as one space."""
        return " ".join(_storable(value).split())


class TextField(forms.CharField):
    """A text of several lines; a line break is one character, as the browser counts, and not two, as it sends."""

    def to_python(self, value: Any) -> str:
        """Return the text with plain line breaks."""
        return _storable(value).replace("\r\n", "\n").replace("\r", "\n").strip()


class LinesField(forms.Field):
    """Several texts, one a line; or a list of them. Empty ones and repetitions are left out."""

    widget = forms.Textarea

    def __init__(self, *, most: int, max_length: int, **kwargs: Any) -> None:
        """Take the limits: how many, and how long each."""
        super().__init__(**kwargs)
        self.most = most
        self.line = LineField(max_length=max_length, required=False)

    def prepare_value(self, value: Any) -> Any:
        """Show one a line."""
        return "\n".join(value) if isinstance(value, list | tuple) else value

    def to_python(self, value: Any) -> tuple[str, ...]:
        """Return the texts in their order."""
        lines = value if isinstance(value, list | tuple) else _storable(value).splitlines()
        if len(lines) > 10 * self.most:
            self._refuse_number()
        found: dict[str, str] = {}
        for line in filter(None, map(self.line.clean, lines)):
            found.setdefault(line.casefold(), line)
        return tuple(found.values())

    def validate(self, value: tuple[str, ...]) -> None:
        """Refuse more than there is room for."""
        super().validate(value)
        if len(value) > self.most:
            self._refuse_number()

    def _refuse_number(self) -> None:
        raise ValidationError(
            _("Enter no more than %(number)d, one a line."), code="many", params={"number": self.most}
        )


class AddressField(LineField):
    """An address on the web; one typed without a scheme is taken as https."""

    def clean(self, value: Any) -> str:
        """Take http and https only."""
        url: str = super().clean(value)
        if not url:
            return url
        if "://" not in url:
            url = f"https://{url}"
        try:
            URLValidator(schemes=["http", "https"])(url)
            # A name before an "@" hides where a link leads to, and is how mail addresses end up here.
            is_address = "@" not in urlsplit(url).netloc and len(url) <= URL_LENGTH
        except (ValidationError, ValueError):
            is_address = False
        if not is_address:
            raise ValidationError(_("Enter a web address, for example https://example.org/me."), code="url")
        return url


@dataclass(frozen=True, kw_only=True)
class FieldType(Generic[V]):
    """
    One field of an item.

    Attributes:
        is_required: an item without it is no item.
        takes: of which types a value is that programs send; None is taken as well, and is the empty one.
    """

    takes: ClassVar[tuple[type, ...]] = (str,)

    name: str
    label: Any
    help: Any = ""
    is_required: bool = False

    empty: V = field(init=False)

    def form_field(self) -> forms.Field:
        """Return the form field that shows and checks it."""
        raise NotImplementedError

    def json_schema(self) -> dict[str, Any]:
        """Return what a program sends and gets, in the terms of OpenAPI 3.0: a string, unless a type says otherwise."""
        return {"type": "string", **({"minLength": 1} if self.is_required else {})}

    def clean(self, entered: Any) -> V:
        """Return the value of what was entered. Raises ValidationError."""
        if entered is not None and not isinstance(entered, self.takes):
            raise ValidationError(WRONG_TYPE, code="type")
        return self.load(self.dump(self.form_field().clean(entered)))

    def load(self, stored: Any) -> V:
        """Return the value that is stored; the empty one where what is stored is not understood."""
        return stored if isinstance(stored, type(self.empty)) else self.empty

    def dump(self, value: V) -> Any:
        """Return what is stored of a value."""
        return value

    def _common(self) -> dict[str, Any]:
        return {"label": self.label, "help_text": self.help, "required": self.is_required}


@dataclass(frozen=True, kw_only=True)
class Line(FieldType[str]):
    """A text of one line; ``suggests`` names the list that is offered while typing."""

    max_length: int = NAME_LENGTH
    suggests: str = ""
    empty: str = field(default="", init=False)

    def form_field(self) -> forms.Field:
        """Return a one-line box."""
        attrs = {"data-lp-suggest": self.suggests, "autocomplete": "off"} if self.suggests else {}
        return LineField(max_length=self.max_length, widget=forms.TextInput(attrs=attrs), **self._common())

    def json_schema(self) -> dict[str, Any]:
        """Return a string of limited length."""
        return super().json_schema() | {"maxLength": self.max_length}


@dataclass(frozen=True, kw_only=True)
class Text(FieldType[str]):
    """A text of several lines, in Markdown."""

    max_length: int = TEXT_LENGTH
    rows: int = 5
    empty: str = field(default="", init=False)

    def form_field(self) -> forms.Field:
        """Return a box of several lines."""
        area = forms.Textarea(attrs={"rows": self.rows, "cols": False})
        return TextField(max_length=self.max_length, widget=area, **self._common())

    def json_schema(self) -> dict[str, Any]:
        """Return a string of limited length."""
        return super().json_schema() | {"maxLength": self.max_length}


@dataclass(frozen=True, kw_only=True)
class Lines(FieldType[tuple[str, ...]]):
    """Several short texts."""

    takes = (str, list, tuple)
    most: int = 20
    max_length: int = 100
    suggests: str = ""
    empty: tuple[str, ...] = field(default=(), init=False)

    def form_field(self) -> forms.Field:
        """Return a box that takes one a line."""
        attrs: dict[str, Any] = {"rows": 3, "cols": False, "maxlength": self.most * (self.max_length + 1)}
        attrs |= {"data-lp-suggest": self.suggests} if self.suggests else {}
        return LinesField(
            most=self.most, max_length=self.max_length, widget=forms.Textarea(attrs=attrs), **self._common()
        )

    def json_schema(self) -> dict[str, Any]:
        """Return a list of strings."""
        return {
            "type": "array",
            "items": {"type": "string", "maxLength": self.max_length},
            "maxItems": self.most,
        }

    def load(self, stored: Any) -> tuple[str, ...]:
        """Return the texts."""
        return tuple(text for text in stored if isinstance(text, str)) if isinstance(stored, list) else ()

    def dump(self, value: tuple[str, ...]) -> list[str]:
        """Return a list."""
        return list(value)


@dataclass(frozen=True, kw_only=True)
class Address(FieldType[str]):
    """An address on the web: http or https."""

    empty: str = field(default="", init=False)

    def form_field(self) -> forms.Field:
        """Return a one-line box."""
        box = forms.TextInput(attrs={"inputmode": "url", "placeholder": "https://", "dir": "ltr"})
        return AddressField(max_length=URL_LENGTH, widget=box, **self._common())

    def json_schema(self) -> dict[str, Any]:
        """Return a string of limited length."""
        return super().json_schema() | {"maxLength": URL_LENGTH}


@dataclass(frozen=True, kw_only=True)
class Choice(FieldType[str]):
    """One code out of several, or none; ``choices`` are codes and what they are called."""

    choices: Mapping[str, Any]
    empty: str = field(default="", init=False)

    def form_field(self) -> forms.Field:
        """Return a list to choose from."""
        return forms.ChoiceField(
            choices=[("", _("Not said")), *self.choices.items()], error_messages=CHOICE_MESSAGES, **self._common()
        )

    def json_schema(self) -> dict[str, Any]:
        """Return the codes, and the empty string for none where that may be."""
        return {"type": "string", "enum": [*([] if self.is_required else [""]), *self.choices]}

    def load(self, stored: Any) -> str:
        """Return the code."""
        return stored if isinstance(stored, str) and stored in self.choices else ""


@dataclass(frozen=True, kw_only=True)
class Choices(FieldType[tuple[str, ...]]):
    """Any number of codes out of several."""

    takes = (list, tuple)
    choices: Mapping[str, Any]
    empty: tuple[str, ...] = field(default=(), init=False)

    def form_field(self) -> forms.Field:
        """Return boxes to tick."""
        return forms.MultipleChoiceField(
            choices=list(self.choices.items()),
            widget=forms.CheckboxSelectMultiple,
            error_messages=CHOICE_MESSAGES,
            **self._common(),
        )

    def json_schema(self) -> dict[str, Any]:
        """Return a list of codes."""
        return {"type": "array", "items": {"type": "string", "enum": list(self.choices)}}

    def load(self, stored: Any) -> tuple[str, ...]:
        """Return the codes, in the order of the choices."""
        return tuple(code for code in self.choices if code in stored) if isinstance(stored, list | tuple) else ()

    def dump(self, value: tuple[str, ...]) -> list[str]:
        """Return a list."""
        return list(value)


@dataclass(frozen=True, kw_only=True)
class Date(FieldType[PartialDate | None]):
    """A partial date."""

    takes = (str, PartialDate)
    may_lie_ahead: bool = False
    empty: None = field(default=None, init=False)

    def form_field(self) -> forms.Field:
        """Return boxes for day, month and year."""
        return PartialDateField(may_lie_ahead=self.may_lie_ahead, **self._common())

    def json_schema(self) -> dict[str, Any]:
        """Return a string of a year, a month or a day; null where it is left open and may be."""
        pattern = "^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"
        return {"type": "string", "pattern": pattern, **({} if self.is_required else {"nullable": True})}

    def load(self, stored: Any) -> PartialDate | None:
        """Return the date."""
        try:
            return PartialDate.parse(stored) if isinstance(stored, str) and stored else None
        except ValueError:
            return None

    def dump(self, value: PartialDate | None) -> str:
        """Return the date as text, ``""`` where it is left open."""
        return str(value) if value else ""


@dataclass(frozen=True, kw_only=True)
class Flag(FieldType[bool]):
    """A yes, or not."""

    takes = (bool,)
    empty: bool = field(default=False, init=False)

    def form_field(self) -> forms.Field:
        """Return a box to tick."""
        return forms.BooleanField(label=self.label, help_text=self.help, required=False)

    def json_schema(self) -> dict[str, Any]:
        """Return a yes or no."""
        return {"type": "boolean"}


def _storable(entered: Any) -> str:
    """Return a text that was entered. Half a character (a lone surrogate), which no database takes, is refused."""
    if entered is None:
        return ""
    if not isinstance(entered, str):
        raise ValidationError(WRONG_TYPE, code="type")
    try:
        entered.encode()
    except UnicodeEncodeError:
        raise ValidationError(_("This text holds a character that cannot be stored."), code="surrogate") from None
    return entered

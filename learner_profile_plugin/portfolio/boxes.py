"""How the page lays a portfolio out: boxes from the top, and in each what an item reads like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from learner_profile_plugin import access
from learner_profile_plugin.access import Section
from learner_profile_plugin.labels import AUDIENCE_LABELS, SECTION_LABELS
from learner_profile_plugin.portfolio import wording
from learner_profile_plugin.portfolio.data import Portfolio
from learner_profile_plugin.portfolio.visits import Learner
from learner_profile_plugin.profile_fields import api as profile_fields
from learner_profile_plugin.profile_fields.api import Kind
from learner_profile_plugin.profile_fields.data import Item, PartialDate

SIDE = (
    Section.WORK_PREFERENCES,
    Section.CONTACT,
    Section.SKILLS,
    Section.LANGUAGES,
    Section.LINKS,
    Section.RESUME,
    Section.CERTIFICATIONS,
    Section.OTHER_COURSES,
    Section.HONOURS,
    Section.MEMBERSHIPS,
)
# What a section's box looks like, where it is not a list of entries.
SHAPES = {
    Section.ABOUT: "text",
    Section.CONTACT: "contact",
    Section.LINKS: "links",
    Section.RESUME: "links",
    Section.SKILLS: "tags",
    Section.LANGUAGES: "tags",
    Section.WORK_PREFERENCES: "facts",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """
    An item as it reads.

    Attributes:
        title: what it is called, without any markup.
        under: what stands in the line below it.
        period: its dates.
        facts: label and text of what the box lists one by one.
        text: Markdown.
        site: the name of the site that ``url`` leads to, where it is a known one.
    """

    item: Item
    title: str
    under: tuple[str, ...] = ()
    period: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    text: str = ""
    tags: tuple[str, ...] = ()
    url: str = ""
    site: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """
    A section as the page shows it.

    Attributes:
        shape: which template shows its entries.
        audience: who can see it, in words; for the owner.
        may_edit: the viewer can change it.
        has_room: another item can be added.
        may_sort: it is in an order made by hand, and dates could make it.
    """

    section: Section
    label: Any
    shape: str
    kind: Kind
    entries: tuple[Entry, ...] = ()
    audience: Any = ""
    may_edit: bool = False
    has_room: bool = False
    may_sort: bool = False
    account_links: tuple[tuple[str, str], ...] = field(default=())

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it."""
        return not self.entries and not self.account_links


def boxes(portfolio: Portfolio, learner: Learner, *, is_owner: bool, today: date) -> tuple[list[Box], list[Box]]:
    """
    Return the boxes of what the learner states: those of the wide column, and those beside it.

    The owner has a box for every section that is on; others for those that hold something.
    """
    audiences = learner.audiences() if is_owner else {}
    made = []
    for section, kind in profile_fields.KINDS.items():
        if section is Section.HEADER or section not in learner.sections():
            continue
        entries = tuple(entry(kind, item, today) for item in portfolio.items.get(section, ()))
        may_edit = is_owner and access.may_edit(learner.owner, section)
        made.append(
            Box(
                section=section,
                label=SECTION_LABELS[section],
                shape=SHAPES.get(section, "entries"),
                kind=kind,
                entries=entries,
                audience=AUDIENCE_LABELS[audiences[section]] if is_owner else "",
                may_edit=may_edit,
                has_room=may_edit and len(entries) < learner.owner.rules[section].max_items,
                may_sort=may_edit and kind.has_dates() and section in learner.profile.by_hand,
                account_links=_account_links(portfolio) if section is Section.LINKS else (),
            )
        )
    shown = [box for box in made if not box.is_empty or (is_owner and box.may_edit)]
    side = {section: place for place, section in enumerate(SIDE)}
    return (
        [box for box in shown if box.section not in side],
        sorted((box for box in shown if box.section in side), key=lambda box: side[box.section]),
    )


def entry(kind: Kind, item: Item, today: date) -> Entry:
    """Return how an item reads."""
    values = item.values
    texts = [(field, _in_words(field, values[field.name], today)) for field in kind.fields if field.name != kind.title]
    by_name = {field.name: text for field, text in texts}
    url = str(values.get("url") or "")
    tags = values.get("skills")
    return Entry(
        item=item,
        title=_title(kind, values),
        under=tuple(text for field, text in texts if text and field.name not in _APART),
        period=period(kind, values),
        facts=_facts(kind, values, today),
        text=by_name.get("description") or (str(values["text"]) if "text" in values else ""),
        tags=tags if isinstance(tags, tuple) else (),
        url=url,
        site=profile_fields.link_kind(url) if url else "",
    )


# What nobody would understand without its label, and what has a place of its own: the rest stands below the title.
_LABELLED = {"activities", "credential_id", "grade"}
_APART = {"description", "text", "url", "skills", "start", "end"} | _LABELLED


def period(kind: Kind, values: Mapping[str, Any]) -> str:
    """Return the dates of an item in words."""
    start, end = values.get("start"), values.get("end")
    first, last = (wording.partial_date(day) if isinstance(day, PartialDate) else "" for day in (start, end))
    if kind.section is Section.CERTIFICATIONS:
        issued = [_("Issued %(date)s") % {"date": first}] if first else []
        return " · ".join([*issued, *([_("Expires %(date)s") % {"date": last}] if last else [])])
    if first and not last and kind.ends_now:
        last = _("present")
    return f"{first} \N{EN DASH} {last}" if first and last else first or last


def _facts(kind: Kind, values: Mapping[str, Any], today: date) -> tuple[tuple[str, str], ...]:
    lists_all = SHAPES.get(kind.section) == "facts"
    fields = [field for field in kind.fields if lists_all or field.name in _LABELLED]
    texts = ((str(field.label), _in_words(field, values[field.name], today)) for field in fields)
    return tuple((label, text) for label, text in texts if text)


def _title(kind: Kind, values: Mapping[str, Any]) -> str:
    title = values[kind.title]
    return title if isinstance(title, str) else str(SECTION_LABELS[kind.section])


def _in_words(field: Any, value: Any, today: date) -> str:
    """Return what a field holds as text for a reader; ``""`` where it holds nothing."""
    choices = getattr(field, "choices", None)
    if isinstance(value, PartialDate):
        return wording.partial_date(value) if value.first_day() > today else _("right away")
    if isinstance(value, tuple):
        return str(get_text_list([str(choices[code]) if choices else code for code in value], _("and")))
    if choices and value:
        return str(choices[value])
    return value if isinstance(value, str) else ""


def _account_links(portfolio: Portfolio) -> tuple[tuple[str, str], ...]:
    return tuple((url, profile_fields.link_kind(url)) for url in portfolio.account_links)

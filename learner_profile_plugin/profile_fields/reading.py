"""Reads a whole profile in a fixed number of queries, and puts its items in order."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.db.models import F

from learner_profile_plugin.access import Audience, Section
from learner_profile_plugin.profile_fields import models
from learner_profile_plugin.profile_fields.data import Item, Picture, Profile
from learner_profile_plugin.profile_fields.kinds import KINDS

SECTIONS = frozenset(section.value for section in Section)
AUDIENCES = frozenset(audience.value for audience in Audience)
OF_PROFILE = ("published_at", "published_as_minor", "version")
OF_PICTURE = ("id", "description", "width", "height")
OF_CHOICE = ("section_choices__section", "section_choices__audience", "section_choices__is_by_hand")


def get_profile(user_id: int) -> Profile:
    """Return what a learner states; an empty profile (version 0) if they never saved one. Two queries."""
    # The profile, and beside it each choice for a section: one row at least, with no choice in it.
    rows = list(models.Profile.objects.filter(user_id=user_id).values_list(*OF_PROFILE, *OF_CHOICE))
    if not rows:
        return Profile()
    published_at, published_as_minor, version = rows[0][: len(OF_PROFILE)]
    choices = [row[len(OF_PROFILE) :] for row in rows]
    known = [(Section(name), audience, is_by_hand) for name, audience, is_by_hand in choices if name in SECTIONS]
    by_hand = frozenset(section for section, _audience, is_by_hand in known if is_by_hand)
    return Profile(
        items=_items(user_id, by_hand),
        by_hand=by_hand,
        audiences={section: Audience(audience) for section, audience, _ in known if audience in AUDIENCES},
        published_at=published_at,
        published_as_minor=published_as_minor,
        version=version,
    )


def item_of(row: models.Item, pictures: Iterable[models.Picture | Picture] = ()) -> Item:
    """Return an item from its row."""
    section = Section(row.section)
    return Item(
        id=row.pk,
        section=section,
        values=KINDS[section].load(row.values),
        is_hidden=row.is_hidden,
        version=row.version,
        pictures=tuple(
            Picture(id=picture.id, description=picture.description, width=picture.width, height=picture.height)
            for picture in pictures
        ),
    )


def _items(user_id: int, by_hand: frozenset[Section]) -> dict[Section, tuple[Item, ...]]:
    # Each item, and beside it each of its pictures: one row at least, with no picture in it.
    of_pictures = {f"picture_{name}": F(f"pictures__{name}") for name in OF_PICTURE}
    rows = (
        models.Item.objects.filter(profile_id=user_id, removed_at=None, section__in=KINDS)
        .annotate(**of_pictures)
        .order_by("position", "created_at", "id", "pictures__position", "pictures__id")
    )
    items: dict[UUID, models.Item] = {}
    pictures: dict[UUID, list[Picture]] = {}
    for row in rows:
        items.setdefault(row.pk, row)
        of_row = pictures.setdefault(row.pk, [])
        values = [getattr(row, name) for name in of_pictures]
        if values[0] is not None:
            of_row.append(Picture(*values))
    found: dict[Section, list[Item]] = {}
    for row in items.values():
        found.setdefault(Section(row.section), []).append(item_of(row, pictures[row.pk]))
    return {
        section: tuple(items if section in by_hand else _by_date(section, items)) for section, items in found.items()
    }


def _by_date(section: Section, items: list[Item]) -> list[Item]:
    """Return items from the newest to the oldest, where they have dates; equal ones stay as they stood."""
    kind = KINDS[section]
    return sorted(items, key=lambda item: kind.date_key(item.values), reverse=True) if kind.has_dates() else items

"""What a learner does with items: add, change, remove and have back, hide, put in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from learner_profile_plugin.access import Section
from learner_profile_plugin.profile_fields import models
from learner_profile_plugin.profile_fields.data import InvalidItemError, Item, NoSuchItemError, StaleItemError
from learner_profile_plugin.profile_fields.kind import Kind
from learner_profile_plugin.profile_fields.kinds import KINDS
from learner_profile_plugin.profile_fields.reading import get_profile, item_of
from learner_profile_plugin.profile_fields.turns import changing
from learner_profile_plugin.profile_fields.validation import clean_values
from learner_profile_plugin.section_rules import api as section_rules

KEPT_AFTER_REMOVAL = timedelta(hours=1)
ERASED_AFTER_REMOVAL = KEPT_AFTER_REMOVAL + timedelta(minutes=10)
"""Some time later, so that nobody erases what somebody else is having back at this very moment."""


def add_item(user_id: int, section: Section, values: Mapping[str, Any], *, is_hidden: bool = False) -> Item:
    """
    Add an item at the end of its section and return it.

    Raises:
        InvalidItemError: if something about it is wrong, or the section is full.
        StaleItemError: if the section has the one item already that it may have.
    """
    kind = _kind(section)
    cleaned = clean_values(kind, values)
    with changing(user_id):
        _check_room(user_id, kind)
        row = models.Item.objects.create(
            profile_id=user_id,
            section=section.value,
            position=_end(user_id, section),
            values=kind.dump(cleaned),
            is_hidden=is_hidden,
        )
    return item_of(row)


def change_item(
    user_id: int, item_id: UUID, values: Mapping[str, Any], *, version: int, is_hidden: bool | None = None
) -> Item:
    """
    Replace what an item says and return it. Fields of it that this version of the plugin does not know stay.

    Raises:
        InvalidItemError: if something about it is wrong.
        NoSuchItemError: if the learner has no such item.
        StaleItemError: if it is no longer the version that was changed.
    """
    with changing(user_id):
        row = _row(user_id, item_id)
        kind = KINDS[Section(row.section)]
        cleaned = clean_values(kind, values)
        if row.version != version:
            raise StaleItemError
        row.values = {**row.values, **kind.dump(cleaned)}
        row.is_hidden = row.is_hidden if is_hidden is None else is_hidden
        row.version += 1
        row.save()
    return item_of(row, row.pictures.all())


def set_hidden(user_id: int, item_id: UUID, *, is_hidden: bool) -> None:
    """Keep an item from everybody else, or show it again. Raises NoSuchItemError."""
    with changing(user_id):
        row = _row(user_id, item_id)
        models.Item.objects.filter(pk=row.pk).update(is_hidden=is_hidden, version=F("version") + 1)


def remove_item(user_id: int, item_id: UUID, *, version: int | None = None) -> None:
    """
    Remove an item. For an hour it can be had back; some time after, it is gone for good.

    Raises:
        NoSuchItemError: if the learner has no such item.
        StaleItemError: if it is no longer the version named, where one is named.
    """
    # Whoever removes something sweeps up behind those who did before, so that no timer is needed.
    erase_removed()
    with changing(user_id):
        row = _row(user_id, item_id)
        if version is not None and row.version != version:
            raise StaleItemError
        models.Item.objects.filter(pk=row.pk).update(removed_at=timezone.now())
        models.Draft.objects.filter(profile_id=user_id, form=str(item_id)).delete()


def restore_item(user_id: int, item_id: UUID) -> Item:
    """
    Have a removed item back where it was. Where it was never removed, nothing happens.

    Raises:
        InvalidItemError: if the section is full by now.
        NoSuchItemError: if it is gone for good, or never was the learner's.
        StaleItemError: if the section has another one item by now.
    """
    with changing(user_id):
        row = models.Item.objects.filter(profile_id=user_id, pk=item_id, section__in=KINDS).first()
        if row is None or (row.removed_at and row.removed_at < timezone.now() - KEPT_AFTER_REMOVAL):
            raise NoSuchItemError
        if row.removed_at:
            _check_room(user_id, KINDS[Section(row.section)])
            row.removed_at = None
            row.save(update_fields=["removed_at"])
    return item_of(row, row.pictures.all())


def move_item(user_id: int, item_id: UUID, *, steps: int) -> None:
    """Move an item up (negative) or down in its section as it is shown, to its ends at most. Raises NoSuchItemError."""
    with changing(user_id):
        row = _row(user_id, item_id)
        order = [item.id for item in _shown(user_id, Section(row.section))]
        at = order.index(item_id)
        order.insert(max(0, at + steps), order.pop(at))
        _put_in_order(user_id, Section(row.section), order)


def set_order(user_id: int, section: Section, item_ids: Sequence[UUID]) -> None:
    """
    Put the items of a section in the order given; those not named follow as they stood.

    Raises:
        NoSuchItemError: if one of them is not in this section.
    """
    with changing(user_id):
        shown = [item.id for item in _shown(user_id, section)]
        named = list(dict.fromkeys(item_ids))
        if not set(named) <= set(shown):
            raise NoSuchItemError
        _put_in_order(user_id, section, [*named, *(item_id for item_id in shown if item_id not in named)])


def order_by_date(user_id: int, section: Section) -> None:
    """Let dates make the order of a section again."""
    with changing(user_id):
        models.SectionChoice.objects.filter(profile_id=user_id, section=section.value).update(is_by_hand=False)


def erase_removed(at: datetime | None = None) -> int:
    """Erase, for all learners, what was removed and can no longer be had back; return how many items those were."""
    rows = models.Item.objects.filter(removed_at__lt=(at or timezone.now()) - ERASED_AFTER_REMOVAL)
    return rows.delete()[1].get("learner_profile_plugin.Item", 0)


def _kind(section: Section) -> Kind:
    if section not in KINDS:
        raise InvalidItemError({"": [_("What this section shows is recorded, and cannot be added to.")]})
    return KINDS[section]


def _row(user_id: int, item_id: UUID) -> models.Item:
    row = models.Item.objects.filter(profile_id=user_id, pk=item_id, removed_at=None, section__in=KINDS).first()
    if row is None:
        raise NoSuchItemError
    return row


def _check_room(user_id: int, kind: Kind) -> None:
    count = models.Item.objects.filter(profile_id=user_id, section=kind.section.value, removed_at=None).count()
    if kind.is_single and count:
        raise StaleItemError
    most = section_rules.get_rules()[kind.section].max_items
    if count >= most:
        raise InvalidItemError({"": [_("There is room for %(number)d in this section.") % {"number": most}]})


def _end(user_id: int, section: Section) -> int:
    rows = models.Item.objects.filter(profile_id=user_id, section=section.value)
    last = rows.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1


def _shown(user_id: int, section: Section) -> list[Item]:
    return list(get_profile(user_id).items.get(section, ()))


def _put_in_order(user_id: int, section: Section, item_ids: Sequence[UUID]) -> None:
    places = {item_id: place for place, item_id in enumerate(item_ids)}
    rows = list(models.Item.objects.filter(pk__in=item_ids))
    for row in rows:
        row.position = places[row.pk]
    models.Item.objects.bulk_update(rows, ["position"])
    models.SectionChoice.objects.update_or_create(
        profile_id=user_id, section=section.value, defaults={"is_by_hand": True}
    )

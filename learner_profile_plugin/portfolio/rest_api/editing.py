"""The learner's own profile: its sections and their items, read and changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from learner_profile_plugin import access
from learner_profile_plugin.access import Section
from learner_profile_plugin.labels import SECTION_LABELS
from learner_profile_plugin.portfolio import guide, wording
from learner_profile_plugin.portfolio.data import Source
from learner_profile_plugin.portfolio.doorway import forget_typed
from learner_profile_plugin.portfolio.rest_api.doorway import (
    OwnView,
    check_editable,
    check_holds_items,
    item_of,
    section_of,
)
from learner_profile_plugin.portfolio.rest_api.errors import ConflictError, InvalidError
from learner_profile_plugin.portfolio.rest_api.openapi import (
    ETAG,
    IF_MATCH,
    JSON,
    MERGE_PATCH,
    OPTIONAL_IF_MATCH,
    SECTION,
    answers,
    described,
    ref,
)
from learner_profile_plugin.portfolio.rest_api.parsers import merged
from learner_profile_plugin.portfolio.rest_api.shapes import (
    BY_DATE,
    ProfileSerializer,
    SectionChoiceSerializer,
    SectionSerializer,
    own_item,
    plain_values,
    refuse_unknown,
)
from learner_profile_plugin.portfolio.rest_api.tags import check_match, tag
from learner_profile_plugin.portfolio.visits import Learner, by_audience
from learner_profile_plugin.profile_fields import api as profile_fields
from learner_profile_plugin.profile_fields.data import InvalidItemError, Item, NoSuchItemError, StaleItemError
from learner_profile_plugin.secret_links import api as secret_links

ITEM = ref("Item")


class ProfileView(OwnView):
    """All that the signed-in learner states."""

    tag = "profile"

    @described(parameters=[ETAG], responses=answers({200: ProfileSerializer}))
    def get(self, request: Request) -> Response:
        """Return the whole profile, with hidden items and the rules that hold."""
        learner = self.learner()
        profile = learner.profile
        facts = {
            "username": learner.account.username,
            "version": profile.version,
            "is_published": learner.owner.is_published,
            "published_at": profile.published_at,
            "privacy_summary": wording.privacy_summary(by_audience(learner.audiences())),
            "next_steps": guide.next_steps(learner),
            "sections": [_section(learner, section) for section in learner.sections()],
        }
        serializer = ProfileSerializer(facts, context={"request": request})
        return Response(serializer.data, headers={"ETag": tag(profile.version)})

    @described(parameters=[IF_MATCH], responses=answers({204: None}, 412, 428))
    def delete(self, request: Request) -> Response:
        """Delete all that the learner states, with pictures and secret links. It cannot be had back."""
        check_match(request, self.learner().profile.version)
        with transaction.atomic():
            secret_links.delete_learner(self.user_id())
            profile_fields.delete_profile(self.user_id())
        forget_typed(request)
        return Response(status=status.HTTP_204_NO_CONTENT)


class SectionView(OwnView):
    """One of the learner's own sections."""

    tag = "sections"

    @described(parameters=[SECTION, ETAG], responses=answers({200: SectionSerializer}, 404))
    def get(self, request: Request, section: str) -> Response:
        """Return a section: its items, who sees it, and the rules that hold."""
        learner = self.learner()
        return self._answer(learner, section_of(learner, section))

    @described(
        parameters=[SECTION, OPTIONAL_IF_MATCH, ETAG],
        request={MERGE_PATCH: SectionChoiceSerializer},
        responses=answers({200: SectionSerializer}, 400, 404, 412, 415),
    )
    def patch(self, request: Request, section: str) -> Response:
        """Change who sees a section, or the order of its items."""
        learner = self.learner()
        of_section = section_of(learner, section)
        check_editable(learner, of_section)
        check_match(request, learner.profile.version, is_required=False)
        refuse_unknown(request.data, SectionChoiceSerializer().fields)
        changes = SectionChoiceSerializer(data=request.data)
        changes.is_valid(raise_exception=True)
        with transaction.atomic():
            if "order" in changes.validated_data:
                self._put_in_order(of_section, changes.validated_data["order"])
            if "audience" in changes.validated_data:
                profile_fields.set_audiences(self.user_id(), {of_section: changes.validated_data["audience"]})
        return self._answer(self.learner(), of_section)

    def _put_in_order(self, section: Section, order: Any) -> None:
        kind = profile_fields.KINDS.get(section)
        if order == BY_DATE and kind and kind.has_dates():
            profile_fields.order_by_date(self.user_id(), section)
            return
        try:
            if kind is None or not isinstance(order, list) or not all(isinstance(each, str) for each in order):
                raise ValueError
            profile_fields.set_order(self.user_id(), section, [UUID(each) for each in order])
        except (NoSuchItemError, ValueError):
            raise InvalidError({"order": [_("List ids of items of this section.")]}) from None

    def _answer(self, learner: Learner, section: Section) -> Response:
        serializer = SectionSerializer(_section(learner, section), context={"request": self.request})
        return Response(serializer.data, headers={"ETag": tag(learner.profile.version)})


class ItemsView(OwnView):
    """The items of one of the learner's own sections."""

    tag = "items"

    @described(parameters=[SECTION], responses=answers({200: {"type": "array", "items": ITEM}}, 404))
    def get(self, request: Request, section: str) -> Response:
        """Return all items of a section, hidden ones too, in their order."""
        learner = self.learner()
        of_section = section_of(learner, section)
        check_holds_items(of_section)
        return Response([own_item(item, request) for item in learner.profile.items.get(of_section, ())])

    @described(
        parameters=[SECTION, ETAG],
        request={JSON: ref("NewItem")},
        responses=answers({201: ITEM}, 400, 404, 409, 415),
    )
    def post(self, request: Request, section: str) -> Response:
        """Add an item to a section. 409 if the section holds the one item already that it can."""
        learner = self.learner()
        of_section = section_of(learner, section)
        check_holds_items(of_section)
        check_editable(learner, of_section)
        values, is_hidden = _entered(request.data)
        try:
            item = profile_fields.add_item(self.user_id(), of_section, values, is_hidden=is_hidden)
        except StaleItemError:
            raise _taken() from None
        address = request.build_absolute_uri(reverse("learner_profile:api_item", args=[item.id]))
        return _answer(item, request, status=status.HTTP_201_CREATED, headers={"Location": address})


class ItemView(OwnView):
    """One of the learner's own items. Whoever changes it says which version they have seen."""

    tag = "items"

    @described(parameters=[ETAG], responses=answers({200: ITEM}, 404))
    def get(self, request: Request, item_id: UUID) -> Response:
        """Return an item."""
        return _answer(item_of(self.learner(), item_id), request)

    @described(
        parameters=[IF_MATCH, ETAG],
        request={JSON: ref("NewItem")},
        responses=answers({200: ITEM}, 400, 404, 412, 415, 428),
    )
    def put(self, request: Request, item_id: UUID) -> Response:
        """Replace what an item says. Fields that are left out become empty."""
        return self._change(request, self._changeable(request, item_id), request.data)

    @described(
        parameters=[IF_MATCH, ETAG],
        request={MERGE_PATCH: ref("ItemPatch")},
        responses=answers({200: ITEM}, 400, 404, 412, 415, 428),
    )
    def patch(self, request: Request, item_id: UUID) -> Response:
        """Change some fields of an item. Null empties a field."""
        item = self._changeable(request, item_id)
        present = {"values": plain_values(item.values), "is_hidden": item.is_hidden}
        return self._change(request, item, merged(present, request.data))

    @described(parameters=[IF_MATCH], responses=answers({204: None}, 404, 412, 428))
    def delete(self, request: Request, item_id: UUID) -> Response:
        """Remove an item. For an hour it can be restored."""
        item = self._changeable(request, item_id)
        profile_fields.remove_item(self.user_id(), item.id, version=item.version)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _changeable(self, request: Request, item_id: UUID) -> Item:
        learner = self.learner()
        item = item_of(learner, item_id)
        check_editable(learner, item.section)
        check_match(request, item.version)
        return item

    def _change(self, request: Request, item: Item, data: Mapping[str, Any]) -> Response:
        values, is_hidden = _entered(data)
        changed = profile_fields.change_item(self.user_id(), item.id, values, version=item.version, is_hidden=is_hidden)
        return _answer(changed, request)


class RestoreItemView(OwnView):
    """An item that was removed within the last hour."""

    tag = "items"

    @described(parameters=[ETAG], request=None, responses=answers({200: ITEM}, 404, 409))
    def post(self, request: Request, item_id: UUID) -> Response:
        """Have a removed item back where it was. 409 if there is no room for it any more."""
        learner = self.learner()
        try:
            # What section it is of, only the item tells: what must not be is undone.
            with transaction.atomic():
                item = profile_fields.restore_item(self.user_id(), item_id)
                check_editable(learner, item.section)
        except (InvalidItemError, StaleItemError):
            raise _taken() from None
        return _answer(item, request)


def _section(learner: Learner, section: Section) -> dict[str, Any]:
    """Return the facts of a section."""
    rule = learner.owner.rules[section]
    kind = profile_fields.KINDS.get(section)
    items = learner.profile.items.get(section, ())
    by_date = kind is not None and kind.has_dates() and section not in learner.profile.by_hand
    return {
        "section": section.value,
        "label": SECTION_LABELS[section],
        "provenance": (Source.STATED if kind else Source.RECORDED).value,
        "is_locked": rule.is_locked,
        "is_required": rule.is_required,
        "max_items": rule.max_items,
        "audience": access.chosen_audience(learner.owner, section),
        "effective_audience": learner.audiences()[section],
        "order": None if kind is None else BY_DATE if by_date else [str(item.id) for item in items],
        "items": items,
    }


def _entered(data: Mapping[str, Any]) -> tuple[Mapping[str, Any], bool]:
    """
    Return what was sent for an item: its values, which nobody has checked yet, and whether it is hidden.

    What a caller cannot change (an item is sent back as it was got) is passed over.
    """
    refuse_unknown(data, ("values", "is_hidden", "id", "section", "provenance", "version", "pictures"))
    values, is_hidden = data.get("values"), data.get("is_hidden", False)
    if not isinstance(values, dict):
        raise InvalidError({"values": [_("Send an object with the fields of the item.")]})
    if not isinstance(is_hidden, bool):
        raise InvalidError({"is_hidden": [_("Send true or false.")]})
    return values, is_hidden


def _taken() -> ConflictError:
    return ConflictError(_("There is no room for it."), "no_room")


def _answer(item: Item, request: Request, **options: Any) -> Response:
    headers = {"ETag": tag(item.version), **options.pop("headers", {})}
    return Response(own_item(item, request), headers=headers, **options)

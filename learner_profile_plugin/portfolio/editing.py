"""
The door for the owner's browser: adding, changing and removing items, one form at a time.

Without JavaScript every form is a page of its own and leads back to the portfolio. With it, the
same addresses are asked and a part of the same pages is put in its place.
"""

from __future__ import annotations

from contextlib import suppress
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from learner_profile_plugin import access, compat
from learner_profile_plugin.access import Section
from learner_profile_plugin.labels import SECTION_LABELS
from learner_profile_plugin.portfolio.doorway import (
    BOXES,
    is_partial,
    learner_of,
    own_action,
    own_page,
    sign,
    to_page,
    to_portfolio,
)
from learner_profile_plugin.portfolio.forms import AudienceForm, ItemForm
from learner_profile_plugin.portfolio.visits import Learner, NotVisibleError, get_learner
from learner_profile_plugin.profile_fields import api as profile_fields
from learner_profile_plugin.profile_fields.data import Draft, InvalidItemError, Item, NoSuchItemError, StaleItemError
from learner_profile_plugin.suggestions import api as suggestions

ITEM_ACTIONS = ("remove", "restore", "hide", "show", "up", "down")


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def add_item(request: HttpRequest, section: str) -> HttpResponse:
    """Show the form for a new item of a section, and add what is entered. Where there is but one, it is that one."""
    learner, of_section = _editable(request, section)
    item = learner.profile.single(of_section) if profile_fields.KINDS[of_section].is_single else None
    return _edit(request, of_section, item)


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def edit_item(request: HttpRequest, item_id: UUID) -> HttpResponse:
    """Show the form for an item, and save what is entered, even if it was removed in the meantime."""
    if request.method == "POST":
        with suppress(NoSuchItemError, InvalidItemError, StaleItemError):
            _have_back(request, item_id)
    item = _find(request, item_id)
    if item is None:
        return _keep_for_new(request)
    _editable(request, item.section)
    return _edit(request, item.section, item)


@own_action
@require_POST
def act_on_item(request: HttpRequest, item_id: UUID, action: str) -> HttpResponse:
    """Do one of ``ITEM_ACTIONS`` with an item."""
    user_id = learner_of(request).pk
    if action not in ITEM_ACTIONS:
        raise Http404
    if action == "restore":
        return _restore(request, item_id)
    item = _find(request, item_id)
    if item is None:
        raise Http404
    _editable(request, item.section)
    try:
        if action == "remove":
            profile_fields.remove_item(user_id, item_id)
        elif action in {"hide", "show"}:
            profile_fields.set_hidden(user_id, item_id, is_hidden=action == "hide")
        else:
            profile_fields.move_item(user_id, item_id, steps=-1 if action == "up" else 1)
    except NoSuchItemError:
        raise Http404 from None
    return to_portfolio(request, item.section, f"?removed={item_id}" if action == "remove" else "")


@own_action
@require_POST
def order_section(request: HttpRequest, section: str) -> HttpResponse:
    """Put a section in the order of the ids posted as ``item``, or, with ``by=date``, in that of its dates."""
    _learner, of_section = _editable(request, section)
    user_id = learner_of(request).pk
    if request.POST.get("by") == "date":
        profile_fields.order_by_date(user_id, of_section)
        return to_portfolio(request, of_section)
    try:
        profile_fields.set_order(user_id, of_section, [UUID(item_id) for item_id in request.POST.getlist("item")])
    except (NoSuchItemError, ValueError):
        raise Http404 from None
    return to_portfolio(request, of_section)


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def choose_audience(request: HttpRequest, section: str) -> HttpResponse:
    """Show who may see a section, and change it."""
    learner, of_section = _editable(request, section, recorded_too=True)
    present = access.chosen_audience(learner.owner, of_section)
    form = AudienceForm(request.POST if request.method == "POST" else None, initial={"audience": present.value})
    if request.method == "POST" and form.is_valid():
        # What they left as it was may have changed in another tab by now.
        if form.has_changed():
            profile_fields.set_audiences(learner_of(request).pk, {of_section: form.cleaned_data["audience"]})
        return to_portfolio(request, of_section)
    context = {
        "form": form,
        "section": of_section,
        "label": SECTION_LABELS[of_section],
        "editor": f"audience-{of_section.value}",
        "show_errors": form.is_bound,
    }
    return _editor(request, "learner_profile/edit_audience.html", context, is_refused=form.is_bound)


@own_action
@require_POST
def keep_draft(request: HttpRequest) -> HttpResponse:
    """Keep what is typed into a form (``form`` names it), or throw it away (``discard``). Answers with nothing."""
    user_id, form = learner_of(request).pk, request.POST.get("form", "")
    if "discard" in request.POST:
        profile_fields.discard_draft(user_id, form)
        return to_portfolio(request)
    if not profile_fields.save_draft(user_id, form, _typed(request.POST)):
        return HttpResponse(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@own_page
@require_safe
def suggest(request: HttpRequest, kind: str) -> HttpResponse:
    """Answer with a list of what could be meant by what was typed (``q``). Nobody has to take any of it."""
    if kind not in set(suggestions.Kind):
        raise Http404
    also = profile_fields.get_common_names(kind)
    return JsonResponse(suggestions.suggest(suggestions.Kind(kind), request.GET.get("q", ""), also=also), safe=False)


def _edit(request: HttpRequest, section: Section, item: Item | None) -> HttpResponse:
    """Show the form of an item, as it is or as a draft has it; save it when it is sent."""
    user_id, kind = learner_of(request).pk, profile_fields.KINDS[section]
    name = str(item.id) if item else section.value
    if request.method != "POST":
        draft = profile_fields.get_draft(user_id, name)
        return _item_page(request, _drafted(ItemForm(kind, item=item), draft), name, draft=draft)
    form = ItemForm(kind, request.POST, request.FILES, item=item)
    try:
        if form.is_valid():
            _save(user_id, section, form)
            profile_fields.discard_draft(user_id, name)
            messages.success(request, _("Saved."))
            return to_portfolio(request, section)
    except InvalidItemError as error:
        _show(form, error)
    except NoSuchItemError:
        return _keep_for_new(request)
    except StaleItemError:
        profile_fields.save_draft(user_id, name, _typed(request.POST))
        return _item_page(request, _at_present_version(form, request.POST), name, is_stale=True)
    profile_fields.save_draft(user_id, name, _typed(request.POST))
    return _item_page(request, form, name, show_errors=True)


@transaction.atomic
def _save(user_id: int, section: Section, form: ItemForm) -> None:
    item, is_hidden = form.item, form.cleaned_data["is_hidden"]
    values = form.values()
    if item is None:
        saved = profile_fields.add_item(user_id, section, values, is_hidden=is_hidden)
    elif form.kind.is_single and form.kind.says_nothing(values):
        profile_fields.remove_item(user_id, item.id, version=form.cleaned_data["version"])
        return
    else:
        version = form.cleaned_data["version"]
        saved = profile_fields.change_item(user_id, item.id, values, version=version, is_hidden=is_hidden)
    form.save_pictures(user_id, saved)


def _show(form: ItemForm, error: InvalidItemError) -> None:
    """Put the messages at the boxes that they are about."""
    for name, texts in error.messages.items():
        box = next((box for box in (name, f"f-{name}") if box in form.fields), None)
        for text in texts:
            form.add_error(box, text)


def _at_present_version(form: ItemForm, typed: QueryDict) -> ItemForm:
    """Return the form with the present version in it, so that saving once more replaces what is there."""
    data = typed.copy()
    data["version"] = str(form.item.version if form.item else 0)
    for picture in form.item.pictures if form.item else ():
        data.setdefault(f"describe-{picture.id}", picture.description)
    return ItemForm(form.kind, data, item=form.item)


def _drafted(form: ItemForm, draft: Draft | None) -> ItemForm:
    """Return the form with what the draft holds in its boxes, not yet checked."""
    if draft is not None:
        typed = QueryDict(mutable=True)
        for name, texts in draft.typed.items():
            typed.setlist(name, texts)
        for name, field in form.fields.items():
            if name.startswith(BOXES):
                form.initial[name] = field.widget.value_from_datadict(typed, {}, name)
    return form


def _item_page(
    request: HttpRequest,
    form: ItemForm,
    name: str,
    *,
    draft: Draft | None = None,
    show_errors: bool = False,
    is_stale: bool = False,
) -> HttpResponse:
    context = {
        "form": form,
        "form_name": name,
        "typed_by": sign(learner_of(request)),
        "kind": form.kind,
        "section": form.kind.section,
        "label": SECTION_LABELS[form.kind.section],
        "editor": form.kind.section.value if form.item is None or form.kind.is_single else str(form.item.id),
        "draft": draft,
        "show_errors": show_errors,
        "is_stale": is_stale,
    }
    return _editor(request, "learner_profile/edit_item.html", context, is_refused=show_errors or is_stale)


def _editor(request: HttpRequest, template: str, context: dict[str, Any], *, is_refused: bool = False) -> HttpResponse:
    """Answer with a page that holds a form; if it was refused, the script puts it in the place of the old one."""
    context |= {"site": compat.get_site(), "owner_username": request.user.get_username()}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if is_refused else HTTPStatus.OK
    response = render(request, template, context, status=status)
    if is_partial(request) and is_refused:
        place = f"#lp-editor-{context['editor']}"
        response["HX-Retarget"] = place
        response["HX-Reselect"] = place
        response["HX-Reswap"] = "outerHTML"
    return response


@transaction.atomic
def _have_back(request: HttpRequest, item_id: UUID) -> Item:
    """Have a removed item back, as far as its section may be edited at all; where it was not removed, it stays."""
    item = profile_fields.restore_item(learner_of(request).pk, item_id)
    _editable(request, item.section)
    return item


def _keep_for_new(request: HttpRequest) -> HttpResponse:
    """Offer what was typed into the form of an item that is gone for good as a new one."""
    _learner, section = _editable(request, request.POST.get("section", ""))
    profile_fields.save_draft(learner_of(request).pk, section.value, _typed(request.POST))
    messages.warning(request, _("This was removed in the meantime. Save it to add it anew."))
    return to_page(request, reverse("learner_profile:add_item", args=[section.value]))


def _restore(request: HttpRequest, item_id: UUID) -> HttpResponse:
    try:
        item = _have_back(request, item_id)
    except NoSuchItemError:
        raise Http404 from None
    except (InvalidItemError, StaleItemError):
        messages.error(request, _("There is no room for it any more."))
        return to_portfolio(request)
    messages.success(request, _("It is back."))
    return to_portfolio(request, item.section)


def _typed(data: QueryDict) -> dict[str, list[str]]:
    """Return what was typed into the boxes of a form, as browsers send it."""
    return {name: [str(text) for text in data.getlist(name)] for name in data if name.startswith(BOXES)}


def _find(request: HttpRequest, item_id: UUID) -> Item | None:
    items = profile_fields.get_profile(learner_of(request).pk).items
    return next((item for of_section in items.values() for item in of_section if item.id == item_id), None)


def _editable(request: HttpRequest, section: str, *, recorded_too: bool = False) -> tuple[Learner, Section]:
    """Return the signed-in learner, if they may edit this section."""
    try:
        learner, of_section = get_learner(learner_of(request).pk), Section(section)
    except (NotVisibleError, ValueError):
        raise Http404 from None
    if of_section not in learner.sections() or not (recorded_too or of_section in profile_fields.KINDS):
        raise Http404
    if not access.may_edit(learner.owner, of_section):
        raise PermissionDenied(_("This section is managed by the site and cannot be changed."))
    return learner, of_section

"""The door for the owner's browser: who sees what, the step that publishes, secret links, and the way out."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from learner_profile_plugin import access, compat
from learner_profile_plugin.access import Audience, Section, Viewer
from learner_profile_plugin.labels import AUDIENCE_LABELS, SECTION_LABELS
from learner_profile_plugin.portfolio import wording
from learner_profile_plugin.portfolio.doorway import forget_typed, learner_of, own_action, own_page, to_portfolio
from learner_profile_plugin.portfolio.forms import DeleteForm, LinkForm, SectionAudiencesForm
from learner_profile_plugin.portfolio.visits import Learner, NotVisibleError, by_audience, get_learner
from learner_profile_plugin.profile_fields import api as profile_fields
from learner_profile_plugin.profile_fields.data import NotPublishableError
from learner_profile_plugin.secret_links import api as secret_links
from learner_profile_plugin.secret_links.data import InvalidLinkError, LinkNotFoundError

NEW_LINK = "learner_profile_new_link"


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest) -> HttpResponse:
    """Show the learner what publishing makes visible, and to whom; and do it when they say so."""
    learner = _learner(request)
    audiences = learner.audiences_if_published()
    text = consent_text(learner)
    has_agreed = request.POST.get("text") == text
    if has_agreed:
        try:
            profile_fields.publish(
                learner_of(request).pk, text=text, audiences=audiences, as_minor=learner.owner.is_minor
            )
        except NotPublishableError:
            return redirect("learner_profile:publish")
        messages.success(request, _("Your portfolio is published."))
        return to_portfolio(request)
    context = {
        "by_audience": [
            {
                "audience": AUDIENCE_LABELS[audience],
                "name": audience.name.lower(),
                "sections": _contents(learner, sections),
            }
            for audience, sections in by_audience(audiences)
        ],
        "is_capped": learner.owner.is_minor,
        "text": text,
        "has_changed": request.method == "POST",
        "missing": [
            (section.value, SECTION_LABELS[section])
            for section in profile_fields.missing_sections(learner.profile, learner.owner.rules)
        ],
    }
    return _page(request, "learner_profile/publish.html", context)


@own_action
@require_POST
def unpublish(request: HttpRequest) -> HttpResponse:
    """Take the learner's portfolio back."""
    profile_fields.unpublish(learner_of(request).pk)
    messages.success(request, _("Your portfolio is private again. Only you can see it."))
    return to_portfolio(request)


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def privacy(request: HttpRequest) -> HttpResponse:
    """Show on one page who sees what, and change it."""
    learner = _learner(request)
    editable = [section for section in learner.sections() if access.may_edit(learner.owner, section)]
    present = {section: access.chosen_audience(learner.owner, section) for section in editable}
    form = SectionAudiencesForm(editable, present, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if form.has_changed():
            profile_fields.set_audiences(learner_of(request).pk, form.changed())
        messages.success(request, _("Saved."))
        return redirect("learner_profile:privacy")
    context = {
        "form": form,
        "show_errors": form.is_bound,
        "locked": [
            (SECTION_LABELS[section], AUDIENCE_LABELS[access.chosen_audience(learner.owner, section)])
            for section in learner.sections()
            if section not in editable
        ],
        "is_published": learner.owner.is_published,
        "may_publish": learner.may_publish(),
        "is_capped": learner.owner.is_minor,
        "privacy_summary": wording.privacy_summary(by_audience(learner.audiences())),
        "account": learner.account,
        "standing": compat.get_account_standing(learner.account.user_id),
        "profile_links": compat.get_profile_links(learner.account.username),
        "consents": profile_fields.get_consents(learner.account.user_id),
    }
    return _page(request, "learner_profile/privacy.html", context)


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def show_links(request: HttpRequest) -> HttpResponse:
    """Show the learner's secret links, and make another. The address of a new one is shown this once."""
    learner = _learner(request)
    user_id = learner.account.user_id
    may_link = access.may_link(learner.owner)
    form = LinkForm(_linkable(learner), request.POST if request.method == "POST" else None)
    if request.method == "POST" and may_link and form.is_valid():
        try:
            link, token = secret_links.create_link(user_id, **form.entered())
        except InvalidLinkError as error:
            form.show(error)
        else:
            address = request.build_absolute_uri(reverse("learner_profile:shared", args=[token]))
            request.session[NEW_LINK] = {"address": address, "name": link.name}
            return redirect("learner_profile:links")
    now = timezone.now()
    links = [
        {
            "link": link,
            "state": link.state_at(now).value,
            "sections": [SECTION_LABELS[s] for s in Section if s in link.sections],
        }
        for link in secret_links.get_links(user_id)
    ]
    context = {
        "form": form,
        "show_errors": form.is_bound,
        "links": links,
        "may_link": may_link,
        "new_link": request.session.pop(NEW_LINK, None),
    }
    return _page(request, "learner_profile/links.html", context)


@own_action
@require_POST
def act_on_link(request: HttpRequest, link_id: UUID, action: str) -> HttpResponse:
    """Revoke a secret link at once, or remove it from the list."""
    try:
        if action == "revoke":
            secret_links.revoke_link(learner_of(request).pk, link_id)
            messages.success(request, _("The link does not work any more."))
        elif action == "delete":
            secret_links.delete_link(learner_of(request).pk, link_id)
        else:
            raise Http404
    except LinkNotFoundError:
        raise Http404 from None
    return redirect("learner_profile:links")


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def delete_profile(request: HttpRequest) -> HttpResponse:
    """Delete all that the learner states, with pictures and links, once they confirm it. The account stays."""
    learner = _learner(request)
    form = DeleteForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            secret_links.delete_learner(learner.account.user_id)
            profile_fields.delete_profile(learner.account.user_id)
        forget_typed(request)
        request.session.pop(NEW_LINK, None)
        messages.success(request, _("Your profile is deleted."))
        return to_portfolio(request)
    return _page(request, "learner_profile/delete.html", {"form": form, "show_errors": form.is_bound})


def consent_text(learner: Learner) -> str:
    """Return what a learner agrees to by publishing, in their language."""
    site = compat.get_site().name
    text = _("You want %(site)s to show your portfolio as follows. %(who)s You can take this back at any time.")
    return text % {
        "site": site,
        "who": wording.privacy_summary(by_audience(learner.audiences_if_published())),
    }


def _linkable(learner: Learner) -> dict[Section, bool]:
    """Return the sections that a secret link can show, and whether their learner would show them to everyone."""
    view = access.view(learner.owner, Viewer(Audience.EVERYONE, frozenset(Section)))
    return {
        section: access.chosen_audience(learner.owner, section) is Audience.EVERYONE
        for section in learner.sections()
        if section in view.sections
    }


def _contents(learner: Learner, sections: list[Section]) -> list[dict[str, Any]]:
    """Return the sections with how many items each holds; None where the items are recorded."""
    return [
        {
            "label": SECTION_LABELS[section],
            "count": sum(not item.is_hidden for item in learner.profile.items.get(section, ()))
            if section in profile_fields.KINDS
            else None,
        }
        for section in sections
    ]


def _learner(request: HttpRequest) -> Learner:
    try:
        return get_learner(learner_of(request).pk)
    except NotVisibleError:
        raise Http404 from None


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    context |= {"site": compat.get_site(), "owner_username": request.user.get_username()}
    return render(request, template, context)

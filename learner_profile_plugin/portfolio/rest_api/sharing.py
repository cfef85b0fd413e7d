"""Publishing the learner's portfolio, and the secret links to it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from learner_profile_plugin import access
from learner_profile_plugin.access import Audience, Section, Viewer
from learner_profile_plugin.labels import SECTION_LABELS
from learner_profile_plugin.portfolio.rest_api.doorway import OwnView
from learner_profile_plugin.portfolio.rest_api.errors import ConflictError, InvalidError, NoLinksError
from learner_profile_plugin.portfolio.rest_api.openapi import JSON, MERGE_PATCH, answers, described
from learner_profile_plugin.portfolio.rest_api.parsers import merged
from learner_profile_plugin.portfolio.rest_api.shapes import (
    AgreementSerializer,
    LinkRequestSerializer,
    LinkSerializer,
    NewLinkSerializer,
    PublicationSerializer,
    refuse_unknown,
)
from learner_profile_plugin.portfolio.sharing import consent_text
from learner_profile_plugin.portfolio.visits import Learner
from learner_profile_plugin.profile_fields import api as profile_fields
from learner_profile_plugin.profile_fields.data import NotPublishableError
from learner_profile_plugin.secret_links import api as secret_links
from learner_profile_plugin.secret_links.data import LinkNotFoundError, SecretLink


class PublicationView(OwnView):
    """The one step that shows the learner's portfolio to others."""

    tag = "publication"

    @described(responses=answers({200: PublicationSerializer}))
    def get(self, request: Request) -> Response:
        """Return whether the portfolio is published, what publishing would show to whom, and the text to agree to."""
        return self._answer(self.learner())

    @described(
        request={JSON: AgreementSerializer},
        responses=answers({200: PublicationSerializer}, 400, 409, 415),
    )
    def put(self, request: Request) -> Response:
        """Publish: send back the text that was shown. 409 if it is another one by now, or something is missing."""
        sent = AgreementSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        learner = self.learner()
        if sent.validated_data["text"] != consent_text(learner):
            raise ConflictError(
                _("What would be shown to whom has changed. Show the learner the new text."), "text_changed"
            )
        try:
            profile_fields.publish(
                self.user_id(),
                text=sent.validated_data["text"],
                audiences=learner.audiences_if_published(),
                as_minor=learner.owner.is_minor,
            )
        except NotPublishableError as error:
            names = ", ".join(str(SECTION_LABELS[section]) for section in error.sections)
            raise ConflictError(
                _("Fill these in first: %(sections)s.") % {"sections": names}, "sections_missing"
            ) from None
        return self._answer(self.learner())

    @described(responses=answers({204: None}))
    def delete(self, request: Request) -> Response:
        """Take the portfolio back: from now on only its owner sees it."""
        profile_fields.unpublish(self.user_id())
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _answer(self, learner: Learner) -> Response:
        facts = {
            "is_published": learner.owner.is_published,
            "published_at": learner.profile.published_at,
            "may_publish": learner.may_publish(),
            "text": consent_text(learner),
            "audiences": {section.value: audience for section, audience in learner.audiences_if_published().items()},
            "missing_sections": [
                section.value for section in profile_fields.missing_sections(learner.profile, learner.owner.rules)
            ],
            "consents": profile_fields.get_consents(self.user_id()),
        }
        return Response(PublicationSerializer(facts).data)


class LinksView(OwnView):
    """The learner's secret links."""

    tag = "links"

    @described(responses=answers({200: LinkSerializer(many=True)}))
    def get(self, request: Request) -> Response:
        """Return the links in whatever state, the newest first."""
        links = secret_links.get_links(self.user_id())
        return Response(LinkSerializer(links, many=True, context={"now": timezone.now()}).data)

    # Error reports show local variables; the secret is kept out of them.
    @described(request={JSON: LinkRequestSerializer}, responses=answers({201: NewLinkSerializer}, 400, 415))
    @sensitive_variables()
    def post(self, request: Request) -> Response:
        """Make a link. Its address is in this answer, and in no other."""
        entered = checked_link(self.learner(), request.data)
        link, token = secret_links.create_link(self.user_id(), **entered)
        context = {"request": request, "token": token, "now": timezone.now()}
        address = request.build_absolute_uri(reverse("learner_profile:api_link", args=[link.id]))
        return Response(
            NewLinkSerializer(link, context=context).data,
            status=status.HTTP_201_CREATED,
            headers={"Location": address},
        )


class LinkView(OwnView):
    """One of the learner's secret links."""

    tag = "links"

    @described(responses=answers({200: LinkSerializer}, 404))
    def get(self, request: Request, link_id: UUID) -> Response:
        """Return a link, without its secret."""
        return shown(find_link(self.user_id(), link_id))

    @described(
        request={MERGE_PATCH: LinkRequestSerializer},
        responses=answers({200: LinkSerializer}, 400, 404, 415),
    )
    def patch(self, request: Request, link_id: UUID) -> Response:
        """Change what a link is called, what it shows and how long it works. A revoked one stays revoked."""
        link = find_link(self.user_id(), link_id)
        present = shown(link).data
        names = LinkRequestSerializer().fields
        changed = merged({name: present[name] for name in names}, request.data)
        # In a merge patch null takes the expiry away, and that is what null stands for.
        entered = checked_link(self.learner(), {"expires_at": None, **changed}, link.sections)
        return shown(secret_links.change_link(self.user_id(), link_id, **entered))

    @described(responses=answers({204: None}, 404))
    def delete(self, request: Request, link_id: UUID) -> Response:
        """Remove a link for good, in whatever state."""
        secret_links.delete_link(self.user_id(), link_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class RevokeLinkView(OwnView):
    """One of the learner's secret links, to be stopped."""

    tag = "links"

    @described(request=None, responses=answers({200: LinkSerializer}, 404))
    def post(self, request: Request, link_id: UUID) -> Response:
        """Let a link lead nowhere from now on."""
        secret_links.revoke_link(self.user_id(), link_id)
        return shown(find_link(self.user_id(), link_id))


def find_link(user_id: int, link_id: UUID) -> SecretLink:
    """Return the learner's link with this id. Raises LinkNotFoundError."""
    link = next((link for link in secret_links.get_links(user_id) if link.id == link_id), None)
    if link is None:
        raise LinkNotFoundError
    return link


def checked_link(learner: Learner, data: Any, kept: Collection[Section] = ()) -> dict[str, Any]:
    """
    Return what was sent for a link, as secret links are made from it; every link shows the header.

    ``kept`` are sections that it names already, whether or not they could be named now.

    Raises:
        NoLinksError: if links of this learner lead nowhere.
        InvalidError: if something is missing, of the wrong type, or of a section that no link can show.
    """
    if not access.may_link(learner.owner):
        raise NoLinksError
    refuse_unknown(data, LinkRequestSerializer().fields)
    sent = LinkRequestSerializer(data=data)
    sent.is_valid(raise_exception=True)
    entered: dict[str, Any] = sent.validated_data
    sections = {Section.HEADER, *(Section(name) for name in entered["sections"])}
    linkable = access.view(learner.owner, Viewer(Audience.EVERYONE, frozenset(Section))).sections
    if not sections <= {Section.HEADER, *linkable, *kept}:
        raise InvalidError({"sections": [_("One of these sections cannot be shown by a link.")]})
    return {**entered, "sections": sections}


def shown(link: SecretLink) -> Response:
    """Answer with a link."""
    return Response(LinkSerializer(link, context={"now": timezone.now()}).data)

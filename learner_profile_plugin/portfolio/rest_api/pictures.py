"""Pictures of items: the files, for whoever may see the item, and their changes, for its owner."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from edx_rest_framework_extensions.permissions import NotJwtRestrictedApplication
from rest_framework import status
from rest_framework.permissions import IsAuthenticatedOrReadOnly
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from learner_profile_plugin.portfolio.rest_api.doorway import (
    ApiView,
    OwnView,
    check_editable,
    item_of,
)
from learner_profile_plugin.portfolio.rest_api.openapi import FORM, MERGE_PATCH, answers, described, ref
from learner_profile_plugin.portfolio.rest_api.parsers import MultiPartParser, merged
from learner_profile_plugin.portfolio.rest_api.shapes import (
    DescriptionSerializer,
    NewPictureSerializer,
    refuse_unknown,
    shown_picture,
)
from learner_profile_plugin.portfolio.views import show_picture
from learner_profile_plugin.portfolio.visits import get_learner
from learner_profile_plugin.profile_fields import api as profile_fields

PICTURE = ref("Picture")
# The largest picture that is taken, and what stands around it in a form.
MAX_UPLOAD = 9_000_000


class ItemPicturesView(OwnView):
    """The pictures of one of the learner's own items."""

    tag = "pictures"
    parser_classes = (MultiPartParser,)
    max_bytes = MAX_UPLOAD

    @described(request={FORM: NewPictureSerializer}, responses=answers({201: PICTURE}, 400, 404, 415))
    def post(self, request: Request, item_id: UUID) -> Response:
        """Add a picture to an item. What is kept is drawn anew, without where and when it was taken."""
        learner = self.learner()
        item = item_of(learner, item_id)
        check_editable(learner, item.section)
        sent = NewPictureSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        upload, words = sent.validated_data["picture"], sent.validated_data["description"]
        picture = profile_fields.add_picture(self.user_id(), item_id, upload, description=words)
        address = request.build_absolute_uri(reverse("learner_profile:api_picture", args=[picture.id]))
        return Response(shown_picture(picture, request), status=status.HTTP_201_CREATED, headers={"Location": address})


class PictureView(ApiView):
    """A picture of an item."""

    tag = "pictures"
    permission_classes = (NotJwtRestrictedApplication, IsAuthenticatedOrReadOnly)

    def perform_content_negotiation(self, request: Request, force: bool = False) -> tuple[Any, str]:
        """Answer to whoever asks for a picture only; what is no picture is JSON."""
        return JSONRenderer(), JSONRenderer.media_type

    @described(responses=answers({(200, "image/*"): OpenApiTypes.BINARY}, 404))
    def get(self, request: Request, picture_id: UUID) -> HttpResponseBase:
        """Return the file; 404 if the caller may not see its item, or if there is none."""
        # The view of the page asks this request who is signed in, by whichever of the ways.
        return show_picture(cast(HttpRequest, request), picture_id)

    @described(request={MERGE_PATCH: DescriptionSerializer}, responses=answers({200: PICTURE}, 400, 404, 415))
    def patch(self, request: Request, picture_id: UUID) -> Response:
        """Say what can be seen on a picture."""
        self._check_changeable(request, picture_id)
        refuse_unknown(request.data, DescriptionSerializer().fields)
        sent = DescriptionSerializer(data=merged({}, request.data))
        sent.is_valid(raise_exception=True)
        profile_fields.describe_picture(self.user_id(), picture_id, sent.validated_data["description"])
        items = get_learner(self.user_id()).profile.items.values()
        pictures = (picture for of_section in items for item in of_section for picture in item.pictures)
        return Response(shown_picture(next(each for each in pictures if each.id == picture_id), request))

    @described(responses=answers({204: None}, 404))
    def delete(self, request: Request, picture_id: UUID) -> Response:
        """Remove a picture, with its file. It cannot be had back."""
        self._check_changeable(request, picture_id)
        profile_fields.remove_picture(self.user_id(), picture_id)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _check_changeable(self, request: Request, picture_id: UUID) -> None:
        picture = profile_fields.get_picture_file(picture_id)
        if picture is None or picture.user_id != self.user_id():
            raise Http404
        check_editable(get_learner(picture.user_id), picture.section)

"""Where a program begins: what there is, the OpenAPI document, and suggestions while somebody types."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.urls import reverse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from learner_profile_plugin.portfolio.rest_api.doorway import ApiView, OwnView
from learner_profile_plugin.portfolio.rest_api.openapi import answers, described, document
from learner_profile_plugin.portfolio.rest_api.shapes import NamesSerializer
from learner_profile_plugin.profile_fields import api as profile_fields
from learner_profile_plugin.suggestions import api as suggestions

KIND = OpenApiParameter("kind", OpenApiTypes.STR, OpenApiParameter.PATH, enum=[kind.value for kind in suggestions.Kind])
TYPED = OpenApiParameter("q", OpenApiTypes.STR, description="What was typed so far.")
ADDRESSES = {"type": "object", "additionalProperties": {"type": "string", "format": "uri"}}


class RootView(ApiView):
    """Where to go from here."""

    tag = "start"

    @described(responses=answers({200: ADDRESSES}))
    def get(self, request: Request) -> Response:
        """Return the addresses of what needs no id."""
        names = [
            "schema",
            *(["profile", "publication", "links", "learning_time"] if request.user.is_authenticated else []),
        ]
        addresses = {name: reverse(f"learner_profile:api_{name}") for name in names}
        if request.user.is_authenticated:
            arguments = [request.user.get_username()]
            addresses["portfolio"] = reverse("learner_profile:api_portfolio", args=arguments)
        return Response({name: request.build_absolute_uri(path) for name, path in addresses.items()})


class SchemaView(ApiView):
    """The OpenAPI document of this API."""

    tag = "start"
    patterns: Any = ()

    @described(responses=answers({200: {"type": "object", "additionalProperties": True}}))
    def get(self, request: Request) -> Response:
        """Return the document. It is the same for everybody."""
        return Response(document(self.patterns))


class SuggestionsView(OwnView):
    """Names to choose from while somebody types. Nobody has to take any of them."""

    tag = "suggestions"

    @described(parameters=[KIND, TYPED], responses=answers({200: NamesSerializer}, 404))
    def get(self, request: Request, kind: str) -> Response:
        """Return what could be meant by what was typed."""
        if kind not in set(suggestions.Kind):
            raise Http404
        also = profile_fields.get_common_names(kind)
        names = suggestions.suggest(suggestions.Kind(kind), request.query_params.get("q", ""), also=also)
        return Response({"names": names})

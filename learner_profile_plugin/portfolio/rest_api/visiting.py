"""Portfolios, as whoever comes may see them: by themself, or through a secret link."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils.decorators import method_decorator
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from learner_profile_plugin.access import Audience
from learner_profile_plugin.portfolio.rest_api.doorway import ApiView
from learner_profile_plugin.portfolio.rest_api.openapi import answers, described
from learner_profile_plugin.portfolio.rest_api.shapes import AudienceField, PortfolioSerializer
from learner_profile_plugin.portfolio.visits import visit, visit_by_link

NAMES = [audience.name.lower() for audience in Audience]


class LookSerializer(serializers.Serializer[Any]):
    """How the owner wants to look at their own portfolio."""

    view_as = AudienceField(required=False, default=None)
    as_published = serializers.BooleanField(required=False, default=False)


# Reading learning time may unite evidence with its days; that must not hold a transaction open.
@method_decorator(transaction.non_atomic_requests, name="dispatch")
class PortfolioView(ApiView):
    """A learner's portfolio, as the caller may see it."""

    tag = "portfolios"

    @described(
        parameters=[
            OpenApiParameter(
                "view_as", OpenApiTypes.STR, enum=NAMES, description="For the owner: as this audience sees it."
            ),
            OpenApiParameter("as_published", OpenApiTypes.BOOL, description="With `view_as`: as if it were published."),
        ],
        responses=answers({200: PortfolioSerializer}, 400, 404),
    )
    def get(self, request: Request, username: str) -> Response:
        """Return what the caller may see of a learner; 404 if that is nothing, or if there is no such learner."""
        look = LookSerializer(data=request.query_params.dict())
        look.is_valid(raise_exception=True)
        visited = visit(request.user, username, **look.validated_data)
        if visited.portfolio is None:
            raise Http404
        return Response(PortfolioSerializer(visited.portfolio, context={"request": request}).data)


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class SharedView(ApiView):
    """A portfolio behind a secret link."""

    tag = "portfolios"

    @described(responses=answers({200: PortfolioSerializer}, 404))
    def get(self, request: Request, token: str) -> Response:
        """Return what a secret link shows; 404 if it is none, or none any more. Counts as a use of the link."""
        visited = visit_by_link(request.user, token)
        if visited.portfolio is None:
            raise Http404
        return Response(PortfolioSerializer(visited.portfolio, context={"request": request, "token": token}).data)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Keep the address, which is a secret, from the sites that the answer links to."""
        final = super().finalize_response(request, response, *args, **kwargs)
        final.headers["Referrer-Policy"] = "no-referrer"
        return final

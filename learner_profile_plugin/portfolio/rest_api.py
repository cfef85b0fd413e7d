"""The door for programs: the same content as the page, under the same access rules."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils.decorators import method_decorator
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from learner_profile_plugin.portfolio import wording
from learner_profile_plugin.portfolio.data import Portfolio, Source
from learner_profile_plugin.portfolio.visits import NotVisibleError, visit


class SourceField(serializers.ReadOnlyField):
    """Says of an item who says so; every item of one kind has the same source."""

    def __init__(self, source_of_items: Source) -> None:
        """Take the source that all items of this serializer have."""
        super().__init__(source="*")
        self._value = source_of_items.value

    def to_representation(self, value: object) -> str:
        """Return the source, whatever the item."""
        return self._value


class PersonSerializer(serializers.Serializer[Any]):
    """Who the portfolio is of."""

    username = serializers.CharField()
    name = serializers.CharField()
    photo_url = serializers.CharField()
    has_photo = serializers.BooleanField()
    headline = serializers.CharField()


class LearningTimeSerializer(serializers.Serializer[Any]):
    """The measured time, exact to the second; ``text`` as the page shows it."""

    provenance = SourceField(Source.RECORDED)
    seconds = serializers.IntegerField()
    text = serializers.SerializerMethodField()
    course_count = serializers.IntegerField()
    overlaps = serializers.BooleanField()
    rule_version = serializers.IntegerField()

    def get_text(self, box: Any) -> str:
        """Return the time in hours and minutes."""
        return wording.duration(box.seconds)


class CourseSerializer(serializers.Serializer[Any]):
    """A course with the evidence behind it."""

    provenance = SourceField(Source.RECORDED)
    course_key = serializers.CharField()
    title = serializers.CharField()
    organisation = serializers.CharField()
    url = serializers.CharField()
    image_url = serializers.CharField()
    standing = serializers.CharField()
    at = serializers.DateTimeField()
    percent = serializers.FloatField()
    letter = serializers.CharField()
    certificate_url = serializers.CharField()
    seconds = serializers.IntegerField()


class WorkExperienceSerializer(serializers.Serializer[Any]):
    """A position held. Dates are ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; no end means: until now."""

    provenance = SourceField(Source.STATED)
    title = serializers.CharField()
    employer = serializers.CharField()
    location = serializers.CharField()
    start = serializers.CharField()
    end = serializers.CharField()
    description = serializers.CharField()


class LinkSerializer(serializers.Serializer[Any]):
    """An address on the web."""

    provenance = SourceField(Source.STATED)
    url = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment] # DRF takes declared fields off the class


class PortfolioSerializer(serializers.Serializer[Portfolio]):
    """What the viewer sees of a learner: sections that are empty or not theirs to see are empty."""

    person = PersonSerializer()
    learning_time = LearningTimeSerializer(allow_null=True)
    courses = CourseSerializer(many=True)
    about = serializers.CharField()
    work_experience = WorkExperienceSerializer(many=True)
    links = LinkSerializer(many=True)


@method_decorator(transaction.non_atomic_requests, name="dispatch")
class PortfolioView(APIView):
    """``GET``: a learner's portfolio as the caller may see it; 404 if that is nothing."""

    authentication_classes = (SessionAuthentication,)
    permission_classes = (AllowAny,)
    renderer_classes = (JSONRenderer,)

    def get(self, request: Request, username: str) -> Response:
        """Answer with the portfolio. Who may see what is decided as for the page."""
        try:
            visited = visit(request.user, username)
        except NotVisibleError:
            raise Http404 from None
        headers = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}
        return Response(PortfolioSerializer(visited.portfolio).data, headers=headers)

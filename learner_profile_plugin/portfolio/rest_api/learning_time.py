"""What the learner's own learning time consists of."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils.decorators import method_decorator
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from learner_profile_plugin.access import Section
from learner_profile_plugin.portfolio import wording
from learner_profile_plugin.portfolio.learning_time import Explanation, explain
from learner_profile_plugin.portfolio.rest_api.doorway import OwnView
from learner_profile_plugin.portfolio.rest_api.openapi import answers, described
from learner_profile_plugin.time_on_task.data import Kind, LearningSession

COURSE = OpenApiParameter("course", OpenApiTypes.STR, description="The key of a course run; without it, all of them.")
BEFORE = OpenApiParameter("before", OpenApiTypes.INT, description="To go on: `before` of the answer before this one.")


class TimeInCourseSerializer(serializers.Serializer[Any]):
    """The time in one course run. These may add up to more than the whole, which counts no moment twice."""

    course_key = serializers.CharField()
    title = serializers.CharField()
    seconds = serializers.IntegerField()


class SessionSerializer(serializers.Serializer[Any]):
    """What lies between two long silences, and how many seconds of it count, because of which evidence."""

    start = serializers.DateTimeField()
    end = serializers.DateTimeField()
    seconds = serializers.IntegerField()
    kinds = serializers.ListField(child=serializers.ChoiceField(choices=[kind.value for kind in Kind]))
    courses = serializers.ListField(child=serializers.CharField())


class ExplanationSerializer(serializers.Serializer[Any]):
    """A figure, and the sessions that add up to it exactly, the newest first. ``before`` is null where they end."""

    seconds = serializers.IntegerField()
    text = serializers.CharField()
    rule_version = serializers.IntegerField()
    by_course = TimeInCourseSerializer(many=True)
    sessions = SessionSerializer(many=True)
    before = serializers.IntegerField(allow_null=True)


# Reading learning time may unite evidence with its days; that must not hold a transaction open.
@method_decorator(transaction.non_atomic_requests, name="dispatch")
class LearningTimeView(OwnView):
    """The learner's own learning time, explained."""

    tag = "profile"

    @described(parameters=[COURSE, BEFORE], responses=answers({200: ExplanationSerializer}, 404))
    def get(self, request: Request) -> Response:
        """Return the figure and the sessions behind it; 404 if there is no time in such a course."""
        if Section.LEARNING_TIME not in self.learner().sections():
            raise Http404
        asked = request.query_params
        found = explain(self.user_id(), course=asked.get("course", ""), before=asked.get("before", ""))
        return Response(ExplanationSerializer(_shown(found)).data)


def _shown(found: Explanation) -> dict[str, Any]:
    return {
        "seconds": found.seconds,
        "text": wording.duration(found.seconds),
        "rule_version": found.time.rule_version,
        "by_course": [
            {"course_key": str(key), "title": found.titles[key], "seconds": seconds}
            for key, seconds in found.time.by_course.items()
        ],
        "sessions": [_session(session) for session in found.sessions],
        "before": found.before,
    }


def _session(session: LearningSession) -> dict[str, Any]:
    return {
        "start": datetime.fromtimestamp(session.start, UTC),
        "end": datetime.fromtimestamp(session.end, UTC),
        "seconds": session.seconds,
        "kinds": [kind.value for kind in Kind if kind in session.kinds],
        "courses": [str(key) for key in session.by_course],
    }

"""A unit, in the frame in which the learning pages show it, and what its blocks report to the server."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST
from opaque_keys.edx.keys import CourseKey, UsageKey
from openedx_filters.learning.filters import VerticalBlockRenderCompleted
from web_fragments.fragment import Fragment

from demo.lms.actions import completion
from demo.lms.models import Course, Unit, UnitCompletion
from demo.lms.progress import progress_in


@login_required
def learning(request: HttpRequest, course_key: CourseKey, usage_key: UsageKey) -> HttpResponse:
    """Show the frame around a unit: the list of units, and the way on and back."""
    progress = progress_in(cast(User, request.user), course_key)
    if progress is None:
        return redirect("course", course_key)
    units = list(Unit.objects.filter(course_key=course_key))
    unit = get_object_or_404(Unit, usage_key=usage_key, course_key=course_key)
    place = units.index(unit)
    done = UnitCompletion.objects.filter(user=cast(User, request.user), course_key=course_key)
    context = {
        "course": get_object_or_404(Course, id=course_key),
        "unit": unit,
        "units": units,
        "done": set(done.values_list("usage_key", flat=True)),
        "progress": progress,
        "previous_unit": units[place - 1] if place else None,
        "next_unit": units[place + 1] if place + 1 < len(units) else None,
        "number": place + 1,
    }
    return render(request, "demo/learning.html", context)


@login_required
def xblock(request: HttpRequest, usage_key: UsageKey) -> HttpResponse:
    """Show the unit itself; that it was asked for is the server's event of the unit being opened."""
    unit = get_object_or_404(Unit, usage_key=usage_key)
    if progress_in(cast(User, request.user), unit.course_key) is None:
        return HttpResponse("You are not enrolled in this course.", status=403)
    context = {
        "unit": unit,
        "course": get_object_or_404(Course, id=unit.course_key),
        "added": _added_by_plugins(cast(User, request.user), usage_key),
        "completion": UnitCompletion.objects.filter(user=cast(User, request.user), usage_key=usage_key).first(),
    }
    return render(request, f"demo/xblock_{unit.kind}.html", context)


def _added_by_plugins(user: User, usage_key: UsageKey) -> Fragment:
    """Return what plugins add to a unit, through the filter that the LMS runs when it has rendered one."""
    block = SimpleNamespace(scope_ids=SimpleNamespace(user_id=user.pk, usage_id=usage_key))
    _, fragment, _, _ = VerticalBlockRenderCompleted.run_filter(
        block=block, fragment=Fragment(), context={}, view="student_view"
    )
    return fragment


@login_required
@require_POST
def publish_completion(request: HttpRequest, course_key: CourseKey, usage_key: UsageKey) -> HttpResponse:
    """Take a block's word that the learner is done with it."""
    unit = get_object_or_404(Unit, usage_key=usage_key, course_key=course_key)
    if progress_in(cast(User, request.user), course_key) is None:
        return JsonResponse({"result": "not enrolled"}, status=403)
    completion.complete_unit(cast(User, request.user), unit)
    return JsonResponse({"result": "ok", "course": _standing(request, course_key)})


@login_required
@require_POST
def problem_check(request: HttpRequest, course_key: CourseKey, usage_key: UsageKey) -> HttpResponse:
    """Take an answer, and say whether it is right."""
    unit = get_object_or_404(Unit, usage_key=usage_key, course_key=course_key, kind=Unit.Kind.PROBLEM)
    if progress_in(cast(User, request.user), course_key) is None:
        return JsonResponse({"success": "not enrolled"}, status=403)
    given = completion.answer_problem(cast(User, request.user), unit, request.POST.get("answer", ""))
    return JsonResponse(
        {
            "success": "correct" if given.earned else "incorrect",
            "explanation": unit.content.get("explanation", "") if given.earned else "",
            "attempts": given.attempts,
            "course": _standing(request, course_key),
        }
    )


def _standing(request: HttpRequest, course_key: CourseKey) -> dict[str, object]:
    progress = progress_in(cast(User, request.user), course_key)
    if progress is None:
        return {}
    return {
        "done": progress.done,
        "total": progress.total,
        "certificate": progress.certificate.verify_uuid if progress.certificate else "",
    }

"""The dashboard, the catalogue and a course's own page."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import User
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST
from opaque_keys.edx.keys import CourseKey

from demo.lms import artwork, compat
from demo.lms.actions import enrolment as enrolments
from demo.lms.models import Course, CourseEnrollment, Unit, UnitCompletion
from demo.lms.progress import progress_in, progress_of

PAGE_SIZE = 12


@login_required
def dashboard(request: HttpRequest) -> HttpResponse:
    """Show what the learner is enrolled in, and how far each has come."""
    mine = progress_of(cast(User, request.user))
    staffed = Course.objects.filter(
        id__in=compat.get_staffed_courses(_id(request), Course.objects.values_list("id", flat=True))
    )
    page = Paginator(mine, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "finished": sum(1 for progress in mine if progress.certificate),
        "staffed": [] if request.user.is_superuser else staffed,
    }
    return render(request, "demo/dashboard.html", context)


@login_required
def catalogue(request: HttpRequest) -> HttpResponse:
    """Show every course run, with a search by title and organisation."""
    query = request.GET.get("q", "").strip()
    courses = Course.objects.all()
    if query:
        courses = courses.filter(Q(display_name__icontains=query) | Q(display_org__icontains=query))
    mine = CourseEnrollment.objects.filter(user_id=_id(request), is_active=True)
    context = {
        "page": Paginator(courses, PAGE_SIZE).get_page(request.GET.get("page")),
        "query": query,
        "enrolled": set(mine.values_list("course_key", flat=True)),
    }
    return render(request, "demo/catalogue.html", context)


def about(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """Show anyone what a course is about, and let the signed-in enrol."""
    shown = get_object_or_404(Course, id=course_key)
    is_enrolled = request.user.is_authenticated and compat.is_enrolled(_id(request), course_key)
    context = {
        "course": shown,
        "units": Unit.objects.filter(course_key=course_key),
        "is_enrolled": is_enrolled,
    }
    return render(request, "demo/about.html", context)


@login_required
def course(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """Show a course to those who take it: its units, and which of them are done."""
    shown = get_object_or_404(Course, id=course_key)
    progress = progress_in(cast(User, request.user), course_key)
    is_staff_here = bool(compat.get_staffed_courses(_id(request), [course_key]))
    if progress is None and not is_staff_here:
        return redirect("course_about", course_key)
    units = list(Unit.objects.filter(course_key=course_key))
    completions = UnitCompletion.objects.filter(user_id=_id(request), course_key=course_key)
    done = set(completions.values_list("usage_key", flat=True))
    context = {
        "course": shown,
        "units": units,
        "done": done,
        "next_unit": next((unit for unit in units if unit.usage_key not in done), units[0] if units else None),
        "progress": progress,
        "is_staff_here": is_staff_here,
    }
    return render(request, "demo/course.html", context)


@login_required
@require_POST
def enrolment(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """Enrol, leave or change the track, as the pressed button says."""
    user = cast(User, request.user)
    shown = get_object_or_404(Course, id=course_key)
    match request.POST.get("action"):
        case "enroll":
            enrolments.enrol(user, course_key)
            messages.success(request, f"You are enrolled in {shown.display_name}.")
        case "verified":
            enrolments.change_mode(user, course_key, "verified")
            messages.success(request, "You are on the verified track now.")
        case "unenroll":
            enrolments.unenrol(user, course_key)
            messages.success(request, f"You have left {shown.display_name}.")
            return redirect("dashboard")
    return redirect("course", course_key)


@cache_control(max_age=86_400, public=True)
def image(request: HttpRequest, course_key: CourseKey) -> HttpResponse:
    """Draw the picture of a course: the same for the same key, always."""
    shown = get_object_or_404(Course, id=course_key)
    return HttpResponse(artwork.course_image(str(course_key), shown.subject), content_type="image/svg+xml")


def _id(request: HttpRequest) -> int:
    return cast(int, request.user.pk)

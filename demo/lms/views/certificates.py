"""The page of a certificate, which anyone may open who has its address."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from demo.lms.models import Course, GeneratedCertificate


def certificate(request: HttpRequest, verify_uuid: str) -> HttpResponse:
    """Show a certificate; one that was taken back, or is not shown yet, is not found as on the platform."""
    shown = get_object_or_404(GeneratedCertificate, verify_uuid=verify_uuid)
    course = get_object_or_404(Course, id=shown.course_key)
    is_valid = shown.status == GeneratedCertificate.DOWNLOADABLE and course.shows_certificates()
    context = {"certificate": shown, "course": course, "is_valid": is_valid}
    return render(request, "demo/certificate.html", context, status=200 if is_valid else 404)

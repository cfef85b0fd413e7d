"""Addresses of the demo's pages; those that the platform has too are the platform's."""

from __future__ import annotations

from django.urls import path

from demo.lms import converters
from demo.lms.tracking.views import user_track
from demo.lms.views import account, certificates, courses, staff, units

converters.register()

urlpatterns = [
    path("", account.home, name="home"),
    path("login", account.sign_in, name="login"),
    path("logout", account.sign_out, name="logout"),
    path("event", user_track, name="event"),
    path("dashboard", courses.dashboard, name="dashboard"),
    path("courses", courses.catalogue, name="catalogue"),
    path("courses/<course:course_key>/image.svg", courses.image, name="course_image"),
    path("courses/<course:course_key>/about", courses.about, name="course_about"),
    path("courses/<course:course_key>/course/", courses.course, name="course"),
    path("courses/<course:course_key>/enrollment", courses.enrolment, name="enrolment"),
    path("courses/<course:course_key>/instructor", staff.instructor, name="instructor"),
    path("courses/<course:course_key>/instructor/<str:username>", staff.act, name="instructor_act"),
    path("learning/course/<course:course_key>/<usage:usage_key>", units.learning, name="learning"),
    path("xblock/<usage:usage_key>", units.xblock, name="xblock"),
    path(
        "courses/<course:course_key>/xblock/<usage:usage_key>/handler/publish_completion",
        units.publish_completion,
        name="publish_completion",
    ),
    path(
        "courses/<course:course_key>/xblock/<usage:usage_key>/handler/xmodule_handler/problem_check",
        units.problem_check,
        name="problem_check",
    ),
    path("certificates/<str:verify_uuid>", certificates.certificate, name="certificate"),
]

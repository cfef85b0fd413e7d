"""Addresses of the demo host: its own first, the plugins' last, as in the LMS."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.staticfiles.views import serve
from django.templatetags.static import static
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from edx_django_utils.plugins import get_plugin_url_patterns

urlpatterns = [
    path("", include("demo.lms.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("favicon.ico", RedirectView.as_view(url=static("demo/favicon.svg"))),
    # Also with DEBUG off: no web server stands before the demo.
    re_path(r"^static/(?P<path>.*)$", serve, {"insecure": True}),
    *get_plugin_url_patterns("lms.djangoapp"),
]

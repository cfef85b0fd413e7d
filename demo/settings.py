"""
Settings of the demo host, in the order in which the LMS puts its own together.

First the site's own settings, then each plugin's ``common`` settings, then what an operator sets, then each plugin's
``production`` settings. A plugin that gets its defaults wrong on the LMS gets them wrong here too.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from edx_django_utils.plugins import add_plugins, get_plugin_apps

from demo.database import sqlite_database

DEMO_ROOT = Path(__file__).resolve().parent
DEMO_VAR = Path(os.environ.get("DEMO_VAR", DEMO_ROOT / "var"))

DEBUG = os.environ.get("DEMO_DEBUG", "0").lower() not in {"0", "false", "no", "off"}
SECRET_KEY = os.environ.get("DEMO_SECRET_KEY", "demo-only-not-a-secret")
ALLOWED_HOSTS = ["*"]
INTERNAL_IPS = ["127.0.0.1"]

PLATFORM_NAME = "Harbour Academy"
LMS_ROOT_URL = os.environ.get("DEMO_ROOT_URL", "http://127.0.0.1:8000")
SITE_NAME = LMS_BASE = LMS_ROOT_URL.partition("://")[2]
PROFILE_MICROFRONTEND_URL = f"{LMS_ROOT_URL}/u"
CONTACT_EMAIL = "help@harbour-academy.example"

# What stands in for the functions through which the plugin asks the LMS.
LEARNER_PROFILE_COMPAT = "demo.lms.compat"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.admin",
    "rest_framework",
    "eventtracking.django.apps.EventTrackingConfig",
    "openedx_events",
    "demo.lms.apps.DemoLmsConfig",
]

MIDDLEWARE = [
    "edx_django_utils.cache.middleware.RequestCacheMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "demo.lms.tracking.middleware.TrackMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "demo.urls"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [DEMO_ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.request",
                "django.template.context_processors.static",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "demo.lms.site_context.site",
            ],
        },
    },
]

DATABASES: dict[str, dict[str, Any]] = {
    "default": sqlite_database(os.environ.get("DEMO_DATABASE_URL", ""), default=DEMO_VAR / "demo.sqlite3"),
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "demo"},
}

# One quick hash: the one password of the sample accounts is printed on the sign-in page.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "/login"
LOGIN_REDIRECT_URL = "/dashboard"
LOGOUT_REDIRECT_URL = "/login"
X_FRAME_OPTIONS = "SAMEORIGIN"

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("es", "Español"), ("ar", "العربية")]
LOCALE_PATHS = [DEMO_ROOT / "locale"]
LANGUAGE_COOKIE_NAME = "openedx-language-preference"

STATIC_URL = "/static/"
STATIC_ROOT = DEMO_VAR / "static"
STATICFILES_DIRS = [DEMO_ROOT / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = DEMO_VAR / "media"
FILE_UPLOAD_PERMISSIONS = 0o644

PARENTAL_CONSENT_AGE_LIMIT = 13
COURSE_ID_PATTERN = r"(?P<course_id>[^/+]+(/|\+)[^/+]+(/|\+)[^/?]+)"

CELERY_TASK_ALWAYS_EAGER = True
CELERY_BROKER_URL = "memory://"

TRACK_MAX_EVENT = 50_000
TRACKING_IGNORE_URL_PATTERNS = [
    r"^/event",
    r"^/login",
    r"^/heartbeat",
    r"^/segmentio/event",
    r"^/performance",
    # A web server answers these before the LMS is asked.
    r"^/static/",
    r"^/media/",
    r"^/favicon",
]
EVENT_TRACKING_ENABLED = True
EVENT_TRACKING_BACKENDS: dict[str, dict[str, Any]] = {
    "tracking_logs": {
        "ENGINE": "eventtracking.backends.routing.RoutingBackend",
        "OPTIONS": {
            "backends": {
                "logger": {
                    "ENGINE": "eventtracking.backends.logger.LoggerBackend",
                    "OPTIONS": {"name": "tracking", "max_event_size": TRACK_MAX_EVENT},
                },
            },
            "processors": [],
        },
    },
}
EVENT_TRACKING_PROCESSORS: list[dict[str, Any]] = []
EVENT_BUS_PRODUCER_CONFIG: dict[str, dict[str, Any]] = {}

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "plain"},
        "nowhere": {"class": "logging.NullHandler"},
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        # The LMS writes its tracking log with this logger; name a file handler here to keep one.
        "tracking": {"handlers": ["nowhere"], "level": "INFO", "propagate": False},
    },
}

# No service watches the demo.
OPENEDX_TELEMETRY: list[str] = []

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_THROTTLE_RATES": {"user": "60/minute"},
    "URL_FORMAT_OVERRIDE": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

# The LMS signs with a key pair; one secret that is none is enough for the demo.
JWT_AUTH: dict[str, Any] = {
    "JWT_ALGORITHM": "HS256",
    "JWT_AUTH_COOKIE": "edx-jwt-cookie",
    "JWT_AUTH_HEADER_PREFIX": "JWT",
    "JWT_DECODE_HANDLER": "edx_rest_framework_extensions.auth.jwt.decoder.jwt_decode_handler",
    "JWT_ISSUERS": [
        {
            "ISSUER": f"{LMS_ROOT_URL}/oauth2",
            "AUDIENCE": "openedx",
            "SECRET_KEY": "demo-only-not-a-secret-but-long-enough",
        }
    ],
    "JWT_VERIFY_AUDIENCE": False,
}
EDX_DRF_EXTENSIONS: dict[str, Any] = {"JWT_PAYLOAD_USER_ATTRIBUTE_MAPPING": {}}

OPEN_EDX_FILTERS_CONFIG: dict[str, dict[str, Any]] = {}
COURSE_CATALOG_VISIBILITY_PERMISSION = "see_exists"

INSTALLED_APPS.extend(get_plugin_apps("lms.djangoapp"))
add_plugins(__name__, "lms.djangoapp", "common")

# What an operator would set in the site's own configuration comes here, between the two rounds of plugin settings.

add_plugins(__name__, "lms.djangoapp", "production")

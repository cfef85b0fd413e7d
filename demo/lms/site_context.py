"""What every page of the demo needs to know of the site."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static


def site(request: HttpRequest) -> dict[str, Any]:
    """Give templates the site's name and the picture of the one who is signed in, as the LMS's header has them."""
    user = getattr(request, "user", None)
    profile = getattr(user, "profile", None) if user is not None and user.is_authenticated else None
    photo = profile.photo if profile and profile.photo else "demo/photos/default.svg"
    return {
        "platform_name": settings.PLATFORM_NAME,
        "site_languages": settings.LANGUAGES,
        "header_name": (profile.name if profile else "") or (user.get_username() if user is not None else ""),
        "header_photo": static(photo),
    }

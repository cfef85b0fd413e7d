"""The site: its name and brand, and where the platform's own pages about a person are."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings

from learner_profile_plugin.compat.data import ProfileLinks, Site
from learner_profile_plugin.compat.seam import replaceable


@replaceable
def get_site() -> Site:
    """
    Return the site of the present request; outside of a request, that of the settings.

    The style sheets are the ``brandOverride`` addresses of ``MFE_CONFIG["PARAGON_THEME_URLS"]``,
    those of the core first and of the light variant second. Addresses that only a micro-frontend
    can complete (relative ones, and ones with a ``$`` wildcard) are left out. What is configured in
    another shape counts as absent.

    Platform: openedx/core/djangoapps/site_configuration/helpers.py (get_value), shape of the theme
    after lms/djangoapps/mfe_config_api/views.py (translate_paragon_theme_urls).
    """
    mfe_config = _site_value("MFE_CONFIG")
    theme = _entry(mfe_config, "PARAGON_THEME_URLS")
    parts = (_entry(theme, "core"), _entry(_entry(theme, "variants"), "light"))
    addresses = (_entry(_entry(part, "urls"), "brandOverride") for part in parts)
    return Site(
        name=_text(_site_value("platform_name", setting="PLATFORM_NAME")),
        root_url=_text(_site_value("LMS_ROOT_URL")).rstrip("/"),
        brand_stylesheets=tuple(address for address in addresses if _is_loadable(address)),
    )


@replaceable
def get_site_setting(name: str) -> object:
    """
    Return what the configuration of the present site says for ``name``; None where it says nothing.

    Settings are not asked: they hold for all sites.

    Platform: openedx/core/djangoapps/site_configuration/helpers.py (get_value).
    """
    from openedx.core.djangoapps.site_configuration import helpers

    found: object = helpers.get_value(name, None)
    return found


@replaceable
def get_profile_links(username: str) -> ProfileLinks:
    """
    Return where the platform's own pages about a person are.

    The account settings know only the person who is signed in. ``PROFILE_MICROFRONTEND_URL`` is
    given in two ways, up to the ``/u`` of the micro-frontend's route or without it: both are
    understood. Identity is verified in the account micro-frontend too.

    Platform: the settings as used in lms/templates/header/user_dropdown.html,
    openedx/core/djangoapps/user_authn/cookies.py and lms/djangoapps/verify_student/services.py
    (get_verify_location); site_configuration/helpers.py (get_value).
    """
    account_root = _text(_site_value("ACCOUNT_MICROFRONTEND_URL")).rstrip("/")
    profile_root = _text(_site_value("PROFILE_MICROFRONTEND_URL")).rstrip("/")
    if profile_root and not urlsplit(profile_root).path.endswith("/u"):
        profile_root += "/u"
    return ProfileLinks(
        account_settings_url=account_root,
        profile_page_url=f"{profile_root}/{quote(username, safe='@')}" if profile_root else "",
        linked_accounts_url=f"{account_root}#linked-accounts" if account_root else "",
        verify_name_url=f"{account_root}/id-verification" if account_root else "",
    )


def _site_value(name: str, *, setting: str = "") -> Any:
    from openedx.core.djangoapps.site_configuration import helpers

    return helpers.get_value(name, getattr(settings, setting or name, None))


def _entry(mapping: Any, key: str) -> Any:
    return mapping.get(key) if isinstance(mapping, dict) else None


def _text(value: Any) -> str:
    return str(value) if value else ""


def _is_loadable(address: Any) -> bool:
    return isinstance(address, str) and address.startswith(("https://", "http://")) and "$" not in address

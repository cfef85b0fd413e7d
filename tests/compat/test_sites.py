"""The site, and the platform's pages about a person."""

import pytest

from learner_profile_plugin import compat


def theme(core: object, light: object) -> dict[str, object]:
    brands = {"urls": {"default": "https://cdn.example/paragon.css", "brandOverride": light}}
    parts = {"variants": {"dark": {"urls": {"brandOverride": "https://cdn.example/dark.css"}}, "light": brands}}
    return {"PARAGON_THEME_URLS": {**parts, "core": {"urls": {"brandOverride": core}}}}


@pytest.mark.parametrize(
    ("mfe_config", "sheets"),
    [
        (theme("https://cdn.example/core.css", "http://cdn.example/light.css"), ("core", "light")),
        (theme("/core.css", "https://cdn.example/light.css"), ("light",)),
        (theme("https://cdn.example/core.css", "https://cdn.example/$brandVersion/light.css"), ("core",)),
        (theme(None, ["https://cdn.example/light.css"]), ()),
        ({"PARAGON_THEME_URLS": {"core": "https://cdn.example/core.css", "variants": None}}, ()),
        ("no dictionary", ()),
    ],
)
def test_brand_sheets_are_the_loadable_ones_core_before_light(lms, mfe_config, sheets):
    lms.site["MFE_CONFIG"] = mfe_config
    found = compat.get_site().brand_stylesheets
    assert tuple(address.partition("cdn.example/")[2].removesuffix(".css") for address in found) == sheets


def test_the_settings_are_what_the_site_configuration_falls_back_on(lms, settings):
    settings.PLATFORM_NAME, settings.LMS_ROOT_URL = "Harbour", "https://lms.example/"
    assert compat.get_site() == compat.Site(name="Harbour", root_url="https://lms.example")
    lms.site["platform_name"] = "Pier"
    assert compat.get_site().name == "Pier"
    del settings.PLATFORM_NAME, settings.LMS_ROOT_URL, lms.site["platform_name"]
    assert compat.get_site() == compat.Site(name="")


@pytest.mark.parametrize(
    ("root", "page"),
    [
        ("https://apps.example/profile", "https://apps.example/profile/u/Ada%20L@1%2F2"),
        ("https://apps.example/profile/u/", "https://apps.example/profile/u/Ada%20L@1%2F2"),
        ("https://u", "https://u/u/Ada%20L@1%2F2"),
        (None, ""),
    ],
)
def test_the_profile_page_is_found_with_and_without_the_route_in_its_root(lms, settings, root, page):
    settings.PROFILE_MICROFRONTEND_URL = root
    settings.ACCOUNT_MICROFRONTEND_URL = None
    assert compat.get_profile_links("Ada L@1/2") == compat.ProfileLinks("", page)
    lms.site["ACCOUNT_MICROFRONTEND_URL"] = "https://apps.example/account"
    assert compat.get_profile_links("ada").account_settings_url == "https://apps.example/account"

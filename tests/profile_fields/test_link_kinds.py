"""Which site a link belongs to, and that nothing which only looks like one is taken for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learner_profile_plugin.profile_fields.api import link_kind
from learner_profile_plugin.profile_fields.link_kinds import _SITES
from tests.profile_fields.material import HOSTILE


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://github.com/ada", "GitHub"),
        ("http://github.com", "GitHub"),
        ("HTTPS://GitHub.COM/Ada", "GitHub"),
        ("https://github.com.", "GitHub"),
        ("https://github.com:443/ada", "GitHub"),
        ("https://github.com?tab=repositories", "GitHub"),
        ("https://github.com#x", "GitHub"),
        ("https://gist.github.com/ada", "GitHub"),
        ("https://www.linkedin.com/in/ada", "LinkedIn"),
        ("https://de.linkedin.com/in/ada", "LinkedIn"),
        ("https://orcid.org/0000-0001-2345-6789", "ORCID"),
        ("https://x.com/ada", "X"),
        ("https://twitter.com/ada", "X"),
        ("https://scholar.google.com/citations?user=x", "Google Scholar"),
        ("https://stackoverflow.com/users/1", "Stack Overflow"),
    ],
)
def test_a_known_site_is_recognised(url: str, name: str) -> None:
    assert link_kind(url) == name


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com.evil.example",
        "https://notgithub.com",
        "https://github.community",
        "https://github-com.example",
        "https://evil.example/github.com",
        "https://evil.example?github.com",
        "https://evil.example#github.com",
        "https://evil.example#@github.com",
        "https://github.com@evil.example",
        "https://evil.example@github.com",
        "https://evil.example\\@github.com",
        "https://evil.example\\.github.com",
        "https://evil.example\\github.com",
        "https://evil.example%2f.github.com",
        "https://evil.example%2egithub.com",
        "https://evil.example\uff0f.github.com",
        "https://evil.example\t.github.com",
        "https://evil.example\n.github.com",
        "https://evil.example .github.com",
        "https://g\u0456thub.com",
        "https://\uff47ithub.com",
        "https://github\u3002com",
        "https://\u212aaggle.com",
        "https://[github.com]",
        "https://github.com:x@evil.example",
        "https://github.com:443:80",
        "https:github.com",
        "https:///github.com",
        "//github.com",
        "github.com",
        "javascript://github.com/%0aalert(1)",
        "ftp://github.com",
        "https://google.com",
        "https://com",
        "https://",
        "https://[::1",
        "",
        "\x00",
        "\ud800",
        *HOSTILE,
    ],
)
def test_what_only_looks_like_it_is_none(url: str) -> None:
    assert link_kind(url) == ""


@given(st.text(st.characters(), max_size=20), st.text(st.characters(), max_size=20), st.sampled_from(sorted(_SITES)))
def test_any_text_is_answered_and_only_a_host_decides(before: str, after: str, site: str) -> None:
    assert link_kind(before + site + after) in {"", *_SITES.values()}
    assert link_kind(f"https://evil.example/{before}{site}{after}") == ""
    assert link_kind(f"https://{site}/{before}{after}") == _SITES[site]


def test_ten_megabytes_are_answered_at_once() -> None:
    assert link_kind("https://" + "a." * 5_000_000) == ""
    assert link_kind("https://" + "a" * 10_000_000) == ""

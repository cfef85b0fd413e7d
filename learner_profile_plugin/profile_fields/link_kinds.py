"""Recognises where a link leads to, by its address alone."""

from __future__ import annotations

import re

_SITES = {
    "behance.net": "Behance",
    "bitbucket.org": "Bitbucket",
    "codeberg.org": "Codeberg",
    "dev.to": "DEV",
    "dribbble.com": "Dribbble",
    "facebook.com": "Facebook",
    "github.com": "GitHub",
    "gitlab.com": "GitLab",
    "huggingface.co": "Hugging Face",
    "instagram.com": "Instagram",
    "kaggle.com": "Kaggle",
    "linkedin.com": "LinkedIn",
    "medium.com": "Medium",
    "orcid.org": "ORCID",
    "researchgate.net": "ResearchGate",
    "scholar.google.com": "Google Scholar",
    "soundcloud.com": "SoundCloud",
    "stackoverflow.com": "Stack Overflow",
    "tiktok.com": "TikTok",
    "twitter.com": "X",
    "vimeo.com": "Vimeo",
    "x.com": "X",
    "xing.com": "XING",
    "youtube.com": "YouTube",
}

# No more than this: what browsers and Python read differently (a backslash, a name before an "@") is no site we know.
_HOST = re.compile(r"https?://([a-z0-9.-]+)(?::[0-9]*)?(?:[/?#]|\Z)", re.IGNORECASE | re.ASCII)


def link_kind(url: str) -> str:
    """Return the name of the site that an address belongs to (``GitHub``), or ``""`` for any other."""
    found = _HOST.match(url)
    host = "." + found[1].lower().rstrip(".") if found else ""
    return next((name for site, name in _SITES.items() if host.endswith(f".{site}")), "")

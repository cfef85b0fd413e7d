"""Reads texts as somebody types them in a hurry: without case, without accents."""

from __future__ import annotations

import unicodedata

NOT_TAKEN_APART = str.maketrans(
    {
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
        "æ": "ae",
        "đ": "d",
        "ð": "d",
        "ħ": "h",
        "ł": "l",
        "ø": "o",
        "œ": "oe",
        "þ": "th",
    }
)
"""Letters that Unicode holds for letters of their own, and that many a keyboard lacks."""


def fold(text: str) -> str:
    """Return a text as it is compared: lower case, no accents, one space at most between words."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    # Once more: what is taken apart can hold capital letters (the sign for telephone, say).
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter)).casefold()
    return " ".join(bare.translate(NOT_TAKEN_APART).split())

"""
The door of suggestions. They are offered while somebody types; nobody has to take any of them.

Nothing is stored, and what is typed is kept nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from learner_profile_plugin.suggestions.data import Kind
from learner_profile_plugin.suggestions.folding import fold
from learner_profile_plugin.suggestions.lists import bundled

__all__ = ["Kind", "suggest"]

LONGEST_TYPED = 100

# Names of the site are the same ones again and again; what is typed must not be kept, and goes through ``fold`` itself.
_fold_name = lru_cache(maxsize=10_000)(fold)


def suggest(kind: Kind, typed: str, limit: int = 8, also: Iterable[str] = ()) -> list[str]:
    """
    Return the names that begin with what was typed, or have a word that does, the likeliest first.

    Case and accents do not count. Names that begin so come before names with such a word, short ones
    before long ones, and then the alphabet decides. ``also`` are names beside the bundled ones; the
    spelling of a bundled name goes before theirs. Takes any text; there are no suggestions for
    nothing, nor for more than 100 characters.
    """
    if len(typed) > LONGEST_TYPED:
        return []
    start = fold(typed)
    if not start:
        return []
    known = bundled(kind)
    names = known | {folded: name for name in reversed([*also]) if (folded := _fold_name(name)) not in known}
    found = sorted(
        (rank, len(folded), folded, name)
        for folded, name in names.items()
        if (rank := _rank(folded, start)) is not None
    )
    return [name for *_order, name in found[: max(limit, 0)]]


def _rank(folded: str, start: str) -> int | None:
    """Return 0 for a name that begins with ``start``, 1 for one with a word that does, None for any other."""
    at = folded.find(start)
    if at == 0:
        return 0
    while at > 0:
        if not folded[at - 1].isalnum():
            return 1
        at = folded.find(start, at + 1)
    return None

"""The bundled lists: one name a line, in files beside this module. Each is read once, when it is first asked for."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from django.conf.locale import LANG_INFO

from learner_profile_plugin.suggestions.data import Kind
from learner_profile_plugin.suggestions.folding import fold

FILES = {Kind.SKILL: "skills.txt", Kind.ROLE: "roles.txt", Kind.LANGUAGE: "languages.txt"}


@cache
def bundled(kind: Kind) -> dict[str, str]:
    """Return the names of a list, by their folded form. Of names that fold alike the first stays."""
    names: dict[str, str] = {}
    for name in [*_in_file(kind), *(_known_to_django() if kind is Kind.LANGUAGE else [])]:
        names.setdefault(fold(name), name)
    return names


def _in_file(kind: Kind) -> list[str]:
    if kind not in FILES:
        return []
    return (files(__package__) / FILES[kind]).read_text(encoding="utf-8").splitlines()


def _known_to_django() -> list[str]:
    """Return the names of languages in English, then in themselves: "German" and "Deutsch"."""
    languages = [language for language in LANG_INFO.values() if "name" in language]
    in_themselves = [str(language["name_local"]) for language in languages]
    return [str(language["name"]) for language in languages] + [name[:1].upper() + name[1:] for name in in_themselves]

"""Reads what a caller sends: JSON of a bounded size, merge patches, and pictures."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.utils import json

__all__ = ["MAX_BYTES", "JsonObjectParser", "MergePatchParser", "MultiPartParser", "merged"]

# Four times the longest item, with every character in it written as an escape.
MAX_BYTES = 500_000
# An object with an object of values in it, some of which are lists; and a little more.
MOST_LEVELS = 5


class JsonObjectParser(JSONParser):
    """
    JSON that is an object, always in UTF-8.

    What no database and no answer could hold is refused here, before anybody looks at it: half a
    character (a lone surrogate), numbers without an end, and what is nested deeper than can be read.
    """

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        """Return the object. Raises ParseError if it is none."""
        try:
            data = json.loads(stream.read().decode(), parse_constant=json.strict_constant)
            json.dumps(data, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            raise ParseError(_("This cannot be read as JSON.")) from None
        if not isinstance(data, dict) or not _is_shallow(data, MOST_LEVELS):
            raise ParseError(_("Send a JSON object, as the schema describes it."))
        return data


class MergePatchParser(JsonObjectParser):
    """A JSON merge patch (RFC 7396), under the media type that the platform uses."""

    media_type = "application/merge-patch+json"


def _is_shallow(value: Any, levels: int) -> bool:
    if not isinstance(value, dict | list):
        return True
    parts = value.values() if isinstance(value, dict) else value
    return levels > 0 and all(_is_shallow(part, levels - 1) for part in parts)


def merged(target: Any, patch: Any) -> Any:
    """Return what a merge patch (RFC 7396) makes of a JSON value, which itself is left alone."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = merged(result.get(name), value)
    return result

"""How figures, dates and texts of a portfolio read."""

from __future__ import annotations

import contextlib

import markdown
import nh3
from django.utils.formats import date_format
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from learner_profile_plugin.profile_fields.data import PartialDate

MOST_BRACKETS = 200
SAFE_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a", "blockquote", "code", "pre"}


def duration(seconds: int) -> str:
    """
    Return a learning time in hours and minutes, never more than was measured.

    Seconds short of a full minute are left out, so the text never says more than the figure.
    """
    hours, minutes, _rest = _parts(seconds)
    if not hours and not minutes:
        return _("under a minute")
    if not hours:
        return _("%(minutes)d min") % {"minutes": minutes}
    if not minutes:
        return _("%(hours)d h") % {"hours": hours}
    return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}


def exact_duration(seconds: int) -> str:
    """Return a learning time to the second."""
    hours, minutes, rest = _parts(seconds)
    texts = [_("%(hours)d h") % {"hours": hours}] if hours else []
    return " ".join([*texts, _("%(minutes)d min") % {"minutes": minutes}, _("%(seconds)d s") % {"seconds": rest}])


def iso_duration(seconds: int) -> str:
    """Return a learning time to the second, as ``<time datetime>`` takes it."""
    hours, minutes, rest = _parts(seconds)
    return f"PT{hours}H{minutes}M{rest}S"


def _parts(seconds: int) -> tuple[int, int, int]:
    """Return whole hours, whole minutes and the seconds that are left."""
    minutes, rest = divmod(seconds, 60)
    return *divmod(minutes, 60), rest


def percent(fraction: float) -> str:
    """Return a grade in whole per cent, rounded down: a text never says more than was recorded."""
    # The small addition undoes binary rounding: 0.29 * 100 is 28.999...
    return _("%(percent)d%%") % {"percent": int(fraction * 100 + 1e-9)}


def partial_date(value: PartialDate) -> str:
    """Return a partial date in the reader's language, as far as it is known."""
    if not value.month:
        return str(value.year)
    return str(date_format(value.first_day(), "DATE_FORMAT" if value.day else "YEAR_MONTH_FORMAT"))


def render_markdown(text: str) -> SafeString:
    """
    Return a learner's Markdown as HTML of harmless tags; links leave no trace and lead to http(s) only.

    A text with more brackets than people write, or nested deeper than can be read, is shown as it was
    typed: reading such a text as Markdown takes seconds.
    """
    html = linebreaks(text, autoescape=True)
    if max(text.count("["), text.count("<")) <= MOST_BRACKETS:
        with contextlib.suppress(RecursionError):
            html = markdown.markdown(text, extensions=["nl2br", "sane_lists"])
    clean = nh3.clean(
        html,
        tags=SAFE_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https"},
        link_rel="nofollow ugc noopener noreferrer",
    )
    return mark_safe(clean)  # noqa: S308 - nh3 has just cleaned it

"""How figures, dates and texts of a portfolio read."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Sequence

import markdown
import nh3
from django.utils.formats import date_format
from django.utils.html import linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from learner_profile_plugin.access import Audience, Section
from learner_profile_plugin.labels import SECTION_LABELS
from learner_profile_plugin.profile_fields.data import PartialDate

MOST_SIGNS = 100
MOST_LINES = 400
# Twelve marks of lists and quotes before the first word.
NESTED_DEEPLY = re.compile(r"^(?:[ \t]*(?:[-+*>]|\d{1,9}[.)])){12}", re.MULTILINE)
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


def bare_address(url: str) -> str:
    """Return an address as people read it: without the scheme and a slash at the end."""
    return url.partition("://")[2].removeprefix("www.").rstrip("/") or url


_WHO_SEES = {
    Audience.EVERYONE: (
        gettext_lazy("everyone on the web sees %(sections)s"),
        gettext_lazy("everyone on the web sees %(sections)s"),
    ),
    Audience.SIGNED_IN: (
        gettext_lazy("any signed-in learner sees %(sections)s"),
        gettext_lazy("any signed-in learner also sees %(sections)s"),
    ),
    Audience.CONNECTED: (
        gettext_lazy("learners who share a course with you see %(sections)s"),
        gettext_lazy("learners who share a course with you also see %(sections)s"),
    ),
    Audience.COURSE_STAFF: (
        gettext_lazy("staff of your courses see %(sections)s"),
        gettext_lazy("staff of your courses also see %(sections)s"),
    ),
    Audience.ONLY_ME: (
        gettext_lazy("only you see %(sections)s"),
        gettext_lazy("only you see %(sections)s"),
    ),
}


def privacy_summary(by_audience: Iterable[tuple[Audience, Sequence[Section]]]) -> str:
    """
    Return in one sentence who sees which sections.

    Args:
        by_audience: from the widest audience to the narrowest, the sections that go just that far.
    """
    phrases: list[str] = []
    for audience, sections in by_audience:
        named = get_text_list([str(SECTION_LABELS[section]) for section in sections], _("and"))
        phrases.append(str(_WHO_SEES[audience][bool(phrases)]) % {"sections": named})
    sentence = "; ".join(phrases)
    return f"{sentence[:1].upper()}{sentence[1:]}."


def render_markdown(text: str) -> SafeString:
    """
    Return a learner's Markdown as HTML of harmless tags; links leave no trace and lead to http(s) only.

    HTML in it is text like any other: who writes of ``List<String>`` wants it read, not obeyed. A text of
    more signs or lines than people write, or nested deeper than can be read, is shown as it was typed:
    reading such texts as Markdown can take seconds, and a page can hold hundreds.
    """
    html = linebreaks(text, autoescape=True)
    if _is_readable(text):
        with contextlib.suppress(RecursionError):
            html = _reader().convert(text)
    clean = nh3.clean(
        html,
        tags=SAFE_TAGS,
        attributes={"a": {"href"}},
        attribute_filter=_kept,
        url_schemes={"http", "https"},
        link_rel="nofollow ugc noopener noreferrer",
    )
    return mark_safe(clean)  # noqa: S308 - nh3 has just cleaned it


def _reader() -> markdown.Markdown:
    reader = markdown.Markdown(extensions=["nl2br", "sane_lists"])
    reader.preprocessors.deregister("html_block")
    for name in ("html", "image_link", "image_reference", "short_image_ref"):
        reader.inlinePatterns.deregister(name)
    return reader


def _kept(tag: str, attribute: str, value: str) -> str | None:
    """Keep where a link leads to, if that is the web by its full address, and the "rel" that was just added."""
    leads_to_the_web = attribute == "href" and value.lower().startswith(("http://", "https://"))
    return value if leads_to_the_web or attribute == "rel" else None


def _is_readable(text: str) -> bool:
    signs = max(text.count(sign) for sign in "[<`")
    return signs <= MOST_SIGNS and text.count("\n") <= MOST_LINES and not NESTED_DEEPLY.search(text)

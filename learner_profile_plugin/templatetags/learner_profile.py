"""Filters for the plugin's templates."""

from django import template
from django.forms import BoundField
from django.utils.safestring import SafeString

from learner_profile_plugin.portfolio import wording

register = template.Library()
register.filter("duration", wording.duration)
register.filter("exact_duration", wording.exact_duration)
register.filter("iso_duration", wording.iso_duration)
register.filter("percent", wording.percent)
register.filter("partial_date", wording.partial_date)
register.filter("bare_address", wording.bare_address)
register.filter("markdown", wording.render_markdown)


@register.filter
def tied(field: BoundField, show_errors: bool) -> SafeString:
    """Render the box of a form field, tied to its help and its errors for screen readers."""
    # Django does it by itself from version 5 on, and leaves alone what is given here.
    attrs: dict[str, str | bool] = {}
    ids = [f"{field.auto_id}_helptext"] if field.help_text else []
    if show_errors and field.errors:
        ids.append(f"{field.auto_id}_error")
        attrs["aria-invalid"] = "true"
    if ids:
        attrs["aria-describedby"] = " ".join(ids)
    box = field.as_widget(attrs=attrs)
    return box + field.as_hidden(only_initial=True) if field.field.show_hidden_initial else box

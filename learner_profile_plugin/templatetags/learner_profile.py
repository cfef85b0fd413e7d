"""Filters for the plugin's templates."""

from django import template

from learner_profile_plugin.portfolio import wording

register = template.Library()
register.filter("duration", wording.duration)
register.filter("exact_duration", wording.exact_duration)
register.filter("iso_duration", wording.iso_duration)
register.filter("percent", wording.percent)
register.filter("partial_date", wording.partial_date)
register.filter("markdown", wording.render_markdown)

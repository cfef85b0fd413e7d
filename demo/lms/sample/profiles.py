"""The sample people's statements on their way in: through the plugin's own door, as a form would take them."""

from __future__ import annotations

from datetime import datetime, timedelta
from io import BytesIO

from django.contrib.auth.models import User
from PIL import Image, ImageDraw

from demo.lms.sample.statements import STATEMENTS, Statement
from learner_profile_plugin.access import Audience, Section
from learner_profile_plugin.profile_fields import api

CONSENT = "Seeded by the demo."


def apply_profiles(end: datetime) -> None:
    """Enter each sample person's statement, and publish those that are meant to be seen."""
    for username, statement in STATEMENTS.items():
        user_id = User.objects.get(username=username).pk
        _apply(user_id, statement)
        if statement.published:
            api.publish(user_id, text=CONSENT, audiences={}, at=end - timedelta(days=2))


def _apply(user_id: int, statement: Statement) -> None:
    api.delete_learner(user_id)
    for section, items in statement.items.items():
        for values in items:
            item = api.add_item(user_id, Section(section), values)
            if item.values.get("title") in statement.pictured:
                api.add_picture(user_id, item.id, _chart(), description="A map of a coast, with floods in three depths")
    for section, index in statement.hidden:
        api.set_hidden(user_id, api.get_profile(user_id).items[Section(section)][index].id, is_hidden=True)
    if statement.audiences:
        audiences = {Section(section): Audience[audience.upper()] for section, audience in statement.audiences.items()}
        api.set_audiences(user_id, audiences)


def _chart() -> BytesIO:
    """Draw what could be a map of floods."""
    picture = Image.new("RGB", (960, 600), "#d9ecf2")
    draw = ImageDraw.Draw(picture)
    for depth, colour in enumerate(("#e9e2c8", "#9cc7d8", "#4f95b5", "#1f5f86")):
        step = 90 * depth
        draw.polygon(
            [
                (0, 600),
                (0, 250 + step),
                (260, 180 + step),
                (520, 320 + step),
                (760, 210 + step),
                (960, 300 + step),
                (960, 600),
            ],
            fill=colour,
        )
    content = BytesIO()
    picture.save(content, "PNG")
    content.seek(0)
    return content

"""
Names that several learners of the site use alike, to be suggested to others.

A name that only few use may be known to nobody but them, so it takes five. Counting goes through
all items of the site: it is done by a task, now and then, and never while somebody types.
"""

from __future__ import annotations

import logging

from django.core.cache import cache
from django.db.models import Count
from django.db.models.fields.json import KeyTextTransform

from learner_profile_plugin.access import Section
from learner_profile_plugin.profile_fields import models
from learner_profile_plugin.profile_fields.field_types import Line
from learner_profile_plugin.profile_fields.kinds import KINDS

log = logging.getLogger(__name__)

LEAST_LEARNERS = 5
MOST_NAMES = 2000
KEPT_SECONDS = 7 * 24 * 3600
FRESH_SECONDS = 24 * 3600


def get_common_names(suggests: str) -> list[str]:
    """Return the names that were counted last for a list of suggestions; has them counted anew once a day."""
    # At most one of many requests asks for it.
    if cache.add(f"learner_profile:names:{suggests}:fresh", True, FRESH_SECONDS):
        from learner_profile_plugin.profile_fields.tasks import count_common_names

        try:
            count_common_names.apply_async((suggests,), retry=False)
        except Exception:  # suggestions are worth no error
            log.warning("Suggestions of %s are not renewed: no task queue answers.", suggests, exc_info=True)
    names: list[str] = cache.get(_key(suggests), [])
    return names


def count_common_names(suggests: str) -> list[str]:
    """Count the names anew, over published profiles, and keep and return them: the most frequent first."""
    learners: dict[str, int] = {}
    for kind in KINDS.values():
        for field in kind.fields:
            if isinstance(field, Line) and field.suggests == suggests:
                rows = (
                    models.Item.objects.filter(
                        section=kind.section.value,
                        removed_at=None,
                        is_hidden=False,
                        profile__published_at__isnull=False,
                    )
                    .order_by()
                    .annotate(name=KeyTextTransform(field.name, "values"))
                    .values("name")
                    .annotate(learners=Count("profile", distinct=True))
                    .filter(learners__gte=LEAST_LEARNERS)
                    .order_by("-learners", "name")
                )
                for row in rows.values_list("name", "learners")[:MOST_NAMES]:
                    if row[0]:
                        learners[row[0]] = max(learners.get(row[0], 0), row[1])
    names = sorted(learners, key=lambda name: (-learners[name], name))[:MOST_NAMES]
    cache.set(_key(suggests), names, KEPT_SECONDS)
    return names


def leave_out(user_id: int) -> None:
    """Take what a learner wrote out of the names that are kept; the next count brings back what enough others write."""
    written: dict[str, set[str]] = {}
    for row in models.Item.objects.filter(profile_id=user_id, section__in=KINDS).iterator():
        for field in KINDS[Section(row.section)].fields:
            if isinstance(field, Line) and field.suggests and row.values.get(field.name):
                written.setdefault(_key(field.suggests), set()).add(row.values[field.name])
    for key, names in cache.get_many(written).items():
        if not written[key].isdisjoint(names):
            cache.set(key, [name for name in names if name not in written[key]], KEPT_SECONDS)


def _key(suggests: str) -> str:
    return f"learner_profile:names:{suggests}"

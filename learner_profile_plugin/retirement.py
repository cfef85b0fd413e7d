"""
Everything that the plugin holds of a learner goes, in one place.

Which tables there are, and by which foreign keys their rows belong to a learner, is asked of Django:
a table that no domain removes from is found here, and nobody counts as forgotten before it is empty.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db.models import ForeignKey, Model, Q, QuerySet

from learner_profile_plugin.learning_record import api as learning_record
from learner_profile_plugin.profile_fields import api as profile_fields
from learner_profile_plugin.secret_links import api as secret_links
from learner_profile_plugin.time_on_task import api as time_on_task
from learner_profile_plugin.warehouse import api as warehouse

FILES = "files"


class NotForgottenError(Exception):
    """Something of a learner is there still, or again. Doing it once more goes on from here."""


def on_retirement(*, user: Any, **_: Any) -> None:
    """
    Take USER_RETIRE_LMS_MISC and USER_RETIRE_LMS_CRITICAL.

    Unlike other receivers it raises whatever goes wrong: the platform's request fails with it, so
    that its pipeline stops and comes again. Nobody must count as retired of whom something is left.
    """
    forget_learner(user.pk)


def forget_learner(user_id: int) -> None:
    """
    Remove all that is held of a learner: rows, files, and what caches and memory have of them.

    The portfolio is closed first and its links go next, so that nothing half removed is ever shown.
    Each step is done for good when the next begins: after a failure, doing it again goes on from there.
    Doing it again when all is done does no harm.

    Raises:
        NotForgottenError: if something is left, or arrived meanwhile.
        Exception: whatever the database, the storage or the cache raises.
    """
    profile_fields.unpublish(user_id)
    # The warehouse after the evidence: an export that goes on meanwhile looks for evidence once it has noted a learner.
    for domain in (secret_links, profile_fields, learning_record, time_on_task, warehouse):
        domain.delete_learner(user_id)
    left = count_held(user_id)
    if left:
        raise NotForgottenError(f"Of account {user_id} there is still something left: {left}")


def count_held(user_id: int) -> dict[str, int]:
    """Return how much is held of a learner: the rows of each table, and the files. What is empty is left out."""
    counts = {
        model._meta.model_name or "": model._default_manager.filter(_belongs_to(user_id, paths)).count()
        for model in get_tables()
        if (paths := paths_to_learner(model))
    }
    return _without_nothing(counts | {FILES: len(profile_fields.get_file_names(user_id))})


def count_orphans() -> dict[str, int]:
    """Return how much there is of learners whose accounts are gone: rows of each table, and files without a row."""
    counts = {model._meta.model_name or "": 0 for model in get_tables()}
    for model, rows in _orphaned_rows():
        counts[model._meta.model_name or ""] += rows.count()
    return _without_nothing(counts | {FILES: len(list(profile_fields.find_stray_files()))})


def remove_orphans() -> None:
    """
    Remove rows whose account or whose parent row is gone, and files that no row names.

    Deleting an account leaves none of them; a database without its constraints, or an upload that
    broke off, does. Raises what the database or the storage raises; doing it again does no harm.
    """
    for _model, rows in _orphaned_rows():
        rows.delete()
    for name in profile_fields.find_stray_files():
        profile_fields.delete_file(name)


def get_tables() -> list[type[Model]]:
    """Return all tables of the plugin, those first that others refer to."""
    return list(apps.get_app_config("learner_profile_plugin").get_models(include_auto_created=True))


def paths_to_learner(model: type[Model]) -> list[str]:
    """Return by which foreign keys the rows of a table belong to a learner, as in ``item__profile__user``."""
    paths = []
    for key in _foreign_keys(model):
        if key.related_model is get_user_model():
            paths.append(key.name)
        elif key.related_model is not model:
            paths += [f"{key.name}__{path}" for path in paths_to_learner(key.related_model)]
    return paths


def _orphaned_rows() -> Iterator[tuple[type[Model], QuerySet[Model]]]:
    for model in get_tables():
        for key in _foreign_keys(model):
            there = key.related_model._default_manager.values("pk")
            rows = model._default_manager.filter(**{f"{key.name}__isnull": False})
            yield model, rows.exclude(**{f"{key.attname}__in": there})


def _foreign_keys(model: type[Model]) -> list[Any]:
    return [field for field in model._meta.concrete_fields if isinstance(field, ForeignKey)]


def _belongs_to(user_id: int, paths: list[str]) -> Q:
    return Q(*((path, user_id) for path in paths), _connector=Q.OR)


def _without_nothing(counts: dict[str, int]) -> dict[str, int]:
    return {name: count for name, count in counts.items() if count}

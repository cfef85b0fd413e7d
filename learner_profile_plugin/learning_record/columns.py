"""Facts as columns of the table."""

from __future__ import annotations

from typing import Any

from learner_profile_plugin.learning_record.data import FACTS, Fact
from learner_profile_plugin.learning_record.models import LearningRecord as Row

GROUPS: dict[str, tuple[str, ...]] = {
    kind: tuple(field.name for field in Row._meta.concrete_fields if field.name.startswith(f"{kind}_"))
    for kind in FACTS
}
"""The columns of each kind of fact, with the moment that it is as of and the rank."""


def columns_of(fact: Fact) -> dict[str, Any]:
    """Return what is to be stored of a fact, by column; without the moment and the rank."""
    return {f"{fact.kind}_{name}": _fitted(f"{fact.kind}_{name}", value) for name, value in fact.columns().items()}


def _fitted(column: str, value: Any) -> Any:
    """Cut text to the width of its column: a long name must not cost the whole fact."""
    width = getattr(Row._meta.get_field(column), "max_length", None)
    return value[:width] if isinstance(value, str) and width else value

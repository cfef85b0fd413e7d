"""
The door of the profile. Access is checked by whoever calls, not here; what an item may say, how many
there may be, and that nobody overwrites what they have not seen, is.
"""

from __future__ import annotations

from learner_profile_plugin.profile_fields import common_names, picture_files, turns
from learner_profile_plugin.profile_fields.common_names import get_common_names
from learner_profile_plugin.profile_fields.drafts import discard_draft, get_draft, save_draft
from learner_profile_plugin.profile_fields.items import (
    add_item,
    change_item,
    erase_removed,
    move_item,
    order_by_date,
    remove_item,
    restore_item,
    set_hidden,
    set_order,
)
from learner_profile_plugin.profile_fields.kind import Kind
from learner_profile_plugin.profile_fields.kinds import KINDS
from learner_profile_plugin.profile_fields.link_kinds import link_kind
from learner_profile_plugin.profile_fields.picture_files import (
    add_picture,
    delete_file,
    describe_picture,
    find_stray_files,
    get_file_names,
    get_picture_file,
    open_picture,
    remove_picture,
)
from learner_profile_plugin.profile_fields.publication import (
    get_consents,
    missing_sections,
    publish,
    set_audiences,
    unpublish,
)
from learner_profile_plugin.profile_fields.reading import get_profile
from learner_profile_plugin.profile_fields.validation import clean_values, contradictions

__all__ = [
    "KINDS",
    "Kind",
    "add_item",
    "add_picture",
    "change_item",
    "clean_values",
    "contradictions",
    "delete_file",
    "delete_learner",
    "delete_profile",
    "describe_picture",
    "discard_draft",
    "erase_removed",
    "find_stray_files",
    "get_common_names",
    "get_consents",
    "get_draft",
    "get_file_names",
    "get_picture_file",
    "get_profile",
    "link_kind",
    "missing_sections",
    "move_item",
    "open_picture",
    "order_by_date",
    "publish",
    "remove_item",
    "remove_picture",
    "restore_item",
    "save_draft",
    "set_audiences",
    "set_hidden",
    "set_order",
    "unpublish",
]


def delete_learner(user_id: int) -> None:
    """Remove all that a learner stated: rows last, so that what fails half-way can be tried again."""
    picture_files.delete_files(user_id)
    common_names.leave_out(user_id)
    turns.delete(user_id)


def delete_profile(user_id: int) -> None:
    """Remove all that a learner stated, because they say so; each file goes once the removal of its row is certain."""
    common_names.leave_out(user_id)
    turns.delete(user_id)

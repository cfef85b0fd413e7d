"""A picture's file goes when its row goes: removed by the learner, with the account, or by a cascade."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import transaction

from learner_profile_plugin.failsafe import store_or_retry
from learner_profile_plugin.profile_fields import models, picture_files, tasks


def on_picture_deleted(sender: type[models.Picture], instance: models.Picture, **kwargs: Any) -> None:
    """Delete the file once the deletion of its row is certain; where the storage fails, try again later."""
    name = instance.file_name
    transaction.on_commit(
        partial(
            store_or_retry,
            "the removal of a picture's file",
            partial(picture_files.delete_file, name),
            partial(tasks.delete_picture_file.apply_async, (name,), retry=False),
        )
    )

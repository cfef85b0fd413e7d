"""
Pictures of items: rows here, files in the site's storage.

Files are not served by their storage's address, which anybody could pass on, but by a page of ours
that asks ``access``. A file goes when its row goes, whatever removed the row. Each learner has a
folder, so that a file without a row (of an upload that broke off) is known to be theirs.
"""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import IO
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db.models import F, Max
from django.utils import timezone
from django.utils.translation import gettext as _

from learner_profile_plugin.access import Section
from learner_profile_plugin.profile_fields import models
from learner_profile_plugin.profile_fields.data import InvalidItemError, NoSuchItemError, Picture, PictureFile
from learner_profile_plugin.profile_fields.field_types import NAME_LENGTH, LineField
from learner_profile_plugin.profile_fields.kinds import KINDS
from learner_profile_plugin.profile_fields.pictures import PictureError, read_picture
from learner_profile_plugin.profile_fields.turns import changing

FOLDER = "learner_profile/pictures"
MAX_PICTURES = 6
MAX_BYTES = 8_000_000
MAX_PIXELS = 50_000_000
MAX_SIDE = 1600
STRAY_AFTER = timedelta(days=1)
"""How old a file without a row is at least: a younger one may belong to an upload that is still under way."""


def storage() -> Storage:
    """Return the storage for pictures: the one that ``LEARNER_PROFILE_STORAGE`` names, or the default one."""
    return storages[getattr(settings, "LEARNER_PROFILE_STORAGE", "default")]


def add_picture(user_id: int, item_id: UUID, upload: IO[bytes], *, description: str = "") -> Picture:
    """
    Add a picture to an item and return it. What is stored is drawn anew, without whatever else the file held.

    Raises:
        InvalidItemError: if it cannot be read, is too large, or there are too many.
        NoSuchItemError: if the learner has no such item, or such items have no pictures.
    """
    words = _words(description)
    try:
        read = read_picture(upload, max_bytes=MAX_BYTES, max_pixels=MAX_PIXELS, max_side=MAX_SIDE)
    except PictureError as error:
        raise InvalidItemError({"picture": [str(error)]}) from None
    with changing(user_id):
        item = _item(user_id, item_id)
        if item.pictures.count() >= MAX_PICTURES:
            raise InvalidItemError(
                {"picture": [_("There is room for %(number)d pictures.") % {"number": MAX_PICTURES}]}
            )
        last = item.pictures.aggregate(last=Max("position"))["last"]
        name = storage().save(f"{_folder(user_id)}/{uuid.uuid4().hex}.{read.extension}", ContentFile(read.content))
        row = models.Picture.objects.create(
            item=item,
            position=0 if last is None else last + 1,
            file_name=name,
            content_type=read.content_type,
            width=read.width,
            height=read.height,
            description=words,
        )
        _move_on(item.pk)
    return Picture(id=row.pk, description=row.description, width=row.width, height=row.height)


def describe_picture(user_id: int, picture_id: UUID, description: str) -> None:
    """
    Say what can be seen on a picture.

    Raises:
        InvalidItemError: if the words cannot be kept.
        NoSuchItemError: if the learner has no such picture.
    """
    words = _words(description)
    with changing(user_id):
        row = _row(user_id, picture_id)
        models.Picture.objects.filter(pk=row.pk).update(description=words)
        _move_on(row.item_id)


def remove_picture(user_id: int, picture_id: UUID) -> None:
    """Remove a picture, with its file. Raises NoSuchItemError."""
    with changing(user_id):
        row = _row(user_id, picture_id)
        row.delete()
        _move_on(row.item_id)


def get_picture_file(picture_id: UUID) -> PictureFile | None:
    """Return a picture of an item that is not removed. One query."""
    row = models.Picture.objects.select_related("item").filter(pk=picture_id, item__removed_at=None).first()
    if row is None or row.item.section not in KINDS:
        return None
    return PictureFile(
        user_id=row.item.profile_id,
        section=Section(row.item.section),
        is_hidden=row.item.is_hidden,
        file_name=row.file_name,
        content_type=row.content_type,
    )


def open_picture(picture: PictureFile) -> IO[bytes]:
    """Open the file of a picture. Raises OSError if the storage has it no more."""
    return storage().open(picture.file_name)


def get_file_names(user_id: int) -> set[str]:
    """Return the names of all picture files of a learner: those of rows, and whatever else is in their folder."""
    return _named_by_rows(user_id) | set(_listed(_folder(user_id))[1])


def delete_files(user_id: int) -> None:
    """Delete all picture files of a learner. Raises what the storage raises; doing it again does no harm."""
    for name in sorted(get_file_names(user_id)):
        delete_file(name)


def delete_file(name: str) -> None:
    """Delete a file, and the folder of its learner with the last one. Of a file that is gone nothing is said."""
    storage().delete(name)
    folder = name.rpartition("/")[0]
    # Folders bear the number of a learner. Many a storage knows none, and then there is nothing to delete.
    with contextlib.suppress(FileNotFoundError, NotImplementedError):
        if folder.startswith(f"{FOLDER}/") and not any(storage().listdir(folder)):
            storage().delete(folder)


def find_stray_files(at: datetime | None = None) -> Iterator[str]:
    """Yield the names of files of all learners that no row names, and that are old enough to be sure of it."""
    before = (at or timezone.now()) - STRAY_AFTER
    for folder in _listed(FOLDER)[0]:
        number = folder.rpartition("/")[2]
        if number.isdecimal() and (names := _listed(folder)[1]):
            known = _named_by_rows(int(number))
            yield from (name for name in names if name not in known and storage().get_modified_time(name) < before)


def _folder(user_id: int) -> str:
    return f"{FOLDER}/{user_id}"


def _named_by_rows(user_id: int) -> set[str]:
    return set(models.Picture.objects.filter(item__profile_id=user_id).values_list("file_name", flat=True))


def _listed(folder: str) -> tuple[list[str], list[str]]:
    """Return the folders and the files in a folder; none if there is no such folder, or its storage lists none."""
    try:
        found = storage().listdir(folder)
    except (FileNotFoundError, NotImplementedError):
        return [], []
    folders, files = ([f"{folder}/{name}" for name in names if name] for names in found)
    return folders, files


def _words(description: str) -> str:
    try:
        words: str = LineField(max_length=NAME_LENGTH, required=False).clean(description)
    except ValidationError as error:
        raise InvalidItemError({"description": error.messages}) from None
    return words


def _row(user_id: int, picture_id: UUID) -> models.Picture:
    row = models.Picture.objects.filter(pk=picture_id, item__profile_id=user_id, item__removed_at=None).first()
    if row is None:
        raise NoSuchItemError
    return row


def _move_on(item_id: UUID) -> None:
    """Say that an item was changed."""
    models.Item.objects.filter(pk=item_id).update(version=F("version") + 1)


def _item(user_id: int, item_id: UUID) -> models.Item:
    row = models.Item.objects.filter(profile_id=user_id, pk=item_id, removed_at=None, section__in=KINDS).first()
    if row is None or not KINDS[Section(row.section)].has_pictures:
        raise NoSuchItemError
    return row

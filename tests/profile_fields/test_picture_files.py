"""Pictures of items: what is taken, and that a file is there as long as its row is, and no longer."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from celery import current_app
from django.contrib.auth.models import User
from django.core.files.storage import FileSystemStorage, Storage
from django.db import transaction
from PIL import Image

from learner_profile_plugin.access import Section
from learner_profile_plugin.profile_fields import api, models, picture_files, tasks
from learner_profile_plugin.profile_fields.data import InvalidItemError, Item, NoSuchItemError, Picture
from tests.conftest import NOW, PersonFactory
from tests.profile_fields.material import EVERYONE, add

PROJECTS = Section.PROJECTS


class AbortError(Exception):
    """Rolls back."""


class FailingStorage(FileSystemStorage):
    """A storage that fails to delete as long as it is told to."""

    fails = False

    def delete(self, name: str) -> None:
        if FailingStorage.fails:
            raise OSError("the storage does not answer")
        super().delete(name)


class PlainStorage(FileSystemStorage):
    """A storage that cannot list what it holds, and knows no folders."""

    def listdir(self, path: str) -> tuple[list[str], list[str]]:
        raise NotImplementedError

    def delete(self, name: str) -> None:
        assert not Path(self.path(name)).is_dir()
        super().delete(name)


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> Iterator[Path]:
    """Keep pictures in a storage of this test."""
    keep_in(settings, tmp_path, FailingStorage)
    yield tmp_path
    FailingStorage.fails = False


def keep_in(settings: Any, folder: Path, storage: type[Storage]) -> None:
    backend = {"BACKEND": f"{storage.__module__}.{storage.__qualname__}", "OPTIONS": {"location": str(folder)}}
    settings.STORAGES = settings.STORAGES | {"pictures": backend}
    settings.LEARNER_PROFILE_STORAGE = "pictures"


def files(media: Path) -> set[str]:
    return {str(path.relative_to(media)) for path in media.rglob("*") if path.is_file()}


def sent(size: tuple[int, int] = (8, 6), mode: str = "RGB") -> BytesIO:
    content = BytesIO()
    Image.new(mode, size).save(content, "PNG")
    return BytesIO(content.getvalue())


@pytest.fixture
def project(learner: User) -> Item:
    return add(learner.pk, PROJECTS)


def shown(learner: User) -> Item:
    (item,) = api.get_profile(learner.pk).items[PROJECTS]
    return item


class TestAdding:
    def test_a_picture_is_drawn_anew_and_kept(self, learner: User, project: Item, media: Path) -> None:
        added = api.add_picture(learner.pk, project.id, sent(), description="  A \n boat 🛟 ")
        assert added == Picture(added.id, "A boat 🛟", 8, 6)
        assert shown(learner).pictures == (added,)
        assert shown(learner).version == 2
        found = api.get_picture_file(added.id)
        assert found is not None
        assert (found.user_id, found.section, found.is_hidden) == (learner.pk, PROJECTS, False)
        assert found.content_type == "image/jpeg"
        assert files(media) == {found.file_name}
        assert found.file_name.startswith(f"learner_profile/pictures/{learner.pk}/")
        with api.open_picture(found) as file, Image.open(file) as image:
            assert (image.format, image.size) == ("JPEG", (8, 6))

    def test_a_hidden_item_hides_its_pictures(self, learner: User, project: Item) -> None:
        added = api.add_picture(learner.pk, project.id, sent(mode="RGBA"))
        api.set_hidden(learner.pk, project.id, is_hidden=True)
        found = api.get_picture_file(added.id)
        assert found is not None
        assert (found.is_hidden, found.content_type) == (True, "image/png")

    def test_there_is_room_for_six(self, learner: User, project: Item, media: Path) -> None:
        added = [api.add_picture(learner.pk, project.id, sent()) for _ in range(6)]
        with pytest.raises(InvalidItemError) as raised:
            api.add_picture(learner.pk, project.id, sent())
        assert raised.value.messages == {"picture": ["There is room for 6 pictures."]}
        assert len(files(media)) == 6
        api.remove_picture(learner.pk, added[0].id)
        added.append(api.add_picture(learner.pk, project.id, sent()))
        assert [picture.id for picture in shown(learner).pictures] == [picture.id for picture in added[1:]]

    @pytest.mark.parametrize("content", [b"", b"x", b"<svg onload=alert(1)>", sent().getvalue()[:40]])
    def test_what_is_no_picture_is_refused(self, learner: User, project: Item, media: Path, content: bytes) -> None:
        with pytest.raises(InvalidItemError) as raised:
            api.add_picture(learner.pk, project.id, BytesIO(content))
        assert list(raised.value.messages) == ["picture"]
        assert (shown(learner), files(media)) == (project, set())

    @pytest.mark.parametrize("words", ["x" * 201, "a\x00b", "\ud800", "x" * 10_000_000])
    def test_words_that_cannot_be_kept_are_refused(self, learner: User, project: Item, media: Path, words: str) -> None:
        added = api.add_picture(learner.pk, project.id, sent(), description="🛟" * 200)
        for deed in (
            lambda: api.add_picture(learner.pk, project.id, sent(), description=words),
            lambda: api.describe_picture(learner.pk, added.id, words),
        ):
            with pytest.raises(InvalidItemError) as raised:
                deed()
            assert list(raised.value.messages) == ["description"]
        assert shown(learner).pictures == (added,)
        assert len(files(media)) == 1

    def test_items_of_other_kinds_have_none(self, learner: User, media: Path) -> None:
        with pytest.raises(NoSuchItemError):
            api.add_picture(learner.pk, add(learner.pk).id, sent())
        assert files(media) == set()

    def test_a_storage_that_fails_leaves_no_row(
        self, learner: User, project: Item, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*args: object, **kwargs: object) -> str:
            raise OSError("no space left")

        monkeypatch.setattr(FailingStorage, "_save", fail)
        with pytest.raises(OSError, match="no space left"):
            api.add_picture(learner.pk, project.id, sent())
        assert shown(learner) == project


class TestDescribing:
    def test_replaces_the_words_and_counts_as_a_change(self, learner: User, project: Item) -> None:
        added = api.add_picture(learner.pk, project.id, sent())
        api.describe_picture(learner.pk, added.id, "A boat")
        api.describe_picture(learner.pk, added.id, "A boat")
        assert shown(learner).pictures[0].description == "A boat"
        assert shown(learner).version == 4


class TestPicturesOfOthers:
    def test_are_none_to_anybody_else(self, learner: User, person: PersonFactory, project: Item, media: Path) -> None:
        added = api.add_picture(learner.pk, project.id, sent())
        before = api.get_profile(learner.pk)
        ben = person("ben")
        theirs = add(ben.pk, PROJECTS)
        for picture_id, item_id in ((added.id, project.id), (uuid4(), uuid4())):
            for deed in (
                lambda: api.add_picture(ben.pk, item_id, sent()),  # noqa: B023  done at once
                lambda: api.describe_picture(ben.pk, picture_id, "x"),  # noqa: B023
                lambda: api.remove_picture(ben.pk, picture_id),  # noqa: B023
            ):
                with pytest.raises(NoSuchItemError):
                    deed()
        assert api.get_profile(learner.pk) == before
        assert api.get_profile(ben.pk).items == {PROJECTS: (theirs,)}
        assert len(files(media)) == 1

    def test_those_of_a_removed_item_are_kept_from_everybody_and_come_back_with_it(
        self, learner: User, project: Item, media: Path
    ) -> None:
        added = api.add_picture(learner.pk, project.id, sent())
        api.remove_item(learner.pk, project.id)
        assert api.get_picture_file(added.id) is None
        for deed in (
            lambda: api.describe_picture(learner.pk, added.id, "x"),
            lambda: api.remove_picture(learner.pk, added.id),
            lambda: api.add_picture(learner.pk, project.id, sent()),
        ):
            with pytest.raises(NoSuchItemError):
                deed()
        assert api.restore_item(learner.pk, project.id).pictures == (added,)
        assert api.get_picture_file(added.id) is not None
        assert len(files(media)) == 1

    def test_one_that_never_was_has_no_file(self, learner: User, project: Item) -> None:
        assert api.get_picture_file(uuid4()) is None
        added = api.add_picture(learner.pk, project.id, sent())
        models.Item.objects.update(section="of_a_newer_version")
        assert api.get_picture_file(added.id) is None

    def test_a_file_that_the_storage_lost_is_an_os_error(self, learner: User, project: Item, media: Path) -> None:
        found = api.get_picture_file(api.add_picture(learner.pk, project.id, sent()).id)
        assert found is not None
        (media / found.file_name).unlink()
        with pytest.raises(OSError, match="No such file"):
            api.open_picture(found)


Deed = Callable[[User, Item], object]


def _erase(learner: User, project: Item) -> None:
    api.remove_item(learner.pk, project.id)
    api.erase_removed(NOW + timedelta(days=10_000))


WAYS: dict[str, Deed] = {
    "removed": lambda learner, project: api.remove_picture(learner.pk, project.pictures[0].id),
    "removed with its item, and erased": _erase,
    "deleted with the profile": lambda learner, project: api.delete_profile(learner.pk),
    "deleted with all of the learner": lambda learner, project: api.delete_learner(learner.pk),
    "deleted with the account": lambda learner, project: learner.delete(),
    "deleted with a set of accounts": lambda learner, project: User.objects.filter(pk=learner.pk).delete(),
    "deleted with its row": lambda learner, project: models.Item.objects.filter(pk=project.id).delete(),
}


@pytest.fixture
def pictured(learner: User, project: Item) -> Item:
    api.add_picture(learner.pk, project.id, sent())
    return shown(learner)


class TestFiles:
    @pytest.mark.parametrize("way", WAYS)
    def test_go_with_their_rows_and_those_of_others_stay(
        self, learner: User, person: PersonFactory, pictured: Item, media: Path, way: str
    ) -> None:
        ben = person("ben")
        api.publish(ben.pk, text="Yes.", audiences=EVERYONE)
        theirs = api.get_picture_file(api.add_picture(ben.pk, add(ben.pk, PROJECTS).id, sent()).id)
        assert theirs is not None
        folder = media / picture_files.FOLDER / str(learner.pk)
        assert folder.exists()
        WAYS[way](learner, pictured)
        assert files(media) == {theirs.file_name}
        assert not folder.exists()

    @pytest.mark.parametrize("way", sorted(WAYS.keys() - {"deleted with all of the learner"}))
    def test_stay_until_it_is_certain_that_their_rows_go(
        self, learner: User, pictured: Item, media: Path, way: str
    ) -> None:
        before, profile = files(media), api.get_profile(learner.pk)
        with suppress(AbortError), transaction.atomic():
            WAYS[way](User.objects.get(pk=learner.pk), pictured)
            raise AbortError
        assert files(media) == before
        assert len(before) == 1
        assert api.get_profile(learner.pk) == profile

    def test_that_a_storage_fails_to_delete_are_deleted_by_a_task_later(
        self, learner: User, pictured: Item, media: Path, caplog: pytest.LogCaptureFixture, monkeypatch: Any
    ) -> None:
        queued: list[Any] = []
        monkeypatch.setattr(
            tasks.delete_picture_file, "apply_async", lambda *given, **rest: queued.append((given, rest))
        )
        FailingStorage.fails = True
        (name,) = files(media)
        with caplog.at_level(logging.WARNING):
            learner.delete()
        assert "Kept: the removal of a picture's file" in caplog.text
        assert queued == [(((name,),), {"retry": False})]
        assert files(media) == {name}
        assert tasks.delete_picture_file.max_retries == 12
        with pytest.raises(OSError, match="does not answer"):
            tasks.delete_picture_file(name)
        FailingStorage.fails = False
        for _ in range(2):
            tasks.delete_picture_file(name)
        assert files(media) == set()

    def test_nothing_of_it_is_felt_by_whoever_deletes_though_no_queue_answers_either(
        self, learner: User, pictured: Item, caplog: pytest.LogCaptureFixture, monkeypatch: Any
    ) -> None:
        monkeypatch.setattr("kombu.transport.memory.Channel._put", _refuse)
        current_app.conf.task_always_eager = False
        FailingStorage.fails = True
        try:
            learner.delete()
        finally:
            current_app.conf.task_always_eager = True
        assert "Lost: the removal of a picture's file" in caplog.text
        assert not User.objects.exists()

    def test_a_storage_that_is_not_configured_does_not_keep_an_account_from_being_deleted(
        self, learner: User, pictured: Item, settings: Any
    ) -> None:
        settings.LEARNER_PROFILE_STORAGE = "of_another_time"
        current_app.conf.task_always_eager = False
        try:
            learner.delete()
        finally:
            current_app.conf.task_always_eager = True
        assert not models.Picture.objects.exists()

    def test_a_retirement_that_failed_half_way_can_be_done_again(
        self, learner: User, pictured: Item, media: Path
    ) -> None:
        FailingStorage.fails = True
        with pytest.raises(OSError, match="does not answer"):
            api.delete_learner(learner.pk)
        assert shown(learner) == pictured
        FailingStorage.fails = False
        for _ in range(2):
            api.delete_learner(learner.pk)
        assert files(media) == set()
        assert not models.Profile.objects.exists()

    def test_are_kept_in_the_default_storage_where_nothing_is_said(
        self, learner: User, project: Item, settings: Any, tmp_path: Path
    ) -> None:
        settings.MEDIA_ROOT = tmp_path / "default"
        del settings.LEARNER_PROFILE_STORAGE
        api.add_picture(learner.pk, project.id, sent())
        assert len(files(tmp_path / "default")) == 1

    def test_a_storage_that_knows_no_folders_will_do(
        self, learner: User, project: Item, settings: Any, tmp_path: Path
    ) -> None:
        keep_in(settings, tmp_path, PlainStorage)
        added = api.add_picture(learner.pk, project.id, sent())
        api.add_picture(learner.pk, project.id, sent())
        api.remove_picture(learner.pk, added.id)
        assert len(files(tmp_path)) == len(api.get_file_names(learner.pk)) == 1
        assert list(api.find_stray_files()) == []
        api.delete_learner(learner.pk)
        assert files(tmp_path) == set()


class TestStrays:
    """Files without a row: of an upload that broke off after its file was written."""

    @pytest.fixture
    def stray(self, learner: User, pictured: Item, media: Path) -> str:
        before = files(media)
        with suppress(AbortError), transaction.atomic():
            api.add_picture(learner.pk, pictured.id, sent())
            raise AbortError
        (name,) = files(media) - before
        return name

    def test_are_known_to_be_the_learner_s_and_go_with_them(self, learner: User, stray: str, media: Path) -> None:
        assert stray in api.get_file_names(learner.pk)
        assert len(api.get_file_names(learner.pk)) == 2
        api.delete_learner(learner.pk)
        assert files(media) == api.get_file_names(learner.pk) == set()
        assert not (media / "learner_profile/pictures" / str(learner.pk)).exists()

    def test_are_found_once_no_upload_can_be_under_way(self, stray: str, media: Path) -> None:
        written = (media / stray).stat().st_mtime
        with time_machine.travel(written + 23 * 3600, tick=False):
            assert list(api.find_stray_files()) == []
        with time_machine.travel(written + 25 * 3600, tick=False):
            assert list(api.find_stray_files()) == [stray]

    def test_what_others_put_there_is_none(self, stray: str, media: Path) -> None:
        folder = media / picture_files.FOLDER
        (folder / "of_others").mkdir()
        for name in ("of_others/x.jpg", "x.jpg"):
            (folder / name).write_bytes(b"x")
        with time_machine.travel((media / stray).stat().st_mtime + 48 * 3600, tick=False):
            assert list(api.find_stray_files()) == [stray]


def _refuse(*args: Any, **kwargs: Any) -> None:
    raise ConnectionRefusedError("no broker")

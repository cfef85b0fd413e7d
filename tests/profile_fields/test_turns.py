"""Several requests of one learner at once: each change holds, none is lost, and none runs into another."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction

from learner_profile_plugin.access import Audience, Section
from learner_profile_plugin.profile_fields import api, models
from learner_profile_plugin.profile_fields.data import InvalidItemError, NotPublishableError, StaleItemError
from tests.conftest import PersonFactory
from tests.profile_fields.material import EVERYONE, add, at_once, titles

SKILLS, ABOUT = Section.SKILLS, Section.ABOUT
ROUNDS = 3


def outcome(deed: Callable[[], object]) -> Callable[[], str]:
    """Return a deed that tells whether it was done, or by which error it was refused."""

    def tell() -> str:
        try:
            deed()
        except (InvalidItemError, StaleItemError, NotPublishableError) as error:
            return type(error).__name__
        return "done"

    return tell


FIRST: dict[str, Callable[[int, int], object]] = {
    "items": lambda user_id, number: add(user_id, name=f"skill {number}"),
    "drafts of several forms": lambda user_id, number: api.save_draft(user_id, f"form {number}", {}),
    "drafts of one form": lambda user_id, number: api.save_draft(user_id, "skills", {"f-name": [str(number)]}),
    "audiences": lambda user_id, number: api.set_audiences(user_id, {SKILLS: Audience(number % 5)}),
    "consents": lambda user_id, number: api.publish(user_id, text=str(number), audiences=EVERYONE),
    "a bit of all": lambda user_id, number: list(FIRST.values())[number % 5](user_id, number),
}


@pytest.mark.parametrize("what", FIRST)
def test_the_first_that_a_learner_saves_may_come_in_several_requests(learner: User, what: str) -> None:
    for _ in range(ROUNDS):
        api.delete_learner(learner.pk)
        at_once(*[lambda number=number: FIRST[what](learner.pk, number) for number in range(6)])
        counts = {
            model.__name__: model.objects.count()
            for model in (models.Profile, models.Item, models.Draft, models.SectionChoice, models.Consent)
        }
        assert {name: count for name, count in counts.items() if count} == {"Profile": 1} | {
            "items": {"Item": 6},
            "drafts of several forms": {"Draft": 6},
            "drafts of one form": {"Draft": 1},
            "audiences": {"SectionChoice": 1},
            "consents": {"Consent": 1},
            "a bit of all": {"Item": 2, "Draft": 2, "SectionChoice": 1, "Consent": 1},
        }[what]


def test_every_change_counts(learner: User) -> None:
    at_once(*[lambda number=number: add(learner.pk, name=f"skill {number}") for number in range(8)])
    profile = api.get_profile(learner.pk)
    assert profile.version == 8
    assert sorted(titles(learner.pk, SKILLS)) == [f"skill {number}" for number in range(8)]
    assert sorted(models.Item.objects.values_list("position", flat=True)) == list(range(8))


def test_a_section_never_gets_fuller_than_it_may(learner: User, settings: Any) -> None:
    settings.LEARNER_PROFILE_SECTIONS = {"skills": {"max_items": 4}}
    for _ in range(ROUNDS):
        api.delete_learner(learner.pk)
        add(learner.pk)
        add(learner.pk)
        found = at_once(*[outcome(lambda: add(learner.pk))] * 6)
        assert sorted(found) == ["InvalidItemError"] * 4 + ["done"] * 2
        assert len(titles(learner.pk, SKILLS)) == 4


def test_a_section_of_one_never_gets_two(learner: User) -> None:
    for _ in range(ROUNDS):
        api.delete_learner(learner.pk)
        found = at_once(*[outcome(lambda: add(learner.pk, ABOUT))] * 4)
        assert sorted(found) == ["StaleItemError"] * 3 + ["done"]
        assert len(titles(learner.pk, ABOUT)) == 1


def test_having_one_back_and_adding_another_make_no_two(learner: User) -> None:
    for _ in range(ROUNDS):
        api.delete_learner(learner.pk)
        removed = add(learner.pk, ABOUT)
        api.remove_item(learner.pk, removed.id)
        found = at_once(
            outcome(lambda: add(learner.pk, ABOUT)),
            outcome(lambda: api.restore_item(learner.pk, removed.id)),  # noqa: B023  done at once
        )
        assert sorted(found) == ["StaleItemError", "done"]
        assert len(titles(learner.pk, ABOUT)) == 1


def test_of_changes_of_one_version_one_is_saved(learner: User) -> None:
    item = add(learner.pk, name="version 1")

    def change(number: int, version: int) -> Callable[[], str]:
        return outcome(lambda: api.change_item(learner.pk, item.id, {"name": f"by {number}"}, version=version))

    for version in range(1, 1 + ROUNDS):
        found = at_once(*[change(number, version) for number in range(4)])
        assert sorted(found) == ["StaleItemError"] * 3 + ["done"]
        (present,) = api.get_profile(learner.pk).items[SKILLS]
        assert present.version == version + 1
        assert present.values["name"] == f"by {found.index('done')}"


def test_every_hiding_counts(learner: User) -> None:
    item = add(learner.pk)
    at_once(*[lambda: api.set_hidden(learner.pk, item.id, is_hidden=True)] * 5)
    (present,) = api.get_profile(learner.pk).items[SKILLS]
    assert present.version == 6


def test_orders_by_hand_come_one_after_the_other(learner: User) -> None:
    ids = [add(learner.pk, name=name).id for name in "abcd"]
    orders = [ids[::-1], ids[2:] + ids[:2], ids[1:] + ids[:1], ids]
    at_once(
        *[lambda order=order: api.set_order(learner.pk, SKILLS, order) for order in orders],
        lambda: add(learner.pk, name="e"),
        lambda: api.move_item(learner.pk, ids[0], steps=9),
    )
    rows = list(models.Item.objects.order_by("position").values_list("position", flat=True))
    assert len(set(rows)) == 5
    assert sorted(titles(learner.pk, SKILLS)) == list("abcde")


def test_publishing_several_times_at_once_is_publishing_once(learner: User) -> None:
    for _ in range(ROUNDS):
        api.delete_learner(learner.pk)
        at_once(*[lambda: api.publish(learner.pk, text="Yes.", audiences=EVERYONE)] * 4)
        assert len(api.get_consents(learner.pk)) == 1
        assert api.get_profile(learner.pk).version == 1


def test_publishing_and_taking_it_back_at_once_leave_one_word_open_or_none(learner: User) -> None:
    for _ in range(ROUNDS):
        api.publish(learner.pk, text="Yes.", audiences=EVERYONE)
        deeds = [lambda: api.unpublish(learner.pk), lambda: api.publish(learner.pk, text="Yes.", audiences=EVERYONE)]
        at_once(*deeds * 2)
        still_open = [consent for consent in api.get_consents(learner.pk) if consent.withdrawn_at is None]
        assert len(still_open) == (1 if api.get_profile(learner.pk).published_at else 0)


def test_a_required_section_is_not_emptied_while_somebody_publishes(learner: User, settings: Any) -> None:
    """Either it is published and filled, or it was emptied first and is not published."""
    settings.LEARNER_PROFILE_SECTIONS = {"about": {"required": True}}
    removes, published = threading.Event(), threading.Event()
    item = add(learner.pk, ABOUT)

    def remove() -> None:
        with transaction.atomic():
            api.remove_item(learner.pk, item.id)
            removes.set()
            published.wait(1)  # In vain, since whoever publishes has to wait for whoever removes.

    def publish() -> str:
        assert removes.wait(20)
        found = outcome(lambda: api.publish(learner.pk, text="Yes.", audiences=EVERYONE))()
        published.set()
        return found

    assert at_once(remove, publish)[1] == "NotPublishableError"
    assert api.get_profile(learner.pk).published_at is None


def test_learners_do_not_wait_for_each_other(learner: User, person: PersonFactory) -> None:
    ben = person("ben")
    holds, added = threading.Event(), threading.Event()

    def hold() -> bool:
        with transaction.atomic():
            add(learner.pk)
            holds.set()
            # SQLite knows one writer at a time, whoever it is.
            return added.wait(0.2 if connection.vendor == "sqlite" else 20)

    def work() -> None:
        assert holds.wait(20)
        api.remove_item(ben.pk, add(ben.pk).id)
        added.set()

    (was_added, _) = at_once(hold, work)
    assert was_added is (connection.vendor != "sqlite")


def test_many_learners_may_remove_and_erase_at_once(learner: User, person: PersonFactory) -> None:
    learners = [learner, *(person(f"learner{number}") for number in range(3))]
    for user in learners:
        for _ in range(4):
            api.remove_item(user.pk, add(user.pk).id)
    models.Item.objects.update(removed_at="2020-01-01T00:00Z")
    at_once(*[lambda user=user: api.remove_item(user.pk, add(user.pk).id) for user in learners])
    assert models.Item.objects.count() == 4


@pytest.mark.parametrize("delete", [api.delete_learner, api.delete_profile])
def test_deleting_a_profile_while_it_is_changed_leaves_a_whole_one_or_none(
    learner: User, delete: Callable[[int], None]
) -> None:
    for _ in range(2 * ROUNDS):
        at_once(
            lambda: add(learner.pk),
            lambda: delete(learner.pk),
            lambda: api.save_draft(learner.pk, "skills", {}),
            lambda: add(learner.pk),
        )
        assert models.Item.objects.count() == len(titles(learner.pk, SKILLS))
        delete(learner.pk)
        assert not models.Profile.objects.exists()


@pytest.mark.parametrize("first", ["change", "deletion"])
def test_a_change_and_a_deletion_wait_for_each_other(learner: User, first: str) -> None:
    add(learner.pk)
    begun, ended = threading.Event(), threading.Event()
    deeds: dict[str, Callable[[], object]] = {
        "change": lambda: add(learner.pk, name="later"),
        "deletion": lambda: api.delete_profile(learner.pk),
    }

    def begin() -> None:
        with transaction.atomic():
            deeds[first]()
            begun.set()
            ended.wait(0.5)  # In vain, since the other has to wait for this one.

    def follow() -> None:
        assert begun.wait(20)
        (deed,) = [deed for name, deed in deeds.items() if name != first]
        deed()
        ended.set()

    at_once(begin, follow)
    assert titles(learner.pk, SKILLS) == ([] if first == "change" else ["later"])

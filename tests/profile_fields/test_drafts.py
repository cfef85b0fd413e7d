"""What was typed and not saved yet: kept within bounds, whatever it is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User

from learner_profile_plugin.profile_fields import api, models
from learner_profile_plugin.profile_fields.api import KINDS, Kind
from learner_profile_plugin.profile_fields.data import Draft, Profile
from learner_profile_plugin.profile_fields.field_types import Address, Line, Lines, Text
from tests.conftest import NOW, PersonFactory
from tests.profile_fields.material import name_of


def forms(learner: User) -> set[str]:
    return set(models.Draft.objects.filter(profile_id=learner.pk).values_list("form", flat=True))


@time_machine.travel(NOW, tick=False)
def test_a_draft_is_kept_as_it_was_typed(learner: User) -> None:
    typed = {"f-title": ["  <b>🛟\r\n"], "f-arrangements": ["on_site", "remote"], "f-url": []}
    assert api.save_draft(learner.pk, "work_experience", typed)
    assert api.get_draft(learner.pk, "work_experience") == Draft("work_experience", typed, NOW)


def test_a_draft_is_no_change_of_the_profile(learner: User) -> None:
    api.save_draft(learner.pk, "skills", {"f-name": ["x"]})
    assert api.get_profile(learner.pk) == Profile()


def test_each_form_has_one_which_is_replaced(learner: User) -> None:
    for form, text in (("skills", "a"), ("about", "b"), ("skills", "c")):
        api.save_draft(learner.pk, form, {"f-x": [text]})
    skills, about = api.get_draft(learner.pk, "skills"), api.get_draft(learner.pk, "about")
    assert skills is not None
    assert about is not None
    assert (skills.typed, about.typed) == ({"f-x": ["c"]}, {"f-x": ["b"]})
    assert forms(learner) == {"skills", "about"}


def test_drafts_are_their_learner_s_alone(learner: User, person: PersonFactory) -> None:
    ben = person("ben")
    api.save_draft(ben.pk, "skills", {"f-name": ["Ben's own"]})
    assert api.get_draft(learner.pk, "skills") is None
    api.discard_draft(learner.pk, "skills")
    api.save_draft(learner.pk, "skills", {})
    assert api.get_draft(ben.pk, "skills") is not None


def test_a_draft_can_be_thrown_away(learner: User) -> None:
    for form in ("skills", "about"):
        api.save_draft(learner.pk, form, {})
    api.discard_draft(learner.pk, "skills")
    api.discard_draft(learner.pk, "skills")
    assert forms(learner) == {"about"}


def test_of_many_the_oldest_go(learner: User, person: PersonFactory) -> None:
    ben = person("ben")
    with time_machine.travel(NOW, tick=False) as clock:
        api.save_draft(ben.pk, "skills", {})
        for number in range(30):
            api.save_draft(learner.pk, str(number), {})
            clock.shift(timedelta(seconds=1))
        api.save_draft(learner.pk, "0", {})
        clock.shift(timedelta(seconds=1))
        assert len(forms(learner)) == 30
        api.save_draft(learner.pk, "new", {})
        api.save_draft(learner.pk, "newer", {})
    assert forms(learner) == {"0", "new", "newer", *map(str, range(3, 30))}
    assert forms(ben) == {"skills"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({"f-x": ["a\x00b"]}, {"f-x": ["ab"]}),
        ({"f-x": ["a\ud800b", "\ude00\ud83d"]}, {"f-x": ["a?b", "??"]}),
        ({"f-\x00x\udfff": ["y"]}, {"f-x?": ["y"]}),
        ({"f-x": ["\\u0000 \\ud800"]}, {"f-x": ["\\u0000 \\ud800"]}),
    ],
)
def test_what_no_database_takes_is_left_out(learner: User, typed: Any, kept: Any) -> None:
    assert api.save_draft(learner.pk, "skills", typed)
    draft = api.get_draft(learner.pk, "skills")
    assert draft is not None
    assert draft.typed == kept


@pytest.mark.parametrize("form", ["\x00", "a\x00", "\ud800", "'; --", "", "🛟" * 40, "x" * 40])
def test_any_name_of_a_form_can_be_asked_for(learner: User, form: str) -> None:
    assert api.get_draft(learner.pk, form) is None
    assert api.save_draft(learner.pk, form, {"f-x": ["y"]})
    assert api.get_draft(learner.pk, form) is not None
    api.discard_draft(learner.pk, form)
    assert forms(learner) == set()


@pytest.mark.parametrize(
    ("form", "typed"),
    [
        ("skills", {"f-x": ["x" * 10_000_000]}),
        ("skills", {"f-x": ["x"] * 1_000_000}),
        ("skills", {"x" * 10_000_000: []}),
        ("skills", {f"f-{number}": [] for number in range(100_000)}),
        ("x" * 41, {}),
        ("x" * 10_000_000, {}),
    ],
)
def test_what_no_form_can_hold_is_not_kept_and_what_was_kept_stays(learner: User, form: str, typed: Any) -> None:
    api.save_draft(learner.pk, "skills", {"f-x": ["before"]})
    assert not api.save_draft(learner.pk, form, typed)
    draft = api.get_draft(learner.pk, "skills")
    assert draft is not None
    assert draft.typed == {"f-x": ["before"]}
    assert forms(learner) == {"skills"}


@pytest.mark.parametrize("kind", KINDS.values(), ids=name_of)
def test_whatever_can_be_saved_can_be_kept(learner: User, kind: Kind) -> None:
    typed = {"version": ["1"]}
    for field in kind.fields:
        match field:
            case Line() | Text():
                typed[f"f-{field.name}"] = ["🛟" * field.max_length]
            case Lines():
                typed[f"f-{field.name}"] = ["\r\n".join(["🛟" * field.max_length] * field.most)]
            case Address():
                typed[f"f-{field.name}"] = ["https://example.org/" + "🛟" * 480]
            case _:
                typed[f"f-{field.name}"] = ["x" * 100]
    assert api.save_draft(learner.pk, kind.section.value, typed)
    draft = api.get_draft(learner.pk, kind.section.value)
    assert draft is not None
    assert draft.typed == typed

"""Every table of the plugin is known to belong to learners or not, and says so."""

from __future__ import annotations

import re

import pytest
from django.db import models

from learner_profile_plugin import retirement

TABLES = {model.__name__: model for model in retirement.get_tables()}
# What holds nothing about learners, and why. Everything else has to belong to one.
OF_NOBODY = {
    "BackfillPosition": "how far all rows of the platform were read: numbers",
    "ImportedLog": "how far a file was read: its path, digests and numbers",
    "PendingErasure": "numbers by which analysts knew who is forgotten, until nothing is left there either",
    "SectionRule": "what operators lay down for all of them",
}
TYPES = {"biography", "external_service", "image", "location", "name", "other"}


def test_there_are_tables() -> None:
    assert {"Consent", "Item", "LearningDay", "LearningRecord", "Picture", "SecretLink"} <= set(TABLES)
    assert set(TABLES) >= set(OF_NOBODY)


@pytest.mark.parametrize("name", TABLES)
def test_each_table_belongs_to_a_learner_by_foreign_keys_or_to_nobody(name: str) -> None:
    assert bool(retirement.paths_to_learner(TABLES[name])) is (name not in OF_NOBODY)


@pytest.mark.parametrize("name", sorted(set(TABLES) - set(OF_NOBODY)))
def test_what_belongs_to_a_learner_goes_with_the_row_of_the_account(name: str) -> None:
    keys = [field for field in TABLES[name]._meta.concrete_fields if isinstance(field, models.ForeignKey)]
    assert keys
    for key in keys:
        assert key.remote_field.on_delete is models.CASCADE
        assert not key.null


@pytest.mark.parametrize("name", TABLES)
def test_each_table_says_what_it_holds_of_people_and_how_that_goes(name: str) -> None:
    said = dict(re.findall(r"^ *\.\. (\w+):(.*)$", TABLES[name].__doc__ or "", re.MULTILINE))
    if name in OF_NOBODY or "no_pii" in said:
        assert set(said) == {"no_pii"}
        return
    assert set(said) == {"pii", "pii_types", "pii_retirement"}
    assert said["pii"].strip()
    assert {kind.strip() for kind in said["pii_types"].split(",")} <= TYPES
    # What is left behind on purpose, or is for somebody else to remove, would be a decision of its own.
    assert said["pii_retirement"].strip() == "local_api"


def test_a_path_leads_over_as_many_tables_as_it_takes() -> None:
    assert retirement.paths_to_learner(TABLES["Picture"]) == ["item__profile__user"]
    assert retirement.paths_to_learner(TABLES["SecretLink"]) == ["user"]
    assert retirement.paths_to_learner(TABLES["SectionRule"]) == []

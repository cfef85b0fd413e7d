"""Who the people in a log are: by number or, where that says nothing, by name; many at once."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

Person = tuple[int | str | None, str | None]
"""Number and name, as they stand in a log."""

AT_ONCE = 500
MAX_ID = 2**63 - 1


def find_learners(people: Collection[Person]) -> dict[Person, int]:
    """Return the accounts of people, of those who have an open one."""
    numbers = {person: number for person in people if (number := number_of(person[0])) is not None}
    by_number = _open_accounts("pk", {*numbers.values()})
    found = {person: by_number[number] for person, number in numbers.items() if number in by_number}
    names = {person: name for person in {*people} - found.keys() if (name := person[1]) and is_askable(name)}
    by_name = _open_accounts("username", {*names.values()})
    return found | {person: by_name[name] for person, name in names.items() if name in by_name}


def still_open(user_ids: Collection[int]) -> set[int]:
    """Return which accounts are there and open at this moment: some are closed while an import goes on."""
    return {*_open_accounts("pk", user_ids)}


def number_of(value: int | str | None) -> int | None:
    """Return a user's number, if a database can hold it."""
    if isinstance(value, str):
        value = int(value) if value.isdecimal() and len(value) <= len(str(MAX_ID)) else None
    return value if value is not None and 0 < value <= MAX_ID else None


def is_askable(name: str) -> bool:
    """Tell whether a name can be one; some databases do not even take the question otherwise."""
    return "\x00" not in name and not any("\ud800" <= character <= "\udfff" for character in name)


def _open_accounts(field: str, values: Collection[int | str]) -> dict[Any, int]:
    """
    Return the ids of open accounts by what was asked for.

    An account is closed by taking its password away, already where its retirement is only requested.
    Then what is held of its learner goes, and must not begin anew.
    """
    users = get_user_model().objects.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    retired = getattr(settings, "RETIRED_USERNAME_PREFIX", "retired__user_")
    asked, found = list(values), {}
    for start in range(0, len(asked), AT_ONCE):
        some = users.filter(**{f"{field}__in": asked[start : start + AT_ONCE]})
        for key, pk, username in some.values_list(field, "pk", "username"):
            if not username.startswith(retired):
                found[key] = pk
    return found

"""What the mutation run makes of the figures that it gets."""

import pytest

from tests.mutation.run import find_problems

ALL_KILLED = {"killed": 90, "total": 90, "survived": 0, "no_tests": 0, "suspicious": 0, "timeout": 0, "segfault": 0}


def test_nothing_is_wrong_where_every_mutant_was_killed():
    assert find_problems(ALL_KILLED) == []


@pytest.mark.parametrize("outcome", ["survived", "no_tests", "suspicious", "timeout", "segfault"])
def test_every_other_outcome_is_found(outcome):
    assert find_problems(ALL_KILLED | {"killed": 88, outcome: 2}) == [f"2 mutants: {outcome}"]


def test_a_run_without_mutants_is_found():
    assert find_problems(ALL_KILLED | {"killed": 0, "total": 0}) == ["nothing was mutated"]


def test_mutants_that_were_never_tried_are_found():
    assert find_problems(ALL_KILLED | {"killed": 80}) == ["10 mutants are not accounted for"]

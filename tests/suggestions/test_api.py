"""Suggestions while typing: what is found, in which order, and that no text makes them fail."""

from __future__ import annotations

import time
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learner_profile_plugin.suggestions.api import Kind, suggest

SCHOOLS = [
    "Université de Genève",
    "Universität Zürich",
    "ETH Zürich",
    "Łódź University of Technology",
    "Geneva College",
]
PACKAGE = files("learner_profile_plugin.suggestions")
LISTS = ["skills.txt", "roles.txt", "languages.txt"]

texts = st.text(st.characters(), max_size=120)


class TestWhatIsFound:
    @pytest.mark.parametrize(
        ("kind", "typed", "name"),
        [
            (Kind.SKILL, "pyth", "Python"),
            (Kind.SKILL, "project m", "Project management"),
            (Kind.SKILL, "c+", "C++"),
            (Kind.SKILL, "net", ".NET"),
            (Kind.ROLE, "software eng", "Software engineer"),
            (Kind.ROLE, "nurs", "Nurse"),
            (Kind.ROLE, "carp", "Carpenter"),
            (Kind.LANGUAGE, "germ", "German"),
            (Kind.LANGUAGE, "deut", "Deutsch"),
            (Kind.LANGUAGE, "franc", "Français"),
            (Kind.LANGUAGE, "日本", "日本語"),
            (Kind.LANGUAGE, "swiss", "Swiss German"),
        ],
    )
    def test_common_names_are_known(self, kind, typed, name):
        assert name in suggest(kind, typed)

    def test_of_schools_those_of_the_site_alone_are_known(self):
        assert suggest(Kind.SCHOOL, "uni") == []
        assert suggest(Kind.SCHOOL, "eth", also=SCHOOLS) == ["ETH Zürich"]

    @pytest.mark.parametrize("typed", ["universität z", "UNIVERSITAT Z", "  Universita\u0308t   z"])
    def test_case_accents_and_blanks_do_not_count(self, typed):
        assert suggest(Kind.SCHOOL, typed, also=SCHOOLS) == ["Universität Zürich"]

    def test_letters_that_keyboards_lack_can_be_typed_without_their_strokes(self):
        assert suggest(Kind.SCHOOL, "lodz", also=SCHOOLS) == ["Łódź University of Technology"]
        assert suggest(Kind.SCHOOL, "strasse", also=["Schule an der Straße"]) == ["Schule an der Straße"]

    @pytest.mark.parametrize("typed", ["rich", "niversit", "zurich eth"])
    def test_the_inside_of_a_word_is_not_found(self, typed):
        assert suggest(Kind.SCHOOL, typed, also=SCHOOLS) == []

    def test_word_is_found_after_the_same_letters_inside_another(self):
        assert suggest(Kind.SCHOOL, "art", also=["Smart Art School"]) == ["Smart Art School"]

    @pytest.mark.parametrize("typed", ["", " ", "\n\t", "\u0301", "a" * 101, "x" * 10_000_000])
    def test_nothing_and_too_much_find_nothing(self, typed):
        assert suggest(Kind.SCHOOL, typed, also=[*SCHOOLS, typed]) == []

    def test_hundred_characters_are_not_too_many(self):
        assert suggest(Kind.SCHOOL, "a" * 100, also=["A" * 100]) == ["A" * 100]


class TestOrder:
    def test_names_that_begin_so_come_before_names_with_such_a_word(self):
        assert suggest(Kind.SCHOOL, "gen", also=SCHOOLS) == ["Geneva College", "Université de Genève"]

    def test_short_names_come_before_long_ones_and_then_the_alphabet_decides(self):
        names = ["Art School", "Art Club", "Art Ball", "Art"]

        assert suggest(Kind.SCHOOL, "art", also=names) == ["Art", "Art Ball", "Art Club", "Art School"]

    def test_exact_name_comes_first(self):
        assert suggest(Kind.SKILL, "java")[0] == "Java"

    def test_no_more_than_asked_for(self):
        assert len(suggest(Kind.SKILL, "s")) == 8
        assert suggest(Kind.SKILL, "s", limit=3) == suggest(Kind.SKILL, "s")[:3]
        assert suggest(Kind.SKILL, "s", limit=0) == []
        assert suggest(Kind.SKILL, "s", limit=-1) == []


class TestNamesOfTheSite:
    def test_are_mixed_with_the_bundled_ones(self):
        assert suggest(Kind.SKILL, "pyth", also=["Pythagorean tuning"]) == ["Python", "Pythagorean tuning"]

    def test_bundled_spelling_goes_before_theirs(self):
        assert suggest(Kind.SKILL, "python", also=["PYTHON", "pythön"]) == ["Python"]

    def test_of_their_own_spellings_the_first_stays(self):
        assert suggest(Kind.SCHOOL, "eth", also=["ETH Zurich", "eth zürich"]) == ["ETH Zurich"]

    def test_may_come_one_by_one(self):
        assert suggest(Kind.SCHOOL, "eth", also=(name for name in SCHOOLS)) == ["ETH Zürich"]

    def test_do_not_stay(self):
        suggest(Kind.SCHOOL, "eth", also=SCHOOLS)

        assert suggest(Kind.SCHOOL, "eth") == []


class TestLaws:
    @given(st.sampled_from(Kind), texts, st.integers(-2, 20), st.lists(texts, max_size=5))
    def test_any_text_is_taken_and_the_answer_is_no_longer_than_asked_for(self, kind, typed, limit, also):
        found = suggest(kind, typed, limit, also)

        assert len(found) <= max(limit, 0)
        assert len(set(found)) == len(found)

    @given(
        st.text("abCD .", max_size=4),
        st.lists(st.text("abCD .", max_size=12), max_size=8, unique_by=lambda name: " ".join(name.casefold().split())),
        st.data(),
    )
    def test_order_in_which_the_site_s_names_come_changes_nothing(self, typed, also, data):
        shuffled = data.draw(st.permutations(also))

        assert suggest(Kind.SCHOOL, typed, also=shuffled) == suggest(Kind.SCHOOL, typed, also=also)

    @given(st.sampled_from([name for file in LISTS[:2] for name in (PACKAGE / file).read_text("utf-8").splitlines()]))
    def test_whole_bundled_name_finds_itself_first(self, name):
        assert name in {found[0] for kind in (Kind.SKILL, Kind.ROLE) if (found := suggest(kind, name.upper()))}


class TestLists:
    @pytest.mark.parametrize("file", LISTS)
    def test_is_in_order_without_doublets_and_blanks(self, file):
        names = (PACKAGE / file).read_text("utf-8").splitlines()

        assert names == sorted(set(names), key=lambda name: (name.casefold(), name))
        assert [name for name in names if name != name.strip() or not 0 < len(name) <= 60] == []

    @pytest.mark.parametrize(("file", "least"), [("skills.txt", 700), ("roles.txt", 600), ("languages.txt", 80)])
    def test_is_of_use(self, file, least):
        assert len((PACKAGE / file).read_text("utf-8").splitlines()) >= least

    def test_together_they_are_small(self):
        assert sum(len((PACKAGE / file).read_bytes()) for file in LISTS) < 100_000

    def test_answer_does_not_keep_anybody_waiting(self):
        also = [f"Name number {number} of the site" for number in range(2000)]
        suggest(Kind.SKILL, "n", also=also)
        took = []
        for _attempt in range(5):
            start = time.perf_counter()
            suggest(Kind.SKILL, "n", also=also)
            took.append(time.perf_counter() - start)

        assert min(took) < 0.1

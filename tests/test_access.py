"""
Who may see what: every combination of facts, against the rules in other words.

The rules are told here by naming people. A person is one of five: the learner ("self", and with
them whoever administers the site), "staff" of one of their courses, a "classmate", somebody else
who is signed in ("stranger"), and a "passer-by" on the web. Whoever holds a secret link is a
"bearer", whoever else they are.

Nothing here needs Django or a database, so that the mutation run can repeat it for every mutant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import FrozenInstanceError, replace
from itertools import pairwise, product
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from learner_profile_plugin.access import (
    Audience,
    Owner,
    Section,
    SectionRule,
    View,
    Viewer,
    chosen_audience,
    effective_audience,
    may_edit,
    may_link,
    standing_of,
    view,
    widest_audience,
)

PEOPLE = {
    "self": Audience.ONLY_ME,
    "staff": Audience.COURSE_STAFF,
    "classmate": Audience.CONNECTED,
    "stranger": Audience.SIGNED_IN,
    "passer-by": Audience.EVERYONE,
}
EVERYBODY = frozenset(PEOPLE)
INVITED = {
    Audience.ONLY_ME: frozenset({"self"}),
    Audience.COURSE_STAFF: frozenset({"self", "staff"}),
    Audience.CONNECTED: frozenset({"self", "staff", "classmate"}),
    Audience.SIGNED_IN: frozenset({"self", "staff", "classmate", "stranger"}),
    Audience.EVERYONE: EVERYBODY,
}
BOOLEANS = (False, True)
BODY = tuple(section for section in Section if section is not Section.HEADER)
# Between them, each section of the body is named once and left out once.
LINKS = (None, frozenset(BODY[::2]), frozenset(BODY[1::2]))
VIEWERS = [(person, Viewer(standing, link)) for (person, standing), link in product(PEOPLE.items(), LINKS)]


class Box(NamedTuple):
    """A section: what the learner chose for it, if anything, and what the operator laid down."""

    choice: Audience | None
    rule: SectionRule

    def guests(self) -> frozenset[str]:
        """Tell whom it is meant for: those that the learner chose, in a locked one those that the operator did too."""
        if not self.rule.is_enabled:
            return frozenset()
        usual = INVITED[self.rule.default_audience]
        meant = usual if self.choice is None else INVITED[self.choice]
        return meant & usual if self.rule.is_locked else meant

    def is_for_bearers(self) -> bool:
        """Tell whether a link can show it: the learner's word is enough, where there is no lock."""
        return self.rule.is_enabled and (not self.rule.is_locked or "passer-by" in self.guests())


class Account(NamedTuple):
    """The learner as such."""

    is_closed: bool = False
    is_minor: bool = False
    is_published: bool = True
    published_as_minor: bool = False

    def guests(self) -> frozenset[str]:
        """Tell whom the learner can receive at all."""
        if self.is_closed or not self.is_published:
            return INVITED[Audience.ONLY_ME]
        if self.is_minor or self.published_as_minor:
            return INVITED[Audience.COURSE_STAFF]
        return EVERYBODY

    def has_links(self) -> bool:
        return not self.is_closed and not self.is_minor


class Portfolio(NamedTuple):
    """An account with the boxes of its page; the page as a whole is the header's box."""

    account: Account
    boxes: Mapping[Section, Box]

    def owner(self) -> Owner:
        return Owner(
            **self.account._asdict(),
            audiences={section: box.choice for section, box in self.boxes.items() if box.choice is not None},
            rules={section: box.rule for section, box in self.boxes.items()},
        )

    def guests(self) -> dict[Section, frozenset[str]]:
        """Tell who is let in where: whoever is a guest of the learner, of the page and of the section."""
        page = self.account.guests() & self.boxes[Section.HEADER].guests()
        return {section: page & box.guests() for section, box in self.boxes.items()}

    def seen(self) -> dict[tuple[str, object], View]:
        """Tell what each viewer sees: the guests by who they are, the bearers by what their link names."""
        guests = self.guests()
        is_on = self.boxes[Section.HEADER].rule.is_enabled
        seen: dict[tuple[str, object], View] = {}
        for person in PEOPLE:
            sections = frozenset(section for section in guests if person in guests[section])
            seen[person, None] = View(sections, shows_hidden_items=is_on and person == "self")
        for link in LINKS[1:]:
            seen.update(dict.fromkeys(product(PEOPLE, [link]), View(self._shown_to_bearers(link))))
        return seen

    def _shown_to_bearers(self, link: frozenset[Section] | None) -> frozenset[Section]:
        named = {Section.HEADER, *(link or ())}
        if not self.account.has_links() or not self.boxes[Section.HEADER].is_for_bearers():
            return frozenset()
        return frozenset(section for section in named & set(self.boxes) if self.boxes[section].is_for_bearers())


ACCOUNTS = [Account(*facts) for facts in product(BOOLEANS, repeat=4)]
BOXES = [
    Box(choice, SectionRule(is_enabled=enabled, is_locked=locked, default_audience=default))
    for choice, enabled, locked, default in product((*Audience, None), BOOLEANS, BOOLEANS, Audience)
]
OPEN = Box(Audience.EVERYONE, SectionRule())


def crowds(*, at_a_time: int = len(BODY)) -> Iterator[dict[Section, Box]]:
    """Put every kind of box into a portfolio, several at a time: sections leave each other alone, as is tested too."""
    for first in range(0, len(BOXES), at_a_time):
        yield dict(zip(BODY, BOXES[first : first + at_a_time], strict=False))


def portfolios() -> Iterator[Portfolio]:
    for account, page, crowd in product(ACCOUNTS, BOXES, list(crowds())):
        yield Portfolio(account, {Section.HEADER: page, **crowd})


def check(portfolio: Portfolio) -> None:
    """Compare what everybody sees with what they are to see."""
    owner, seen = portfolio.owner(), portfolio.seen()
    for person, viewer in VIEWERS:
        assert view(owner, viewer) == seen[person, viewer.link], (person, viewer, owner)


class TestTruthTable:
    def test_every_combination_is_decided_as_the_rules_say(self) -> None:
        combinations = 0
        for portfolio in portfolios():
            check(portfolio)
            combinations += len(VIEWERS) * (len(portfolio.boxes) - 1)
        accounts, audiences, choices = 2**4, 5, 5 + 1
        boxes = choices * 2 * 2 * audiences
        assert combinations == accounts * boxes * boxes * len(PEOPLE) * len(LINKS) == 3_456_000

    def test_no_section_changes_who_sees_another(self) -> None:
        for one, other in product(BOXES, BOXES):
            check(Portfolio(Account(), {Section.HEADER: OPEN, Section.ABOUT: one, Section.RESUME: other}))

    def test_every_section_goes_by_the_same_rules(self) -> None:
        for account, turn in product(ACCOUNTS, range(len(BOXES))):
            boxes = (BOXES[turn:] + BOXES[:turn])[: len(BODY)]
            check(Portfolio(account, {Section.HEADER: OPEN, **dict(zip(BODY, boxes, strict=True))}))

    def test_the_effective_audience_is_the_widest_circle_that_sees_the_section(self) -> None:
        for portfolio in portfolios():
            owner = portfolio.owner()
            for section, guests in portfolio.guests().items():
                if guests:
                    audience = effective_audience(owner, section)
                    assert audience is max(PEOPLE[person] for person in guests), (section, owner)

    def test_the_chosen_audience_is_the_widest_circle_that_the_section_is_meant_for(self) -> None:
        for section, box in product(Section, BOXES):
            on = box._replace(rule=replace(box.rule, is_enabled=True))
            owner = Portfolio(Account(), {section: box}).owner()
            assert chosen_audience(owner, section) is max(PEOPLE[person] for person in on.guests())

    @pytest.mark.parametrize(
        ("facts", "widest"),
        [
            (Account(), Audience.EVERYONE),
            (Account(is_minor=True), Audience.COURSE_STAFF),
            (Account(published_as_minor=True), Audience.COURSE_STAFF),
            (Account(is_minor=True, published_as_minor=True), Audience.COURSE_STAFF),
            (Account(is_published=False), Audience.ONLY_ME),
            (Account(is_closed=True), Audience.ONLY_ME),
        ],
    )
    def test_nothing_goes_beyond_what_the_account_allows(self, facts: Account, widest: Audience) -> None:
        assert widest_audience(Portfolio(facts, {}).owner()) is widest

    def test_links_lead_somewhere_only_where_anybody_may_come(self) -> None:
        for account in ACCOUNTS:
            assert may_link(Portfolio(account, {}).owner()) is account.has_links()

    def test_a_learner_edits_what_is_on_and_not_locked_while_the_account_is_open(self) -> None:
        for account, section, box in product(ACCOUNTS, Section, BOXES):
            owner = Portfolio(account, {section: box}).owner()
            is_theirs = box.rule.is_enabled and not box.rule.is_locked
            assert may_edit(owner, section) is (is_theirs and not account.is_closed)
            others = [other for other in Section if other is not section]
            assert not any(may_edit(owner, other) for other in others)


def answering(name: str, value: bool, asked: list[str]) -> Callable[[], bool]:
    """Return what answers a question, and notes that it was asked."""

    def answer() -> bool:
        asked.append(name)
        return value

    return answer


def test_standing_is_the_narrowest_circle_and_costly_facts_are_asked_for_only_when_they_decide() -> None:
    for is_owner, is_admin, teaches, shares in product(BOOLEANS, repeat=4):
        asked: list[str] = []
        standing = standing_of(
            is_owner=is_owner,
            is_site_admin=is_admin,
            teaches_owner=answering("teaches", teaches, asked),
            shares_course=answering("shares", shares, asked),
        )
        if is_owner or is_admin:
            expected, needed = Audience.ONLY_ME, []
        elif teaches:
            expected, needed = Audience.COURSE_STAFF, ["teaches"]
        else:
            expected, needed = (Audience.CONNECTED if shares else Audience.SIGNED_IN), ["teaches", "shares"]
        assert (standing, asked) == (expected, needed)


boxes = st.builds(
    Box,
    st.none() | st.sampled_from(Audience),
    st.builds(SectionRule, st.booleans(), st.booleans(), st.sampled_from(Audience)),
)
owners = st.builds(
    Portfolio,
    st.builds(Account, *[st.booleans()] * 4),
    st.dictionaries(st.sampled_from(Section), boxes),
).map(Portfolio.owner)
standings = st.sampled_from(Audience)
named = st.frozensets(st.sampled_from(Section))
viewers = st.builds(Viewer, standings, st.none() | named)
sections = st.sampled_from(Section)


def is_within(narrow: View, wide: View) -> bool:
    return narrow.sections <= wide.sections and narrow.shows_hidden_items <= wide.shows_hidden_items


@given(owners)
def test_a_narrower_standing_sees_at_least_what_a_wider_one_sees(owner: Owner) -> None:
    seen = [view(owner, Viewer(standing)) for standing in sorted(Audience)]
    assert all(is_within(wider, narrower) for narrower, wider in pairwise(seen))


@given(owners, viewers)
def test_who_does_not_see_the_header_sees_nothing(owner: Owner, viewer: Viewer) -> None:
    seen = view(owner, viewer)
    assert Section.HEADER in seen.sections or seen == View()


@given(owners, viewers)
def test_what_has_no_rule_or_is_switched_off_is_seen_by_nobody(owner: Owner, viewer: Viewer) -> None:
    for section in view(owner, viewer).sections:
        assert owner.rules[section].is_enabled


@given(owners, viewers, sections)
def test_a_section_that_is_switched_off_is_gone_and_the_others_stay(
    owner: Owner, viewer: Viewer, section: Section
) -> None:
    rules = {of: rule for of, rule in owner.rules.items() if of is not section}
    before, after = view(owner, viewer), view(replace(owner, rules=rules), viewer)
    assert after.sections == (set() if section is Section.HEADER else before.sections - {section})


@given(owners, viewers, sections, standings)
def test_a_wider_choice_is_never_seen_by_fewer(
    owner: Owner, viewer: Viewer, section: Section, choice: Audience
) -> None:
    wider = [audience for audience in Audience if audience >= choice]
    seen = [view(replace(owner, audiences={**owner.audiences, section: step}), viewer) for step in wider]
    assert all(is_within(fewer, more) for fewer, more in pairwise(seen))


@given(owners, viewers, sections)
def test_a_lock_never_shows_more(owner: Owner, viewer: Viewer, section: Section) -> None:
    def with_lock(is_locked: bool) -> Owner:
        rule = replace(owner.rules.get(section, SectionRule()), is_locked=is_locked)
        return replace(owner, rules={**owner.rules, section: rule})

    assert is_within(view(with_lock(True), viewer), view(with_lock(False), viewer))
    if section in owner.audiences:
        assert chosen_audience(with_lock(True), section) <= owner.audiences[section]


@given(owners, viewers)
def test_closing_the_account_or_taking_the_portfolio_back_never_shows_more(owner: Owner, viewer: Viewer) -> None:
    seen = view(owner, viewer)
    assert is_within(view(replace(owner, is_published=False), viewer), seen)
    assert is_within(view(replace(owner, is_closed=True), viewer), seen)
    assert is_within(view(replace(owner, is_minor=True), viewer), seen)
    assert is_within(view(replace(owner, published_as_minor=True), viewer), seen)


@given(owners, viewers)
def test_a_minor_is_seen_by_their_course_staff_at_most(owner: Owner, viewer: Viewer) -> None:
    if viewer.link is not None or viewer.standing > Audience.COURSE_STAFF:
        assert view(replace(owner, is_minor=True), viewer) == View()


@given(owners, st.sampled_from([Audience.CONNECTED, Audience.SIGNED_IN, Audience.EVERYONE]))
def test_what_a_minor_published_stays_with_their_course_staff_after_the_birthday(
    owner: Owner, standing: Audience
) -> None:
    grown_up = replace(owner, is_minor=False, published_as_minor=True)
    assert view(grown_up, Viewer(standing)) == View()


@given(owners, standings, named)
def test_a_link_shows_what_it_names_and_the_header_and_nothing_hidden(
    owner: Owner, standing: Audience, link: frozenset[Section]
) -> None:
    seen = view(owner, Viewer(standing, link))
    assert seen.sections <= link | {Section.HEADER}
    assert not seen.shows_hidden_items


@given(owners, standings, standings, named)
def test_a_link_shows_the_same_to_everybody_published_or_not(
    owner: Owner, one: Audience, other: Audience, link: frozenset[Section]
) -> None:
    taken_back = replace(owner, is_published=not owner.is_published)
    assert view(owner, Viewer(one, link)) == view(taken_back, Viewer(other, link))


@given(owners, viewers)
def test_hidden_items_are_shown_to_oneself_alone(owner: Owner, viewer: Viewer) -> None:
    seen = view(owner, viewer)
    is_oneself = viewer.standing is Audience.ONLY_ME and viewer.link is None
    assert seen.shows_hidden_items is (is_oneself and bool(seen.sections))


class TestWhatIsStored:
    def test_numbers_and_names_do_not_change(self) -> None:
        assert {audience.name: audience.value for audience in Audience} == {
            "ONLY_ME": 0,
            "COURSE_STAFF": 1,
            "CONNECTED": 2,
            "SIGNED_IN": 3,
            "EVERYONE": 4,
        }
        assert [section.value for section in Section] == [
            "header",
            "contact",
            "work_preferences",
            "about",
            "learning_time",
            "courses",
            "skills",
            "work_experience",
            "projects",
            "education",
            "certifications",
            "other_courses",
            "volunteering",
            "publications",
            "honours",
            "memberships",
            "languages",
            "links",
            "resume",
        ]
        assert all(section.name == section.value.upper() for section in Section)

    def test_a_rule_that_says_nothing_leaves_everything_open(self) -> None:
        assert SectionRule() == SectionRule(
            is_enabled=True, is_locked=False, default_audience=Audience.EVERYONE, max_items=50, is_required=False
        )

    def test_nobody_is_taken_for_having_published_as_a_minor_or_for_having_a_link(self) -> None:
        owner = Owner(is_closed=False, is_minor=False, is_published=True, audiences={}, rules={})
        assert not owner.published_as_minor
        assert Viewer(Audience.EVERYONE).link is None
        assert View() == View(frozenset(), shows_hidden_items=False)

    @pytest.mark.parametrize("fact", [SectionRule(), Portfolio(Account(), {}).owner(), Viewer(Audience(0)), View()])
    def test_facts_cannot_be_changed_once_they_are_told(self, fact: Any) -> None:
        for name in fact.__slots__:
            with pytest.raises(FrozenInstanceError):
                setattr(fact, name, None)
        assert not hasattr(fact, "__dict__")

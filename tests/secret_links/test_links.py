"""What a learner does with their secret links: make, list, change, revoke, delete; and how uses are counted."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError, replace
from datetime import MAXYEAR, UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID, uuid4

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from learner_profile_plugin.access import Section
from learner_profile_plugin.secret_links import api
from learner_profile_plugin.secret_links.data import (
    InvalidLinkError,
    LinkNotFoundError,
    LinkState,
    SecretLink,
    TooManyLinksError,
)
from learner_profile_plugin.secret_links.models import SecretLink as Row
from tests.conftest import NOW, PersonFactory
from tests.secret_links.conftest import LinkFactory

DAY = timedelta(days=1)
CHANGED: dict[str, Any] = {"name": "Harbour office", "sections": {Section.SKILLS}, "expires_at": None}

examples = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def problems(make_link: LinkFactory, **fields: Any) -> dict[str, list[str]]:
    """Return what is said against a link; nothing may have been stored then."""
    with pytest.raises(InvalidLinkError) as caught:
        make_link(**fields)
    assert not Row.objects.exists()
    return caught.value.messages


# Making and listing


def test_a_link_is_returned_and_listed_as_it_was_made(make_link: LinkFactory, learner: User) -> None:
    end = NOW + DAY
    link, _token = make_link(name="  Application \t to the\nlighthouse ", sections=[Section.ABOUT], expires_at=end)
    assert link == SecretLink(
        id=link.id,
        user_id=learner.pk,
        name="Application to the lighthouse",
        sections=frozenset({Section.ABOUT}),
        created_at=NOW,
        expires_at=end,
        revoked_at=None,
        use_count=0,
        last_used_at=None,
    )
    assert api.get_links(learner.pk) == [link]


def test_links_are_listed_newest_first_in_whatever_state(
    make_link: LinkFactory, clock: time_machine.Traveller, learner: User
) -> None:
    names = ["first", "second", "third"]
    made = []
    for name in names:
        made.append(make_link(name=name, expires_at=NOW + 4 * DAY)[0])
        clock.shift(DAY)
    api.revoke_link(learner.pk, made[1].id)
    clock.move_to(NOW + 10 * DAY)
    links = api.get_links(learner.pk)
    assert [link.name for link in links] == names[::-1]
    states = [link.state_at(NOW + 10 * DAY) for link in links]
    assert states == [LinkState.EXPIRED, LinkState.REVOKED, LinkState.EXPIRED]


def test_learners_see_their_own_links_only(make_link: LinkFactory, learner: User, person: PersonFactory) -> None:
    link, other = make_link()[0], person("ben")
    assert api.get_links(other.pk) == []
    theirs = make_link(other)[0]
    assert api.get_links(learner.pk) == [link]
    assert api.get_links(other.pk) == [theirs]


def test_two_links_may_have_the_same_name(make_link: LinkFactory, learner: User) -> None:
    assert make_link()[0].id != make_link()[0].id
    assert len(api.get_links(learner.pk)) == 2


@pytest.mark.parametrize("wanted", [set(Section), [Section.HEADER, Section.LINKS], ["about"]])
def test_a_link_has_an_audience_of_its_own(make_link: LinkFactory, learner: User, wanted: Any) -> None:
    link, token = make_link(sections=wanted)
    opened = api.open_link(token)
    assert opened is not None
    assert link.sections == opened.sections == {Section(name) for name in wanted}
    assert all(type(section) is Section for section in opened.sections)


def test_sections_that_only_another_version_knows_are_left_out(make_link: LinkFactory, learner: User) -> None:
    token = make_link()[1]
    Row.objects.update(sections=["hobbies", "skills", 7, None, ["about"], "ABOUT"])
    opened = api.open_link(token)
    assert opened is not None
    assert opened.sections == {Section.SKILLS}
    Row.objects.update(sections=["hobbies"])
    assert [known.sections for known in api.get_links(learner.pk)] == [frozenset()]


def test_times_in_any_zone_mean_the_same_moment(make_link: LinkFactory, learner: User) -> None:
    kathmandu = timezone(timedelta(hours=5, minutes=45))
    make_link(expires_at=(NOW + DAY).astimezone(kathmandu))
    assert [link.expires_at for link in api.get_links(learner.pk)] == [NOW + DAY]


def test_a_link_cannot_be_altered_in_the_hand(make_link: LinkFactory) -> None:
    with pytest.raises(FrozenInstanceError):
        make_link()[0].name = "Mine"  # type: ignore[misc]


# What cannot be made


@pytest.mark.parametrize(
    "name",
    ["", " \t\n", "\u200b", "\u00a0\u2003", "\u200d\ufeff", "x" * 101, "🛟" * 101, "é" * 10_000_000, "a " * 5_000_000],
    ids=["empty", "white", "zero width", "odd spaces", "nothing drawn", "101", "101 emoji", "20 MB", "10 MB of words"],
)
def test_a_name_that_is_none_or_too_long_is_refused(make_link: LinkFactory, name: str) -> None:
    messages = problems(make_link, name=name)["name"]
    assert messages in (["Give the link a name."], ["Use at most 100 characters."])
    assert (messages == ["Use at most 100 characters."]) == (len(name) > 100)


@pytest.mark.parametrize("name", ["a\x00b", "\x00", "a\ud800", "\udfffb", "\ud83d\ude00"])
def test_a_name_that_no_database_takes_is_refused(make_link: LinkFactory, name: str) -> None:
    assert problems(make_link, name=name) == {"name": ["This text holds a character that cannot be stored."]}


@pytest.mark.parametrize(
    "name",
    [
        "🛟" * 100,
        "👩🏽\u200d🔧",
        "岡田さんへ",
        "<script>alert(1)</script>",
        "'; DROP --",
        "\x1b[31m",
        "null",
        "%s %(a)s",
    ],
)
def test_any_other_name_is_kept_as_it_is(make_link: LinkFactory, learner: User, name: str) -> None:
    make_link(name=name)
    assert [link.name for link in api.get_links(learner.pk)] == [name]


@examples
@given(name=st.text(st.characters(), max_size=120))
def test_any_text_is_either_kept_on_one_line_or_refused_with_a_message(
    make_link: LinkFactory, learner: User, name: str
) -> None:
    api.delete_learner(learner.pk)
    messages: dict[str, list[str]] = {}
    try:
        make_link(name=name)
    except InvalidLinkError as error:
        messages = error.messages
    assert messages.keys() <= {"name"}
    assert [link.name for link in api.get_links(learner.pk)] == ([] if messages else [" ".join(name.split())])


@pytest.mark.parametrize(
    ("end", "message"),
    [
        (NOW, "This time lies in the past."),
        (NOW - DAY, "This time lies in the past."),
        (datetime.min.replace(tzinfo=timezone(timedelta(hours=14))), "This time lies in the past."),
        ((NOW + DAY).replace(tzinfo=None), "Name the time zone."),
        (datetime.max.replace(tzinfo=UTC), "This time lies too far ahead."),
        (datetime.max.replace(tzinfo=timezone(-timedelta(hours=12))), "This time lies too far ahead."),
    ],
    ids=["now", "yesterday", "the first of all", "naive", "the last of all", "the last in the west"],
)
def test_an_expiry_that_means_nothing_is_refused(make_link: LinkFactory, end: datetime, message: str) -> None:
    assert problems(make_link, expires_at=end) == {"expires_at": [message]}


@pytest.mark.parametrize(
    "end",
    [NOW + timedelta(microseconds=1), datetime(MAXYEAR - 1, 12, 31, 23, 59, tzinfo=timezone(-timedelta(hours=12)))],
)
def test_any_expiry_to_come_is_kept_exactly(make_link: LinkFactory, learner: User, end: datetime) -> None:
    make_link(expires_at=end)
    assert [link.expires_at for link in api.get_links(learner.pk)] == [end]


@pytest.mark.parametrize("chosen", [[], [Section.HEADER]], ids=["nothing", "what every link shows"])
def test_a_link_has_to_show_something(make_link: LinkFactory, chosen: list[Section]) -> None:
    assert problems(make_link, sections=chosen) == {"sections": ["Choose at least one section."]}


@pytest.mark.parametrize("chosen", [["hobbies"], [Section.ABOUT, "ABOUT"], "about", [None], [1]])
def test_a_section_that_does_not_exist_is_refused(make_link: LinkFactory, chosen: Any) -> None:
    assert problems(make_link, sections=chosen) == {"sections": ["One of these sections does not exist."]}


def test_all_that_is_wrong_is_told_at_once(make_link: LinkFactory) -> None:
    assert problems(make_link, name="", sections=(), expires_at=NOW).keys() == {"name", "sections", "expires_at"}


@pytest.mark.django_db
def test_an_account_that_does_not_exist_gets_no_link() -> None:
    with pytest.raises(InvalidLinkError) as caught:
        api.create_link(4711, name="Lighthouse", sections={Section.ABOUT})
    assert caught.value.messages == {"": ["There is no such account."]}
    assert api.get_links(4711) == []


# How many


def test_twenty_links_may_work_and_room_is_made_by_revoking_deleting_or_expiring(
    make_link: LinkFactory, clock: time_machine.Traveller, learner: User, person: PersonFactory
) -> None:
    links = [make_link(expires_at=NOW + DAY if number == 0 else None)[0] for number in range(20)]
    with pytest.raises(TooManyLinksError) as caught:
        make_link()
    assert caught.value.messages == {"": ["There is room for 20 links that work: revoke one first."]}
    make_link(person("ben"))
    api.revoke_link(learner.pk, links[1].id)
    make_link()
    api.delete_link(learner.pk, links[2].id)
    make_link()
    with pytest.raises(TooManyLinksError):
        make_link()
    clock.move_to(NOW + DAY)
    make_link()
    with pytest.raises(TooManyLinksError):
        make_link()


def test_fifty_links_may_be_listed_whatever_their_state(make_link: LinkFactory, learner: User) -> None:
    for _ in range(50):
        link = make_link()[0]
        api.revoke_link(learner.pk, link.id)
    with pytest.raises(TooManyLinksError) as caught:
        make_link()
    assert caught.value.messages == {"": ["Your list of links is full: delete one that you no longer need."]}
    assert len(api.get_links(learner.pk)) == 50
    api.delete_link(learner.pk, link.id)
    make_link()


def in_parallel(number: int, work: Callable[[], Any]) -> list[Any]:
    """Do the same in several threads, each with a connection of its own, and return what came out."""
    start = threading.Barrier(number)

    def run(_number: int) -> Any:
        try:
            # Connected before the start, so that they really meet.
            connection.ensure_connection()
            start.wait()
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


def test_there_are_never_more_however_many_are_made_at_once(learner: User) -> None:
    for _ in range(18):
        api.create_link(learner.pk, name="Lighthouse", sections={Section.ABOUT})

    def create() -> bool:
        try:
            api.create_link(learner.pk, name="Lighthouse", sections={Section.ABOUT})
        except TooManyLinksError:
            return False
        return True

    assert sorted(in_parallel(6, create)) == [False] * 4 + [True] * 2
    assert len(api.get_links(learner.pk)) == 20


# Changing


def test_a_change_is_returned_and_kept_and_the_token_stays(make_link: LinkFactory, learner: User) -> None:
    link, token = make_link(expires_at=NOW + DAY)
    api.count_use(link.id)
    bystander = make_link()[0]
    changed = api.change_link(
        learner.pk, link.id, name=" Harbour  office ", sections=["links", Section.SKILLS], expires_at=NOW + 9 * DAY
    )
    assert changed == replace(
        link,
        name="Harbour office",
        sections=frozenset({Section.LINKS, Section.SKILLS}),
        expires_at=NOW + 9 * DAY,
        use_count=1,
        last_used_at=NOW,
    )
    assert api.open_link(token) == changed
    assert bystander in api.get_links(learner.pk)


def test_a_change_is_checked_as_a_new_link_is(make_link: LinkFactory, learner: User) -> None:
    link = make_link()[0]
    for wrong in ({"name": "\x00"}, {"sections": ["hobbies"]}, {"expires_at": NOW}):
        with pytest.raises(InvalidLinkError) as caught:
            api.change_link(learner.pk, link.id, **CHANGED | wrong)
        assert caught.value.messages.keys() == wrong.keys()
    assert api.get_links(learner.pk) == [link]


def test_an_expired_link_is_renamed_without_being_prolonged(
    make_link: LinkFactory, clock: time_machine.Traveller, learner: User
) -> None:
    link, token = make_link(expires_at=NOW + DAY)
    clock.move_to(NOW + 2 * DAY)
    changed = api.change_link(learner.pk, link.id, **CHANGED | {"expires_at": link.expires_at})
    assert changed.name == "Harbour office"
    assert api.open_link(token) is None
    with pytest.raises(InvalidLinkError):
        api.change_link(learner.pk, link.id, **CHANGED | {"expires_at": NOW + DAY + timedelta(microseconds=1)})


def test_an_expired_link_works_again_once_prolonged_if_there_is_room(
    make_link: LinkFactory, clock: time_machine.Traveller, learner: User
) -> None:
    link, token = make_link(expires_at=NOW + DAY)
    clock.move_to(NOW + 2 * DAY)
    others = [make_link()[0] for _ in range(20)]
    with pytest.raises(TooManyLinksError):
        api.change_link(learner.pk, link.id, **CHANGED)
    assert api.open_link(token) is None
    api.change_link(learner.pk, link.id, **CHANGED | {"expires_at": link.expires_at})
    api.delete_link(learner.pk, others[0].id)
    api.change_link(learner.pk, link.id, **CHANGED)
    assert api.open_link(token) is not None


def test_a_link_that_works_is_changed_though_there_is_no_room_for_another(
    make_link: LinkFactory, learner: User
) -> None:
    links = [make_link()[0] for _ in range(20)]
    assert api.change_link(learner.pk, links[7].id, **CHANGED).name == "Harbour office"


def test_a_revoked_link_stays_revoked_whatever_is_changed(make_link: LinkFactory, learner: User) -> None:
    link, token = make_link(expires_at=NOW + DAY)
    api.revoke_link(learner.pk, link.id)
    assert api.change_link(learner.pk, link.id, **CHANGED).revoked_at == NOW
    assert api.open_link(token) is None


# Revoking and deleting


def test_revoking_again_keeps_the_first_time(
    make_link: LinkFactory, clock: time_machine.Traveller, learner: User
) -> None:
    link, bystander = make_link()[0], make_link()[0]
    api.revoke_link(learner.pk, link.id)
    clock.shift(DAY)
    api.revoke_link(learner.pk, link.id)
    assert {known.id: known.revoked_at for known in api.get_links(learner.pk)} == {link.id: NOW, bystander.id: None}


def test_all_links_of_one_learner_are_revoked_at_once(
    make_link: LinkFactory, clock: time_machine.Traveller, learner: User, person: PersonFactory
) -> None:
    early, expiring, live, theirs = (
        make_link(expires_at=end)[0] if user is None else make_link(user)[0]
        for end, user in [(None, None), (NOW + DAY, None), (None, None), (None, person("ben"))]
    )
    api.revoke_link(learner.pk, early.id)
    clock.shift(2 * DAY)
    api.revoke_all(learner.pk)
    times = {link.id: link.revoked_at for link in api.get_links(learner.pk)}
    assert times == {early.id: NOW, expiring.id: NOW + 2 * DAY, live.id: NOW + 2 * DAY}
    assert api.get_links(theirs.user_id) == [theirs]
    clock.shift(DAY)
    api.revoke_all(learner.pk)
    assert times == {link.id: link.revoked_at for link in api.get_links(learner.pk)}


@pytest.mark.parametrize("state", LinkState)
def test_a_link_is_deleted_in_whatever_state(
    make_link: LinkFactory, clock: time_machine.Traveller, learner: User, state: LinkState
) -> None:
    link, bystander = make_link(expires_at=NOW + DAY)[0], make_link()[0]
    if state is LinkState.EXPIRED:
        clock.move_to(NOW + DAY)
    elif state is LinkState.REVOKED:
        api.revoke_link(learner.pk, link.id)
    api.delete_link(learner.pk, link.id)
    assert api.get_links(learner.pk) == [bystander]


ACTIONS: dict[str, Callable[[int, UUID], object]] = {
    "change": lambda user_id, link_id: api.change_link(user_id, link_id, **CHANGED),
    "revoke": api.revoke_link,
    "delete": api.delete_link,
}


@pytest.mark.parametrize("action", ACTIONS)
def test_a_link_of_somebody_else_is_as_one_that_does_not_exist(
    make_link: LinkFactory, person: PersonFactory, action: str
) -> None:
    link, other = make_link()[0], person("ben")
    for user_id, link_id in ((other.pk, link.id), (link.user_id, uuid4())):
        with pytest.raises(LinkNotFoundError) as caught:
            ACTIONS[action](user_id, link_id)
        assert not caught.value.args
    assert api.get_links(link.user_id) == [link]


def test_a_learner_who_is_forgotten_leaves_no_link(
    make_link: LinkFactory, learner: User, person: PersonFactory
) -> None:
    tokens = [make_link()[1], make_link()[1]]
    other = make_link(person("ben"))[0]
    api.delete_learner(learner.pk)
    api.delete_learner(learner.pk)
    assert [api.open_link(token) for token in tokens] == [None, None]
    assert [row.pk for row in Row.objects.all()] == [other.id]


def test_an_account_whose_row_is_deleted_leaves_no_link(make_link: LinkFactory, learner: User) -> None:
    make_link()
    learner.delete()
    assert not Row.objects.exists()


# Counting


def test_uses_are_counted_with_the_time_of_the_last(
    make_link: LinkFactory, clock: time_machine.Traveller, learner: User
) -> None:
    link, bystander = make_link()[0], make_link()[0]
    api.count_use(link.id)
    clock.shift(DAY)
    api.count_use(link.id)
    assert {known.id: known for known in api.get_links(learner.pk)} == {
        link.id: replace(link, use_count=2, last_used_at=NOW + DAY),
        bystander.id: bystander,
    }


def test_counting_is_one_statement_that_adds_to_what_is_there(make_link: LinkFactory, learner: User) -> None:
    token = make_link()[1]
    # Two visitors read the row before either is counted.
    visits = [api.open_link(token), api.open_link(token)]
    for visit in visits:
        assert visit is not None
        assert visit.use_count == 0
        with CaptureQueriesContext(connection) as queries:
            api.count_use(visit.id)
        assert [query["sql"].split()[0] for query in queries] == ["UPDATE"]
    assert [known.use_count for known in api.get_links(learner.pk)] == [2]


@pytest.mark.django_db
def test_a_link_that_is_gone_is_not_counted_and_not_missed() -> None:
    with CaptureQueriesContext(connection) as queries:
        api.count_use(uuid4())
    assert len(queries) == 1
    assert not Row.objects.exists()


def test_a_count_and_a_change_do_not_undo_each_other(make_link: LinkFactory, learner: User) -> None:
    link = make_link()[0]

    def count_first(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        # A visitor comes between the learner's reading and writing.
        if sql.startswith("UPDATE") and not counted:
            counted.append(True)
            api.count_use(link.id)
        return execute(sql, params, many, context)

    counted: list[bool] = []
    with connection.execute_wrapper(count_first):
        api.change_link(learner.pk, link.id, **CHANGED)
    assert [(known.name, known.use_count) for known in api.get_links(learner.pk)] == [("Harbour office", 1)]


# States


@pytest.mark.parametrize(
    ("expires_at", "revoked_at", "state"),
    [
        (None, None, LinkState.LIVE),
        (NOW + timedelta(microseconds=1), None, LinkState.LIVE),
        (NOW, None, LinkState.EXPIRED),
        (NOW - DAY, None, LinkState.EXPIRED),
        (None, NOW - DAY, LinkState.REVOKED),
        (NOW + DAY, NOW, LinkState.REVOKED),
        (NOW - DAY, NOW, LinkState.REVOKED),
    ],
)
def test_state_follows_from_expiry_and_revocation(
    expires_at: datetime | None, revoked_at: datetime | None, state: LinkState
) -> None:
    link = SecretLink(
        id=uuid4(),
        user_id=1,
        name="Lighthouse",
        sections=frozenset({Section.ABOUT}),
        created_at=NOW - 2 * DAY,
        expires_at=expires_at,
        revoked_at=revoked_at,
        use_count=0,
        last_used_at=None,
    )
    assert link.state_at(NOW) is state

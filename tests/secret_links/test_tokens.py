"""Tokens: whoever holds one comes in while the link works, and nobody else, whatever they read or measure."""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
import string
import sys
from datetime import timedelta
from typing import Any, NoReturn
from unittest.mock import patch

import pytest
import time_machine
from django.contrib.auth.models import User
from django.db import OperationalError, connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.views.debug import ExceptionReporter
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from learner_profile_plugin.access import Section
from learner_profile_plugin.secret_links import api
from learner_profile_plugin.secret_links.models import SecretLink as Row
from tests.conftest import NOW
from tests.secret_links.conftest import LinkFactory

MOMENT = timedelta(microseconds=1)
URL_SAFE = string.ascii_letters + string.digits + "-_"

examples = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def stored(token: str) -> str:
    """Return all that the database holds of the link, as text."""
    return repr(Row.objects.filter(pk=token[:32]).values().get())


# Coming in


def test_a_token_opens_its_link(make_link: LinkFactory) -> None:
    link, token = make_link()
    make_link(name="Another")
    assert api.open_link(token) == link


def test_a_token_has_one_shape_that_is_safe_in_an_address(make_link: LinkFactory) -> None:
    link, token = make_link()
    assert re.fullmatch(r"[0-9a-f]{32}-[A-Za-z0-9_-]{43}", token)
    assert token.startswith(link.id.hex)


def test_every_link_has_a_secret_of_its_own(make_link: LinkFactory) -> None:
    secrets = {make_link()[1].partition("-")[2] for _ in range(10)}
    assert len(secrets) == 10


def test_a_secret_has_256_bits_from_the_source_for_secrets(make_link: LinkFactory) -> None:
    with patch("secrets.token_urlsafe", return_value="x" * 43) as source:
        token = make_link()[1]
    source.assert_called_once_with(32)
    assert token.endswith("-" + "x" * 43)


def test_opening_counts_nothing(make_link: LinkFactory) -> None:
    link, token = make_link()
    api.open_link(token)
    assert api.get_links(link.user_id) == [link]


# Time


def test_a_link_works_to_the_last_microsecond_and_at_its_expiry_not_any_more(
    make_link: LinkFactory, clock: time_machine.Traveller
) -> None:
    end = NOW + timedelta(days=1)
    token = make_link(expires_at=end)[1]
    clock.move_to(end - MOMENT)
    assert api.open_link(token) is not None
    clock.move_to(end)
    assert api.open_link(token) is None
    clock.move_to(end + timedelta(days=1000))
    assert api.open_link(token) is None


def test_a_link_without_expiry_works_on(make_link: LinkFactory, clock: time_machine.Traveller) -> None:
    token = make_link()[1]
    clock.move_to(NOW + timedelta(days=36_500))
    assert api.open_link(token) is not None


def test_a_revoked_link_leads_nowhere_at_once(make_link: LinkFactory) -> None:
    link, token = make_link()
    api.revoke_link(link.user_id, link.id)
    assert api.open_link(token) is None


def test_a_deleted_link_leads_nowhere(make_link: LinkFactory) -> None:
    link, token = make_link()
    api.delete_link(link.user_id, link.id)
    assert api.open_link(token) is None


# Keeping out


@examples
@given(data=st.data())
def test_a_token_with_any_one_character_changed_opens_nothing(make_link: LinkFactory, data: st.DataObject) -> None:
    Row.objects.all().delete()
    token = make_link()[1]
    place = data.draw(st.integers(0, len(token) - 1))
    character = data.draw(st.sampled_from(URL_SAFE) | st.characters())
    assume(character != token[place])
    assert api.open_link(token[:place] + character + token[place + 1 :]) is None


@examples
@given(data=st.data())
def test_a_token_cut_or_lengthened_opens_nothing(make_link: LinkFactory, data: st.DataObject) -> None:
    Row.objects.all().delete()
    token = make_link()[1]
    start, end = data.draw(st.integers(0, len(token))), data.draw(st.integers(0, len(token)))
    assume(token[start:end] != token)
    assert api.open_link(token[start:end]) is None
    assert api.open_link(token + data.draw(st.text(min_size=1))) is None
    assert api.open_link(data.draw(st.text(min_size=1)) + token) is None


@examples
@given(token=st.text() | st.from_regex(api.TOKEN, fullmatch=True))
def test_what_nobody_was_given_opens_nothing(make_link: LinkFactory, token: str) -> None:
    assert api.open_link(token) is None


@pytest.mark.parametrize(
    "change",
    [
        str.upper,
        lambda token: token + "\n",
        lambda token: token + "=",
        lambda token: token.replace("-", "", 1),
        lambda token: f"{token[:8]}-{token[8:12]}-{token[12:16]}-{token[16:20]}-{token[20:]}",
        lambda token: "\ud800" + token[1:],
        lambda token: token[:-1] + "\x00",
        lambda token: token * 100_000,
        lambda token: token[:33],
        lambda token: "",
    ],
    ids=["upper case", "newline", "padding", "no dash", "dashes", "surrogate", "NUL", "7.6 MB", "no secret", "empty"],
)
def test_a_token_is_read_strictly(make_link: LinkFactory, change: Any) -> None:
    token = make_link()[1]
    with CaptureQueriesContext(connection) as queries:
        assert api.open_link(change(token)) is None
    assert not queries.captured_queries


def test_digits_of_other_scripts_are_no_digits(make_link: LinkFactory) -> None:
    token = make_link()[1]
    arabic = token.translate({ord("0") + n: chr(0x0660 + n) for n in range(10)})
    assert arabic != token
    assert api.open_link(arabic) is None


def test_the_secret_of_one_link_does_not_open_another(make_link: LinkFactory) -> None:
    (one, one_token), (other, other_token) = make_link(), make_link()
    assert api.open_link(f"{one.id.hex}-{other_token[33:]}") is None
    assert api.open_link(f"{other.id.hex}-{one_token[33:]}") is None


def test_what_is_stored_does_not_open_a_link(make_link: LinkFactory) -> None:
    link, _token = make_link()
    kept = Row.objects.get(pk=link.id).secret_hash
    assert api.open_link(f"{link.id.hex}-{kept}") is None
    assert api.open_link(f"{link.id.hex}-{kept[:43]}") is None


# Nothing to be learned


def test_the_secret_is_nowhere_in_the_row_and_its_hash_is(make_link: LinkFactory) -> None:
    _link, token = make_link()
    secret = token[33:]
    assert token not in stored(token)
    assert secret not in stored(token)
    assert hashlib.sha256(secret.encode()).hexdigest() in stored(token)


def test_no_repr_shows_a_token_or_hash(make_link: LinkFactory) -> None:
    link, token = make_link()
    row = Row.objects.get(pk=link.id)
    for shown in (repr(link), str(link), repr(row), str(row)):
        assert token[33:] not in shown
        assert row.secret_hash not in shown


def test_neither_logs_nor_statements_hold_a_token(make_link: LinkFactory, caplog: pytest.LogCaptureFixture) -> None:
    # Capturing makes Django log every statement with its parameters.
    with caplog.at_level(logging.DEBUG, logger=""), CaptureQueriesContext(connection) as queries:
        link, token = make_link()
        api.open_link(token)
        api.count_use(link.id)
        api.open_link(token[:-1] + ("a" if token[-1] != "a" else "b"))
        api.revoke_link(link.user_id, link.id)
        api.open_link(token)
    said = caplog.text + repr(queries.captured_queries) + "".join(repr(record.args) for record in caplog.records)
    assert "INSERT" in said
    assert token[33:75] not in said


@pytest.mark.parametrize("action", ["create", "open"])
def test_a_report_of_an_error_does_not_show_a_secret(make_link: LinkFactory, learner: User, action: str) -> None:
    token = make_link()[1]
    secret = "reported" * 5 + "abc"

    def fail(*args: Any) -> NoReturn:
        raise OperationalError("gone")

    with connection.execute_wrapper(fail), patch("secrets.token_urlsafe", return_value=secret):
        try:
            if action == "create":
                api.create_link(learner.pk, name="Lighthouse", sections={Section.ABOUT})
            else:
                api.open_link(f"{token[:32]}-{secret}")
        except OperationalError:
            reporter = ExceptionReporter(RequestFactory().get("/"), *sys.exc_info())
            frames = reporter.get_traceback_frames()
    ours = [frame for frame in frames if frame["function"] in {"create_link", "open_link"}]
    assert ours
    assert secret not in repr([frame["vars"] for frame in ours])


def test_secrets_are_compared_in_constant_time(make_link: LinkFactory) -> None:
    link, token = make_link()
    with patch("hmac.compare_digest", wraps=hmac.compare_digest) as compare:
        assert api.open_link(token) == link
    kept = Row.objects.get(pk=link.id).secret_hash
    compare.assert_called_once_with(kept, kept)
    with patch("hmac.compare_digest", return_value=False):
        assert api.open_link(token) is None


def test_nothing_but_the_comparison_lets_in(make_link: LinkFactory) -> None:
    link, token = make_link()
    with patch("hmac.compare_digest", return_value=True):
        assert api.open_link(f"{token[:33]}{'x' * 43}") == link
        assert api.open_link(f"{'0' * 32}-{token[33:]}") is None


@pytest.mark.parametrize("kind", ["right", "wrong secret", "unknown", "expired", "revoked"])
def test_every_well_formed_token_costs_the_same_query_hash_and_comparison(
    make_link: LinkFactory, clock: time_machine.Traveller, kind: str
) -> None:
    link, token = make_link(expires_at=NOW + timedelta(days=1))
    if kind == "expired":
        clock.move_to(NOW + timedelta(days=2))
    elif kind == "revoked":
        api.revoke_link(link.user_id, link.id)
    tried = {"wrong secret": f"{token[:33]}{'x' * 43}", "unknown": f"{'0' * 32}-{token[33:]}"}.get(kind, token)
    with (
        patch("hashlib.sha256", wraps=hashlib.sha256) as hashing,
        patch("hmac.compare_digest", wraps=hmac.compare_digest) as compare,
        CaptureQueriesContext(connection) as queries,
    ):
        opened = api.open_link(tried)
    assert (opened is not None) == (kind == "right")
    assert (len(queries), hashing.call_count, compare.call_count) == (1, 1, 1)
    assert [len(value) for value in compare.call_args.args] == [64, 64]

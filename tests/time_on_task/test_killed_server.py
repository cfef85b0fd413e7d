"""What is accepted stays, though the process is killed as soon as its response has left."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from http import HTTPStatus
from urllib.parse import quote

import pytest
from django.contrib.auth.models import User
from django.db import connection

from learner_profile_plugin.time_on_task.models import PendingEvidence
from tests.time_on_task.material import KNOTS


def ask_and_kill(learner: User, *, guarded: bool, query: str = "") -> tuple[int, bytes]:
    """Send a request to a server that dies once it has answered; return what it answered."""
    kept = ("ENGINE", "NAME", "HOST", "PORT", "USER", "PASSWORD", "OPTIONS", "ATOMIC_REQUESTS")
    database = {key: connection.settings_dict[key] for key in kept} | {"ATOMIC_REQUESTS": True}
    command = [sys.executable, "-m", "tests.time_on_task.killed_server", *(["guarded"] if guarded else [])]
    environment = os.environ | {"DATABASE": json.dumps(database, default=str)}
    with subprocess.Popen(  # noqa: S603 - this Python, on a module of these tests
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as server:
        try:
            assert server.stdout is not None
            port = int(server.stdout.readline())
            address = f"http://127.0.0.1:{port}/answer?user={learner.pk}&course={quote(str(KNOTS))}{query}"
            try:
                with urllib.request.urlopen(address, timeout=30) as response:
                    answer = response.status, response.read()
            except urllib.error.HTTPError as error:
                with error:
                    answer = error.code, error.read()
            assert server.wait(30) == -signal.SIGKILL
        finally:
            server.kill()
    return answer


@pytest.mark.parametrize(("query", "status"), [("", HTTPStatus.OK), ("&fail", HTTPStatus.INTERNAL_SERVER_ERROR)])
def test_evidence_stays_when_the_process_is_killed_after_the_response(
    learner: User, query: str, status: HTTPStatus
) -> None:
    assert ask_and_kill(learner, guarded=True, query=query)[0] == status
    assert PendingEvidence.objects.filter(user=learner).count() == 2


def test_without_the_middleware_that_of_a_failed_request_would_be_lost(learner: User) -> None:
    assert ask_and_kill(learner, guarded=False, query="&fail")[0] == HTTPStatus.INTERNAL_SERVER_ERROR
    assert not PendingEvidence.objects.exists()

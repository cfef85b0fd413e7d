"""The benchmark of growth, at a size that says nothing: that it measures, and leaves alone what it did not make."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(__file__).resolve().parents[2]
SCHEMES = {"django.db.backends.mysql": "mysql", "django.db.backends.postgresql": "postgres"}
NOBODY = "mysql://root@127.0.0.1:9"
"""Where no database server is."""
ELSEWHERE = f"""
from benchmarks.growth import __main__, database
database.DEFAULT = {NOBODY!r}
__main__.main()
"""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"TQDM_DISABLE": "1"}
    return subprocess.run(  # noqa: S603 - this Python
        [sys.executable, *arguments], cwd=ROOT, env=environment, check=False, capture_output=True, text=True
    )


def database_here() -> str:
    """Return the URL of the server that the tests run on; of SQLite where that is none."""
    here = settings.DATABASES["default"]
    if here["ENGINE"] not in SCHEMES:
        return "sqlite:"
    password = f":{here['PASSWORD']}" if here["PASSWORD"] else ""
    return f"{SCHEMES[here['ENGINE']]}://{here['USER']}{password}@{here['HOST']}:{here['PORT']}"


def test_both_sizes_are_measured_against_references() -> None:
    done = run(
        "-m", "benchmarks.growth", "--days", "1500", "--small", "300", "--times", "5", "--database", database_here()
    )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith("Measured on ")
    for what in (
        "learning days: index on user_id, ",
        "new days, by bulk.unite",
        "days that grow, by bulk.unite",
        "events, by api.keep",
        "new days of such events, by api.compact",
        "total of a learner, derived",
        "last 50 of 100 learners in a course, by time",
    ):
        assert any(line.startswith(what) for line in lines), what
    assert all("plain upserts" in line for line in lines if line.startswith(("new days", "days that")))


def test_that_no_server_answers_is_said() -> None:
    done = run("-c", ELSEWHERE, "--days", "200", "--small", "100", "--times", "2")
    assert done.returncode == 0, done.stderr
    said, measured, *_ = done.stdout.splitlines()
    assert said.startswith(f"No MariaDB or MySQL at {NOBODY} (")
    assert measured.startswith("Measured on SQLite ")


def test_a_database_that_is_there_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "theirs.sqlite3"
    path.write_bytes(b"theirs")
    done = run("-m", "benchmarks.growth", "--days", "300", "--database", f"sqlite:///{path}")
    assert done.returncode == 1
    assert f"{path} is there already" in done.stderr
    assert path.read_bytes() == b"theirs"


@pytest.mark.parametrize("url", ["oracle://127.0.0.1", NOBODY, f"{NOBODY}/a;b"])
def test_a_database_that_cannot_be_made_is_an_error(url: str) -> None:
    done = run("-m", "benchmarks.growth", "--days", "300", "--database", url)
    assert done.returncode == 1
    assert "Traceback" not in done.stderr

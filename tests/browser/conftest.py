"""
The demo as a person meets it: ``python -m demo up`` in a process of its own, and a Chromium.

The server is started once, on a database of its own that it seeds itself, so tests that change
something use an account that no other test looks at: a guest's. CHROMIUM names the browser, if it
is not on the path; a test fails, and is not skipped, where there is none.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from demo.lms.sample.accounts import ACCOUNTS, PASSWORD

ROOT = Path(__file__).resolve().parents[2]
SECONDS_TO_START = 180
LANGUAGE_COOKIE = "openedx-language-preference"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

GUESTS = 40
MAKE_GUESTS = f"""
from django.contrib.auth.models import User
from demo.lms.actions import people
from demo.lms.models import UserProfile

for number in range({GUESTS}):
    user = User(username=f"guest{{number}}", email=f"guest{{number}}@example.org")
    user.set_password({PASSWORD!r})
    people.register(user, UserProfile(name=f"Guest Number {{number}}", year_of_birth=1990, language="en"))
"""

# A machine that does several things at once is slow at times.
expect.set_options(timeout=20_000)

Visit = Callable[..., Page]
RunInDemo = Callable[[str], None]


@pytest.fixture(scope="session")
def demo_var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return where the demo keeps its data."""
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="session")
def demo(demo_var: Path) -> Iterator[str]:
    """Serve a freshly seeded demo, and return its address."""
    var = demo_var
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    output = var / "output.txt"
    environment = _environment(var)
    command = [sys.executable, "-m", "demo", "up", "--noreload", "--port", str(port)]
    with output.open("wb") as log:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
    try:
        _wait_until_it_answers(server, address, output)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait_until_it_answers(server: subprocess.Popen[bytes], address: str, output: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        try:
            urlopen(f"{address}/login", timeout=5).close()
        except (URLError, OSError):
            time.sleep(0.3)
        else:
            return
    pytest.fail(f"The demo did not start:\n{output.read_text(errors='replace')[-3000:]}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start the system's Chromium."""
    executable = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not executable:
        pytest.fail("No Chromium found: install it, or name it in CHROMIUM.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def run_in_demo(demo: str, demo_var: Path) -> RunInDemo:
    """Return what runs Python beside the server, on its database."""

    def run(code: str) -> None:
        command = [sys.executable, "-m", "demo", "manage", "shell", "--command", code]
        done = subprocess.run(command, cwd=ROOT, env=_environment(demo_var), capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode()

    return run


@pytest.fixture(scope="session")
def guests(run_in_demo: RunInDemo) -> Iterator[str]:
    """Make accounts of adults who have done nothing yet."""
    run_in_demo(MAKE_GUESTS)
    return (f"guest{number}" for number in range(GUESTS))


@pytest.fixture
def guest(guests: Iterator[str]) -> str:
    """Return the name of an account that no other test uses."""
    return next(guests)


@pytest.fixture(scope="session")
def sessions() -> dict[str, list[Any]]:
    """Remember who signed in before, and with which cookies."""
    return {}


@pytest.fixture
def visit(demo: str, chromium: Browser, sessions: dict[str, list[Any]]) -> Iterator[Visit]:
    """Open a page of the demo in a browser of its own: as somebody, of a width, in a language."""
    contexts = []

    def open_page(
        path: str, *, user: str = "", width: int = 1280, language: str = "", scripts: bool = True, **more: Any
    ) -> Page:
        context = chromium.new_context(
            base_url=demo,
            viewport={"width": width, "height": 900},
            locale=language or "en",
            java_script_enabled=scripts,
            **more,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        if user in sessions:
            context.add_cookies(sessions[user])
        elif user:
            sign_in(page, user)
            sessions[user] = context.cookies()
        if user and language:
            context.add_cookies([{"name": LANGUAGE_COOKIE, "value": language, "url": demo}])
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def sign_in(page: Page, user: str) -> None:
    """Sign in on the demo's sign-in page: by the one click of a sample person, or with name and password."""
    page.goto("/login")
    if user in {account.username for account in ACCOUNTS}:
        page.get_by_role("button", name=f"Sign in as {user}", exact=True).click()
    else:
        sign_in_by_name(page, user)
    page.wait_for_url("**/dashboard")


def sign_in_by_name(page: Page, user: str) -> None:
    """Sign in with name and password on the page where one is."""
    page.get_by_role("textbox", name="User name").fill(user)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def _environment(var: Path) -> dict[str, str]:
    return {**os.environ, "DEMO_VAR": str(var), "DJANGO_SETTINGS_MODULE": "demo.settings"}

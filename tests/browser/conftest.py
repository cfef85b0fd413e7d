"""
The demo as a person meets it: ``python -m demo up`` in a process of its own, and a Chromium.

The server is started once, on a database of its own that it seeds itself, so tests that change
something use an account that no other test looks at. CHROMIUM names the browser, if it is not on
the path; a test fails, and is not skipped, where there is none.
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
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
SECONDS_TO_START = 180
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve a freshly seeded demo, and return its address."""
    var = tmp_path_factory.mktemp("demo")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    output = var / "output.txt"
    environment = {**os.environ, "DEMO_VAR": str(var), "DJANGO_SETTINGS_MODULE": "demo.settings"}
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


@pytest.fixture
def visit(demo: str, chromium: Browser) -> Iterator[Visit]:
    """Open a page of the demo in a browser of its own: as somebody, of a width, in a language."""
    contexts = []

    def open_page(path: str, *, user: str = "", width: int = 1280, language: str = "en", scripts: bool = True) -> Page:
        context = chromium.new_context(
            base_url=demo, viewport={"width": width, "height": 900}, locale=language, java_script_enabled=scripts
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        if user:
            sign_in(page, user)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def sign_in(page: Page, user: str) -> None:
    """Sign in by the one click of the demo's sign-in page."""
    page.goto("/login")
    page.get_by_role("button", name=f"Sign in as {user}", exact=True).click()
    page.wait_for_url("**/dashboard")

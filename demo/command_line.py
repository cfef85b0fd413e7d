"""What ``python -m demo`` can do."""

from __future__ import annotations

import argparse
import os
import socket
import sys
import time
from pathlib import Path

import django
from django.core.management import call_command, execute_from_command_line
from django.db import connection

HOST = "127.0.0.1"
DEFAULT_PORT = 8000
INTERRUPTED = 130
DATABASE_FILES = ("", "-wal", "-shm", "-journal")


def main(arguments: list[str]) -> int:
    """Carry out one command, and answer the exit code."""
    if arguments[:1] == ["manage"]:
        _make_room()
        execute_from_command_line(["python -m demo manage", *arguments[1:]])
        return 0
    options = _parser().parse_args(arguments)
    try:
        return {"up": _up, "seed": _seed, "reset": _reset}[options.command](options)
    except KeyboardInterrupt:
        print("\nStopped. What was done is kept; run the command again to go on.")
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m demo", description="A small stand-in for an Open edX LMS.")
    commands = parser.add_subparsers(dest="command", required=True)
    up = commands.add_parser("up", help="make ready what is missing, and serve the site")
    up.add_argument("--port", type=int, default=DEFAULT_PORT)
    up.add_argument("--noreload", action="store_true", help="do not restart when the code changes")
    commands.add_parser("seed", help="make the sample people and let them live their history")
    commands.add_parser("reset", help="throw everything away and seed anew")
    commands.add_parser("manage", help="run a command of Django, e.g. manage shell")
    return parser


def _up(options: argparse.Namespace) -> int:
    os.environ["DEMO_ROOT_URL"] = f"http://{HOST}:{options.port}"
    django.setup()
    # The reloader runs this command once more, in a process that has only to serve.
    if os.environ.get("RUN_MAIN") != "true":
        if not _is_free(options.port):
            print(f"Port {options.port} is in use. Stop what uses it, or choose another: --port {options.port + 1}")
            return 1
        _prepare()
        _print_directory(os.environ["DEMO_ROOT_URL"])
    call_command("runserver", f"{HOST}:{options.port}", use_reloader=not options.noreload, insecure_serving=True)
    return 0


def _seed(options: argparse.Namespace) -> int:
    _prepare(say_if_nothing=True)
    return 0


def _reset(options: argparse.Namespace) -> int:
    _make_room()
    django.setup()
    from django.conf import settings

    database = str(connection.settings_dict["NAME"])
    log = settings.DEMO_VAR / "tracking.log.jsonl"
    for leftover in (*(Path(database + ending) for ending in DATABASE_FILES), log):
        leftover.unlink(missing_ok=True)
    _prepare()
    return 0


def _make_room() -> None:
    Path(os.environ.get("DEMO_VAR", Path(__file__).parent / "var")).mkdir(parents=True, exist_ok=True)


def _prepare(*, say_if_nothing: bool = False) -> None:
    _make_room()
    django.setup()
    call_command("migrate", verbosity=0)
    from demo.lms.sample import seeding

    if seeding.is_seeded():
        if say_if_nothing:
            print("The sample people are there already; nothing to do.")
        return
    begun = time.monotonic()
    seeded = seeding.seed(quiet=not sys.stdout.isatty())
    print(f"Seeded {seeded.stories} enrolments and {seeded.events} events in {time.monotonic() - begun:.0f} s.")


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def _print_directory(root: str) -> None:
    from demo.lms.sample.accounts import ACCOUNTS, PASSWORD

    width = max(len(account.username) for account in ACCOUNTS)
    print(f"\n  Sign in     {root}/login   (password of every account: {PASSWORD})")
    print(f"  Dashboard   {root}/dashboard")
    print(f"  Portfolio   {root}/u/ada\n")
    for account in ACCOUNTS:
        print(f"  {account.username:<{width}}  {account.description}")
    print("\n  Ctrl-C stops the site.\n", flush=True)

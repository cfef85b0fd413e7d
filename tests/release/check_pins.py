"""
Check that installing the plugin into an LMS moves none of the versions that the LMS pins.

Lays out an environment that holds the pins, installs the wheel into it as an operator does (plain pip, no constraints),
and compares what is installed before and after.

Usage: python -m tests.release.check_pins PINS DIRECTORY_WITH_WHEEL ENVIRONMENT [--complete]

``--complete`` says that the pins are all that the LMS installs; then the plugin may not bring any other package.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

PLUGIN = "learner-profile-plugin"

# Pins that are left out because they cannot be installed everywhere, each with the reason.
NOT_INSTALLABLE: dict[str, str] = {}

# Old source distributions among the pins import pkg_resources while they are built.
BUILD_CONSTRAINTS = "setuptools<81\n"

# Otherwise Python also looks into the working directory, and takes an egg-info in a checkout for an installation.
ISOLATED = ("-I",)

LIST_INSTALLED = """
import importlib.metadata, json
print(json.dumps({d.metadata["Name"]: d.version for d in importlib.metadata.distributions()}))
"""

Versions = dict[str, str]


def main(arguments: list[str]) -> int:
    """Return 0 where every pin is where it was."""
    parser = argparse.ArgumentParser(prog="check_pins", description=__doc__)
    parser.add_argument("pins", type=Path)
    parser.add_argument("dist", type=Path)
    parser.add_argument("environment", type=Path)
    parser.add_argument("--complete", action="store_true")
    options = parser.parse_args(arguments)

    pins = {name: v for name, v in read_pins(options.pins.read_text()).items() if name not in NOT_INSTALLABLE}
    (wheel,) = options.dist.glob("*.whl")
    python = lay_out(pins, options.environment.resolve(), with_dependencies=not options.complete)
    before = installed(python)
    _run([python, *ISOLATED, "-m", "pip", "install", "--disable-pip-version-check", "--quiet", str(wheel)])
    after = installed(python)

    added = {name: version for name, version in after.items() if name not in before}
    print(f"{len(pins)} pins, {len(before)} packages before, {len(added)} added:")
    for name, version in sorted(added.items()):
        print(f"  {name} {version}")
    problems = [*find_problems(pins, before, after, complete=options.complete), *plugin_conflicts(python)]
    for problem in problems:
        print(f"ERROR: {problem}")
    return 1 if problems else 0


def read_pins(text: str) -> Versions:
    """Return the version of each package that a list of ``name==version`` lines names."""
    lines = (line.split("#")[0].strip() for line in text.splitlines())
    pairs = (line.split("==") for line in lines if line)
    return {normalised(name): version for name, version in pairs}


def normalised(name: str) -> str:
    """Return the one spelling of a package's name."""
    return re.sub(r"[-_.]+", "-", name).lower()


def find_problems(pins: Versions, before: Versions, after: Versions, *, complete: bool) -> list[str]:
    """Return what the installation changed that it had to leave alone."""
    problems = [
        f"{name} {version} is pinned, but {before.get(name, 'nothing')} was installed before the plugin"
        for name, version in pins.items()
        if before.get(name) != version
    ]
    problems += [
        f"{name} went from {version} to {after.get(name, 'nothing')}"
        for name, version in before.items()
        if after.get(name) != version
    ]
    if PLUGIN in before:
        problems.append(f"{PLUGIN} was there before it was installed")
    if PLUGIN not in after:
        problems.append(f"{PLUGIN} was not installed")
    if complete:
        problems += [f"{name} is new to the LMS" for name in after if name not in before and name != PLUGIN]
    return problems


def plugin_conflicts(python: str) -> list[str]:
    """Return what pip finds wrong with the plugin; the LMS's own conflicts are not ours to judge."""
    check = subprocess.run([python, *ISOLATED, "-m", "pip", "check"], check=False, capture_output=True, text=True)
    return [line for line in check.stdout.splitlines() if normalised(line.split(" ")[0]) == PLUGIN]


def lay_out(pins: Versions, environment: Path, *, with_dependencies: bool) -> str:
    """
    Make an environment that holds the pins, and return its Python.

    A complete list is installed as it is, for that is what the LMS does with it; a part of the list is filled up.
    """
    shutil.rmtree(environment, ignore_errors=True)
    _run(["uv", "venv", "--quiet", "--seed", "--python", sys.executable, str(environment)])
    python = str(environment / "bin" / "python")
    requirements = environment / "pins.txt"
    requirements.write_text("".join(f"{name}=={version}\n" for name, version in pins.items()))
    constraints = environment / "build-constraints.txt"
    constraints.write_text(BUILD_CONSTRAINTS)
    command = ["uv", "pip", "install", "--quiet", "--python", python, "--build-constraint", str(constraints)]
    _run([*command, *([] if with_dependencies else ["--no-deps"]), "--requirement", str(requirements)])
    return python


def installed(python: str) -> Versions:
    """Return the version of everything that is installed in the environment of ``python``."""
    found = json.loads(subprocess.check_output([python, *ISOLATED, "-c", LIST_INSTALLED], text=True))
    return {normalised(name): version for name, version in found.items()}


def _run(command: list[str]) -> None:
    # No constraint or requirement of the caller's own may slip in.
    environment = {name: value for name, value in os.environ.items() if name not in {"PIP_CONSTRAINT", "PYTHONPATH"}}
    subprocess.run(command, check=True, env=environment)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

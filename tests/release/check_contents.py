"""
Check that the distribution holds the whole package and nothing but the package.

Usage: python -m tests.release.check_contents DIRECTORY_WITH_WHEEL_AND_SDIST
"""

import sys
import tarfile
import zipfile
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "learner_profile_plugin"

# Kinds of files that setuptools leaves out unless told, or that came to be forgotten: at least one of each must be in.
EXPECTED = {
    "templates": "learner_profile_plugin/templates/**/*.html",
    "style sheets": "learner_profile_plugin/static/**/*.css",
    "migrations": "learner_profile_plugin/migrations/0001_*.py",
    "message catalogues": "learner_profile_plugin/conf/locale/*/LC_MESSAGES/django.po",
    "licence": "learner_profile_plugin-*.dist-info/licenses/LICENSE.txt",
    "entry point": "learner_profile_plugin-*.dist-info/entry_points.txt",
}


def main(directory: Path) -> int:
    """Report everything that is wrong with the wheel and the sdist in ``directory``."""
    (wheel,) = directory.glob("*.whl")
    (sdist,) = directory.glob("*.tar.gz")
    in_wheel = set(zipfile.ZipFile(wheel).namelist())
    with tarfile.open(sdist) as archive:
        in_sdist = {member.name.split("/", 1)[1] for member in archive.getmembers() if member.isfile()}
    problems = [*wheel_problems(in_wheel, package_files(ROOT)), *sdist_problems(in_sdist)]
    for problem in problems:
        print(f"ERROR: {problem}")
    print(f"{wheel.name}: {len(in_wheel)} files, {wheel.stat().st_size} bytes. {len(problems)} problems.")
    return 1 if problems else 0


def package_files(root: Path) -> set[str]:
    """Return what lies in the source of the package, compiled Python left out."""
    return {
        path.relative_to(root).as_posix()
        for path in (root / PACKAGE).rglob("*")
        if path.is_file() and path.suffix not in {".pyc", ".pyo"}
    }


def wheel_problems(in_wheel: set[str], in_source: set[str]) -> list[str]:
    """Return what the wheel lacks of the source, and what it holds that no operator should get."""
    problems = [f"missing from the wheel: {name}" for name in sorted(in_source - in_wheel)]
    for name in sorted(in_wheel - in_source):
        top = PurePosixPath(name).parts[0]
        if not (top.startswith(f"{PACKAGE}-") and top.endswith(".dist-info")):
            problems.append(f"does not belong in the wheel: {name}")
    for what, pattern in EXPECTED.items():
        if not any(_matches(name, pattern) for name in in_wheel):
            problems.append(f"the wheel holds no {what} ({pattern})")
    return problems


def sdist_problems(in_sdist: set[str]) -> list[str]:
    """Return what the source distribution lacks to be built from, and what it should not hold."""
    needed = {"CHANGELOG.rst", "LICENSE.txt", "README.rst", "requirements/base.in", "setup.py"}
    problems = [f"missing from the sdist: {name}" for name in sorted(needed - in_sdist)]
    strangers = sorted(name for name in in_sdist if name.split("/")[0] in {"demo", "docs", "tests"})
    return problems + [f"does not belong in the sdist: {name}" for name in strangers]


def _matches(name: str, pattern: str) -> bool:
    """Match a path, where ``**`` stands for one folder or more and ``*`` for a part of a name."""
    head, deep, tail = pattern.partition("/**/")
    path = PurePosixPath(name)
    if not deep:
        return path.match(pattern) and len(path.parts) == len(PurePosixPath(pattern).parts)
    return path.is_relative_to(head) and path.match(tail)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

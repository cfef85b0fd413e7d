"""What the pages load: it is served under hashed names too, and libraries are what they are said to be."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.management import call_command
from django.test import override_settings

import learner_profile_plugin

STATIC = Path(learner_profile_plugin.__file__).parent / "static" / "learner_profile"
VENDOR = STATIC / "vendor"


def test_static_files_are_collected_under_hashed_names(tmp_path: Path) -> None:
    backend = f"{ManifestStaticFilesStorage.__module__}.{ManifestStaticFilesStorage.__qualname__}"
    with override_settings(STATIC_ROOT=str(tmp_path), STORAGES={"staticfiles": {"BACKEND": backend}}):
        call_command("collectstatic", interactive=False, verbosity=0)
    for file in STATIC.rglob("*.*s"):
        place = tmp_path / "learner_profile" / file.parent.relative_to(STATIC)
        assert list(place.glob(f"{file.stem}.*{file.suffix}")), file.name


@pytest.mark.parametrize(
    ("name", "version"), [("htmx.min.js", r'version:"([\d.]+)"'), ("sortable.min.js", r"Sortable ([\d.]+) - MIT")]
)
def test_a_library_is_of_the_version_and_licence_that_the_list_says(name: str, version: str) -> None:
    found = re.search(version, (VENDOR / name).read_text())
    assert found
    line = next(line for line in (VENDOR / "README.txt").read_text().splitlines() if line.startswith(name))
    assert f" {found[1]}, " in line
    assert re.search(r"Zero-Clause BSD|MIT", line)


def test_every_library_is_on_the_list() -> None:
    listed = re.findall(r"^\S+\.js", (VENDOR / "README.txt").read_text(), re.MULTILINE)
    assert sorted(listed) == sorted(file.name for file in VENDOR.glob("*.js"))

"""The message catalogues: each must compile, formats and plurals included."""

import subprocess
from pathlib import Path

import pytest

LOCALE = Path(__file__).resolve().parents[2] / "learner_profile_plugin" / "conf" / "locale"
CATALOGUES = sorted(LOCALE.glob("*/LC_MESSAGES/*.po"))


def test_there_are_catalogues():
    assert CATALOGUES


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_catalogue_compiles(path):
    checked = subprocess.run(
        ["msgfmt", "--check", "--output-file=/dev/null", str(path)], check=False, capture_output=True, text=True
    )

    assert checked.returncode == 0, checked.stderr

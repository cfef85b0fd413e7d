"""
Build the source distribution and, from it, the wheel.

Works on a copy: setuptools leaves ``build`` and ``*.egg-info`` in the checkout and takes what it finds there into the
next wheel, which would so hold files that were deleted long ago.

Usage: python -m tests.release.build TARGET
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# What setup.py and MANIFEST.in read, and nothing else.
SOURCES = (
    "CHANGELOG.rst",
    "LICENSE.txt",
    "MANIFEST.in",
    "README.rst",
    "learner_profile_plugin",
    "pyproject.toml",
    "requirements",
    "setup.py",
)
# So that their absence from the wheel is MANIFEST.in's and setup.py's doing.
STRANGERS = ("demo/__init__.py", "tests/__init__.py")


def main(target: Path) -> int:
    """Fill ``target``, emptied before, with an sdist and a wheel."""
    shutil.rmtree(target, ignore_errors=True)
    with tempfile.TemporaryDirectory() as directory:
        checkout = Path(directory)
        for name in (*SOURCES, *STRANGERS):
            _copy(ROOT / name, checkout / name)
        command = [sys.executable, "-m", "build", "--installer", "uv", "--outdir", str(target), str(checkout)]
        built = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    print(built.stdout if built.returncode else built.stdout.splitlines()[-1])
    return built.returncode


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    else:
        shutil.copy(source, target)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))

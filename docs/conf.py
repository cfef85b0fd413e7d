"""Sphinx configuration."""

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "demo.settings")
django.setup()

import learner_profile_plugin  # noqa: E402 - only importable now

project = "learner-profile-plugin"
author = "The learner-profile-plugin contributors"
copyright = f"{datetime.now(tz=UTC).year}, {author}"
release = version = learner_profile_plugin.__version__

extensions = ["sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
default_role = "literal"
html_theme = "furo"
html_title = f"{project} {release}"

autodoc_typehints = "description"
# What the docstrings name and no page here describes.
nitpick_ignore_regex = [("py:.*", r"(datetime|django|opaque_keys|rest_framework|uuid)\..*")]

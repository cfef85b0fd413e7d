#!/usr/bin/env python
"""Package metadata of learner-profile-plugin."""

import re
from pathlib import Path

from setuptools import find_packages, setup

ROOT = Path(__file__).resolve().parent


def read(path: str) -> str:
    """Return the text of a file of this checkout."""
    return (ROOT / path).read_text(encoding="utf-8")


def read_version(source: str) -> str:
    """Find the version in the source of the package, which cannot be imported while it is being built."""
    found = re.search(r'^__version__ = "([^"]+)"$', source, re.MULTILINE)
    if found is None:
        raise ValueError("learner_profile_plugin/__init__.py has no __version__ line.")
    return found.group(1)


def read_requirements(source: str) -> list[str]:
    """
    Return the requirements of a requirements file, one a line, without its comments.

    Options of pip (``-r``, ``-c``, ``-e``) are refused: a wheel's metadata cannot hold them,
    and a requirement that is dropped without a word is found by an operator, not by us.
    """
    lines = (re.sub(r"(^|\s)#.*$", "", line).strip() for line in source.splitlines())
    requirements = [line for line in lines if line]
    for requirement in requirements:
        if requirement.startswith("-"):
            raise ValueError(f"Not a requirement that a wheel can state: {requirement}")
    return requirements


if __name__ == "__main__":
    setup(
        name="learner-profile-plugin",
        version=read_version(read("learner_profile_plugin/__init__.py")),
        description="An Open edX plugin: a learner portfolio that sets what the learner says beside what the "
        "platform recorded.",
        long_description=read("README.rst"),
        long_description_content_type="text/x-rst",
        license_expression="AGPL-3.0-only",
        license_files=["LICENSE.txt"],
        keywords="Django, Open edX, learner profile, portfolio, resume",
        packages=find_packages(include=["learner_profile_plugin", "learner_profile_plugin.*"]),
        include_package_data=True,
        zip_safe=False,
        python_requires=">=3.11",
        install_requires=read_requirements(read("requirements/base.in")),
        # None of them is needed: see docs/how-tos.
        extras_require={
            "event-bus": ["redis>=4.5"],  # takes tracking events off the bus, many at a time
            "logs": ["msgspec>=0.18.6"],  # reads tracking logs about twice as fast
            "object-storage": ["fsspec>=2024.2"],  # reads tracking logs where they lie: s3://...
        },
        entry_points={
            "lms.djangoapp": [
                "learner_profile_plugin = learner_profile_plugin.apps:LearnerProfileConfig",
            ],
        },
        classifiers=[
            "Development Status :: 4 - Beta",
            "Environment :: Web Environment",
            "Framework :: Django",
            "Framework :: Django :: 4.2",
            "Framework :: Django :: 5.2",
            "Intended Audience :: Education",
            "Natural Language :: English",
            "Operating System :: POSIX",
            "Programming Language :: Python :: 3",
            "Programming Language :: Python :: 3.11",
            "Programming Language :: Python :: 3.12",
            "Topic :: Education",
        ],
    )

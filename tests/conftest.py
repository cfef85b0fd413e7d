"""What tests share: people and courses of the demo host, and the rule that nothing is skipped in CI."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import User
from django.contrib.contenttypes.management import create_contenttypes
from django.db.models.signals import post_migrate
from hypothesis import HealthCheck, settings
from opaque_keys.edx.keys import CourseKey

from demo.lms.models import Course, UserProfile

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)

# How long an example takes says how busy the machine is, and nothing of the law.
settings.register_profile("any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("any machine")

# Django would make these rows anew whenever the tables were emptied, which takes longer than most tests. Tests of
# Django admin that need them make them themselves.
post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
post_migrate.disconnect(create_contenttypes)

PersonFactory = Callable[..., User]
CourseFactory = Callable[..., CourseKey]


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if os.environ.get("CI") and terminalreporter.stats.get("skipped"):
        terminalreporter.write_line("A test was skipped, and with CI set that counts as a failure.", red=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture
def person(transactional_db: None) -> PersonFactory:
    """Make accounts: adults with a name, unless told otherwise."""

    def make(username: str, *, name: str = "", year_of_birth: int | None = 1990, **fields: object) -> User:
        user = User(username=username, email=f"{username}@example.org", **fields)
        user.set_password("secret")
        user.save()
        UserProfile.objects.create(user=user, name=name or username.title(), year_of_birth=year_of_birth)
        return user

    return make


@pytest.fixture
def course(transactional_db: None) -> CourseFactory:
    """Make course runs."""

    def make(name: str = "Boats", **fields: object) -> CourseKey:
        key = CourseKey.from_string(f"course-v1:Harbour+{name}+2026")
        Course.objects.create(id=key, display_name=f"{name} for everyone", display_org="Harbour", **fields)
        return key

    return make


@pytest.fixture
def learner(person: PersonFactory) -> User:
    """Make one adult learner, where it does not matter who."""
    return person("ada", name="Ada Lovelace")

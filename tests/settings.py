"""
The settings of the tests: the demo host's, on the database that TEST_DATABASE names.

TEST_DATABASE is ``sqlite`` (the default), ``mariadb`` or ``postgres``; TEST_MARIADB_* and
TEST_POSTGRES_* (HOST, PORT, USER, PASSWORD) say where the servers are.
"""

import atexit
import os
import tempfile
from pathlib import Path

from demo.settings import *  # noqa: F403

DEBUG = False
# Tests come more often than people do. The one of the limit sets its own.
LEARNER_PROFILE_API_RATES = {"read": None, "change": None}


def _server(engine: str, prefix: str, port: str, user: str) -> dict[str, object]:
    return {
        "ENGINE": f"django.db.backends.{engine}",
        "NAME": "learner_profile",
        "HOST": os.environ.get(f"{prefix}_HOST", "127.0.0.1"),
        "PORT": os.environ.get(f"{prefix}_PORT", port),
        "USER": os.environ.get(f"{prefix}_USER", user),
        "PASSWORD": os.environ.get(f"{prefix}_PASSWORD", ""),
        "ATOMIC_REQUESTS": True,
        # Environments of one tox run share the servers, not the databases.
        "TEST": {"NAME": f"test_learner_profile_{os.environ.get('TOX_ENV_NAME', 'dev').replace('-', '_')}"},
    }


_DIRECTORY = tempfile.TemporaryDirectory(prefix="learner-profile-tests-")
atexit.register(_DIRECTORY.cleanup)
MEDIA_ROOT = Path(_DIRECTORY.name) / "media"
_DATABASE = os.environ.get("TEST_DATABASE", "sqlite")
if _DATABASE == "sqlite":
    # A file and not memory: several connections, as in an LMS, and the demo's own SQLite set-up.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(_DIRECTORY.name) / "test.sqlite3")}  # noqa: F405
elif _DATABASE == "mariadb":
    DATABASES["default"] = _server("mysql", "TEST_MARIADB", "3306", "root")  # noqa: F405
    DATABASES["default"]["OPTIONS"] = {"charset": "utf8mb4"}  # noqa: F405
elif _DATABASE == "postgres":
    DATABASES["default"] = _server("postgresql", "TEST_POSTGRES", "5432", "postgres")  # noqa: F405
else:
    raise ValueError(f"TEST_DATABASE={_DATABASE!r}: expected sqlite, mariadb or postgres")

"""What setup.py, the checks of the wheel and the checks of the pins make of what they read."""

import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest

import learner_profile_plugin
from tests.release.check_contents import package_files, sdist_problems, wheel_problems
from tests.release.check_pins import find_problems, read_pins

ROOT = Path(__file__).resolve().parents[2]
PINS = sorted((ROOT / "tests" / "lms_pins").glob("*.txt"))


@pytest.fixture(scope="module")
def setup_py():
    return SimpleNamespace(**runpy.run_path(str(ROOT / "setup.py"), run_name="setup_py"))


class TestReadRequirements:
    def test_strips_comments_and_blank_lines(self, setup_py):
        source = "# Why.\n\nDjango>=4.2,<6.0\nedx-opaque-keys[django]>=2.5   # course keys\n  # more\nnh3\n"

        assert setup_py.read_requirements(source) == ["Django>=4.2,<6.0", "edx-opaque-keys[django]>=2.5", "nh3"]

    @pytest.mark.parametrize("line", ["-r other.in", "-c constraints.txt", "-e ."])
    def test_refuses_options(self, setup_py, line):
        with pytest.raises(ValueError, match="Not a requirement that a wheel can state"):
            setup_py.read_requirements(f"Django\n{line}\n")

    def test_reads_our_own(self, setup_py):
        assert "celery>=5.3" in setup_py.read_requirements((ROOT / "requirements" / "base.in").read_text())


class TestReadVersion:
    def test_is_the_package_s(self, setup_py):
        source = (ROOT / "learner_profile_plugin" / "__init__.py").read_text()

        assert setup_py.read_version(source) == learner_profile_plugin.__version__

    def test_refuses_a_source_without_one(self, setup_py):
        with pytest.raises(ValueError, match="has no __version__ line"):
            setup_py.read_version('version = "1"\n')


class TestPins:
    @pytest.mark.parametrize("path", PINS, ids=lambda path: path.stem)
    def test_list_is_read_whole(self, path):
        lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]

        assert len(read_pins(path.read_text())) == len(lines) > 0

    @pytest.mark.parametrize("path", PINS, ids=lambda path: path.stem)
    def test_list_holds_what_we_need_most(self, path):
        assert {"django", "djangorestframework", "markdown", "nh3", "openedx-events"} <= set(
            read_pins(path.read_text())
        )

    def test_installation_that_only_adds_the_plugin_is_fine(self):
        before = {"django": "4.2.24"}

        assert find_problems(before, before, before | {"learner-profile-plugin": "1"}, complete=True) == []

    def test_moved_pin_is_found(self):
        after = {"django": "5.2.1", "learner-profile-plugin": "1"}

        assert find_problems({"django": "4.2.24"}, {"django": "4.2.24"}, after, complete=True) == [
            "django went from 4.2.24 to 5.2.1"
        ]

    def test_package_outside_the_pins_that_moved_is_found(self):
        after = {"kombu": "2", "learner-profile-plugin": "1"}

        assert find_problems({}, {"kombu": "1"}, after, complete=False) == ["kombu went from 1 to 2"]

    def test_pin_that_was_not_installed_is_found(self):
        assert find_problems({"django": "4.2.24"}, {}, {"learner-profile-plugin": "1"}, complete=True) == [
            "django 4.2.24 is pinned, but nothing was installed before the plugin"
        ]

    def test_plugin_that_was_not_installed_is_found(self):
        assert find_problems({}, {}, {}, complete=True) == ["learner-profile-plugin was not installed"]

    def test_plugin_that_was_there_before_is_found(self):
        there = {"learner-profile-plugin": "1"}

        assert find_problems({}, there, there, complete=True) == [
            "learner-profile-plugin was there before it was installed"
        ]

    def test_new_package_is_found_only_beside_a_complete_list(self):
        after = {"segno": "1.6", "learner-profile-plugin": "1"}

        assert find_problems({}, {}, after, complete=True) == ["segno is new to the LMS"]
        assert find_problems({}, {}, after, complete=False) == []


class TestContents:
    INFO = "learner_profile_plugin-0.1.0.dist-info/"
    WHEEL = frozenset(
        {
            INFO + "entry_points.txt",
            INFO + "licenses/LICENSE.txt",
            "learner_profile_plugin/conf/locale/es/LC_MESSAGES/django.po",
            "learner_profile_plugin/migrations/0001_initial.py",
            "learner_profile_plugin/static/learner_profile_plugin/page.css",
            "learner_profile_plugin/templates/learner_profile_plugin/page.html",
        }
    )

    def problems(self, *, without=None, also=None):
        source = {name for name in self.WHEEL if not name.startswith(self.INFO)}
        return wheel_problems(set(self.WHEEL) - {without} | ({also} if also else set()), source)

    def test_whole_wheel_is_fine(self):
        assert self.problems() == []

    def test_missing_file_is_found(self):
        name = "learner_profile_plugin/templates/learner_profile_plugin/page.html"

        assert self.problems(without=name) == [
            f"missing from the wheel: {name}",
            "the wheel holds no templates (learner_profile_plugin/templates/**/*.html)",
        ]

    @pytest.mark.parametrize("name", ["demo/settings.py", "tests/__init__.py", "learner_profile_plugin/gone.py"])
    def test_stranger_is_found(self, name):
        assert self.problems(also=name) == [f"does not belong in the wheel: {name}"]

    def test_stranger_in_the_sdist_is_found(self):
        whole = {"CHANGELOG.rst", "LICENSE.txt", "README.rst", "requirements/base.in", "setup.py"}

        assert sdist_problems(whole) == []
        assert sdist_problems(whole - {"setup.py"} | {"demo/settings.py"}) == [
            "missing from the sdist: setup.py",
            "does not belong in the sdist: demo/settings.py",
        ]

    def test_compiled_python_is_not_asked_for(self, tmp_path):
        package = tmp_path / "learner_profile_plugin"
        package.mkdir()
        (package / "a.py").touch()
        (package / "a.pyc").touch()

        assert package_files(tmp_path) == {"learner_profile_plugin/a.py"}

"""The parts of the architecture that import-linter does not see: sizes, names, doors."""

import ast
from pathlib import Path

import pytest

from tests.quality.measures import (
    MAX_CLASS,
    MAX_FUNCTION,
    MAX_MODULE,
    beyond_gathering,
    is_drawer,
    sizes,
    too_long,
)

ROOT = Path(__file__).resolve().parents[2]
PLUGIN = ROOT / "learner_profile_plugin"
MODULES = sorted(
    path.relative_to(ROOT)
    for package in ("learner_profile_plugin", "demo")
    for path in (ROOT / package).rglob("*.py")
    if "migrations" not in path.parts and "var" not in path.parts
)
# The packages at the root that hold no domain.
NO_DOMAINS = {"compat", "management", "migrations", "templatetags"}
DOMAINS = sorted(
    folder.name for folder in PLUGIN.iterdir() if (folder / "__init__.py").exists() and folder.name not in NO_DOMAINS
)
GATHERERS = [name for name in ("admin", "models", "receivers", "tasks") if (PLUGIN / f"{name}.py").exists()]


def function_of(lines):
    return "def long():\n" + "    pass\n" * (lines - 1)


class TestSizes:
    def test_nothing_is_too_long(self):
        problems = [problem for path in MODULES for problem in too_long(path, (ROOT / path).read_text())]

        assert problems == []

    def test_function_at_limit_passes(self):
        assert too_long(Path("a.py"), function_of(MAX_FUNCTION)) == []

    def test_function_over_limit_is_found(self):
        assert too_long(Path("a.py"), function_of(MAX_FUNCTION + 1)) == ["a.py: long has 41 lines of code, 40 allowed"]

    def test_method_over_limit_is_found(self):
        source = "class A:\n    async def long(self):\n" + "        pass\n" * MAX_FUNCTION

        assert too_long(Path("a.py"), source) == ["a.py: long has 41 lines of code, 40 allowed"]

    def test_class_over_limit_is_found(self):
        source = "class Long:\n" + "".join(f"    a{number} = 1\n" for number in range(MAX_CLASS))

        assert too_long(Path("a.py"), source) == ["a.py: Long has 151 lines of code, 150 allowed"]

    def test_module_over_limit_is_found(self):
        assert too_long(Path("a.py"), "a = 1\n" * (MAX_MODULE + 1)) == [
            "a.py: the module has 301 lines of code, 300 allowed"
        ]

    def test_explanations_do_not_count(self):
        source = (
            '"""Module.\n\nText.\n"""\n\ndef f():\n    """Function.\n\n    Text.\n    """\n    # Why.\n\n    return 1\n'
        )

        assert [size.lines for size in sizes(source)] == [2, 2]

    def test_decorators_count(self):
        assert sizes("@a(\n    1,\n)\ndef f(): pass\n")[1].lines == 4


class TestNames:
    def test_no_module_is_a_drawer(self):
        assert [path for path in MODULES if is_drawer(path)] == []

    @pytest.mark.parametrize("path", ["a/utils.py", "a/helpers/b.py", "common.py", "a/misc/__init__.py"])
    def test_drawer_is_found(self, path):
        assert is_drawer(Path(path))


class TestDoors:
    def test_there_are_domains(self):
        assert DOMAINS

    @pytest.mark.parametrize("domain", DOMAINS)
    def test_domain_has_a_door(self, domain):
        assert (PLUGIN / domain / "api.py").is_file()

    @pytest.mark.parametrize("domain", DOMAINS)
    def test_door_says_what_it_opens(self, domain):
        tree = ast.parse((PLUGIN / domain / "api.py").read_text())

        assert [
            node for node in tree.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"
        ]

    @pytest.mark.parametrize("domain", DOMAINS)
    def test_every_domain_is_closed(self, domain):
        contract = (ROOT / ".importlinter").read_text().split("[importlinter:contract:doors]")[1]
        protected = contract.split("protected_modules =")[1].split("allowed_importers")[0]

        assert f"learner_profile_plugin.{domain}" in protected.split()


class TestGatherers:
    @pytest.mark.parametrize("name", GATHERERS)
    def test_only_gathers(self, name):
        assert beyond_gathering((PLUGIN / f"{name}.py").read_text()) == []

    def test_anything_else_is_found(self):
        source = '"""Text."""\n\nfrom a import b\n\n__all__ = ["b"]\n\nc = b()\n\n\ndef f():\n    pass\n'

        assert beyond_gathering(source) == ["c = b()", "def f():"]

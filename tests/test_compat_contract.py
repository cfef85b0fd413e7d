"""The contract of the stand-in for the LMS: it answers to the same names, in the same way."""

from __future__ import annotations

import ast
import dataclasses
import inspect
import subprocess
import sys
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import pytest

import learner_profile_plugin.compat
from demo.lms import compat as stand_in
from learner_profile_plugin import compat
from learner_profile_plugin.compat import data

FOLDER = Path(learner_profile_plugin.compat.__file__).parent
LMS = {"cms", "common", "completion", "lms", "openedx", "xmodule"}
FUNCTIONS = {name: getattr(compat, name) for name in compat.__all__ if inspect.isfunction(getattr(compat, name))}
# What the configuration of a site holds is whatever an operator wrote: an object, that its reader checks.
PLAIN = {int, str, float, bool, object, type(None)}


def differences(real: dict[str, Callable[..., Any]], other: types.ModuleType | types.SimpleNamespace) -> list[str]:
    """Say, in words, where a stand-in differs from what it stands in for."""
    found = []
    for name, function in real.items():
        counterpart = getattr(other, name, None)
        if not inspect.isfunction(counterpart):
            found.append(f"{name} is missing")
        elif _form(function) != _form(counterpart):
            found.append(f"{name}{_form(counterpart)} instead of {name}{_form(function)}")
    return found


def _form(function: Callable[..., Any]) -> str:
    """Return names, kinds, defaults and annotations, as they are written."""
    return str(inspect.signature(function))


def public_functions(module: types.ModuleType) -> set[str]:
    return {
        name
        for name, value in vars(module).items()
        if inspect.isfunction(value) and value.__module__ == module.__name__ and not name.startswith("_")
    }


def test_there_is_a_contract() -> None:
    assert len(FUNCTIONS) >= 11
    assert set(FUNCTIONS) | {name for name in compat.__all__ if inspect.isclass(getattr(compat, name))} == set(
        compat.__all__
    )


def test_the_stand_in_has_the_same_functions_with_the_same_signatures_and_no_others() -> None:
    assert differences(FUNCTIONS, stand_in) == []
    assert public_functions(stand_in) == set(FUNCTIONS)


def _original(user_id: int, *, limit: int = 10) -> list[int]:
    return []


def _renamed(learner_id: int, *, limit: int = 10) -> list[int]:
    return []


def _another_default(user_id: int, *, limit: int = 20) -> list[int]:
    return []


def _positional(user_id: int, limit: int = 10) -> list[int]:
    return []


def _another_answer(user_id: int, *, limit: int = 10) -> set[int]:
    return set()


def _one_more(user_id: int, *, limit: int = 10, after: int = 0) -> list[int]:
    return []


@pytest.mark.parametrize(
    "changed", [_renamed, _another_default, _positional, _another_answer, _one_more, None, "no function"]
)
def test_a_stand_in_that_differs_is_found(changed: object) -> None:
    real = {"get_things": _original}
    assert differences(real, types.SimpleNamespace(get_things=_original)) == []
    assert len(differences(real, types.SimpleNamespace(get_things=changed))) == 1
    assert differences(real, types.SimpleNamespace()) == ["get_things is missing"]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_function_is_answered_by_the_stand_in_with_what_it_was_given(
    name: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = types.ModuleType("some_stand_in")
    given: list[tuple[tuple[object, ...], dict[str, object]]] = []
    answer = object()

    def record(*args: object, **kwargs: object) -> object:
        given.append((args, kwargs))
        return answer

    setattr(module, name, record)
    monkeypatch.setitem(sys.modules, "some_stand_in", module)
    settings.LEARNER_PROFILE_COMPAT = "some_stand_in"
    parameters = inspect.signature(FUNCTIONS[name]).parameters.values()
    args = [object() for parameter in parameters if parameter.kind is not parameter.KEYWORD_ONLY]
    kwargs = {parameter.name: object() for parameter in parameters if parameter.kind is parameter.KEYWORD_ONLY}
    assert FUNCTIONS[name](*args, **kwargs) is answer
    assert given == [(tuple(args), kwargs)]


@pytest.mark.parametrize("name", FUNCTIONS)
def test_without_a_stand_in_each_function_asks_the_lms(name: str, settings: Any) -> None:
    settings.LEARNER_PROFILE_COMPAT = None
    parameters = inspect.signature(FUNCTIONS[name]).parameters.values()
    hints = get_type_hints(FUNCTIONS[name])
    plain = {str: "1"}
    required = [plain.get(hints[given.name], 1) for given in parameters if given.default is given.empty]
    with pytest.raises(ModuleNotFoundError) as error:
        FUNCTIONS[name](*required)
    assert (error.value.name or "").partition(".")[0] in LMS


def parts(annotation: Any) -> set[Any]:
    """Return the plain types that an annotation is made of."""
    if get_origin(annotation) is None:
        return {annotation}
    return {part for argument in get_args(annotation) for part in parts(argument)}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_function_answers_with_plain_values(name: str) -> None:
    answer = get_type_hints(FUNCTIONS[name])["return"]
    for part in parts(answer) - PLAIN:
        is_ours = dataclasses.is_dataclass(part) and part.__module__ == data.__name__
        assert is_ours or part.__name__ == "CourseKey", part


def test_the_data_classes_cannot_be_changed() -> None:
    classes = [value for name in compat.__all__ if inspect.isclass(value := getattr(compat, name))]
    assert len(classes) >= 9
    for cls in classes:
        assert getattr(cls, "__dataclass_params__").frozen  # noqa: B009 - no checker knows of it


def test_compat_can_be_imported_where_there_is_no_lms() -> None:
    code = (
        "import sys\n"
        "import learner_profile_plugin.compat\n"
        f"print(sorted({LMS!r} & {{name.partition('.')[0] for name in sys.modules}}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)  # noqa: S603
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr


def lms_imports_at_import_time(source: str) -> list[str]:
    """Return what a module imports from the LMS outside of its functions."""
    found: list[str] = []

    def walk(node: ast.AST) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
                continue
            names = []
            if isinstance(child, ast.Import):
                names = [alias.name for alias in child.names]
            elif isinstance(child, ast.ImportFrom):
                names = [child.module or ""]
            found.extend(name for name in names if name.partition(".")[0] in LMS)
            walk(child)

    walk(ast.parse(source))
    return found


@pytest.mark.parametrize("module", sorted(path.name for path in FOLDER.glob("*.py")))
def test_no_module_of_compat_imports_the_lms_before_it_is_asked(module: str) -> None:
    assert lms_imports_at_import_time((FOLDER / module).read_text(encoding="utf-8")) == []


def test_an_import_of_the_lms_at_import_time_is_found() -> None:
    source = (
        "import os\n"
        "if os.name:\n    from lms.djangoapps import x\n"
        "class A:\n    import openedx.core\n"
        "def f():\n    import common\n"
    )
    assert lms_imports_at_import_time(source) == ["lms.djangoapps", "openedx.core"]

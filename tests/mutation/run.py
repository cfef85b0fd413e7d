"""
Change the rules of access in every way that mutmut knows, and see that a test fails each time.

Works on a copy of the module and its tests: nothing else is needed to run them.

Usage: python -m tests.mutation.run DIRECTORY
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODULE = "learner_profile_plugin/access.py"
SOURCES = (MODULE, "learner_profile_plugin/__init__.py", "tests/test_access.py")
# The second section keeps pytest from looking for its configuration further up, where that of the checkout may be.
CONFIGURATION = """\
[mutmut]
source_paths=learner_profile_plugin
[tool:pytest]
testpaths=tests
"""
# A test that fails need not look for the simplest example, and none fails for being slow.
EXAMPLES = """\
from hypothesis import Phase, settings
settings.register_profile("mutation", phases=[Phase.explicit, Phase.generate], deadline=None, database=None)
settings.load_profile("mutation")
"""


def main(directory: Path) -> int:
    """Fill ``directory``, emptied before, with the copy and what mutmut makes of it; report the mutants that live."""
    shutil.rmtree(directory, ignore_errors=True)
    for name in SOURCES:
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, directory / name)
    (directory / "setup.cfg").write_text(CONFIGURATION, encoding="utf-8")
    (directory / "tests" / "conftest.py").write_text(EXAMPLES, encoding="utf-8")
    run = mutmut(directory, "run")
    if run.returncode:
        print(run.stdout)
        return run.returncode
    mutmut(directory, "export-cicd-stats")
    stats = json.loads((directory / "mutants" / "mutmut-cicd-stats.json").read_text(encoding="utf-8"))
    problems = find_problems(stats)
    if problems:
        print(mutmut(directory, "results").stdout)
    for problem in problems:
        print(f"ERROR: {problem}")
    print(f"{MODULE}: {stats['killed']} of {stats['total']} mutants killed.")
    return 1 if problems else 0


def find_problems(stats: Mapping[str, int]) -> list[str]:
    """Return, in words, every outcome that is none of a killed mutant; and that there was none to kill."""
    outcomes = {name: number for name, number in stats.items() if name not in {"killed", "total"} and number}
    problems = [f"{number} mutants: {name}" for name, number in outcomes.items()]
    if not stats["total"]:
        problems.append("nothing was mutated")
    elif stats["killed"] != stats["total"] and not problems:
        problems.append(f"{stats['total'] - stats['killed']} mutants are not accounted for")
    return problems


def mutmut(directory: Path, command: str) -> subprocess.CompletedProcess[str]:
    """Run a command of mutmut there; what it says is in its output."""
    return subprocess.run(
        [sys.executable, "-m", "mutmut", command],
        check=False,
        cwd=directory,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))

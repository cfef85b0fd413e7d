.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test test-quick quality mutants docs bench format messages clean

# Where pyenv keeps the interpreters, the "python3.12" on the path answers only once 3.12 is chosen; so go past it.
ifneq ($(shell command -v pyenv),)
PYENV_BINS := $(shell for minor in 3.12 3.11; do \
	version=$$(pyenv versions --bare | grep "^$$minor\.[0-9]*$$" | sort -V | tail -n 1); \
	[ -z "$$version" ] || echo "$$(pyenv root)/versions/$$version/bin"; done | paste -sd :)
export PATH := $(PYENV_BINS):$(PATH)
endif

PYTHON ?= $(shell command -v python3.12 || command -v python3.11 || echo python3)
VENV := .venv
BIN := $(VENV)/bin
SETUP := setup.py pyproject.toml requirements/base.in requirements/demo.in
# As much as two processors carry; the output of an environment is printed when it is done.
PARALLEL ?= 2

help: ## show what there is to do
	@awk -F ':.*?## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: .venv-demo/.installed ## start a small stand-in for the LMS, with sample learners, at http://127.0.0.1:8000
	.venv-demo/bin/python -m demo up

demo-reset: .venv-demo/.installed ## throw the demo's data away
	.venv-demo/bin/python -m demo reset

test: $(BIN)/tox ## run everything that must hold, on every Python, Django and database
	$(BIN)/tox run-parallel --parallel $(PARALLEL) --parallel-no-spinner

test-quick: $(VENV)/.installed ## run the tests that need no browser, on SQLite
	$(BIN)/python -m pytest -m "not browser"

quality: $(BIN)/tox ## check style, types, layers, templates, migrations and annotations
	$(BIN)/tox run -e quality

mutants: $(BIN)/tox ## change the rules of access in every way, and see that a test notices each
	$(BIN)/tox run -e mutation

docs: $(BIN)/tox ## build the documentation into docs/_build/html
	$(BIN)/tox run -e docs

bench: .venv-bench/.installed ## measure what the plugin costs its host, how it grows, and how far its figures are off
	.venv-bench/bin/python -m benchmarks.host_requests
	.venv-bench/bin/python -m benchmarks.evidence_size
	.venv-bench/bin/python -m benchmarks.growth --days 50000
	.venv-bench/bin/python -m benchmarks.accuracy
	.venv-bench/bin/python -m benchmarks.log_import
	.venv-bench/bin/python -m benchmarks.event_bus
	.venv-bench/bin/python -m benchmarks.backfill

format: $(VENV)/.installed ## bring the code into its style
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

messages: $(VENV)/.installed ## collect what is to be translated
	cd learner_profile_plugin && ../$(BIN)/python -m django makemessages --all --no-obsolete --add-location file
	cd learner_profile_plugin && ../$(BIN)/python -m django makemessages --all --no-obsolete --add-location file --domain djangojs

clean: ## remove everything that was built, the environments too
	rm -rf .tox $(VENV) .venv-demo .venv-bench build dist docs/_build htmlcov *.egg-info pii_report
	rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage
	find . -name __pycache__ -prune -exec rm -rf {} +

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(BIN)/tox: $(BIN)/python
	$(BIN)/python -m pip install --quiet tox tox-uv
	touch $@

$(VENV)/.installed: $(BIN)/python $(SETUP) requirements/test.in requirements/quality.in
	$(BIN)/python -m pip install --quiet --editable . --requirement requirements/quality.in "Django~=5.2.0"
	touch $@

.venv-demo/.installed: $(SETUP)
	$(PYTHON) -m venv --clear .venv-demo
	.venv-demo/bin/python -m pip install --quiet --editable . --requirement requirements/demo.in "Django~=5.2.0"
	touch $@

.venv-bench/.installed: $(SETUP) requirements/bench.in
	$(PYTHON) -m venv --clear .venv-bench
	.venv-bench/bin/python -m pip install --quiet --editable . --requirement requirements/bench.in "Django~=5.2.0"
	touch $@

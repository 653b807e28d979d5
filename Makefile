# Everything a fresh machine needs is Python 3.11 and make: every target sets .venv up by itself.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime
DEVELOPMENT := $(VENV)/.development

.DEFAULT_GOAL := help
.PHONY: help setup demo run test test-unit test-slow lint format dev validate docs pictures lock clean

help: ## show the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

setup: $(RUNTIME) ## set up .venv with the parcours command

demo: $(RUNTIME) ## invent a company, run everything on it, say where the report is
	@$(BIN)/parcours demo

run: $(RUNTIME) ## run the daily job on the home in PARCOURS_HOME (default parcours_home)
	@$(BIN)/parcours run

test: $(DEVELOPMENT) ## all tests but the slow tier
	@$(BIN)/python -m pytest -n 2 -m "not slow"

test-unit: $(DEVELOPMENT) ## the tests that take seconds
	@$(BIN)/python -m pytest -m "not end_to_end and not slow"

test-slow: $(DEVELOPMENT) ## the slow tier: studies over many seeds, and whole pipelines scored against the truth
	@$(BIN)/python -m pytest -m slow tests

lint: $(DEVELOPMENT) ## style, types, import rules, SQL, dbt parse
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/sqlfluff lint --processes 2 dbt_project/models dbt_project/tests
	@$(BIN)/dbt parse --quiet --project-dir dbt_project --profiles-dir dbt_project --target-path $(abspath $(VENV))/dbt

format: $(DEVELOPMENT) ## put Python and SQL into shape
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

dev: $(RUNTIME) ## open Dagster on http://127.0.0.1:3000
	@$(BIN)/parcours dev

validate: $(RUNTIME) ## load the code location as Dagster does
	@$(BIN)/dagster definitions validate -w workspace.yaml

docs: $(DEVELOPMENT) ## write the reference pages anew
	@$(BIN)/python docs/generate.py

pictures: $(DEVELOPMENT) ## take the pictures of the report anew, from the demo
	@PARCOURS_HOME=parcours_home/demo $(BIN)/python docs/screenshots.py

lock: $(DEVELOPMENT) ## pin what pyproject.toml asks for
	@$(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-header --python-version 3.11 pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile -q --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --extra dev pyproject.toml -c requirements.lock -o requirements-dev.lock

clean: ## remove the virtual environment (homes stay)
	rm -rf $(VENV)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { echo "Python 3.11 is needed; say where it is with make PYTHON=…"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(RUNTIME): requirements.lock pyproject.toml | $(BIN)/python
	@echo "Setting up $(VENV) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(DEVELOPMENT): requirements-dev.lock $(RUNTIME)
	@echo "Setting up $(VENV) for development …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.lock
	@touch $@

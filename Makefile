# Bare `make` lists what there is. The environment lives in .venv; what was done once is remembered in .venv/stamps.

SHELL  := /bin/bash
BIN    := .venv/bin
STAMPS := .venv/stamps
PLACE  ?= pengjiang
PORT   ?= 8000
JICENG_TEST_DATABASE_URL ?= postgresql://postgres@127.0.0.1:5432/postgres

# A trial of one place has its own database and files, so that two places never mix.
run: export JICENG_DATABASE_URL ?= sqlite:///var/$(PLACE).sqlite3
run: export JICENG_DATA_DIR := var/$(PLACE)
run: export JICENG_PLACE ?= $(PLACE)
run: export PORT := $(PORT)

.DEFAULT_GOAL := help
.PHONY: help setup run test check lint fix area docs bench soak shots clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 10

setup: $(STAMPS)/python $(STAMPS)/front ## make .venv and fetch everything, by locked hashes

run: setup var/jiceng.env var/$(PLACE)/static/staticfiles.json ## run on sample data [PLACE=pengjiang] [PORT=8000]
	@exec $(BIN)/jiceng trial $(PLACE)

# What no database has a part in is asked once.
SAME := tests/lib tests/ui tests/pages/test_axe.py tests/engines/notices/test_scanning.py tests/walls/test_exposure.py \
  tests/faces/api/test_schemathesis.py
# The planted holes are asked on both in `make soak`.
HOLES := tests/walls/test_matrix.py::test_every_planted_hole_is_noticed

test: check ## check, then every test on SQLite, then on PostgreSQL where one answers (in CI it must)
	$(BIN)/python -m pytest -n 2
	@if $(BIN)/python scripts/postgres_answers.py "$(JICENG_TEST_DATABASE_URL)"; then \
	  JICENG_DATABASE_URL="$(JICENG_TEST_DATABASE_URL)" $(BIN)/python -m pytest -n 2 $(addprefix --ignore=,$(SAME)) --deselect $(HOLES); \
	elif [ "$$CI" = true ]; then \
	  echo "In CI the tests must also run on PostgreSQL." >&2; exit 1; \
	else \
	  echo "Skipped on PostgreSQL; name one in JICENG_TEST_DATABASE_URL."; \
	fi

check: setup ## format, lint, types, import ladder, migrations and house rules: the same before a commit and in CI
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy --strict jiceng
	$(BIN)/lint-imports --no-cache
	DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python -m django makemigrations --check --dry-run
	$(BIN)/python -m pytest -q tests/test_house.py

fix: setup ## put format and imports right
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

area: setup ## write the skeleton of a new area NAME=domains.visits, and add it to settings and contract
	$(BIN)/python scripts/area.py "$(NAME)"

docs: setup ## draw the documents that are drawn from code
	$(BIN)/python scripts/docs.py

bench: setup ## measure, print a table, write build/bench.json
	$(BIN)/python -m bench

soak: setup ## run under load and faults for a bounded time, then ask the whole route matrix (some 40 minutes)
	$(BIN)/python -m bench.soak
	$(BIN)/python -m tests.walls.matrix

shots: setup ## take pictures of every page into build/shots
	$(BIN)/python scripts/shots.py

clean: ## remove what can be made again (never var/, which holds data)
	rm -rf build node_modules .venv .mypy_cache .ruff_cache .pytest_cache

# The first Python that really runs and is new enough; a name on the PATH may be a shim with nothing behind it.
$(STAMPS)/venv:
	@for python in "$(PYTHON)" python3.14 python3.13 python3.12 python3 "$$HOME"/.pyenv/versions/*/bin/python3; do \
	  if [ -n "$$python" ] && "$$python" -c 'import sys, venv, ensurepip; sys.exit(not (3, 12) <= sys.version_info < (3, 15))' \
	    2>/dev/null; then \
	    echo "Python: $$python"; "$$python" -m venv .venv && mkdir -p $(STAMPS) && touch $@; exit; \
	  fi; \
	done; echo "需要 Python 3.12 至 3.14（含 venv）。请安装后重试，或用 make PYTHON=/路径/python3 指明。" >&2; exit 1

$(STAMPS)/python: $(STAMPS)/venv requirements/build.txt requirements/dev.txt pyproject.toml
	@$(BIN)/uv --version >/dev/null 2>&1 || $(BIN)/python -m pip install -q --require-hashes -r requirements/build.txt
	@$(BIN)/uv pip sync -q --python $(BIN)/python --require-hashes requirements/build.txt requirements/dev.txt
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

$(STAMPS)/front: package-lock.json .npmrc scripts/vendor.py jiceng/ui/vendor.sha256 $(STAMPS)/python
	@npm ci --ignore-scripts --loglevel=error
	@$(BIN)/python scripts/vendor.py
	@touch $@

var/$(PLACE)/static/staticfiles.json: $(STAMPS)/front var/jiceng.env $(shell find jiceng -path '*/static/*' -type f 2>/dev/null)
	@JICENG_DATA_DIR=var/$(PLACE) $(BIN)/jiceng collectstatic --no-input --clear --verbosity 0
	@touch $@

var/jiceng.env: | $(STAMPS)/venv
	@$(BIN)/python scripts/secrets_file.py $@

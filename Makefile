# Everything a person types. `make help` prints the lines marked ##. ARGS="…" is handed on to the program behind a target.
# Set-up is not a target anybody has to know: what needs it does it, once, and speaks on stderr alone.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
PREFIX ?= /opt/zhishou
INSTALL_PYTHON ?= $(PYTHON)
ARGS ?=
SEEDS ?= 5
UV := uv==0.13.9
# Errors are shown; that pip runs as root, or that there is a newer pip, is nobody's concern here.
PIP := -m pip install -qq
export PIP_ROOT_USER_ACTION := ignore
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Files of tests are shared out, the longest first; one asked for by name is not worth two processes. ARGS="-n 0" overrules that.
# Hundreds of processes are started: what they import is compiled once.
WORKERS = $(if $(findstring .py,$(ARGS)),0,auto)
PYTEST = env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest --dist loadfile --no-loadscope-reorder -n $(WORKERS)

BIN := .venv/bin
# The stamp carries what set-up depends on, so that it is done again when that changes, and only then.
STAMP := .venv/.ready-$(shell { cat requirements.lock pyproject.toml; $(PYTHON) --version; } 2>/dev/null | sha256sum | cut -c1-16)
# The lock has two parts under these headings: a server needs the first alone.
RUN_PART := \# to run
DEV_PART := \# to develop and test

.PHONY: help demo test quick check accuracy fuzz bench bench-peers bench-growth bench-scale drill wheel install lock clean

help: ## print this
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(STAMP) ## a rehearsed city with faults, watched by the real daemon, and its alerts (ARGS="--for 180 --json")
	@$(BIN)/zhishou demo $(ARGS)

test: $(STAMP) ## every test, on all cores (ARGS="tests/read -k date" picks some, ARGS="-n 0" takes one process)
	@$(PYTEST) $(ARGS)

quick: $(STAMP) ## the tests that take seconds
	@$(PYTEST) -m "not slow and not crash and not browser and not root" $(ARGS)

check: $(STAMP) ## lint, format, types, shape of the tree, truth of the documents
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy monitor checks tests
	@$(PYTEST) -n 0 tests/test_shape.py tests/test_docs.py

accuracy: $(STAMP) ## what reading gets right on the labelled pages, every miss, a report to look at (ARGS="FOLDER --html FILE")
	@$(BIN)/python -m tests.accuracy.measure $(ARGS)

fuzz: $(STAMP) ## the reader against inputs that grow by coverage; 20,000 of them (ARGS="-max_total_time=3600 -seed=7")
	@$(BIN)/python -m tests.fuzz.run $(ARGS)

bench: $(STAMP) ## visits per core-second, beside a bare fetch loop
	@for bench in tests/bench/bench_*.py; do echo "$$bench"; $(BIN)/python "$$bench" $(ARGS); done

bench-peers: $(STAMP) ## beside lychee and blackbox_exporter, fetched once into .venv/peers (ARGS=5: so many repetitions)
	@$(BIN)/python tests/bench/peers/compare.py $(ARGS)

bench-growth: $(STAMP) ## a prefecture's store over 14 virtual days, and what that makes in a year; 1 h (ARGS="--scale 0.1")
	@$(BIN)/python -m tests.bench.growth $(ARGS)

bench-scale: $(STAMP) ## the whole country on loopback: load, lateness, memory, growth; 1.5 h (ARGS="--hold 60 --scale 0.01")
	@$(BIN)/python -m tests.bench.scale.measure $(ARGS)

drill: $(STAMP) ## every shipped scenario at full length for random seeds (SEEDS=5 each), then five hundred real kills
	@$(BIN)/python tests/drill.py $(SEEDS)
	@ZHISHOU_KILLS=500 $(BIN)/python -m pytest -o timeout=3600 tests/test_crash.py $(ARGS)

wheel: $(STAMP) ## dist/zhishou-VERSION-py3-none-any.whl
	@$(BIN)/python -m build --wheel --no-isolation --outdir dist . >&2

install: wheel ## a server's own environment in PREFIX (default /opt/zhishou): pinned packages and the wheel
	@$(INSTALL_PYTHON) -m venv --clear "$(PREFIX)"
	@sed '/^$(DEV_PART)/,$$d' requirements.lock >dist/requirements.txt
	@"$(PREFIX)/bin/python" $(PIP) --require-hashes --only-binary :all: -r dist/requirements.txt >&2
	@"$(PREFIX)/bin/python" $(PIP) --no-deps --no-index dist/zhishou-*.whl >&2
	@"$(PREFIX)/bin/zhishou" --help >/dev/null && echo "installed: $(PREFIX)/bin/zhishou" >&2

lock: ## requirements.lock anew, keeping the pins that still fit (ARGS=--upgrade raises them)
	@work=$$(mktemp -d) && trap 'rm -rf "$$work"' EXIT && $(PYTHON) -m venv "$$work/uv" && "$$work/uv/bin/python" $(PIP) "$(UV)" && \
	cp requirements.lock "$$work/run.txt" && cp requirements.lock "$$work/all.txt" && \
	compile() { "$$work/uv/bin/uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --no-header --no-annotate "$$@" pyproject.toml; } && \
	compile $(ARGS) -o "$$work/run.txt" >/dev/null && compile --extra dev -c "$$work/run.txt" $(ARGS) -o "$$work/all.txt" >/dev/null && \
	{ echo "# Written by \`make lock\`: every package at one version with its hashes, for Python 3.11 and later."; \
	  echo; echo "$(RUN_PART)"; cat "$$work/run.txt"; echo; echo "$(DEV_PART)"; \
	  awk 'FNR == NR { if (/^[a-z0-9]/) { sub(/==.*/, ""); run[$$0] } next } /^[a-z0-9]/ { name = $$0; sub(/==.*/, "", name); mine = !(name in run) } mine' \
	    "$$work/run.txt" "$$work/all.txt"; } >"$$work/lock" && cp "$$work/lock" requirements.lock

clean: ## what make made, .venv too
	@rm -rf .venv dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(STAMP): | requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "zhishou needs Python 3.11 or later as $(PYTHON) (found: $$($(PYTHON) --version 2>&1 || true)). Another one: make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) has no venv: apt-get install python3-venv" >&2; exit 1; }
	@echo "setting up .venv (once; about a minute) …" >&2
	@$(PYTHON) -c 'import subprocess, sys; raise SystemExit(subprocess.call([".venv/bin/python", "--version"]) != 0)' >/dev/null 2>&1 || rm -rf .venv
	@$(PYTHON) -m venv .venv >&2
	@sed '/^$(DEV_PART)/,$$d' requirements.lock >.venv/run.txt
	@$(BIN)/python $(PIP) --require-hashes --only-binary :all: -r .venv/run.txt >&2
	@PIP_BUILD_CONSTRAINT=requirements.lock $(BIN)/python $(PIP) --require-hashes -r requirements.lock >&2
	@$(BIN)/python $(PIP) --no-build-isolation --no-deps --editable . >&2
	@rm -f .venv/.ready-* && touch $@

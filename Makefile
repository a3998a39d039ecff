# `make help` lists the commands. Needs Python 3.11 or newer and make, nothing else.
PYTHON ?= python3
BIN := .venv/bin
# tests at once: also on two processors three, since many wait for processes that were killed
AT_ONCE ?= $(shell n=$$(nproc 2>/dev/null || echo 2); [ $$n -gt 3 ] && echo 4 || echo 3)
.DEFAULT_GOAL := help

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

up: .venv/installed ## install and start everything; Ctrl-C stops it
	@$(BIN)/outreach up

demo: .venv/installed ## the same with a practice library, telling what happens
	@$(BIN)/outreach demo

test: .venv/developed chromium firefox pds ## the whole suite: SQLite, PostgreSQL, Redis, a real browser, real networks
	$(BIN)/python -m pytest -n $(AT_ONCE) --dist loadfile --no-loadscope-reorder

lint: .venv/developed ## ruff, the direction of imports, templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-logo
	$(BIN)/djlint templates --lint --quiet

types: .venv/developed ## mypy, strict for the domain
	$(BIN)/mypy

words: .venv/developed ## what the code says now -> the catalogs, keeping their translations
	$(BIN)/python -m tests.catalog

bench: .venv/developed pds ## our figures beside the raw limits, measured in the same run
	$(BIN)/python -m tests.bench

soak: .venv/developed pds ## ten minutes in which everything breaks at random: nothing twice, nothing lost
	$(BIN)/python -m tests.soak

pictures: .venv/developed chromium ## docs/*.png of today's pages, for the README
	$(BIN)/python -m tests.pictures

lock: .venv/developed ## renew both lock files
	$(BIN)/uv pip compile -q -U --universal --generate-hashes --no-header --python-version 3.11 --extra build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q -U --universal --generate-hashes --no-header --python-version 3.11 --extra build --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock

wheel: .venv/developed ## dist/*.whl, to install with pip
	$(BIN)/python -m hatchling build -t wheel

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Outreach needs Python 3.11 or newer. Say which: make up PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "On Debian and Ubuntu: sudo apt install python3-venv"; rm -rf .venv; exit 1; }

.venv/installed: requirements.lock pyproject.toml | .venv/bin/python
	@echo "Installing (once; about a minute) …"
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/developed: requirements-dev.lock .venv/installed
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

chromium:
	@for name in chromium chromium-browser google-chrome; do command -v $$name >/dev/null && exit 0; done; \
	ls "$$HOME"/.cache/ms-playwright/chromium-*/ >/dev/null 2>&1 && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then apt-get update -qq && apt-get install -y -qq chromium >/dev/null; \
	else echo "The browser tests need Chromium: sudo apt install chromium, or $(BIN)/playwright install chromium"; exit 1; fi

firefox:
	@for name in firefox-esr firefox; do command -v $$name >/dev/null && exit 0; done; \
	{ [ "$$(id -u)" = 0 ] && command -v apt-get && apt-get update -qq && apt-get install -y -qq firefox-esr; } >/dev/null 2>&1 || \
	echo "Without Firefox its test is left out: sudo apt install firefox-esr"

# Bluesky's own server, from npm (230 MB), for the tests of that network
pds:
	@test -d tests/pds/node_modules/@atproto/pds || \
	if command -v npm >/dev/null && [ "$$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ]; then \
	echo "Installing Bluesky's server (once; about a minute) …"; cd tests/pds && npm install --no-package-lock --no-audit --no-fund --loglevel=error >/dev/null; \
	else echo "Without Node 20 the tests against Bluesky's own server are left out: https://nodejs.org"; fi

.PHONY: help up demo test lint types words bench soak pictures lock wheel chromium firefox pds

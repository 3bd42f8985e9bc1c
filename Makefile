# The commands of the house. On a bare Debian 12: apt-get install -y python3-venv make
#
#   make demo    set everything up and serve a demo business      make check   format, lint, types, architecture
#   make test    set everything up and run every test             make bench   figures, one JSON object per line
#   make nightly long profiles and the removal of every guard

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
BIN := .venv/bin

.PHONY: help demo test check bench nightly setup setup-demo lock format changelog clean

help:
	@sed -n '3,5s/^#//p' Makefile

demo: setup-demo
	$(BIN)/python manage.py demo --serve

test: setup
	$(BIN)/python -m core.testing.run

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m pytest -q tests/architecture

bench: setup
	@$(BIN)/python -m tests.bench

nightly: setup
	$(BIN)/python -m core.testing.run nightly
	$(BIN)/python -m tests.guards

# Installs only when the lock is not the one installed last.
setup:
	@config/install requirements-dev.lock

setup-demo:
	@config/install requirements.lock

lock: setup
	$(BIN)/uv pip compile pyproject.toml --generate-hashes --universal -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --extra dev --generate-hashes --universal \
		-c requirements.lock -o requirements-dev.lock

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

changelog: setup
	$(BIN)/python config/changelog.py

# Leaves var/, where a demo business keeps its data.
clean:
	rm -rf build .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +

# Essaimage. `make help` lists what there is.
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
export PYTHONWARNINGS ?= ignore::RuntimeWarning

.PHONY: help run test check bench bench-network lock messages screenshots
.DEFAULT_GOAL := help

help: ## this list
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /  make \1	/'

.venv/ready: lock/everything.txt
	@echo "· environment (first time: a minute or two)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r lock/everything.txt
	@touch $@

.venv/translations: .venv/ready $(wildcard app/translations/*/LC_MESSAGES/*.po)
	@$(BIN)/pybabel --quiet compile --directory app/translations 2> /dev/null
	@touch $@

run: .venv/ready .venv/translations ## the whole program with its demonstration, at http://127.0.0.1:8000
	@exec $(BIN)/python -m app.demo.serve

test: .venv/ready .venv/translations ## every test, browser included
	@$(BIN)/python -m tests.chromium
	@$(BIN)/python -m pytest $(TESTS)

check: .venv/ready .venv/translations ## format, lint, types, import contracts, translations, migrations
	@$(BIN)/ruff format --check . && $(BIN)/ruff check .
	@$(BIN)/mypy
	@PYTHONPATH=. $(BIN)/lint-imports
	@$(BIN)/python -m tests.migrations_check

bench: .venv/ready .venv/translations ## speed and growth, as ratios
	@$(BIN)/python -m bench

bench-network: .venv/ready .venv/translations ## the same of a network of 35,000 collectives (half an hour, 20 GB of disk)
	@$(BIN)/python -m bench.network

messages: .venv/ready ## collect the messages to translate
	@mkdir -p var
	@PYTHONPATH=. $(BIN)/pybabel --quiet extract --mapping-file app/translations/babel.cfg --no-location --sort-output --omit-header --ignore-dirs ".*" --keywords "_l" --output var/messages.pot .
	@$(BIN)/pybabel --quiet update --ignore-obsolete --no-fuzzy-matching --ignore-pot-creation-date --locale en --input-file var/messages.pot --output-dir app/translations

lock: ## lock the dependencies anew, with hashes and without index addresses
	@$(BIN)/uv pip compile pyproject.toml --extra demo --extra dev --generate-hashes --no-emit-index-url --universal --python-version 3.11 --no-header --no-annotate --upgrade --quiet -o lock/everything.txt
	@$(BIN)/uv pip compile pyproject.toml --generate-hashes --no-emit-index-url --universal --python-version 3.11 --no-header --no-annotate -c lock/everything.txt --quiet -o lock/production.txt

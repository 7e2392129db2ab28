# `make help` lists what can be made. HOST, PORT and WORKERS are honoured by `make run`.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
# The environment's own Node and Bun come before the machine's.
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

# Most tests wait for a browser or a server: three at a time keep two processors busy.
JOBS ?= 3
# Thousands of databases are made: in memory, where there is room for them, this takes a tenth of the time.
SCRATCH := $(shell [ "$$(df --output=avail /dev/shm 2>/dev/null | tail -n 1)" -gt 4000000 ] 2>/dev/null && echo /dev/shm)
PREVIEW_NOW := 2024-02-12T09:00:00+05:00
RUN_STAMP := $(VENV)/.installed
DEV_STAMP := $(VENV)/.installed-dev
PIP_COMPILE := pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-options \
	--no-strip-extras --allow-unsafe --build-deps-for editable --extra postgres

.PHONY: help run test lint bench soak pictures lock browsers clean

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(RUN_STAMP) ## Build and serve the app on the morning of 12 February 2024 (HOST, PORT, WORKERS)
	@copapp build
	@COPAPP_NOW="$${COPAPP_NOW-$(PREVIEW_NOW)}" copapp seed
	@COPAPP_NOW="$${COPAPP_NOW-$(PREVIEW_NOW)}" exec copapp serve

# One shuffled order for everybody: what fails for one fails for all.
test: $(DEV_STAMP) browsers ## Run every test, browser journeys included (ARGS="-k map" picks)
	@copapp build
	@TMPDIR=$${TMPDIR:-$(SCRATCH)} python -m pytest --numprocesses=$(JOBS) --dist=loadfile --no-loadscope-reorder --randomly-seed=14 $(ARGS)

lint: $(DEV_STAMP) ## Check style, types and which room imports which
	@ruff check
	@ruff format --check
	@mypy
	@lint-imports

bench: $(DEV_STAMP) ## Measure bytes, times to the first event and requests a second
	@copapp build
	@python -m tests.bench

soak: $(DEV_STAMP) ## Load, race, kill and flood it for hours (ARGS="--only kills" picks)
	@copapp build
	@python -m tests.soak $(ARGS)

pictures: $(DEV_STAMP) ## Draw the icons and take the screenshots again
	@python -m tests.pictures

lock: $(DEV_STAMP) ## Pin the newest allowed dependencies, with hashes
	@$(PIP_COMPILE) --upgrade --output-file requirements.lock pyproject.toml
	@$(PIP_COMPILE) --extra dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml

browsers: $(DEV_STAMP)
	@python -m tests.browser

clean: ## Remove what was built and installed; the data in var/ stays
	rm -rf $(VENV) .web .cache .states build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache *.egg-info

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Python 3.11 or newer with venv is needed (Debian: apt-get install python3 python3-venv)."; \
		echo "Another one is named like this: make run PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(RUN_STAMP): requirements.lock pyproject.toml | $(VENV)/bin/python
	@if [ ! -e $(DEV_STAMP) ] || [ requirements.lock -nt $(DEV_STAMP) ]; then \
		echo "Installing what the app needs"; \
		python -m pip install --quiet --require-hashes -r requirements.lock; fi
	@python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(DEV_STAMP): requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing what the app and its tests need"
	@python -m pip install --quiet --require-hashes -r requirements-dev.lock
	@python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@ $(RUN_STAMP)

# make train   builds and installs the project into .venv, trains the lectures' MLP and prints names
# make test    ... and runs all tests
# Needs python3 (3.11+, with venv and headers), g++ and make; nothing is activated, nothing outside this folder changes.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
SOURCES := pyproject.toml CMakeLists.txt $(shell find csrc tinytensor -type f -not -name '*.pyc' -not -name '*.so')

.PHONY: train test bench lint develop clean

train: .venv/installed
	$(BIN)/makemore train

test: .venv/installed .venv/tools
	$(BIN)/pytest

bench: .venv/installed
	$(BIN)/python bench/run.py

lint: .venv/tools .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	find csrc -name '*.h' -o -name '*.cpp' | xargs $(BIN)/clang-format --dry-run -Werror

# For work on the project: `import tinytensor` takes the sources as they stand and rebuilds what changed.
develop: .venv/builders .venv/tools
	$(PIP) --no-build-isolation --editable '.[makemore]'
	touch .venv/editable .venv/installed

clean:
	rm -rf .venv build dist

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "tinytensor needs Python 3.11 or newer; name one with make PYTHON=...")'
	@$(PYTHON) -c 'import os, sys, sysconfig as s; h = s.get_path("include") + "/Python.h"; sys.exit(not os.path.exists(h) and "building tinytensor needs Python.h (Debian: apt install python3-dev)")'
	$(PYTHON) -m venv .venv

# What pip would otherwise fetch for every single build; kept, so that a build can go on from the last one.
.venv/builders: .venv/bin/python pyproject.toml
	$(PIP) cmake ninja $$($(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["build-system"]["requires"])')
	@touch $@

# An editable install is never out of date.
.venv/installed: .venv/builders $(SOURCES)
	@test -e .venv/editable || echo 'building tinytensor: some minutes the first time, seconds when little has changed'
	test -e .venv/editable || $(PIP) --no-build-isolation '.[makemore]'
	@touch $@

.venv/tools: .venv/bin/python pyproject.toml
	$(PIP) $$($(BIN)/python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["dev"])')
	@touch $@

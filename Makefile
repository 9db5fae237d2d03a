# Everything runs from .venv, which `setup` makes and keeps current; nothing else has to be installed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/installed
ARGS ?=
# Compiled modules are kept, whatever the caller says: without them each of our processes compiles the project anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup run serve test soak bench sizes lint fmt requirements

help:  ## say what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*##/\t/' | expand -t 16

setup: $(STAMP)  ## .venv and the pinned packages; quick when nothing changed

$(STAMP): requirements/dev.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Box Office needs Python 3.11 or newer, and '$(PYTHON)' is not: run make PYTHON=python3.12 (or newer)." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python's venv module is missing: install it (Debian: apt-get install python3-venv) and run make again." >&2; exit 1; }
	@echo "Installing the pinned packages into $(VENV) (a minute or two, once) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip --disable-pip-version-check install --quiet --only-binary :all: --require-hashes -r requirements/dev.txt > $(VENV)/install.log 2>&1 || \
	  { echo "Installing failed: $(VENV)/install.log says why; check the network (or the package index) and run make again." >&2; exit 1; }
	@touch $@

run: setup  ## everything on this machine: MongoDB, Valkey, demo data, web and sockets on PORT, worker, beat
	@exec $(BIN)/python -m config.launcher run

serve: setup  ## the production processes, against MONGODB_URI and REDIS_URL
	@exec $(BIN)/python -m config.launcher serve

test: setup  ## the whole suite on its own MongoDB and Valkey; ARGS go to pytest
	@exec $(BIN)/python -m pytest $(ARGS)

soak: setup  ## the long scenarios: everything at once, many customers, lost connections, requests of every kind
	$(BIN)/python -m config.launcher with-servers -- $(BIN)/python -m tests.support.soak --operations $(or $(OPERATIONS),10000) --processes 4
	CROWD=$(or $(CROWD),5000) $(BIN)/python -m pytest -n 0 tests/realtime/test_many_customers.py
	BOOKINGS=$(or $(BOOKINGS),2000) BREAKS=$(or $(BREAKS),50) $(BIN)/python -m pytest -n 0 tests/realtime/sockets/test_lost_connections.py
	EXAMPLES=$(or $(EXAMPLES),300) $(BIN)/python -m pytest -n 2 tests/config/api/test_schemathesis.py

bench: setup  ## figures and admin pages with a full database, the live feed with a thousand clients; some minutes
	@$(BIN)/python -m config.launcher with-servers -- $(BIN)/python -m bench.figures $(ARGS)
	@$(BIN)/python -m config.launcher with-servers -- $(BIN)/python -m bench.admin $(ARGS)
	@$(BIN)/python -m config.launcher with-servers -- $(BIN)/python -m bench.live $(ARGS)

sizes: setup  ## how long functions and files are, beside their limits
	@$(BIN)/python -m tests.support.code_sizes

lint: setup  ## style, types, imports, migrations, deployment checks, OpenAPI
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -m tests.support.code_sizes
	$(BIN)/python -m config.launcher with-servers -- sh -ec '\
	  $(BIN)/mypy . ; \
	  $(BIN)/python manage.py makemigrations --check --dry-run ; \
	  $(BIN)/python manage.py check --deploy --database default --fail-level WARNING ; \
	  $(BIN)/python manage.py spectacular --fail-on-warn --validate --file /dev/null ; \
	  $(BIN)/python manage.py asyncapi > /dev/null'

fmt: setup  ## format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

requirements:  ## compile requirements/*.in into *.txt with hashes
	@$(PYTHON) -m venv $(VENV)-compile && $(VENV)-compile/bin/pip install --quiet uv
	for name in base dev; do $(VENV)-compile/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command "make requirements" requirements/$$name.in -o requirements/$$name.txt; done
	@rm -rf $(VENV)-compile

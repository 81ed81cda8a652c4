# `make learn` opens the tutor, `make test` runs every test, `make check` is the whole gate.
# Another Python: `make learn PYTHON=python3.12`. Another folder for what is installed: `make test VENV=.venv-3.12`.

PYTHON ?= python3
VENV ?= .venv
RUN := $(VENV)/bin/python

.DEFAULT_GOAL := help
.PHONY: help learn test test-long check bench lock sbom tools editor python runtime dev

help:
	@echo "make learn   install Closeread into $(VENV) and open the first lesson"
	@echo "make test    install what the tests need and run them all"
	@echo "make test-long  run the tests that try more of the same than there is time for otherwise"
	@echo "make check   format, lint, types, import contracts and tests: the whole gate"
	@echo "make bench   measure speed and judging"
	@echo "make editor  install the editors' language server into .editor, for the test that drives it (needs npm)"
	@echo "make lock    write requirements.txt, requirements-dev.txt and sbom.cdx.json anew from pyproject.toml"
	@echo "make sbom    write the last of these anew: the libraries that come with Closeread, and their licences"

learn: runtime
	@$(RUN) -m tutor learn lavrov-syria

test: dev
	$(RUN) -m pytest --numprocesses auto --dist worksteal

# What `make test` runs with fewer, in full: a thousand kills, five hundred turns, thousands of attempts. Half an hour.
test-long: dev
	$(RUN) -m pytest --numprocesses auto --dist worksteal -m long

check: dev
	$(RUN) -m ruff format --check .
	$(RUN) -m ruff check .
	$(RUN) -m mypy
	$(RUN) -c 'from importlinter.cli import lint_imports_command as lint; lint()' --no-logo
	$(MAKE) --no-print-directory test

bench: dev
	$(RUN) -m tests.bench

editor:
	npm install --prefix .editor --no-save --ignore-scripts --no-audit --no-fund yaml-language-server@2.0.0

# A virtual environment whose Python has gone or has become too old is made anew.
python:
	@$(RUN) -c 'import pip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	echo "Closeread needs Python 3.11 or newer, but '$(PYTHON)' is missing or older."; \
	echo "Install one from python.org or your system's packages, then name it: make learn PYTHON=python3.12"; \
	exit 1; }; \
	$(PYTHON) -m venv --clear $(VENV); }

# What is installed is remembered as a copy of its lock file: it goes stale by content, not by date.
runtime: python
	@cmp -s requirements.txt $(VENV)/installed.txt || { \
	echo "Installing Closeread's libraries into $(VENV), once; this takes a minute or less ..."; \
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt && \
	cp requirements.txt $(VENV)/installed.txt; }

dev: python
	@cmp -s requirements-dev.txt $(VENV)/installed-dev.txt || { \
	echo "Installing what the tests need into $(VENV), once; this takes a minute or less ..."; \
	$(RUN) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt && \
	cp requirements.txt $(VENV)/installed.txt && cp requirements-dev.txt $(VENV)/installed-dev.txt; }

# The tools that write the lock and the bill of materials, in an environment of their own.
TOOLS := uv==0.13.9 cyclonedx-bom==7.5.0
TOOL := .venv-lock/bin
tools:
	@test "$$(cat .venv-lock/tools.txt 2>/dev/null)" = "$(TOOLS)" || { \
	$(PYTHON) -m venv --clear .venv-lock && $(TOOL)/python -m pip install --quiet $(TOOLS) && \
	echo "$(TOOLS)" > .venv-lock/tools.txt; }

# Versions already in the files are kept as long as they fit; delete both files first to take the newest.
UV_COMPILE := $(TOOL)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-header
lock: tools
	$(UV_COMPILE) --output-file requirements.txt
	$(UV_COMPILE) --group dev --constraints requirements.txt --output-file requirements-dev.txt
	$(MAKE) --no-print-directory sbom

# The bill of materials is drawn up from an environment that holds the runtime lock and nothing else: only what is
# installed tells its licence and who needs whom. Everything is laid there, also what only another system needs (its
# condition is cut off). Drawn up from requirements.txt instead, it would have that file's hashes again, and addresses
# of a registry, and no licence. The hashes stay in requirements.txt; the gate holds both files to the same versions.
sbom: tools
	$(PYTHON) -m venv --clear --without-pip .venv-lock/runtime
	sed 's/ ;.*/ \\/' requirements.txt > .venv-lock/runtime.txt
	$(TOOL)/python -m pip --python .venv-lock/runtime install --quiet --no-deps --require-hashes -r .venv-lock/runtime.txt
	$(TOOL)/cyclonedx-py environment --output-reproducible --spec-version 1.6 --short-PURLs --pyproject pyproject.toml \
	  --output-file .venv-lock/seen.json .venv-lock/runtime
	$(TOOL)/python .ci/sbom.py .venv-lock/seen.json sbom.cdx.json

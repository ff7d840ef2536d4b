# Laluan. `make` alone lists what there is. GNU make; the work of setting up is in tools/setup.py.

.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory
.PHONY: help setup demo test check fmt lock clean

BIN := .venv/bin

# The first Python that is new enough; `python3` may be an old one, or a pyenv shim that answers nothing.
define find-python
	for candidate in "$$PYTHON" python3 python3.13 python3.12 python3.11 python3.14; do \
		[ -n "$$candidate" ] && "$$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
			&& exec "$$candidate" tools/setup.py $(1); \
	done; \
	echo "Laluan needs Python 3.11 or later, and none was found; install one, or name it: make PYTHON=/path/to/python3" >&2; \
	exit 1
endef

help: ## Show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

setup: ## Do all the set-up: .venv, Python packages, browser files; again only what changed
	@$(call find-python)

demo: setup ## Plan the demo company's day and serve it (HOST, PORT and DATA_DIR may be set)
	@trap : INT; $(BIN)/laluan demo || { status=$$?; [ $$status -eq 130 ] || exit $$status; }

test: ## Run every test, Chromium included (TESTS=path chooses, JOBS=2 sets how many at once)
	@$(call find-python,--chromium)
	@$(BIN)/python -m pytest -q -n $(or $(JOBS),auto) --maxprocesses=$(or $(JOBS),4) --max-worker-restart=0 $(TESTS)

check: setup ## The gate: format, lint, types, floors, then the tests
	@$(BIN)/ruff format --check . || { echo "Not formatted: run make fmt." >&2; exit 1; }
	@$(BIN)/ruff check --quiet .
	@$(BIN)/python -m mypy
	@$(BIN)/lint-imports --no-logo
	@$(MAKE) test

fmt: setup ## Format the code and mend what the linter can mend
	@$(BIN)/ruff check --fix --quiet . || true
	@$(BIN)/ruff format .

# Releases of the last week are left to others to try. The locks name no host, and hold for every Python from 3.11.
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--exclude-newer "7 days" $(if $(UPGRADE),--upgrade)

lock: setup ## Make the locks again from pyproject.toml and package.json (UPGRADE=1 takes newer releases)
	@$(COMPILE) pyproject.toml --extra postgres --group dev -o requirements/dev.txt
	@$(COMPILE) pyproject.toml --extra postgres -c requirements/dev.txt -o requirements/run.txt
	@$(COMPILE) --group bench -c requirements/dev.txt -o requirements/bench.txt
	@$(COMPILE) --group node -o requirements/node.txt
	@PATH="$$PATH:$(CURDIR)/$(BIN)" npm install --package-lock-only --ignore-scripts --no-fund --no-audit --loglevel=error

clean: ## Remove what setup, tests and builds made; data stays
	@rm -rf .venv node_modules web/static/vendor tests/browser/vendor build dist test-results
	@rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

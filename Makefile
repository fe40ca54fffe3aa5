# Everything a person does with a checkout. Plain `make` lists it.
.DEFAULT_GOAL := help
.SUFFIXES:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
BIN := .venv/bin
UV := $(BIN)/uv pip
# The machine's npm where its node is new enough for Tailwind (20), else one that pip brings.
NPM := $(shell node -e 'process.exit(process.versions.node.split(".")[0] >= 20 ? 0 : 1)' 2>/dev/null && command -v npm)

.PHONY: help run test soak check bench assets screenshots format lock migration clean

help: ## List the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

run: .venv/.run assets ## Start the shop with its demo and a payment sandbox; Ctrl-C stops it
	@exec $(BIN)/storefront run

test: .venv/.dev assets ## Run every test, on SQLite and PostgreSQL and in a browser
	@$(BIN)/python -m tests.browsers
	@$(BIN)/python -m pytest -n 2 $(ARGS)

soak: .venv/.dev assets ## Buy at length while things break and are killed, then play 50,000 steps of the market; SEED=, PURCHASES=, STEPS=
	@$(BIN)/python -m tests.faults.soak
	@$(BIN)/python -W ignore -m tests.ledger.soak

check: .venv/.dev assets ## Lint, types, imports, templates, dependencies
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy storefront migrations assets tests wsgi.py
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --lint storefront/templates storefront/sandbox/templates
	$(BIN)/python assets/check_htmx.py
	$(BIN)/deptry .

bench: .venv/.dev assets ## Time pages and purchases beside a bare page and transaction: make bench ARGS="1000 20000"
	@$(BIN)/python -W ignore -m tests.benchmarks $(ARGS)

assets: .venv/.run node_modules/.installed ## Build stylesheet, scripts, font and icons
	@$(BIN)/python assets/build.py

screenshots: .venv/.dev assets ## Take a picture of every page, in three forms, into docs/screenshots/
	@$(BIN)/python -m tests.browsers
	@$(BIN)/python -m tests.screenshots

format: .venv/.dev ## Lay out code the one way
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

LOCK := compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url
lock: .venv/.uv ## Write the locked requirements anew from pyproject.toml
	$(UV) $(LOCK) pyproject.toml --group build -o requirements/run.txt
	$(UV) $(LOCK) pyproject.toml --group build --group dev -c requirements/run.txt -o requirements/dev.txt
	$(UV) $(LOCK) --group node -o requirements/node.txt
	$(UV) $(LOCK) --group uv -o requirements/uv.txt

migration: .venv/.dev ## Write a migration for changed models: make migration NAME="what it does"
	$(BIN)/storefront db migration "$(NAME)"

clean: ## Remove what was built and installed; var/ with your data stays
	rm -rf .venv node_modules storefront/static/dist

.venv/.uv: requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Storefront needs Python 3.11 or newer. Say which: make PYTHON=python3.12 run"; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Python could not make a virtual environment. On Debian: apt install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

.venv/.run: .venv/.uv requirements/run.txt pyproject.toml
	@$(UV) install --quiet --require-hashes -r requirements/run.txt
	@$(UV) install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: .venv/.run requirements/dev.txt
	@$(UV) install --quiet --require-hashes -r requirements/dev.txt
	@touch $@

node_modules/.installed: package-lock.json .npmrc | .venv/.run
ifeq ($(NPM),)
	@$(UV) install --quiet --require-hashes -r requirements/node.txt
	@PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
else
	@npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
endif
	@touch $@

# Everything starts here: `make run` and `make test` do all set-up on a machine with only Python >= 3.11, make and git.

.DEFAULT_GOAL := help
.PHONY: help setup run chat test test-all lint format docs pictures bench lock clean

# The first Python that is new enough; `make PYTHON=/somewhere/python3.12 run` overrides it. A name that is on PATH may
# still not run (pyenv's shims), so each candidate is asked rather than looked up.
OLD_ENOUGH = import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c '$(OLD_ENOUGH)' 2>/dev/null && echo $$python && break; done)

VENV := .venv
IN_VENV := $(VENV)/bin/python
# How many tests run at once: `make test JOBS=2`. More than the cores: for a third of the time they wait.
JOBS ?= 3

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: $(VENV)/.dev browser ## install everything that running, testing and linting need

run: $(VENV)/.runtime ## start it all as a demo on http://127.0.0.1:8000 (PORT=8123 make run)
	@INTAKE_DEMO="$${INTAKE_DEMO:-1}" exec $(IN_VENV) -m intake run

chat: $(VENV)/.runtime ## play the conversation in the terminal
	@INTAKE_DEMO="$${INTAKE_DEMO:-1}" exec $(IN_VENV) -m intake chat

test: $(VENV)/.dev browser ## run every test, with real PostgreSQL, SMTP, HTTP and browser
	@$(IN_VENV) -m pytest -n $(JOBS) --dist worksteal

test-all: $(VENV)/.dev browser ## the same tests with ten times the random examples and rounds
	@$(IN_VENV) -m pytest -n $(JOBS) --dist worksteal --effort 10

lint: $(VENV)/.dev ## ruff and mypy --strict
	@$(IN_VENV) -m ruff check .
	@$(IN_VENV) -m mypy

format: $(VENV)/.dev ## let ruff sort imports and fix what it can
	@$(IN_VENV) -m ruff check --fix .

docs: $(VENV)/.dev ## write the pages that are made from the code, and prove what is shipped
	@$(IN_VENV) -m intake.authoring.catalog.format_page > docs/programme-format.md
	@$(IN_VENV) -m intake.authoring.proof.findings_page > docs/findings.md
	@$(IN_VENV) -m intake.referrals.moves_page > docs/referral-life.md
	@for stamp in intake/programmes/*/proven.toml; do $(IN_VENV) -m intake publish $${stamp%/*} --stamp || exit 2; done

pictures: $(VENV)/.dev browser ## take the pictures of README.md from a demo
	@$(IN_VENV) -m tests.pictures

bench: $(VENV)/.dev ## measure side by side and print ratios
	@$(IN_VENV) -m bench

# No address of any package index may end up in the locks (tests/test_tree.py looks), hence no uv.lock.
LOCK = uv pip compile --generate-hashes --no-emit-index-url --no-annotate --universal --python-version 3.11 \
	--quiet --upgrade --custom-compile-command "make lock"
lock: ## choose the newest versions and lock them with hashes (needs uv)
	@$(LOCK) requirements.in -o requirements.lock
	@$(LOCK) requirements-dev.in -o requirements-dev.lock -c requirements.lock

clean: ## remove what can be made again (never var/, where the data is)
	@rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- set-up ------------------------------------------------------------------------------------------------------

# Each of these ends in exactly one line that says what to do. With uv neither pip nor ensurepip is needed; Debian keeps
# ensurepip in a package of its own.
$(VENV)/.made:
	$(if $(PYTHON),,$(error Python 3.11 or newer is needed: install it, or say where it is: make PYTHON=/path/to/python3.11))
	$(if $(shell $(PYTHON) -c '$(OLD_ENOUGH)' 2>&1 || echo no),$(error Python 3.11 or newer is needed, $(PYTHON) is not))
	$(if $(UV)$(shell $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null && echo yes),,$(error Python lacks its venv \
		module: apt install python3-venv))
	@$(PYTHON) -m venv $(if $(UV),--without-pip) $(VENV)
	@touch $@

UV = $(shell command -v uv 2>/dev/null)
# Not compiled beforehand, as uv does not either: what is used compiles itself, and most is never used.
INSTALL = $(if $(UV),uv pip install --quiet --python $(IN_VENV),$(IN_VENV) -m pip install --no-compile \
	--quiet --disable-pip-version-check) --require-hashes --no-deps

$(VENV)/.runtime: requirements.lock $(VENV)/.made
	@echo "Installing what the product needs (once)"
	@$(INSTALL) -r requirements.lock
	@touch $@

# The lock for development holds the runtime's too, in the same versions.
$(VENV)/.dev: requirements-dev.lock requirements.lock $(VENV)/.made
	@echo "Installing what tests and lint need (once)"
	@$(INSTALL) -r requirements-dev.lock
	@touch $(VENV)/.runtime $@

.PHONY: browser
browser: $(VENV)/.dev
	@$(IN_VENV) -m tests.browsers

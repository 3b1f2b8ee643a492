# Each target makes its own .venv when there is none: only Python 3.11+ and make are needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# The versions that were tried; `make LOCK=` takes the newest instead.
LOCK := requirements-dev.lock
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile
UV := UV_SYSTEM_CERTS=1 $(BIN)/uv pip install --quiet --python $(BIN)/python

# Tests start hundreds of processes; none of them should compile what another one has compiled.
export PYTHONDONTWRITEBYTECODE :=

# uv takes a tenth of pip's time; pip has its own settings of where packages come from.
install = { [ -x $(BIN)/uv ] && $(UV) $(1); } || $(PIP) $(1)

.DEFAULT_GOAL := help

$(STAMP): pyproject.toml $(LOCK)
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "livestorm-mock needs Python 3.11 or newer; call make PYTHON=python3.11")'
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@$(if $(LOCK),awk '/^uv==/ { of_uv = 1 } of_uv; of_uv && !/\\$$/ { exit }' $(LOCK),echo uv) >$(VENV)/uv.txt
	-$(PIP) --requirement $(VENV)/uv.txt
	$(if $(LOCK),$(call install,--only-binary pycurl --require-hashes --requirement $(LOCK)))
	$(call install,$(if $(LOCK),--no-deps --no-build-isolation )--editable '.[dev]')
	@touch $@

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-17s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: serve
serve: $(STAMP) ## Start the fake on http://127.0.0.1:8787
	$(BIN)/livestorm-mock serve

.PHONY: demo
demo: $(STAMP) ## Run the main job once: connect, call, refresh, be limited, be revoked
	$(BIN)/python examples/demo.py

.PHONY: test
test: $(STAMP) ## Run the tests (ALL=1: also what `make test-long` does, and with each client in each case)
	$(if $(ALL),ALL=1 )$(BIN)/python -m pytest -n 5 --dist worksteal$(if $(ALL),, -m 'not long')

.PHONY: check
check: $(STAMP) ## Lint and type-check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

.PHONY: mutants
mutants: $(STAMP) ## List the changes of the client's code that its tests do not notice (slow)
	$(BIN)/python tests/client/mutants.py $(ONLY)

.PHONY: mutants-contract
mutants-contract: $(STAMP) ## List the changes of the client's code that the contract suite does not notice (slow)
	$(BIN)/python -m tests.contract_tests.mutation $(ONLY)

.PHONY: compat
compat: $(STAMP) ## Run tests under other Pythons, versions, locales, systems (slow; ALL=1, ONLY=text)
	$(BIN)/python -m tests.hardening.compat --keep $(if $(ALL),--all) $(if $(ONLY),--only '$(ONLY)')

.PHONY: lowest
lowest: $(STAMP) ## Run what tells most with the lowest versions that pyproject.toml allows
	$(BIN)/python -m tests.hardening.compat --only "$$($(BIN)/python -c 'import sys; print("Python %d.%d, lowest" % sys.version_info[:2])')"

.PHONY: lock
lock: $(STAMP) ## Take the newest versions of what the development needs into requirements-dev.lock
	$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --extra dev \
	  --generate-hashes --no-header --no-annotate --no-emit-index-url \
	  --output-file requirements-dev.lock pyproject.toml

.PHONY: audit
audit: $(STAMP) ## Ask for known vulnerabilities of the locked versions, where a network is there
	$(BIN)/python -m tests.hardening.audit

.PHONY: fix
fix: $(STAMP) ## Format, and mend what the linter can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

.PHONY: docs
docs: $(STAMP) ## Bring the pages up to date that are made from the code, and build the site
	$(BIN)/python -m tests.pages
	$(BIN)/python -m tests.pages.site

.PHONY: types
types: $(STAMP) ## Make the types of the package for JavaScript from the control API (needs Node)
	$(BIN)/python -m tests.real_clients.node_types

.PHONY: tutorial
tutorial: $(STAMP) ## Play docs/tutorial.md and write what its reports say (needs Node, takes minutes)
	$(BIN)/python -m tests.pages.tutorial

.PHONY: examples
examples: $(STAMP) ## Play the examples and write docs/examples-under-check.md (ONLY=cron or next-naive; needs Node, curl, jq, takes minutes)
	$(BIN)/python -m tests.pages.examples $(ONLY)

.PHONY: dist
dist: $(STAMP) ## Build the wheel and the sdist into dist/
	$(BIN)/python -m build --no-isolation

.PHONY: sbom
sbom: $(STAMP) ## Write dist/sbom.cdx.json: what an installation of the built wheel consists of
	$(BIN)/python -m tests.install.sbom

.PHONY: first
first: $(STAMP) ## Go from a clone to the first green test, in Python and in Node, as the tutorials say
	$(BIN)/python -m tests.install.first

.PHONY: release-check
release-check: $(STAMP) ## Build all that is released, and install it in fresh environments (minutes; TESTED=1: what `make test-long` leaves)
	$(BIN)/python -m tests.install.release $(if $(TESTED),tested)

.PHONY: fidelity
fidelity: $(STAMP) ## Record the cases anew from the real engine (needs Ruby) and show the drift
	$(BIN)/python -m tests.fidelity.record

.PHONY: fidelity-report
fidelity-report: $(STAMP) ## Replay all recorded cases against the fake and count what agrees
	$(BIN)/python -m tests.fidelity.report

.PHONY: fuzz
fuzz: $(STAMP) ## Send a million hostile requests, or REQUESTS, and read as many odd files (slow)
	$(BIN)/python -m tests.hardening.fuzz $(or $(REQUESTS),1000000)

.PHONY: soak
soak: $(STAMP) ## Play 30 minutes of mixed traffic with faults, or MINUTES
	$(BIN)/python -m tests.hardening.soak $(or $(MINUTES),30)

# Where the long tests are; to look through all others takes each worker seconds.
LONG = $(addprefix tests/,contract_tests/test_init_command.py contract_tests/test_whole_runs.py \
  hardening/fuzz hardening/soak install pages real_clients)

.PHONY: test-long
test-long: $(STAMP) ## Run the long tests, which `make test` leaves: a fuzz, a soak, installs, whole suites
	$(BIN)/python -m pytest -n 4 --dist worksteal -m long $(LONG)

.PHONY: race
race: $(STAMP) ## Have 500 clients exchange one code over four workers, 1,000 times, or ROUNDS (slow)
	$(BIN)/python -m tests.hardening.race $(or $(ROUNDS),1000)

.PHONY: flakes
flakes: $(STAMP) ## Run all tests 20 times, or TIMES, in random order and under load (very slow)
	$(BIN)/python -m tests.hardening.flakes $(or $(TIMES),20)

.PHONY: conformance
conformance: $(STAMP) ## Record anew what Puma makes of hostile requests (needs Ruby), and hold the fake against it
	$(BIN)/python -m tests.hardening.conformance.record

.PHONY: requirements
requirements: $(STAMP) ## Draft the set of requirements NAME from all that the suite judges
	$(BIN)/python -m tests.contract_tests.requirement_sets $(or $(NAME),$(error name the set: make requirements NAME=2026.2))

.PHONY: bench
bench: $(STAMP) ## Measure speed, memory and growth, and write docs/performance.md (needs wrk and Linux)
	$(BIN)/python -m bench --write

.PHONY: bench-peers
bench-peers: $(STAMP) ## Compare other fakes, and write docs/performance.md (needs wrk, npm and a network)
	$(BIN)/python -m bench --peers --write

.PHONY: screenshots
screenshots: $(STAMP) ## Take the screenshots of the control room and the report (needs Chromium and Node)
	$(BIN)/python -m tests.browser.screenshots

.PHONY: scoreboard
scoreboard: $(STAMP) ## Judge well-known OAuth libraries and write docs/scoreboard.md (needs Node, Go, Maven, and Ruby on Debian)
	$(BIN)/python contract_tests/clients/scoreboard.py

.PHONY: baselines
baselines: $(STAMP) ## Try on the scoreboard's clients that a baseline lets the next run pass (slow; ONLY=name)
	$(BIN)/python -m clients.baselines $(ONLY)

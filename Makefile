# Everything that is started by hand. `make` alone lists it. Needs make and Python 3.11 or later, nothing else.

PYTHON ?= $(firstword $(foreach each,python3 python3.14 python3.13 python3.12 python3.11 python,\
	$(shell $(each) -c 'import sys; sys.version_info >= (3, 11) and print("$(each)")' 2>/dev/null)))
PORT ?= 8000
TESTS ?= tests
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export PIP_ROOT_USER_ACTION = ignore
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help run demo-reset test lint bench lock chromium

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/product ## serve the product on 127.0.0.1:8000 (PORT=8001 for another) until Ctrl-C
	@exec .venv/bin/python -m flask --app wsgi serve --port $(PORT)

demo-reset: .venv/product ## throw the demo away and load it afresh
	@.venv/bin/python -m flask --app wsgi demo-reset

test: lint chromium ## check style, types and imports, and run all tests on both databases (TESTS=tests/unit for some)
	@.venv/bin/python -m pytest -q -n auto $(TESTS)

lint: .venv/tools ## check style, types and imports
	@.venv/bin/python -m ruff check --quiet .
	@.venv/bin/python -m ruff format --check --quiet .
	@.venv/bin/python -m mypy
	@.venv/bin/lint-imports --no-logo

bench: .venv/tools ## measure a move, a sweep and an import against the same statements written by hand
	@.venv/bin/python -m benchmarks

lock: ## pin the requirements anew, with hashes (needs uv)
	@for each in requirements requirements-dev; do \
		uv pip compile --quiet --generate-hashes --universal --python-version 3.11 \
			--no-header --no-emit-index-url $$each.in -o $$each.txt || exit 1; \
	done

.venv/product: requirements.txt
	@$(call environment,requirements.txt)
	@touch $@

.venv/tools: requirements.txt requirements-dev.txt
	@$(call environment,requirements-dev.txt)
	@touch .venv/product $@

define environment
	if [ -z "$(PYTHON)" ]; then echo "Cofund needs Python 3.11 or later: none was found." >&2; exit 1; fi; \
	"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Cofund needs Python 3.11 or later: $(PYTHON) is older or missing." >&2; exit 1; }; \
	"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo "Python's venv module is missing: install it (on Debian: apt install python3-venv)." >&2; exit 1; }; \
	echo "Installing $(1) into .venv, once …"; \
	"$(PYTHON)" -m venv .venv && .venv/bin/python -m pip install -qq --no-input --require-hashes -r $(1)
endef

chromium:
	@for each in chromium chromium-browser google-chrome; do command -v $$each >/dev/null && exit 0; done; \
	[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
		&& echo "Installing Chromium for the browser tests, once …" \
		&& apt-get -qq update >/dev/null 2>&1 \
		&& DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends chromium >/dev/null 2>&1 </dev/null \
		|| { echo "The browser tests need Chromium: install it (on Debian: apt install chromium)." >&2; exit 1; }

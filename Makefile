# What one does here. Every target brings what it needs; nothing has to be installed first but
# Python 3.11 to 3.13 with venv.

PYTHON ?= $(shell for python in /usr/bin/python3.11 /usr/bin/python3.12 /usr/bin/python3.13 \
	python3.11 python3.12 python3.13 python3; do \
	$$python -c 'import ensurepip, sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
	2>/dev/null && echo $$python && break; done)
DIGEST := $(shell cksum < requirements.lock | tr " " -)
INSTALLED := .venv/.installed-$(DIGEST)
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
DATA ?= .data
PORT ?= 8000

.PHONY: run test check format bench pictures migrations install assets chromium lock wheel clean

run: assets  ## Serve the demo company at 127.0.0.1:8000
	@$(BIN)/orderwright demo --data $(DATA)
	@$(BIN)/orderwright serve --data $(DATA) --port $(PORT)

test: assets chromium  ## All tests
	$(BIN)/pytest -n 2 --dist loadfile

check: install  ## Format, lint, layers, types, templates; all of them before it fails
	@failed=; \
	$(BIN)/ruff format --check --output-format concise . || failed="$$failed format"; \
	$(BIN)/ruff check --quiet --output-format concise . || failed="$$failed lint"; \
	$(BIN)/lint-imports --no-logo || failed="$$failed layers"; \
	$(BIN)/mypy || failed="$$failed types"; \
	$(BIN)/djlint --lint --quiet orderwright || failed="$$failed templates"; \
	test -z "$$failed" || { echo "make check failed:$$failed"; exit 1; }

format: install  ## Rewrite files into their form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: assets  ## Ratios to the floor, into bench/results.json
	$(BIN)/python -m bench

pictures: assets chromium  ## The pictures of the README, taken anew
	$(BIN)/python scripts/pictures.py

migrations: install  ## Write the migrations that the models ask for
	DJANGO_SETTINGS_MODULE=orderwright.settings $(BIN)/python -W ignore -m django makemigrations

install: $(INSTALLED)

$(INSTALLED):
	@test -n "$(PYTHON)" || { echo "Python 3.11, 3.12 or 3.13 with venv is missing."; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > .venv/uv.txt
	$(PIP) --require-hashes -r .venv/uv.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock \
		|| $(PIP) --require-hashes -r requirements.lock
	$(PIP) --no-deps --no-build-isolation -e .
	@rm -f .venv/.installed-* && touch $@

assets: install
	@$(BIN)/python scripts/assets.py

chromium:
	@sh scripts/chromium.sh

lock: install  ## Renew the locks; no address of a registry is kept
	$(BIN)/uv export --quiet --format requirements.txt --all-groups --all-extras --no-emit-project --no-header \
		--no-annotate --output-file requirements.lock
	npm install --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved --no-fund
	$(BIN)/python scripts/trim_lock.py

wheel: assets  ## A wheel with the front-end files in it
	DJANGO_SETTINGS_MODULE=orderwright.settings $(BIN)/python -m django collectstatic \
		--no-input --clear -v0 -i '*.br' -i '*.gz'
	$(BIN)/python -m hatchling build -t wheel
	rm -rf orderwright/web/collected

clean:
	rm -rf .venv node_modules dist orderwright/web/static/vendor orderwright/web/collected

# Two commands do everything: make site, make test.
PYTHON ?= python3
FORM ?= text
TIMES ?= 50
PORT ?= 8000
BIN := .venv/bin
NOTEBOOKS = $(shell find notebooks -name '*.ipynb' -not -path '*/.*')

.PHONY: site edition serve test check validate diff refresh due links supply pack reproduce lock

site: .venv/installed        ## validate, run what is stale, build, check, publish into _site/
	@scripts/install-browser --if-allowed || true
	$(BIN)/casebook build

edition: .venv/installed     ## the record as known on a day, without chapters: make edition AS_OF=2025-04-16
	$(BIN)/casebook build --as-of $(AS_OF)

serve: .venv/installed       ## the site on this machine: make serve PORT=8001
	@test -e _site/index.html || { echo "_site: there is no site yet; run 'make site' first." >&2; exit 1; }
	@echo "http://127.0.0.1:$(PORT)/  (Ctrl-C ends it)"
	@$(BIN)/python -m http.server --bind 127.0.0.1 --directory _site $(PORT) >/dev/null 2>&1 || \
		{ echo "port $(PORT) cannot be had; take another one, as in: make serve PORT=8001" >&2; exit 1; }

test: .venv/installed check  ## everything that must hold
	@scripts/install-browser
	$(BIN)/pytest

check: .venv/installed       ## lint, format, types, notebooks stripped
	$(BIN)/ruff check .
	$(BIN)/ruff format --check --exclude '*.ipynb' scripts tests
	$(BIN)/ruff format --check --line-length 110 notebooks $(wildcard scripts/casebook/assets/starter/notebooks)
	$(BIN)/mypy
	@$(BIN)/nbstripout --verify --keep-id $(NOTEBOOKS) || { echo "take the outputs out: $(BIN)/nbstripout --keep-id $(NOTEBOOKS)"; exit 1; }

# A story has the machine without its tests and measurements.
ifneq ($(wildcard tests/torture.py),)
.PHONY: torture bench
torture: .venv/installed     ## faults and bad tables on purpose, many times; prints what was lost: make torture TIMES=50
	$(BIN)/python -m tests.torture $(TIMES)

bench: site                  ## measure it against other ways, and how cost grows: make bench ARGS="--suites speed --repeats 1"
	PYTHONPATH=scripts $(BIN)/python -m bench $(ARGS)
endif

supply: .supply/installed    ## what the machine stands on: CI's own files, licences (list in pyproject.toml), known faults (asks the Python advisory database)
	.supply/bin/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	.supply/bin/check-jsonschema --builtin-schema vendor.citation-file-format CITATION.cff
	.supply/bin/zizmor --offline --min-severity medium .github/workflows
	.supply/bin/pip-licenses --python=$(BIN)/python --order=license
	.supply/bin/pip-audit --require-hashes --disable-pip --requirement requirements.lock

validate: .venv/installed    ## check what people type; a changed record needs a version of its own: make validate BASE=origin/main
	$(BIN)/casebook validate $(if $(BASE),--base $(BASE))

diff: .venv/installed        ## what a change of the record touches: make diff BASE=origin/main
	@$(BIN)/casebook diff $(BASE) --as $(FORM)

pack: site .supply/installed ## the site as one file with checksums, for a release
	@mkdir -p packed
	@.supply/bin/cyclonedx-py requirements requirements.lock --output-reproducible --output-file packed/sbom.json
	@$(BIN)/python -c 'import json; print(json.load(open("data/datapackage.json"))["version"])' > packed/VERSION
	@tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner -C _site -czf packed/site.tar.gz .
	@cp _site/manifest.json packed/
	@cd packed && sha256sum site.tar.gz manifest.json sbom.json > SHA256SUMS
	@cat packed/SHA256SUMS

reproduce: .venv/installed   ## build twice from nothing, in two folders with one and with two jobs, and compare every byte
	@scripts/reproduce $(BIN)/casebook

refresh: .venv/installed     ## ask public sources what the record lacks, and propose it
	$(BIN)/casebook refresh

due: .venv/installed         ## what of the record should be looked at again; fails where a day has passed
	$(BIN)/casebook due

links: .venv/installed       ## do the addresses of the sources still answer?
	$(BIN)/casebook links

lock: .venv/installed        ## pin again after requirements.in or supply.in changed
	$(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 requirements.in -o requirements.lock
	$(BIN)/uv pip compile --quiet --generate-hashes --universal --python-version 3.11 supply.in -o supply.lock

.venv/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else 0'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

# Apart from the machine, which needs none of it.
.supply/installed: .venv/installed supply.lock
	@$(BIN)/uv venv --quiet --clear .supply
	@$(BIN)/uv pip sync --quiet --require-hashes --python .supply/bin/python supply.lock
	@touch $@

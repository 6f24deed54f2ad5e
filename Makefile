# One command does everything: `make demo` to see it work, `make test` to test it, `make check` before a commit.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
BOOT   := $(VENV)/boot/bin
STAMP  := $(VENV)/.core
DEV    := $(VENV)/.dev

.PHONY: demo env dev test test-quick test-spark check format lint types contracts docs bench lock clean

demo: env
	$(BIN)/vedette demo

env: $(STAMP)

dev: $(DEV)

# uv itself is taken from the package index into a folder of its own, so that nothing but Python is needed beforehand.
$(BOOT)/uv:
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Python 3.11 or newer is needed: make PYTHON=python3.12 ...')"
	$(PYTHON) -m venv $(VENV)/boot
	$(BOOT)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement uv.requirements

$(BIN)/python: $(BOOT)/uv
	$(BOOT)/uv venv --quiet --allow-existing --python $(PYTHON) $(VENV)

$(STAMP): requirements.lock pyproject.toml hatch_build.py frontend/package-lock.json $(BIN)/python
	$(BOOT)/uv pip install --quiet --python $(BIN)/python --require-hashes --requirement requirements.lock
	$(BOOT)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	touch $@

$(DEV): $(STAMP) requirements-dev.lock
	$(BOOT)/uv pip install --quiet --python $(BIN)/python --require-hashes --requirement requirements-dev.lock
	touch $@

test: $(DEV)
	$(BIN)/pytest -n 2 --durations=25

# What decides whether a change lands: everything but the slowest and the second state database, in a third less time.
test-quick: $(DEV)
	$(BIN)/pytest -n 3 --durations=25 -m "not slow and not postgres"

# Needs Java 17 and downloads pyspark (about 430 MB): every rule's syntax on both engines, the same rows.
test-spark: $(DEV)
	$(BOOT)/uv pip install --quiet --python $(BIN)/python --require-hashes --requirement requirements-spark.lock
	$(BIN)/pytest -m "spark and not slow" tests/content/test_every_rule_on_spark.py tests/store/test_spark.py tests/detections/test_cluster.py

check: $(DEV) format lint types contracts docs

format: $(DEV)
	$(BIN)/ruff format --check src tests bench tools

lint: $(DEV)
	$(BIN)/ruff check src tests bench tools

types: $(DEV)
	$(BIN)/mypy

contracts: $(DEV)
	$(BIN)/lint-imports

docs: $(DEV)
	$(BIN)/python -m tools.reference --check

bench: $(DEV)
	$(BIN)/python -m bench.all

lock: $(BOOT)/uv
	echo uv | $(BOOT)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 - --output-file uv.requirements
	$(BOOT)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 pyproject.toml --output-file requirements.lock
	$(BOOT)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --group dev pyproject.toml --output-file requirements-dev.lock
	$(BOOT)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --extra spark --group dev pyproject.toml --output-file requirements-spark.lock

clean:
	rm -rf $(VENV) demo-workspace

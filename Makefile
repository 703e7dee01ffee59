# `make demo` and `make test` do everything on a fresh machine; `make help` lists the rest.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
CHECKED := auditor tests

.DEFAULT_GOAL := help
.PHONY: help demo test lint types bench base-images example-pdf calibrate lock needs schema clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/.core: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV) || (echo "No virtual environment could be made: install Python's venv module (Debian: apt-get install python3-venv)." && exit 1)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.core
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,torch]'
	@touch $@

demo: $(VENV)/.core ## set up, audit the bundled example with a rerun, say where the report lies
	$(BIN)/python -m auditor.example

test: $(VENV)/.dev ## set up, run all the tests (those that need docker or a browser are left out where there is none)
	$(BIN)/python -m pytest

lint: $(VENV)/.dev ## style
	$(BIN)/ruff format --check $(CHECKED)
	$(BIN)/ruff check $(CHECKED)

types: $(VENV)/.dev ## mypy, strict
	$(BIN)/mypy

bench: $(VENV)/.dev ## measure speed and memory (prints tables, asserts nothing)
	$(BIN)/python tests/benchmarks/audit.py

base-images: ## make base images from Debian where none can be pulled (root, debootstrap, docker)
	bash .ci/base-image bookworm 3.11

example-pdf: ## build the example's papers from their LaTeX source (needs pdflatex)
	bash auditor/example/paper/build.sh

calibrate: $(VENV)/.dev ## refit the measured confidence: make calibrate LABELS="a.csv b.csv" CORPUS=folder
	$(BIN)/python tests/benchmarks/calibrate.py --corpus "$(CORPUS)" $(foreach file,$(LABELS),--labels "$(file)")

lock: ## resolve constraints.txt anew
	$(BIN)/uv pip compile pyproject.toml --all-extras --universal --python-version 3.10 --no-header --no-annotate -q -o constraints.txt

needs: $(VENV)/.core ## write what the patterns of the paper's rules need, after a change of them
	$(BIN)/python -m auditor.paper.needs

schema: $(VENV)/.core ## write the published JSON Schema of audit.json
	$(BIN)/python -c "import json; from auditor.report.schema import audit_schema; print(json.dumps(audit_schema(), indent=2, ensure_ascii=False))" > docs/schema/audit-1.0.json

clean: ## remove what the other targets made
	rm -rf $(VENV) .demo build dist .mypy_cache .ruff_cache .pytest_cache .benchmarks

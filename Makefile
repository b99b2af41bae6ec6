# Two commands do all the set-up: `make report` and `make test`. They need Python 3.11 or later and make.
UV_VERSION := 0.13.9
PYTHON ?= python3
ARTICLES ?= ../shared/articles
STUDY ?= data/study
MUTANTS ?= 30

export UV_PYTHON_DOWNLOADS := never
UV := PYTHONPATH=.uv $(PYTHON) -m uv
BIN := .venv/bin

.PHONY: help setup report handout test coverage mutation bench lab ingest lock codebook check clean

help:  ## list what make can do
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: .venv/.ready  ## make the environment in .venv

.uv/.ready-$(UV_VERSION):
	@$(PYTHON) -c 'import sys; sys.version_info < (3, 11) and sys.exit("Python 3.11 or later is needed; this is " \
		+ sys.version.split()[0] + ". Name another one, such as: make PYTHON=python3.12 report")'
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --root-user-action ignore --target .uv --upgrade \
		uv==$(UV_VERSION)
	@touch $@

.venv/.ready: requirements.lock pyproject.toml .uv/.ready-$(UV_VERSION)
	$(UV) venv --quiet --allow-existing --python $(PYTHON) .venv
	$(UV) pip sync --quiet --compile-bytecode --python .venv --require-hashes requirements.lock
	$(UV) pip install --quiet --python .venv --no-deps --editable .
	$(BIN)/python -m compileall -q pingan_analysis
	@touch $@

report: setup  ## run the notebooks: figures/, reports/index.html, and the handout
	$(BIN)/pingan report

handout: setup  ## the classroom handout alone: reports/handout/
	$(BIN)/pingan handout

test: setup  ## run the tests
	$(BIN)/python -m pytest --numprocesses auto --dist worksteal $(COVERAGE)

coverage:  ## run the tests; fails where they pass through less than 95 % of lines and branches
	$(MAKE) test COVERAGE="--cov --cov-report=term:skip-covered"

mutation: setup  ## change functions; fails where the tests notice less than 85 % of it (benchmarks/mutation.md)
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python benchmarks/mutation.py --sample $(MUTANTS) --fail-under 0.85

bench: setup  ## measure beside the usual way and peers: benchmarks/results.md (hours)
	PYTHONPATH=.uv $(PYTHON) benchmarks/peers.py
	$(BIN)/python benchmarks/run.py

lab: setup  ## open the notebooks in JupyterLab
	$(BIN)/jupyter lab --notebook-dir notebooks

ingest: setup  ## make a study from articles: make ingest ARTICLES=folder STUDY=folder
	$(BIN)/pingan ingest $(ARTICLES) --out $(STUDY)

lock: .uv/.ready-$(UV_VERSION)  ## resolve requirements.lock anew from pyproject.toml
	$(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --extra dev \
		--python-version 3.11 pyproject.toml --output-file requirements.lock

codebook: setup  ## write data/README.md, data/datapackage.json and docs/reference.md anew
	$(BIN)/pingan codebook

check: setup  ## style, types, and notebooks without output
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/nbstripout --verify --keep-id notebooks/*.ipynb handout/*.ipynb

clean:  ## remove what set-up and the runs made
	rm -rf .venv .uv .bench reports .pytest_cache .mypy_cache .ruff_cache .hypothesis

# report-qa: `make run` opens the chat on the sample reports, `make test` runs all tests. Both set everything up first.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DATA := eval/data
STORE := .store
export HF_HUB_OFFLINE := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help setup models run test check format browser pictures baseline samples lock clean

help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "report-qa needs Python 3.11 or newer; set PYTHON=/path/to/python3.11"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

setup: $(STAMP)  ## make the virtual environment and install what is locked

models: setup  ## fetch and verify the default models (1.2 GB, once)
	$(BIN)/report-qa models pull

run: models  ## open the chat on the sample reports at http://127.0.0.1:7860
	$(BIN)/report-qa serve --store $(STORE) $(addprefix --ingest ,$(wildcard $(DATA)/*.pdf))

test: models browser  ## run all tests
	$(BIN)/python -m pytest

check: setup  ## format, lint and strict types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: setup  ## put the code into the project's format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

browser:  # a browser and Chinese fonts for the chat's tests, where the machine can install them
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y chromium fonts-noto-cjk >/dev/null; } || \
		echo "chromium is not installed: the browser tests will be skipped"

pictures: models browser  ## draw the chat's states for docs/chat.md anew (look at them)
	PYTHONPATH=tests:tests/chat $(BIN)/python -m pictures

baseline: models  ## answer the samples anew as what tests hold changes against (look at the difference first)
	$(BIN)/report-qa ingest --store $(STORE) $(wildcard $(DATA)/*.pdf)
	REPORT_QA_LLM=none $(BIN)/report-qa eval $(DATA)/samples.jsonl --store $(STORE) --out $(DATA)/baseline --fresh

samples: setup  ## make the sample reports anew from their sources
	$(BIN)/python $(DATA)/make.py

lock: setup  ## write requirements.lock from what is installed
	{ echo "# Everything that is installed, made by 'make lock'. torch is pinned without its local version so that any"; \
	echo "# index's CPU build serves; newer torch brings gigabytes of CUDA packages."; \
	$(BIN)/python -m pip freeze --all --exclude-editable | grep -vE '^pip==' | sed -E 's/^(torch==[0-9.]+)\+.*/\1/'; \
	} > requirements.lock.new
	mv requirements.lock.new requirements.lock

clean:  ## remove what make made
	rm -rf $(VENV) $(STORE) .pytest_cache .mypy_cache .ruff_cache *.egg-info

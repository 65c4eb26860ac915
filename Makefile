# Two commands for a fresh machine: make train, make test. Everything lives in .venv.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python

.PHONY: setup train test lint clean

setup: $(VENV)/ready

$(VENV)/ready: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet --editable '.[dev]'
	touch $@

train: setup
	$(RUN) -m golden.train

test: setup
	$(RUN) -m pytest

lint: setup
	$(RUN) -m ruff check
	$(RUN) -m ruff format --check
	$(RUN) -m pyright

clean:
	rm -rf $(VENV) build runs

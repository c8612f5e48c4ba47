# `make`: set up and run the default experiment. `make status`, `make watch`: show its progress.
# `make report`: gather its results, to send to a colleague. `make test`: set up and test.
PYTHON ?= python3
EXPERIMENT ?= config/config.yaml
CORES ?= all
REPORT ?= report.zip
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
DAEMONS := slurmctld slurmd slurm-client munge
# Libraries that draw in three dimensions without a screen, and the browser that tests use.
GRAPHICS := libegl1 libgl1-mesa-dri
BROWSER := chromium $(GRAPHICS)
RUN = $(BIN)/rnnpipe run $(EXPERIMENT) --cores $(CORES)

.PHONY: all setup status watch report test test-run test-slow test-statistics test-slurm slurm graphics \
	browser lint format bench dist clean
.DELETE_ON_ERROR:

# $(call have,TEST,PACKAGES): unless TEST succeeds, install Debian packages, which only root can.
have = { $(1); } > /dev/null 2>&1 || { \
	test "$$(id -u)" = 0 && command -v apt-get > /dev/null || { \
		echo "Not root, or no apt-get here: install $(2)." >&2; exit 1; }; \
	apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
	apt-get install -qq -y --no-install-recommends $(2) > /dev/null; }

# If jobs fail for good, tables and figures are made from all other networks, and make fails.
all: setup graphics
	@$(RUN)

setup: $(READY)

status: setup
	$(BIN)/rnnpipe status $(EXPERIMENT)

watch: setup
	@$(BIN)/rnnpipe watch $(EXPERIMENT)

# The report is made from the networks that have results, and names the others. Of results that
# were made otherwise than the experiment now says there is none, except with STALE=show.
report: setup
	@$(RUN) -- --config missing=skip $(if $(STALE),stale=$(STALE)) --report $(REPORT) || { \
		echo "No report: it is made from results, and some are missing or stale." \
		"\`make EXPERIMENT=$(EXPERIMENT)\` makes them." >&2; exit 1; }
	@echo "$(REPORT): unpack it and open report.html in a browser."

$(READY): requirements.txt requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "rnnpipe needs Python 3.11 or newer; $(PYTHON) is" \
		"$$($(PYTHON) --version 2>&1). Try: make PYTHON=python3.11"; exit 1; }
	@echo "Setting up $(VENV): a few minutes; torch is the largest part."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet -r requirements.txt -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --editable .
	$(BIN)/python -m compileall -q rnnpipe # else every job does where PYTHONDONTWRITEBYTECODE is set
	touch $@

test: setup lint browser
	$(BIN)/python -m pytest

# About a minute: a small experiment through every stage, and its report.
test-run: setup graphics
	$(BIN)/snakemake --directory .test --cores $(CORES)
	$(BIN)/snakemake --directory .test --report report.zip

# Minutes long: the default experiment's facts, kills in every stage.
test-slow: setup
	$(BIN)/python -m pytest -m slow

# Simulated populations: do tests, intervals and verdicts err as rarely as they should? With
# TABLE=docs/statistics.md their table is written there.
test-statistics: setup
	$(if $(POPULATIONS),POPULATIONS=$(POPULATIONS)) $(BIN)/python -m pytest \
		tests/population/simulations -m "statistics or not statistics" -k "not few" --dist load \
		$(if $(TABLE),--table $(TABLE))

# A SLURM of one node on the loopback, which ends with the tests.
test-slurm: setup slurm
	$(BIN)/python -m pip install --quiet -r requirements-slurm.txt
	$(BIN)/python -m pytest -m slurm -n 0

slurm:
	@test "$$(id -u)" = 0 || { echo "SLURM's daemons must be started by root." >&2; exit 1; }
	@$(call have,which munged slurmctld slurmd srun,$(DAEMONS))

# Without these libraries only pictures in three dimensions are skipped.
graphics:
	@($(call have,dpkg -s $(GRAPHICS),$(GRAPHICS))) || \
		echo "Going on without pictures in three dimensions." >&2

# Without a browser the tests of pages are skipped, or fail if CI=true.
browser:
	@($(call have,which chromium && dpkg -s $(GRAPHICS),$(BROWSER))) || \
		echo "Going on without the tests of pages in a browser." >&2

lint: setup
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/snakefmt --check workflow
	$(BIN)/snakemake --lint
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/[!c]*.yml
	$(BIN)/check-jsonschema --builtin-schema vendor.citation-file-format CITATION.cff

format: setup
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(BIN)/snakefmt workflow

bench: setup
	$(BIN)/python benchmarks/training.py
	$(BIN)/python benchmarks/low_rank.py
	$(BIN)/python benchmarks/roofline.py
	$(BIN)/python benchmarks/checkpoints.py
	$(BIN)/python benchmarks/gpu.py
	$(BIN)/python benchmarks/fixed_points.py
	$(BIN)/python benchmarks/proof.py
	$(BIN)/python benchmarks/development.py --networks 1
	$(BIN)/python benchmarks/distances.py
	$(BIN)/python benchmarks/blocks.py
	$(BIN)/python benchmarks/workflow.py --default
	$(BIN)/python benchmarks/startup.py config/config.yaml # of what `make` has run

# A wheel and a source distribution, in dist/.
dist: setup
	$(BIN)/python -m hatchling build -d dist

clean:
	rm -rf $(VENV)

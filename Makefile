# For a fresh machine: make train, make test. Everything lives in .venv.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python

.PHONY: setup train test faults fuzz epoch gates boards networks twice accuracy bits few lint clean

setup: $(VENV)/ready

$(VENV)/ready: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --quiet --editable '.[dev]'
	touch $@

train: setup
	$(RUN) -m golden.train

# Tests of one file share what they have compiled or seen, so a file stays on one core.
test: setup
	$(RUN) -m pytest -n auto --dist loadfile

# All faults, in about twenty minutes on two cores; what is recorded is replaced.
faults: setup
	$(RUN) -m sim.faults --csv docs/results/faults.csv

# 100,000 frames, most of them spoilt, over the line of the simulated top level, in about five minutes.
fuzz: setup
	$(RUN) -m sim.fuzz

# The simulated hardware learns from all of MNIST, in about a quarter of an hour.
epoch: setup
	$(RUN) -m sim.epoch --dataset mnist --resume

# What synthesis makes of the boards' cores learns in lock-step, in about half an hour.
GATES := -m boards.gates
ROW := --csv docs/results/gates.csv
gates: setup
	rm -f docs/results/gates.csv
	$(RUN) $(GATES) icebreaker --images 30 $(ROW)
	$(RUN) $(GATES) hx8k --images 100 $(ROW)
	$(RUN) $(GATES) hx8k --images 100 --rule rstdp $(ROW)
	$(RUN) $(GATES) hx8k --images 10 --pins $(ROW)
	$(RUN) $(GATES) tangnano9k --images 30 $(ROW)
	$(RUN) $(GATES) ulx3s_25f --images 30 $(ROW)

# Bitstreams of all boards in build/, for every night: fails if a clock is missed, or if a board takes
# more than its budget. About an hour on two cores.
boards: setup
	$(RUN) -m boards.build all --csv docs/results/boards.csv

# Bitstreams of the boards' own network chips in build/, held to their clocks and budgets. About an
# hour on two cores.
CHIP := --csv docs/results/network_boards.csv --network
networks: setup
	$(RUN) -m boards.build icebreaker $(CHIP) neurapse-drn --set size=500
	$(RUN) -m boards.build hx8k $(CHIP) izhikevich2003 --set excitatory=25 --set inhibitory=7
	$(RUN) -m boards.build ulx3s_25f $(CHIP) izhikevich2003 --set excitatory=120 --set inhibitory=30
	$(RUN) -m boards.build ulx3s_85f $(CHIP) cuba --set size=2400
	$(RUN) -m boards.build tangnano9k $(CHIP) izhikevich2003 --set excitatory=51 --set inhibitory=13
	$(RUN) -m boards.build tangnano20k $(CHIP) izhikevich2003 --set excitatory=108 --set inhibitory=27

# The iCEBreaker's bitstream twice, each time with its own order of hashes: its clock and its budget are
# met, and every byte is the same. About ten minutes on two cores.
twice: setup
	PYTHONHASHSEED=1 $(RUN) -m boards.build icebreaker --out build/once
	PYTHONHASHSEED=2 $(RUN) -m boards.build icebreaker --out build/again
	for file in icebreaker.bin report.json steps/top.il steps/top.json; do \
		cmp build/once/$$file build/again/$$file || exit 1; \
	done

# The tables of the README: MNIST in $GOLDSPIKE_DATA or downloaded, about ten minutes on two cores.
# Points that are in the table already are not run again.
SEEDS := --grid seed=1,2,3,4,5
STUDY := -m golden.sweep --out docs/results/accuracy
BITS := -m golden.sweep --out docs/results/bits --dataset mnist --preset mnist100 --grid seed=1,2,3
accuracy: setup
	$(RUN) $(STUDY) --grid rule=stdp,rstdp $(SEEDS)
	$(RUN) $(STUDY) --dataset mnist $(SEEDS) --grid preset=mnist100,mnist400,mnist1600,icebreaker
	$(RUN) $(STUDY) --dataset mnist $(SEEDS) --grid preset=mnist100,mnist400,icebreaker --rule rstdp
	$(RUN) $(STUDY) --dataset mnist $(SEEDS) --grid preset=mnist100,mnist400,mnist1600,icebreaker \
		--set receptive_field=none
	$(RUN) $(STUDY) --dataset mnist $(SEEDS) --grid preset=mnist400,icebreaker --rule rstdp \
		--set receptive_field=none
	$(RUN) $(STUDY) --dataset mnist --grid rule=stdp,rstdp --grid \
		preset=hx8k,hx8k_pixels,ulx3s_25f,ulx3s_85f_1024,tangnano9k,tangnano20k

# What few images teach, by all presets: MNIST in $GOLDSPIKE_DATA or downloaded, about fifteen minutes of
# processor time. Points that are in the table already are not run again.
SHAPES := digits,mnist100,mnist400,mnist1600,icebreaker,hx8k,hx8k_pixels
BOARDS := ulx3s_25f,ulx3s_85f_1024,tangnano9k,tangnano20k
PARTS := $(foreach n,20 40 100 400 1000,mnist:$(n),mnist:$(n):1,mnist:$(n):2,)mnist:6000
few: setup
	$(RUN) -m golden.sweep --out docs/results/few --grid dataset=$(subst $() ,,$(PARTS)) \
		--grid preset=$(SHAPES),$(BOARDS) --grid rule=stdp,rstdp
	rm docs/results/few.png

bits: setup
	$(RUN) $(BITS) --grid weight_bits=2,3,4,6,8
	$(RUN) $(BITS) --grid weight_bits=2,3,4,6 --set theta_shift=0

lint: setup
	$(RUN) -m ruff check
	$(RUN) -m ruff format --check
	$(RUN) -m pyright

clean:
	rm -rf $(VENV) build runs

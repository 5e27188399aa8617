# make demo, make test, make journeys: each sets up what it needs; a second call is quick.
PYTHON ?= python3
# What starts often is compiled once, whatever the environment says of it.
unexport PYTHONDONTWRITEBYTECODE
VENV ?= .venv
BIN := $(VENV)/bin

# Many kills, a browser, benchmarks, real servers: what takes long.
JOURNEYS := tests/journeys tests/benchmarks tests/feeds/clean/test_xss_in_chromium.py

# Histories made up by the hundred, days of ticks, many processes, and servers and clients that keep us waiting: with the
# journeys, and where branches are measured.
LONG := tests/web/team/test_junk.py tests/pipeline/people/test_change_cadence.py tests/pipeline/reviews/test_review_states.py \
  tests/pipeline/delivery/test_shared_pace.py tests/pipeline/delivery/test_sending_times.py \
  tests/pipeline/editions/test_simulate_as_it_is.py tests/pipeline/intake/test_keep_anything.py \
  tests/pipeline/intake/test_shared_names_anyhow.py tests/scheduling/test_new_posts_anyhow.py \
  tests/providers/test_same_text_anyhow.py tests/scheduling/test_clock_jumps.py tests/config/schedules/test_load_anything.py \
  tests/cli/workspace/test_costly_templates.py tests/render/subprocesses/test_renderer.py \
  tests/providers/test_guide.py tests/pipeline/intake/test_poll_hostile.py tests/feeds/subprocesses/test_parser.py \
  tests/cli/workspace/test_bad_machine.py tests/cli/process/test_up.py tests/scheduling/test_new_posts.py \
  tests/channels/smtp/test_hostile_smtp.py tests/cli/workspace/test_copies.py tests/render/templates/test_bounds.py \
  tests/web/test_slow_clients.py tests/scheduling/test_many_campaigns.py tests/pipeline/delivery/processes/test_dying_processes.py

# What another Python may treat differently, and what needs no server: CI runs it on the newest there is.
ROOMS := src tests/model tests/config tests/render tests/channels tests/feeds/parse tests/providers tests/test_log.py

# Each process has tests that stand together, so that what a file sets up is set up once; who is done takes from others.
SHARED := --dist worksteal

.PHONY: demo test rooms journeys check coverage mutants format docs bench changelog lock audit clean pictures

demo: $(VENV)/.installed
	$(BIN)/dispatch run weekly
	@echo
	@echo "The digests are in outbox/mail/new (one .eml per reader), the snippets in outbox/social."

# Three processes for two cores: there is always one that waits for a server or a clock.
# With COVERAGE=1 it is measured which lines and branches run, which takes longer.
test: $(VENV)/.installed-test
ifdef COVERAGE
	rm -rf .coverage
	$(BIN)/coverage run -m pytest -n 3 $(SHARED) $(JOURNEYS:%=--ignore=%)
	$(MAKE) coverage
else
	$(BIN)/python -m pytest -n 3 $(SHARED) $(JOURNEYS:%=--ignore=%) $(LONG:%=--ignore=%)
endif

rooms: $(VENV)/.installed-test
	$(BIN)/python -m pytest -n 2 $(SHARED) $(ROOMS) $(JOURNEYS:%=--ignore=%) $(LONG:%=--ignore=%)

journeys: $(VENV)/.installed-test
	$(BIN)/python -m pytest -n 2 $(SHARED) $(JOURNEYS) $(LONG)

check: $(VENV)/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) test COVERAGE=1

# What was measured last; fails below the floor in pyproject.toml.
coverage: $(VENV)/.installed-test
	$(BIN)/coverage combine --quiet --keep
	$(BIN)/coverage report

# Changes one thing after the other in what must not go wrong, and runs the tests that belong to it.
mutants: $(VENV)/.installed-test
	PYTHONPATH=tests $(BIN)/python -u -m mutants $(OF)

format: $(VENV)/.installed-test
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# Takes the pictures of the tutorial and of README in a browser: tests go the same way and look that it works.
pictures: $(VENV)/.installed-test
	DISPATCH_TEST_PICTURES=docs/images/browser $(BIN)/python -m pytest -n 0 -k desk tests/journeys/test_first_letter.py
	DISPATCH_TEST_PICTURES=docs/images $(BIN)/python -m pytest -n 0 -k goes_to_its_segment tests/journeys/test_letters.py
	DISPATCH_TEST_PICTURES=docs/images $(BIN)/python -m pytest -n 0 tests/journeys/test_preview_page.py

docs: $(VENV)/.installed
	$(BIN)/python docs/generate.py

bench: $(VENV)/.installed-test
	$(BIN)/python -m benchmarks --json benchmarks/latest.json $(if $(wildcard benchmarks/figures.json),--against benchmarks/figures.json)

$(VENV)/.installed: requirements/run.txt pyproject.toml
	$(PYTHON) -m venv $(VENV)
	@# Python 3.11 brings it along, and nothing of ours uses it.
	$(BIN)/python -m pip uninstall --quiet --disable-pip-version-check --yes setuptools
	@# Not compiled as a whole: most of it is never loaded. What is loaded is compiled then, once.
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements/run.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --no-deps --editable .
	$(BIN)/python -m compileall -q src/dispatch
	@touch $@

$(VENV)/.installed-test: requirements/test.txt $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/test.txt
	@touch $@

changelog: $(VENV)/.installed-test
	$(BIN)/towncrier build --yes --version "$$($(BIN)/dispatch --version | cut -d' ' -f2)"

# Locks with hashes for every platform and Python this project supports; no download addresses.
lock: $(VENV)/.installed-test
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 \
	  --no-emit-index-url --no-emit-find-links pyproject.toml -o requirements/run.txt
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --python-version 3.11 \
	  --no-emit-index-url --no-emit-find-links --constraints requirements/run.txt --group test -o requirements/test.txt

# Asks for known weaknesses of what is locked; pip-audit runs apart from what is installed here.
audit: $(VENV)/.installed-test
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uvx pip-audit --strict --disable-pip --require-hashes -r requirements/run.txt
	$(BIN)/uvx pip-audit --strict --disable-pip --require-hashes -r requirements/test.txt

clean:
	rm -rf $(VENV) .venv-* .coverage dispatch.db* outbox preview .dispatch

# The project's commands. `make` alone lists them.

# a Python the app runs on: the plain one where it fits, else a named version
PYTHON := $(or $(PYTHON),$(shell for each in python3 python3.13 python3.12 python3.11; do \
	"$$each" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo "$$each" && break; \
	done),python3)
IN_VENV := .venv/bin/python
# what checks leave behind goes where nobody's data is
THROW_AWAY := DATA_DIR=.venv/throw-away

.DEFAULT_GOAL := help
.PHONY: help run test fuzz password lock bench messages clean environment dev-environment

help: ## list the commands
	@echo "Larder. The two commands that matter are make run and make test."
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo "make run reads PORT, HOST, WORKERS, DATA_DIR, DATABASE_URL, DEMO=no and more: see README.md."

run: environment ## set everything up and serve http://127.0.0.1:8000
	@$(IN_VENV) scripts/translations.py
	@exec $(IN_VENV) manage.py start

test: dev-environment ## run every check and every test, on SQLite and on PostgreSQL
	@scripts/browser.sh
	@$(IN_VENV) scripts/translations.py
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports
	$(THROW_AWAY) $(IN_VENV) manage.py makemigrations --check --dry-run
	@$(IN_VENV) scripts/tests.py $(PYTEST)

fuzz: dev-environment ## import 10,000 damaged files of each format (FUZZ_FILES=1000 for fewer)
	$(THROW_AWAY) FUZZ_FILES=$(or $(FUZZ_FILES),10000) .venv/bin/pytest -q -p no:cacheprovider tests/importers -k "damage or any_cells"

password: environment ## give the login NAME (owner, unless you say another) a new password
	@$(IN_VENV) manage.py person $(or $(NAME),owner) --new-password

lock: dev-environment ## resolve requirements/*.in anew into *.txt
	cd requirements && for each in base dev; do ../$(IN_VENV) -m piptools compile --quiet --allow-unsafe \
		--generate-hashes --strip-extras --no-emit-find-links --no-emit-index-url --no-emit-trusted-host \
		--output-file=$$each.txt $$each.in || exit 1; done

bench: environment ## measure the app against its budgets
	@$(IN_VENV) -m bench $(BENCH)

messages: dev-environment ## collect new texts for translators (needs GNU gettext)
	@command -v xgettext >/dev/null || { echo "GNU gettext is needed. On Debian: sudo apt-get install gettext" >&2; exit 1; }
	$(IN_VENV) manage.py makemessages --locale zh_Hant --no-wrap --add-location file --ignore .venv

clean: ## remove what can be made again (the data in var/ stays)
	rm -rf .venv staticfiles .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find locale -name '*.mo' -delete

environment:
	@$(PYTHON) scripts/environment.py base

dev-environment:
	@$(PYTHON) scripts/environment.py dev

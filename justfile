# Shortcuts; each line is what you would type. `just` lists them.

_list:
    @just --list

# Everything on this machine, with sample data
demo *options:
    uv run manage.py demo {{options}}

# The tests, with PostgreSQL and Redis of their own
test *options:
    uv run pytest {{options}}

# What .ci/run holds the code to, without the tests
lint:
    .ci/run --lint

# Repair what can be repaired by itself
format:
    uv run ruff check --fix
    uv run ruff format
    uv run djlint templates --reformat --quiet

# Figures beside their floor
benchmark name:
    uv run python -m tests.benchmarks {{name}}

# Collect new texts for translation and compile what is translated; of a help language only what is filled stays
messages:
    uv run manage.py makemessages --locale nl --locale en --locale ar --no-obsolete
    msgattrib --translated --no-fuzzy --no-obsolete --no-wrap --output-file locale/ar/LC_MESSAGES/django.po locale/ar/LC_MESSAGES/django.po
    uv run manage.py compilemessages

# Put all texts in the catalogue of a help language, to fill what pages for participants say
messages-to-fill language:
    uv run manage.py makemessages --locale {{language}} --no-obsolete

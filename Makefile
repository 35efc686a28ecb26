# Short names for the commands in README.md; on Windows, type the commands themselves.
.PHONY: lab test site build check bench clean

lab:
	python3 start.py

test:
	python3 start.py test

site:
	python3 start.py site

build:
	.venv/bin/adcourse build

check:
	.venv/bin/ruff check .
	.venv/bin/adcourse build --check

bench:
	.venv/bin/python -m benchmarks

clean:
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis exercises/keys site

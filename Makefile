# Every target does its own set-up; each calls one script or one cargo command.
PRESET ?= district
DATA ?= data

.PHONY: run test lint bench setup screenshots

run: ## plan the demo network's week and serve it on http://127.0.0.1:8080
	@scripts/setup.sh build web
	@PRESET=$(PRESET) DATA=$(DATA) scripts/run.sh

test: ## everything CI runs
	@scripts/setup.sh build test web browser
	@scripts/test.sh

lint: ## formatting and clippy only
	@scripts/setup.sh build
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings

bench: ## measure what docs/benchmarks.md quotes
	@scripts/setup.sh build bench
	@bench/run.sh

screenshots: ## every page at phone and desktop width, into screenshots/
	@scripts/setup.sh build web browser
	@scripts/screenshots.sh

setup: ## install what the build and the tests need
	@scripts/setup.sh build test bench web browser

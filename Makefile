# Every target does its own set-up; each calls one script or one cargo command.
PRESET ?= district
DATA ?= data

.PHONY: run test lint bench setup

run: ## plan the demo network's week and serve it on http://127.0.0.1:8080
	@scripts/setup.sh build
	@PRESET=$(PRESET) DATA=$(DATA) scripts/run.sh

test: ## everything CI runs
	@scripts/setup.sh build test
	@scripts/test.sh

lint: ## formatting and clippy only
	@scripts/setup.sh build
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings

bench: ## measure what docs/benchmarks.md quotes
	@scripts/setup.sh build bench
	@bench/run.sh

setup: ## install what the build and the tests need
	@scripts/setup.sh build test bench

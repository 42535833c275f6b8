# Everything here installs what it needs and says what it installs. See CONTRIBUTING.md.
.DEFAULT_GOAL := help
.PHONY: help run test conformance web lint setup bench pictures

help: ## Show this list
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: ## Set up what the demo needs, build it and start it
	@sh scripts/run

test: ## Set up everything and run the whole suite
	@sh scripts/test

conformance: ## Ask this server and two others what the documents ask; write docs/conformance.md
	@sh scripts/conformance

web: ## Build the desktop's pages
	@sh scripts/web build

lint: ## Formatting, clippy, documentation, the desktop's checks, dependency rules
	@sh scripts/test lint

setup: ## Install what is missing for all of the above
	@sh scripts/setup

pictures: ## Take a picture of every screen of the desktop, into target/pictures
	@sh scripts/pictures

bench: ## Measure: the core, memory of parked polls, time from CTI frame to browser
	@sh scripts/bench

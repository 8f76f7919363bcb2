# berth. `make help` lists what there is.

SHELL := /bin/bash
.DEFAULT_GOAL := help

PREFIX ?= /usr/local
SWIFT ?= swift
CONFIGURATION ?= debug
BUILD_FLAGS := -c $(CONFIGURATION)
BERTH = $$($(SWIFT) build $(BUILD_FLAGS) --show-bin-path)/berth

.PHONY: help deps build install demo test lint format docs bench clean

help: ## List the targets.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

deps: ## Install the system packages that the build needs (apt or brew).
	@scripts/install-dependencies

build: deps ## Build for development.
	$(SWIFT) build $(BUILD_FLAGS)

install: deps ## Build a stripped release binary and install it below PREFIX (/usr/local).
	@scripts/install "$(SWIFT)" "$(DESTDIR)$(PREFIX)"

demo: build ## Apply, change, drift, roll back and destroy a real workload on this machine.
	@scripts/demo "$(BERTH)"

test: deps ## Run all tests.
	$(SWIFT) build $(BUILD_FLAGS) --build-tests
	$(SWIFT) test $(BUILD_FLAGS) --skip-build

lint: ## Check the format of the code.
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests

format: ## Format the code.
	$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Tests

docs: build ## Write anew what is made from the code: references, the schema, expected results.
	BERTH_UPDATE_SPECS=1 $(SWIFT) test $(BUILD_FLAGS) --filter "GeneratedFiles|Mistakes|Conformance" >/dev/null
	scripts/command-reference "$(BERTH)" > docs/commands.md

bench: deps ## Measure, side by side with a peer or a limit.
	@scripts/bench "$(SWIFT)"

clean: ## Remove what was built.
	rm -rf .build .build-*

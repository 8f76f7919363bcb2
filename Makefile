# berth. `make help` lists what there is.

SHELL := /bin/bash
.DEFAULT_GOAL := help

PREFIX ?= /usr/local
SWIFT ?= swift
CONFIGURATION ?= debug
FUZZ_SECONDS ?= 60
SOAK_MINUTES ?= 5
FUZZ_TARGETS ?=
COMPARE_ENV_FILES ?= 10000
COMPARE_FILES ?= 2000
COMPARE_SEED ?= 1
BUILD_FLAGS := -c $(CONFIGURATION)
BERTH = $$($(SWIFT) build $(BUILD_FLAGS) --show-bin-path)/berth

.PHONY: help deps build install demo check test-quick test-pure test-one test test-thorough test-address test-thread test-control-groups fuzz soak \
  compare-compose lint format docs bench clean

help: ## List the targets.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-20s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

deps: ## Install the system packages that the build needs (apt or brew).
	@scripts/install-dependencies

build: deps ## Build for development.
	$(SWIFT) build $(BUILD_FLAGS)

install: deps ## Build a stripped release binary and install it, with completions for shells, below PREFIX (/usr/local).
	@scripts/install "$(SWIFT)" "$(DESTDIR)$(PREFIX)"

demo: build ## Apply, change, drift, roll back and destroy a real workload on this machine.
	@scripts/demo "$(BERTH)"

# Those suites that start no processes, and ask no engine.
PURE := ^(WorkloadSpec|Planning|Policies|Rendering|DockerAPI|KubernetesAPI|NomadAPI|NomadProvider|ProviderKit|HealthChecks|Supervisor|Engine|Forge|ClusterNodes|UserFiles|ComposeImport|KubernetesImport|Vault|Library|Fuzz)Tests\.

# Of those, the suites that break off or fail at every step, or try whatever can be made up: minutes of a core each.
LONG := (Crash|Fault|Property|FakeContract)Tests/|RegisterStoreSuites/

check: lint test-quick ## Before each commit: the format, and the pure suites that take no minutes.

test-quick: deps ## Run the pure suites but those that try every step.
	$(SWIFT) build $(BUILD_FLAGS) --build-tests
	$(SWIFT) test $(BUILD_FLAGS) --skip-build --filter '$(PURE)' --skip '$(LONG)'

test-pure: deps ## Run the suites that start no processes and ask no engine.
	$(SWIFT) build $(BUILD_FLAGS) --build-tests
	$(SWIFT) test $(BUILD_FLAGS) --skip-build --filter '$(PURE)'

# With IN, which names modules of tests, nothing else is built.
test-one: export BERTH_SUITES = $(IN)
test-one: deps ## Run the suites or tests whose names match FILTER: make test-one FILTER=PlannerTests [IN=PlanningTests].
	@[ -n "$(FILTER)" ] || { echo "Say which: make test-one FILTER=PlannerTests" >&2; exit 1; }
	$(SWIFT) build $(BUILD_FLAGS) --build-tests
	$(SWIFT) test $(BUILD_FLAGS) --skip-build --filter '$(FILTER)'

test: deps ## Run all tests; those against an engine only if BERTH_TEST_DOCKER_HOST, BERTH_TEST_KUBECONFIG and BERTH_TEST_NOMAD_ADDR name one.
	@[ -n "$$BERTH_TEST_DOCKER_HOST" ] || \
	  echo "Skipping what needs a Docker engine: BERTH_TEST_DOCKER_HOST is not set (see scripts/docker-engine)."
	@[ -n "$$BERTH_TEST_KUBECONFIG" ] || \
	  echo "Skipping what needs a Kubernetes cluster: BERTH_TEST_KUBECONFIG is not set (see scripts/kubernetes)."
	@[ -n "$$BERTH_TEST_NOMAD_ADDR" ] || \
	  echo "Skipping what needs a Nomad agent: BERTH_TEST_NOMAD_ADDR is not set (see docs/testing.md)."
	$(SWIFT) build $(BUILD_FLAGS) --build-tests
	@BERTH_TEST_COMPOSE=$$(scripts/compose-plugin) || \
	  echo "Skipping what compares with docker compose: there is none to be had (see scripts/compose-plugin)."; \
	export BERTH_TEST_COMPOSE; scripts/run-tests $(SWIFT) test $(BUILD_FLAGS) --skip-build

test-thorough: ## Run all tests, and try every point that `make test` samples.
	BERTH_TEST_THOROUGH=1 $(MAKE) test

# Those that start processes would have to start programs that are built the same way.
SANITIZED := $(PURE)

test-address: deps ## Run the tests that are pure with the address sanitizer.
	$(SWIFT) build --sanitize=address --scratch-path .build-address --build-tests
	@# XCTest leaks a little of its own at its end.
	ASAN_OPTIONS=detect_leaks=0 $(SWIFT) test --sanitize=address --scratch-path .build-address --skip-build --filter '$(SANITIZED)'

# Those, and the suites of the store, which share one file between many.
THREADED := $(SANITIZED)|^LocalProviderTests\.LocalStore

test-thread: deps ## Run the tests that are pure, and those of the store, with the thread sanitizer.
	$(SWIFT) build --sanitize=thread --scratch-path .build-thread --build-tests
	TSAN_OPTIONS=suppressions=$(CURDIR)/Tests/thread-sanitizer.supp \
	  $(SWIFT) test --sanitize=thread --scratch-path .build-thread --skip-build --filter '$(THREADED)'

test-control-groups: build ## See limits hold in a virtual machine that has control groups of version 2 (Debian).
	@scripts/test-control-groups "$(BERTH)"

fuzz: deps ## Feed each reader of outside data with made-up inputs for FUZZ_SECONDS (60); FUZZ_TARGETS chooses.
	@scripts/fuzz "$(SWIFT)" "$(FUZZ_SECONDS)" $(FUZZ_TARGETS)

compare-compose: deps ## Hold imports of 10000 environment files and 2000 compose files against docker compose; COMPARE_SEED makes others.
	$(SWIFT) build $(BUILD_FLAGS) --build-tests
	BERTH_TEST_COMPOSE=$$(scripts/compose-plugin) && export BERTH_TEST_COMPOSE && \
	  BERTH_TEST_COMPOSE_ENV_FILES=$(COMPARE_ENV_FILES) BERTH_TEST_COMPOSE_FILES=$(COMPARE_FILES) BERTH_TEST_COMPOSE_SEED=$(COMPARE_SEED) \
	  $(SWIFT) test $(BUILD_FLAGS) --skip-build --filter '^ComposeImportTests\..*ComparisonTests/'

soak: deps ## Let random things happen to real workloads for SOAK_MINUTES (5), from SOAK_SEED if that is given.
	$(SWIFT) build $(BUILD_FLAGS) --build-tests
	BERTH_TEST_SOAK_MINUTES=$(SOAK_MINUTES) BERTH_TEST_SOAK_SEED=$(SOAK_SEED) \
	  $(SWIFT) test $(BUILD_FLAGS) --skip-build --filter '^CommandTests\.SoakTests/'

lint: ## Check the format, the workflows, the version, that no file is binary, that no two folders of a module use each other, and that public declarations are documented.
	@scripts/lint-files
	@scripts/lint-folders
	@scripts/lint-docs
	@scripts/release-version >/dev/null
	@scripts/check-workflows
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources

format: ## Format the code.
	$(SWIFT) format --in-place --recursive --parallel Package.swift Sources Tests Benchmarks/Package.swift Benchmarks/Sources

docs: build ## Write anew what is made from the code: references, the schema, expected results.
	@# What passes is of no interest; what fails says which case has no expected result yet that could be written.
	@log=$$(mktemp); trap 'rm -f "$$log"' EXIT; BERTH_UPDATE_SPECS=1 $(SWIFT) test $(BUILD_FLAGS) \
	  --filter "GeneratedFiles|Mistakes|Conformance|ImportCase|DocumentTests" >"$$log" || { cat "$$log" >&2; exit 1; }
	scripts/command-reference "$(BERTH)" > docs/commands.md

bench: deps ## Measure, side by side with a peer or a limit; SECTIONS="docker many" for some.
	@scripts/bench "$(SWIFT)" $(SECTIONS)

clean: ## Remove what was built.
	rm -rf .build .build-*

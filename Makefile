# Everything a user or a developer does, one word each. `make` alone lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup build demo test lint imports format protos fuzz bench otel-bench quality sandbox observability clean

# The runtime and the C++ library are linked in. lld, compact relocations, no exported symbols and a link order made from a
# run (deploy/release) let the program start with a third less memory than with the default linker. The toolchain asks for
# -lstdc++: a folder that has nothing but the static one, before all others, gives it that, and a start without libstdc++.so.
STRIP := -s
RELEASE = swift build -c release --static-swift-stdlib --product $(1) -Xswiftc -use-ld=lld \
	$(addprefix -Xlinker ,$(STRIP) -z pack-relative-relocs --icf=all --gc-sections --exclude-libs=ALL \
	--no-export-dynamic --symbol-ordering-file=deploy/release/link-order.txt --no-warn-symbol-ordering) \
	-Xswiftc -L$(STATIC) -Xswiftc -Xclang-linker -Xswiftc -static-libgcc
STATIC = $(shell mkdir -p .build/static && ln -sf "$$(gcc -print-file-name=libstdc++.a)" .build/static/ && echo .build/static)
BINARY := .build/release/orchestrator
COMPOSE := $(shell docker compose version >/dev/null 2>&1 && echo docker compose || echo docker-compose)

help: ## List what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: ## Install the Debian packages that the build needs
	@Tests/Support/setup.sh build

build: setup ## Build the program: .build/release/orchestrator
	@$(call RELEASE,orchestrator)

demo: build ## Run a recorded task end to end, with no Docker, account or collector
	@Tests/Support/demo.sh $(BINARY)

test: ## Install what the tests need and run all of them
	@Tests/Support/test.sh

lint: ## Check the format
	@swift format lint --strict --recursive Package.swift Sources Tests

imports: ## Check that each target imports what DESIGN allows, and nothing else
	@python3 Tests/Support/architecture_check.py
	@swift build --build-tests --explicit-target-dependency-import-check error

format: ## Format the sources
	@swift format --in-place --recursive Package.swift Sources Tests

protos: ## Make the C of Sources/COTLP from Protos/ anew
	@Protos/generate.sh

fuzz: ## Fuzz everything that reads bytes, each reader for FUZZ_SECONDS (60)
	@Tests/Support/fuzz.sh $(FUZZ_SECONDS)

bench: setup ## Measure the exporter side by side with opentelemetry-python and with the bare C libraries
	@Tests/Benchmarks/bench.py $(BENCH_OPTIONS)

otel-bench: ## Build the benchmark's own program: .build/bench/otel-bench
	@$(call RELEASE,otel-bench)
	@mkdir -p .build/bench && cp .build/release/otel-bench .build/bench/

quality: lint imports test fuzz ## All that a submission must pass, and the tests under the address and thread sanitizers
	@Tests/Support/sanitize.sh address
	@Tests/Support/sanitize.sh thread

sandbox: ## Build and start the sandbox container ktrdr-sandbox
	@$(COMPOSE) -f deploy/environments/sandbox/docker-compose.yml up -d --build

observability: ## Start collector, Jaeger, Prometheus and Grafana on loopback
	@$(COMPOSE) -f deploy/environments/observability/docker-compose.yml up -d
	@echo "Jaeger http://localhost:16686  Prometheus http://localhost:9090  Grafana http://localhost:3000"

clean: ## Remove everything that was built
	@Tests/Support/teardown.sh
	@rm -rf .build .demo

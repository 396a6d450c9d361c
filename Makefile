# make demo    installs what is missing, builds, deploys the example on the sandbox and shows it
# make test    the tests            make lint    formatting and house rules
# make test-release   the end-to-end tests with the release binary
# make build   the release binary   make docs    regenerates what is generated below docs/
# make image IMG=registry.example/iflearnerctl:0.2.0   the container image   PLATFORM=linux/arm64   CONTAINER_TOOL=podman

SHELL := /bin/bash
SWIFT ?= swift
RELEASE := .build/release/iflearnerctl
BUILD_FLAGS := --explicit-target-dependency-import-check error
# Behaviours have deadlines of their own: eight hundred of them at once on two cores would miss them.
TEST_FLAGS := --skip-build --disable-xctest --experimental-maximum-parallelization-width 4

VERSION = $(shell sed -n 's/.*static let current = "\(.*\)"/\1/p' Sources/Deployment/ToolVersion.swift)
IMG ?= iflearnerctl:$(VERSION)
CONTAINER_TOOL ?= docker
PLATFORM ?=

.PHONY: demo test test-release lint build image deps test-deps docs validate clean

demo: build
	scripts/demo $(RELEASE)

build: deps
	$(SWIFT) build -c release --static-swift-stdlib -Xlinker -s --product iflearnerctl

image:
	$(CONTAINER_TOOL) build $(if $(PLATFORM),--platform $(PLATFORM)) --build-arg VERSION=$(VERSION) --tag $(IMG) .

test: test-deps
	$(SWIFT) build --build-tests $(BUILD_FLAGS)
	IFLEARNERCTL_KUBECTL_OLD=$(CURDIR)/.build/tools/kubectl-1.20 SWIFT=$(SWIFT) scripts/run-tests $(TEST_FLAGS)
	scripts/validate-manifests .build/debug/iflearnerctl
	scripts/check-image-packages .build/debug/iflearnerctl

# The optimiser is a part of the product: what is released is put through the end-to-end tests too.
test-release: test-deps build
	$(SWIFT) build --build-tests $(BUILD_FLAGS)
	IFLEARNERCTL_PROGRAM=$(CURDIR)/$(RELEASE) SWIFT=$(SWIFT) scripts/run-tests $(TEST_FLAGS) --filter EndToEndTests

lint:
	$(SWIFT) format lint --strict --recursive Package.swift Plugins Sources Tests
	scripts/check-sources

deps:
	scripts/install-packages build

test-deps:
	scripts/install-packages build test
	scripts/fetch-kubectl .build/tools/kubectl-1.20
	scripts/install-grpcio .build/tools/grpcio

docs: deps
	$(SWIFT) build
	scripts/generate-docs .build/debug/iflearnerctl

clean:
	$(SWIFT) package clean

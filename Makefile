# Two commands on a fresh machine: `make run` ends with a server to open in a
# browser, `make test` with everything proven. Both bring what they need.
# They assume Linux with root, Go, Node.js with npm, make and apt.

SHELL := /bin/bash
.ONESHELL:
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

GOLANGCI_LINT := .bin/golangci-lint
GOLANGCI_LINT_VERSION := v2.15.0
GO_FILES := $(shell find cmd labs sandbox static templates web -name '*.go' -o -name '*.templ' -o -name '*.sql' -o -name '*.yaml' 2>/dev/null)
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

.PHONY: help
help: ## list the commands
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.PHONY: run
run: build ## everything, to a running server: engine, node image, server
	@exec ./bin/greenbox up

.PHONY: build
build: static/dist/app.js ## the binary bin/greenbox
	@CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=$(VERSION)" -o bin/greenbox ./cmd/greenbox

static/node_modules/.package-lock.json: static/package-lock.json
	@cd static && npm ci --no-audit --no-fund --loglevel=error && touch node_modules/.package-lock.json

static/dist/app.js: static/node_modules/.package-lock.json $(shell find static/src -type f) static/build.mjs
	@cd static && npm run --silent build

.PHONY: generate
generate: ## templ components
	@go tool templ generate -log-level error ./templates/...

$(GOLANGCI_LINT):
	@GOBIN=$(CURDIR)/.bin go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_LINT_VERSION)

.PHONY: lint
lint: $(GOLANGCI_LINT) static/dist/app.js ## Go, TypeScript, generated files
	@$(GOLANGCI_LINT) run
	cd static && npm run --silent check

.PHONY: check
check: generate lint ## the fast loop: generate, lint, short tests
	@go test -short ./...
	cd static && npm test --silent

.PHONY: labs
labs: build ## prove every lab on real clusters, alternatives too
	@./bin/greenbox lab test --all

.PHONY: test
test: ## everything, to green: lint, unit tests with -race, every lab, real clusters, a real browser
	@.ci/stages

.PHONY: down
down: ## remove this instance's clusters and networks
	@./bin/greenbox down

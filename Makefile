# Keyfob. `make` alone lists what can be made.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

# One compiler and one set of tags for everything, so that Fyne and its C code
# are compiled once. clang takes a third of gcc's time for it.
ifeq ($(origin CC),default)
CC := clang
endif
export CC
export GOFLAGS := $(strip $(shell go env GOFLAGS 2>/dev/null) -tags=no_emoji,migrated_fynedo)

FUZZTIME ?= 10s
EXE := $(if $(filter Windows_NT,$(OS)),.exe)
# The menu bar of macOS needs cgo; everywhere else keyfob-tray is pure Go, as
# keyfob is on every system.
TRAY_CGO := $(if $(filter Darwin,$(shell uname -s)),1,0)
PROGRAMS := keyfob keyfob-tray keyfob-window
VERSION := $(shell sed -n 's/^Version = "\(.*\)"$$/\1/p' FyneApp.toml)
STAMP := -X keyfob/app/caller.version=$(VERSION)
# On Windows no console appears beside the tray and the windows.
GUI := $(if $(filter Windows_NT,$(OS)),-H=windowsgui)

# Packages that have tests, but for the one that `make test-keycloak` is for.
TESTED = $$(go list -f '{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}' ./... | grep -v /authtest/keycloak)

.PHONY: help
help: ## list what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: ## run it: in the tray, or without a display the demo in the terminal
	@if [ -n "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ] || [ "$$(uname -s)" != Linux ]; then \
		$(MAKE) run-tray; \
	else \
		$(MAKE) run-headless; \
	fi

.PHONY: run-headless
run-headless:
	@.ci/setup.sh run-headless
	@CGO_ENABLED=$(TRAY_CGO) go build -ldflags "$(STAMP) $(GUI)" -o bin/keyfob-tray$(EXE) .
	@bin/keyfob-tray$(EXE) demo --headless

# With tools set up it is the real thing, else the demo with its two tools.
.PHONY: run-tray
run-tray: build
	@settings="$${KEYFOB_CONFIG:-$${XDG_CONFIG_HOME:-$$HOME/.config}/keyfob/keyfob.toml}"; \
	if grep -qs '^ *\[tools\.' "$$settings" /etc/keyfob/keyfob.d/*.toml; then \
		exec bin/keyfob-tray$(EXE); \
	else \
		echo "no tools are set up in $$settings: starting the demo"; \
		exec bin/keyfob-tray$(EXE) demo; \
	fi

.PHONY: build
build: ## build bin/keyfob, bin/keyfob-tray and bin/keyfob-window
	@.ci/setup.sh run
	@CGO_ENABLED=0 go build -ldflags "$(STAMP)" -o bin/keyfob$(EXE) ./app/command
	@CGO_ENABLED=$(TRAY_CGO) go build -ldflags "$(STAMP) $(GUI)" -o bin/keyfob-tray$(EXE) .
	@CGO_ENABLED=1 go build -ldflags "$(GUI)" -o bin/keyfob-window$(EXE) ./tray/keyfob-window

# For everybody as root, else for yourself.
PREFIX ?= $(if $(filter 0,$(shell id -u)),/usr/local,$(HOME)/.local)
export PREFIX DESTDIR

# What was built is installed; only who owns the tree builds it anew.
.PHONY: install
install: ## install it with its desktop entry and icons (PREFIX, DESTDIR)
	@if [ "$$(id -u)" != 0 ]; then $(MAKE) build; fi
	@for program in $(PROGRAMS); do if [ ! -x bin/$$program$(EXE) ]; then $(MAKE) build; fi; done
	@.ci/install.sh install

.PHONY: uninstall
uninstall: ## remove what was installed (PREFIX, DESTDIR)
	@.ci/install.sh uninstall

.PHONY: test
test: setup-test lint build ## check and test everything, desktop and provider included
	@echo "testing"
	@{ failed=0; \
		KEYFOB_TEST_ALL=1 go test -race -timeout 30m -json $(TESTED) || failed=1; \
		go test -race -json .ci/summary.go .ci/summary_test.go || failed=1; \
		exit $$failed; \
	} | go run .ci/summary.go

.PHONY: test-short
test-short: ## test in about a minute, without a desktop or a real provider
	@go test -short $(TESTED)

.PHONY: setup-test
setup-test:
	@.ci/setup.sh test

.PHONY: test-keycloak
test-keycloak: ## test with a real Keycloak, where there are Java and Maven
	@dir=$$(.ci/keycloak.sh); \
	if [ -n "$$dir" ]; then \
		.ci/setup.sh run; \
		echo "testing with a real Keycloak"; \
		KEYFOB_KEYCLOAK="$$dir" go test -race -count=1 -timeout 30m -json ./auth/authtest/keycloak | go run .ci/summary.go; \
	fi

.PHONY: lint
lint: ## gofumpt, vet (also for Windows and macOS) and staticcheck
	@.ci/setup.sh run
	@echo "gofumpt"
	@found=$$(go tool gofumpt -l main.go app assets auth tray .ci); \
	if [ -n "$$found" ]; then echo "not formatted with gofumpt:"; echo "$$found"; exit 1; fi
	@echo "go vet"
	@go vet ./...
	@go vet .ci/summary.go .ci/summary_test.go
	@.ci/vet-cross.sh windows
	@.ci/vet-cross.sh darwin
	@echo "staticcheck"
	@go tool staticcheck ./...

.PHONY: vuln
vuln: ## look for known vulnerabilities in what is linked
	@log=$$(mktemp); trap 'rm -f "$$log"' EXIT; \
	if go tool govulncheck ./... >"$$log" 2>&1; then cat "$$log"; \
	elif grep -qE 'vuln\.go\.dev|no such host|dial tcp' "$$log"; then \
		cat "$$log"; echo "the vulnerability database cannot be reached from here: nothing was checked"; \
	else cat "$$log"; exit 1; fi

.PHONY: cover
cover: ## test and show how much of each package the tests run
	@go test -coverpkg=./... -coverprofile=coverage.out $(TESTED) >/dev/null
	@go tool cover -func=coverage.out | tail -n 1
	@echo "go tool cover -html=coverage.out shows the lines"

.PHONY: fuzz
fuzz: ## run each fuzz target for FUZZTIME (10s)
	@for dir in $$(grep -rl --include='*_test.go' '^func Fuzz' app auth tray | xargs -r -n 1 dirname | sort -u); do \
		for target in $$(grep -ho '^func Fuzz[A-Za-z0-9_]*' $$dir/*_test.go | cut -c 6-); do \
			echo "$$dir $$target"; \
			go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) ./$$dir; \
		done; \
	done

.PHONY: icons
icons: ## draw the icons anew from their SVGs
	@go generate ./assets

include app/bench/bench.mk

.PHONY: clean
clean: ## remove what was built
	@rm -rf bin dist artifacts coverage.out .ci/node/node_modules .ci/keycloak auth/authtest/npm/node_modules

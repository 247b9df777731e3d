# `make bench` measures what Keyfob costs beside the least programs that do the
# same, in one run on a desktop of its own, and prints ratios. It never fails
# for being slow. IDLE is how long the engines do nothing; BEFORE names the folder
# of an earlier build's programs, which are then measured in the same run.

IDLE ?= 60s
BEFORE ?=

.PHONY: bench
bench: build ## measure Keyfob beside the least programs (IDLE=60s, BEFORE=FOLDER)
	@.ci/setup.sh bench
	@mkdir -p bin/bench
	@CGO_ENABLED=0 go build -o bin/bench ./app/bench/baretray ./app/bench/coldengine ./app/bench/roundtrip
	@CGO_ENABLED=1 go build -o bin/bench ./app/bench/fynetray ./app/bench/barewindow
	@CGO_ENABLED=0 go test -tags=bench -count=1 -v -timeout=60m ./app/bench \
		-bin=$(CURDIR)/bin -before=$(if $(BEFORE),$(abspath $(BEFORE))) -idle=$(IDLE)

# Everything that is done with this repository, by name: make help.

.DEFAULT_GOAL := help
.PHONY: help demo test bench bench-short lint vulnerabilities pictures parts release vendor fuzz test-faults test-traefik-3.7 test-plugin test-fuzz test-yaegivet test-openfeature test-xtraefik-parts test-alerts test-compiled test-interpreted test-xtraefik test-traefik-compiled

title = @printf '\n== %s\n' '$(1)'

help: ## show this help
	@awk -F ':.*## ' '/^[a-z0-9.-]+:.*## / { printf "  make %-22s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# exec, and no go run in between: signals reach the demo, which cleans up.
demo: ## run ZooKeeper, Traefik and the plugin; ARGS=--once ends by itself
	@go -C e2e run ./cmd/parts -quiet
	@demo="$$(go -C e2e tool -n demo)" && exec "$$demo" $(ARGS)

test: test-plugin test-fuzz test-yaegivet test-openfeature test-xtraefik-parts test-alerts test-compiled test-interpreted ## run all tests, with real ZooKeeper servers and the real Traefik

test-plugin:
	$(call title,the plugin)
	@CGO_ENABLED=1 go test -race ./...
	@go test -run 'Memory|Few|Cost|Paid|Separators' ./... # the race detector has the library allocate more

# A number of inputs, so that a slow machine takes longer and tries no less.
test-fuzz:
	$(call title,fuzz tests for a moment each)
	@$(MAKE) --no-print-directory fuzz FUZZTIME=3000x

test-yaegivet:
	$(call title,the vet for the interpreter)
	@go -C yaegivet test ./...

# Real builds are in e2e/xtraefik.
test-xtraefik-parts:
	$(call title,xtraefik)
	@go -C cmd/xtraefik test ./...

# Prometheus' own tool takes minutes to build, once.
test-alerts:
	$(call title,alert rules)
	@go -C e2e/promtool test -count=1 ./...

# With a server, it is tested in e2e/openfeature.
test-openfeature:
	$(call title,the OpenFeature provider)
	@CGO_ENABLED=1 go -C openfeature test -race ./...

# The interpreter's own races, which do no harm, would drown those of the plugin.
# So a test that runs the plugin interpreted says Interpreted in its name.
# The tag hooks lets tests force panics, and shortens pauses; it is for nothing else.
test-compiled:
	$(call title,end to end: the plugin compiled; the plugin in Traefik)
	@go -C e2e run ./cmd/parts -quiet -tests
	@CGO_ENABLED=1 go -C e2e test -race -tags hooks -count=1 -timeout 30m -skip Interpreted ./...

test-interpreted:
	$(call title,end to end: the plugin interpreted)
	@go -C e2e run ./cmd/parts -quiet -tests
	@go -C e2e test -tags hooks -count=1 -timeout 30m -run Interpreted ./...

# The packages whose tests run Traefik.
in_traefik = ./cmd/demo ./cmd/release ./examples ./faults ./internal/traefik ./proxy ./readme ./recipes ./status ./traffic

test-traefik-3.7: ## run the tests that use Traefik with version 3.7; make test uses 3.6
	$(call title,Traefik 3.7)
	@TRAEFIK=3.7 go -C e2e run ./cmd/parts -quiet -tests
	@TRAEFIK=3.7 CGO_ENABLED=1 go -C e2e test -race -tags hooks -count=1 -timeout 30m -skip Interpreted $(in_traefik)

test-traefik-compiled: ## run them in a Traefik that has the plugin compiled in; TRAEFIK=3.7 for that version
	$(call title,Traefik with the plugin compiled in)
	@go -C e2e run ./cmd/parts -quiet -tests
	@binary="$$(go -C e2e run ./cmd/parts -compiled)" && \
		TRAEFIK_BIN="$$binary" CGO_ENABLED=1 go -C e2e test -race -tags hooks -count=1 -timeout 30m -skip Interpreted $(in_traefik)

test-xtraefik: ## build Traefiks of all kinds with plugins compiled in, for both versions; make test builds one
	$(call title,xtraefik)
	@for version in 3.6 3.7; do \
		TRAEFIK=$$version go -C e2e run ./cmd/parts -quiet && \
		TRAEFIK=$$version go -C e2e test -count=1 -timeout 60m ./xtraefik -full || exit 1; done

# In the package's folder, since go test shows what a test prints only there.
test-faults: ## inject faults of all kinds, many times over, under load; make test has a short form
	$(call title,faults)
	@go -C e2e run ./cmd/parts -quiet -tests
	@CGO_ENABLED=1 go -C e2e/faults test -race -count=1 -timeout 60m -full -skip Interpreted
	@go -C e2e/faults test -count=1 -timeout 30m -full -run Interpreted
	@CGO_ENABLED=1 go -C e2e/leaks test -v -race -tags hooks -count=1 -timeout 60m -full -run Compiled
	@go -C e2e/leaks test -v -tags hooks -count=1 -timeout 60m -full -run Interpreted
	@go -C e2e/proxy test -v -count=1 -timeout 30m -full -run Reloads
	@CGO_ENABLED=1 go -C e2e/model test -race -tags hooks -count=1 -timeout 60m -full -run Compiled
	@go -C e2e/model test -tags hooks -count=1 -timeout 60m -full -run Interpreted

# Each part in a process of its own, since it measures its memory. Only the table
# is of interest, and what goes wrong.
parts_of_bench = Request Counted Parallel Growth Traefik Propagation Crowd Names Tenants Provider Start Routers Nodes Reload Simulation
measure = @go -C e2e run ./cmd/parts -quiet -tests && for part in $(parts_of_bench); do \
	go -C e2e test -run '^$$' -bench "Benchmark$$part$$" -benchtime 1x -timeout 60m ./bench $(1) | \
	awk '/^(zookeeper: |Benchmark|goos:|goarch:|pkg:|cpu:|PASS|ok )/ { next } /FAIL/ { bad = 1 } { print } END { exit bad }' || exit 1; done

bench: ## measure what the plugin costs, compared with alternatives; needs wrk
	$(call measure,)

bench-short: ## run make bench in less than 5 minutes
	$(call measure,-rounds 9 -writes 100 -loading 1s -proxies 100)

FUZZTIME = 5s
fuzzed = $(sort $(dir $(shell grep -rl --include='*_test.go' '^func Fuzz' config flag internal e2e/client)))

fuzz: ## run each fuzz test for FUZZTIME, 5s by default
	@for folder in $(fuzzed); do \
		for target in $$(sed -n 's/^func \(Fuzz[A-Za-z]*\)(.*/\1/p' $$folder/*_test.go); do \
			go -C $$folder test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 100x . || exit 1; \
		done; \
	done

# ./... leaves it out, and the root's go.mod lacks what it needs.
program_of_zkcheck = $(addprefix github.com/mod-zookeeper/traefik-zookeeper/cmd/zkcheck/_program,"" /check /dynamic)

lint: ## run gofmt, go vet, staticcheck, actionlint, the vet for the interpreter, and the check of imports
	@unformatted="$$(git ls-files -z -- '*.go' ':!vendor' | xargs -0 gofmt -l)" && \
		if [ -n "$$unformatted" ]; then printf 'not as gofmt has it:\n%s\n' "$$unformatted"; exit 1; fi
	@staticcheck="$$(go -C yaegivet tool -n staticcheck)" && \
		for module in . e2e e2e/promtool yaegivet cmd/xtraefik openfeature; do \
			go -C $$module vet ./... && (cd $$module && "$$staticcheck" ./...) || exit 1; \
		done && \
		go -C e2e vet $(program_of_zkcheck) && (cd e2e && "$$staticcheck" $(program_of_zkcheck))
	@actionlint="$$(go -C yaegivet tool -n actionlint)" && "$$actionlint" .github/workflows/*.yml
	@go -C yaegivet run ./cmd/yaegivet ..
	@go -C yaegivet run ./cmd/importgraph check ..

# Not a part of lint: the database is a service on the network, and changes by itself.
vulnerabilities: ## known vulnerabilities in the code that the plugin calls
	@govulncheck="$$(go -C yaegivet tool -n govulncheck)" && "$$govulncheck" $(ARGS) ./...

pictures: ## take the pictures of the status page in docs/pictures again
	@go -C e2e run ./cmd/parts -quiet -tests
	@mkdir -p docs/pictures && PICTURES="$(CURDIR)/docs/pictures" go -C e2e test -count=1 -run TestStatusInTraefik/pictures ./status

parts: ## install or build what tests and demo need, and print where it is
	@go -C e2e run ./cmd/parts -tests

release: ## dist/: the plugin's packages, the tools' binaries, SBOM, checksums, notes; ARGS="-version v1.2.3", -dirty rehearses
	@go -C e2e run ./cmd/release $(ARGS)

vendor: ## create vendor/ again, with the patches to the ZooKeeper client
	@./patches/apply

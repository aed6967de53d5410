# Holdpoint. One Makefile, not recursive. `make help` lists the targets.
# CFLAGS, CPPFLAGS, LDFLAGS and CC are yours: they are added to the project's own flags.

CC ?= cc
BUILD ?= build
PREFIX ?= /usr/local
DESTDIR ?=
JOBS ?= $(shell nproc 2>/dev/null || echo 2)

# The rooms, from the ground up; scripts/rooms checks the arrows between them.
REFERENCE_ROOMS := reference/base reference/core reference/store reference/service
# Over HTTP; it is part of the command, not of the library.
SERVER_ROOMS := reference/server
HARNESS_ROOMS := harness/base harness/adapters harness/case harness/lab harness/drift harness/drift/database harness/drift/migrations harness/drift/source harness/doctor harness/report harness/commands
# Cases that need code, and the project's own tests.
CHAPTERS := suites/chapters

REFERENCE_SOURCES := $(foreach room,$(REFERENCE_ROOMS),$(wildcard $(room)/*.c))
SERVER_SOURCES := $(foreach room,$(SERVER_ROOMS),$(wildcard $(room)/*.c))
MIGRATIONS := $(sort $(wildcard reference/sql/*.sql))
HARNESS_SOURCES := $(foreach room,$(HARNESS_ROOMS) $(CHAPTERS),$(wildcard $(room)/*.c))
TEST_SOURCES := $(wildcard suites/self/test_*.c)
SUPPORT_SOURCES := $(wildcard suites/self/support_*.c)
HEADERS := $(foreach room,$(REFERENCE_ROOMS) $(SERVER_ROOMS) reference $(HARNESS_ROOMS) $(CHAPTERS) suites/self,$(wildcard $(room)/*.h))

WARNINGS := -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes
# Where libpq-fe.h is; Debian keeps it out of the compiler's way.
POSTGRES_INCLUDE ?= /usr/include/postgresql
PROJECT_CPPFLAGS := -D_POSIX_C_SOURCE=200809L -I. -I$(POSTGRES_INCLUDE) -DHOLDPOINT_DATA='"$(PREFIX)/share/holdpoint"'
PROJECT_CFLAGS := -std=c17 -O2 -g -fPIC -fvisibility=hidden $(WARNINGS) $(if $(CI),-Werror)
PROJECT_LIBS := -ljansson -lpq -lcrypto -lcurl -lmicrohttpd -ltree-sitter -ldl -lpthread -lm

COMPILE = $(CC) $(PROJECT_CPPFLAGS) $(CPPFLAGS) $(PROJECT_CFLAGS) $(CFLAGS)
LINK = $(CC) $(PROJECT_CFLAGS) $(CFLAGS) $(LDFLAGS)

objects = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
REFERENCE_OBJECTS := $(call objects,$(REFERENCE_SOURCES)) $(BUILD)/obj/migrations.o $(BUILD)/obj/default_routes.o
SERVER_OBJECTS := $(call objects,$(SERVER_SOURCES)) $(BUILD)/obj/openapi_json.o
HARNESS_OBJECTS := $(call objects,$(HARNESS_SOURCES)) $(BUILD)/obj/profile_schema_text.o $(BUILD)/obj/profile_contract_text.o \
	$(BUILD)/obj/page_css.o $(BUILD)/obj/page_js.o $(BUILD)/obj/templates.o \
	$(foreach language,python go typescript rust java c,$(BUILD)/obj/$(language)_patterns.o)
SUPPORT_OBJECTS := $(call objects,$(SUPPORT_SOURCES))
TESTS := $(patsubst suites/self/%.c,$(BUILD)/self/%,$(TEST_SOURCES))

# A program for each bench_*.c; the other files of suites/bench are what benches share.
BENCHES := $(patsubst suites/bench/%.c,$(BUILD)/%,$(wildcard suites/bench/bench_*.c))
SUPPORT_OBJECTS += $(call objects,$(filter-out suites/bench/bench_%,$(wildcard suites/bench/*.c)))
HEADERS += $(wildcard suites/bench/*.h)

.PHONY: all
all: $(BUILD)/holdpoint

# Rebuilds everything when the flags change.
FLAGS_FILE := $(BUILD)/flags
$(FLAGS_FILE): FORCE
	@mkdir -p $(@D)
	@echo '$(subst ','\'',$(COMPILE) $(LDFLAGS))' | cmp -s - $@ || echo '$(subst ','\'',$(COMPILE) $(LDFLAGS))' > $@
.PHONY: FORCE
FORCE:

$(BUILD)/obj/%.o: %.c $(FLAGS_FILE)
	@mkdir -p $(@D)
	$(COMPILE) -MMD -MP -c -o $@ $<

# The migrations, inside the library.
$(BUILD)/migrations.c: $(MIGRATIONS) scripts/embed-sql Makefile
	@mkdir -p $(@D)
	scripts/embed-sql $(MIGRATIONS) > $@

$(BUILD)/obj/migrations.o: $(BUILD)/migrations.c $(FLAGS_FILE)
	@mkdir -p $(@D)
	$(COMPILE) -MMD -MP -c -o $@ $<

# Where flows go on behind an interrupt unless somebody says otherwise, inside the library.
$(BUILD)/default_routes.c: reference/routes/default.json scripts/embed-text Makefile
	@mkdir -p $(@D)
	scripts/embed-text default_routes reference/core/pipeline.h $< > $@

$(BUILD)/obj/default_routes.o: $(BUILD)/default_routes.c $(FLAGS_FILE)
	@mkdir -p $(@D)
	$(COMPILE) -MMD -MP -c -o $@ $<

# The description of the server's routes, inside the command.
$(BUILD)/openapi_json.c: reference/server/openapi.json scripts/embed-text Makefile
	@mkdir -p $(@D)
	scripts/embed-text openapi_json reference/server/openapi.h $< > $@

$(BUILD)/obj/openapi_json.o: $(BUILD)/openapi_json.c $(FLAGS_FILE)
	@mkdir -p $(@D)
	$(COMPILE) -MMD -MP -c -o $@ $<

# The schema of target profiles and the profile of the contract, inside the command.
$(BUILD)/profile_schema_text.c: fixtures/schema/profile.json
$(BUILD)/profile_contract_text.c: examples/profiles/contract.json
$(BUILD)/profile_%_text.c: scripts/embed-text Makefile
	@mkdir -p $(@D)
	scripts/embed-text profile_$*_text harness/adapters/profile_texts.h $(firstword $(filter %.json,$^)) > $@

$(BUILD)/obj/profile_%_text.o: $(BUILD)/profile_%_text.c $(FLAGS_FILE)
	@mkdir -p $(@D)
	$(COMPILE) -MMD -MP -c -o $@ $<

# What `holdpoint drift source` asks of the syntax trees of each language, inside the command.
$(BUILD)/%_patterns.c: harness/drift/source/%.scm scripts/embed-text Makefile
	@mkdir -p $(@D)
	scripts/embed-text $*_patterns harness/drift/source/language.h $< > $@

$(BUILD)/obj/%_patterns.o: $(BUILD)/%_patterns.c $(FLAGS_FILE)
	@mkdir -p $(@D)
	$(COMPILE) -MMD -MP -c -o $@ $<

# How the page of a run looks and filters, inside the command.
$(BUILD)/page_%.c: harness/report/page.% scripts/embed-text Makefile
	@mkdir -p $(@D)
	scripts/embed-text page_$* harness/report/page_look.h $< > $@

$(BUILD)/obj/page_%.o: $(BUILD)/page_%.c $(FLAGS_FILE)
	@mkdir -p $(@D)
	$(COMPILE) -MMD -MP -c -o $@ $<

# The skeletons of adapters, inside the command.
$(BUILD)/templates.c: $(wildcard harness/templates/*/*/*) scripts/embed-templates Makefile
	@mkdir -p $(@D)
	scripts/embed-templates harness/templates > $@

$(BUILD)/obj/templates.o: $(BUILD)/templates.c $(FLAGS_FILE)
	@mkdir -p $(@D)
	$(COMPILE) -MMD -MP -c -o $@ $<

$(BUILD)/holdpoint: $(call objects,harness/main.c) $(HARNESS_OBJECTS) $(SERVER_OBJECTS) $(REFERENCE_OBJECTS)
	$(LINK) -o $@ $^ $(PROJECT_LIBS) $(LIBS)

# Objects of the rooms as one archive: a test links only what it uses, and never harness/main.c. Several
# files of one name live in different rooms, hence q: r would keep only the last of them.
$(BUILD)/rooms.a: $(HARNESS_OBJECTS) $(SERVER_OBJECTS) $(REFERENCE_OBJECTS) $(SUPPORT_OBJECTS)
	rm -f $@
	$(AR) qcs $@ $^

$(BUILD)/self/%: $(BUILD)/obj/suites/self/%.o $(BUILD)/rooms.a
	@mkdir -p $(@D)
	$(LINK) $(WRAPPED) -o $@ $< $(BUILD)/rooms.a -lcmocka $(PROJECT_LIBS) $(LIBS)

# The tests named so let allocations fail; support_fail_alloc.c stands in between.
$(BUILD)/self/test_alloc_%: private WRAPPED := -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc

.PHONY: tests
tests: $(TESTS) $(BENCHES) $(BUILD)/holdpoint

# Everything compiled and nothing linked: suites/mutation/source-mutants links it in its own way.
.PHONY: objects
objects: $(HARNESS_OBJECTS) $(SERVER_OBJECTS) $(REFERENCE_OBJECTS) $(SUPPORT_OBJECTS) $(call objects,harness/main.c $(TEST_SOURCES))

# Everything that the tests start themselves finds the binary and the fixtures by these.
TEST_ENVIRONMENT = HOLDPOINT=$(abspath $(BUILD)/holdpoint) HOLDPOINT_BUILD=$(abspath $(BUILD))
TEST_SCRIPTS := $(wildcard suites/self/test_*.sh)
# So many test programs run at once.
TEST_JOBS ?= 1

.PHONY: setup-build setup-check
setup-build:
	@scripts/setup build
setup-check:
	@scripts/setup check

##@ Use

.PHONY: build
build: setup-build ## installs what is missing, and builds build/holdpoint
	@$(MAKE) --no-print-directory -j$(JOBS) $(BUILD)/holdpoint

TARGET ?= memory
.PHONY: run
run: setup-build ## build, and run every case on TARGET (default memory); reports in reports/latest
	@$(MAKE) --no-print-directory -j$(JOBS) $(BUILD)/holdpoint
	$(BUILD)/holdpoint run --target '$(TARGET)' --report-dir reports/latest

# Which field a refusal names when several are wrong the contract leaves open, so services that know nothing of each other differ there
# and conform all the same. `make conformance CONFORMANCE=` holds them against each other too.
CONFORMANCE ?= --no-parity --jobs 2
.PHONY: conformance
conformance: setup-check build ## every case on every target of examples/targets, as one matrix; reports in reports/conformance
	@HOLDPOINT=$(BUILD)/holdpoint scripts/conformance examples/targets $(CONFORMANCE)

##@ Test

.PHONY: check
check: setup-check ## every test of the project; ends with "N passed, N failed"
	@$(MAKE) --no-print-directory -j$(JOBS) tests library
	@$(TEST_ENVIRONMENT) scripts/run-tests --jobs $(TEST_JOBS) $(TESTS) $(TEST_SCRIPTS)

# The tests of one build, for the sanitizers below: only the programs, since the scripts look at what the plain build made.
.PHONY: run-test-programs
run-test-programs: tests
	@$(TEST_ENVIRONMENT) scripts/run-tests --jobs $(TEST_JOBS) $(if $(UNDER),--under "$(UNDER)") $(filter-out $(addprefix $(BUILD)/self/,$(SKIP)),$(TESTS))

ADDRESS_FLAGS := -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all
THREAD_FLAGS := -O1 -fno-omit-frame-pointer -fsanitize=thread

.PHONY: check-asan
check-asan: setup-check ## the tests under AddressSanitizer and UndefinedBehaviorSanitizer
	@ASAN_OPTIONS=detect_stack_use_after_return=1 \
		$(MAKE) --no-print-directory -j$(JOBS) BUILD=build/asan CFLAGS='$(ADDRESS_FLAGS)' run-test-programs

.PHONY: check-tsan
check-tsan: setup-check ## the tests under ThreadSanitizer
	@TSAN_OPTIONS=halt_on_error=1 \
		$(MAKE) --no-print-directory -j$(JOBS) BUILD=build/tsan CFLAGS='$(THREAD_FLAGS)' run-test-programs

FUZZ_FLAGS := -O1 -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
FUZZERS := $(patsubst suites/fuzz/%.c,$(BUILD)/%,$(wildcard suites/fuzz/fuzz_*.c))
run-fuzzers: SECONDS ?= 20

$(BUILD)/fuzz_%: $(BUILD)/obj/suites/fuzz/fuzz_%.o $(BUILD)/rooms.a
	$(LINK) -fsanitize=fuzzer -o $@ $< $(BUILD)/rooms.a -lcmocka $(PROJECT_LIBS) $(LIBS)

.PHONY: fuzzers run-fuzzers fuzz fuzz-run
fuzzers: $(FUZZERS)
run-fuzzers: fuzzers
	@for fuzzer in $(FUZZERS); do \
		name=$${fuzzer##*/fuzz_}; \
		mkdir -p $(BUILD)/corpus/$$name suites/fuzz/corpus/$$name; \
		echo "== fuzz_$$name for $(SECONDS) s"; \
		$$fuzzer -max_total_time=$(SECONDS) -print_final_stats=1 -verbosity=0 -artifact_prefix=$(BUILD)/$$name- \
			$(BUILD)/corpus/$$name suites/fuzz/corpus/$$name >$(BUILD)/$$name.log 2>&1 || \
			{ tail -60 $(BUILD)/$$name.log; exit 1; }; \
		grep number_of_executed_units $(BUILD)/$$name.log; \
	done
fuzz: setup-check ## builds the fuzzers of suites/fuzz with clang, in build/fuzz
	@$(MAKE) --no-print-directory -j$(JOBS) BUILD=build/fuzz CC=clang CFLAGS='$(FUZZ_FLAGS)' fuzzers
fuzz-run: setup-check ## runs each fuzzer for SECONDS (default 20) on its corpus
	@$(MAKE) --no-print-directory -j$(JOBS) BUILD=build/fuzz CC=clang CFLAGS='$(FUZZ_FLAGS)' run-fuzzers

$(BUILD)/bench_%: $(BUILD)/obj/suites/bench/bench_%.o $(BUILD)/rooms.a
	$(LINK) -o $@ $< $(BUILD)/rooms.a -lcmocka $(PROJECT_LIBS) $(LIBS)

.PHONY: benches bench
ROUNDS ?= 5
benches: $(BENCHES)
bench: setup-check ## the store against pgbench on a throwaway server, ROUNDS (default 5) of 2 s a side; fails below 85 %; then the other benches
	@$(MAKE) --no-print-directory -j$(JOBS) benches $(BUILD)/holdpoint
	$(BUILD)/bench_postgres $(ROUNDS)
	$(BUILD)/bench_histories
	$(BUILD)/bench_races
	$(BUILD)/bench_envelope
	HOLDPOINT=$(abspath $(BUILD)/holdpoint) $(BUILD)/bench_http
.PHONY: bench-http
bench-http: setup-check ## GET and respond over HTTP against a bare handler, by wrk; then the suite over HTTP; fails beyond its bounds
	@$(MAKE) --no-print-directory -j$(JOBS) $(BUILD)/bench_http $(BUILD)/holdpoint
	HOLDPOINT=$(abspath $(BUILD)/holdpoint) $(BUILD)/bench_http
.PHONY: bench-races
bench-races: setup-check ## operations a second of 1 to 8 threads on the memory store; then 64 clients for 10 s, recorded and judged
	@$(MAKE) --no-print-directory -j$(JOBS) $(BUILD)/bench_races
	$(BUILD)/bench_races
.PHONY: bench-histories
bench-histories: setup-check ## the checker of histories against the time that jansson takes to parse them; fails beyond its bounds
	@$(MAKE) --no-print-directory -j$(JOBS) $(BUILD)/bench_histories
	$(BUILD)/bench_histories

.PHONY: check-lab
check-lab: setup-check ## the checker of histories: its layers against each other and against given verdicts, all of it
	@$(MAKE) --no-print-directory -s -j$(JOBS) $(BUILD)/self/test_lab
	@rm -f $(BUILD)/lab.txt
	@HOLDPOINT_LAB=full HOLDPOINT_SHOW=$(BUILD)/lab.txt $(TEST_ENVIRONMENT) scripts/run-tests $(BUILD)/self/test_lab >$(BUILD)/lab.log; \
		status=$$?; cat $(BUILD)/lab.txt $(BUILD)/lab.log; exit $$status

# What Valgrind's own scheduler makes of 64 threads takes hours, and shows nothing that 8 do not.
RACES := run --fixtures fixtures --report-dir $(BUILD)/races --filter 'concurrency'
.PHONY: check-races
check-races: setup-check ## the chapter concurrency under ThreadSanitizer, Helgrind and DRD; takes minutes
	@$(MAKE) --no-print-directory -j$(JOBS) BUILD=build/tsan CFLAGS='$(THREAD_FLAGS)' build/tsan/holdpoint
	@$(MAKE) --no-print-directory -j$(JOBS) $(BUILD)/holdpoint
	TSAN_OPTIONS=halt_on_error=1 build/tsan/holdpoint $(RACES)
	valgrind --quiet --tool=helgrind --suppressions=suites/self/data/valgrind.supp --error-exitcode=99 $(BUILD)/holdpoint $(RACES) --filter '!*.sixty-four'
	valgrind --quiet --tool=drd --suppressions=suites/self/data/valgrind.supp --error-exitcode=99 $(BUILD)/holdpoint $(RACES) --filter '!*.sixty-four'

.PHONY: check-http-siege
check-http-siege: setup-check ## the server under AddressSanitizer: slow connections, bodies of 100 MB, 10,000 random requests; takes minutes
	@$(MAKE) --no-print-directory -s -j$(JOBS) BUILD=build/asan CFLAGS='$(ADDRESS_FLAGS)' build/asan/holdpoint
	@python3 suites/fuzz/http_siege.py build/asan/holdpoint $(SEED)

check-http-storm: SECONDS ?= 30
.PHONY: check-http-storm
check-http-storm: setup-check ## two servers on one database, 64 clients, a failing receiver, kill -9 twice: three records must agree; SECONDS=30
	@$(MAKE) --no-print-directory -s -j$(JOBS) $(BUILD)/holdpoint
	@python3 suites/fuzz/http_storm.py $(BUILD)/holdpoint $(SECONDS) $(SEED)

SAMPLE ?= 0
SEED ?= 1
.PHONY: check-source-mutants
check-source-mutants: setup-check ## which changes of reference/core and harness/case no test notices; SAMPLE=200 SEED=1 tries so many, else all
	@suites/mutation/source-mutants --jobs $(JOBS) --sample $(SAMPLE) --seed $(SEED) --page docs/source-mutants.md

.PHONY: show-legacy
show-legacy: setup-check ## the upgrade of fixtures/legacy: every row and field before and after, and both catalogs
	@$(MAKE) --no-print-directory -s -j$(JOBS) $(BUILD)/self/test_legacy
	@HOLDPOINT_SHOW=$(BUILD)/legacy.txt $(BUILD)/self/test_legacy >$(BUILD)/legacy.log 2>&1 || { cat $(BUILD)/legacy.log; exit 1; }
	@cat $(BUILD)/legacy.txt

VALGRIND := valgrind --quiet --leak-check=full --show-leak-kinds=definite,indirect,possible --errors-for-leak-kinds=definite,indirect,possible --error-exitcode=99

.PHONY: check-valgrind
check-valgrind: setup-check ## the tests under Valgrind; takes minutes
	@TEST_TIMEOUT_SECONDS=1800 HOLDPOINT_UNDER_VALGRIND=1 $(MAKE) --no-print-directory -j$(JOBS) BUILD=build/valgrind CFLAGS='-O1' UNDER='$(VALGRIND)' run-test-programs

.PHONY: coverage
coverage: setup-check ## lcov's HTML in reports/coverage, lines and branches of each file, and their bounds
	@$(MAKE) --no-print-directory -j$(JOBS) BUILD=build/coverage CFLAGS='-O0 --coverage -fprofile-update=atomic' tests
	@scripts/coverage build/coverage

# One at once more than there are processors, since some wait for endpoints and servers.
.PHONY: check-mutants
check-mutants: setup-check ## the suite against every mutant: each dies by a tied case, each case kills; writes reports/mutants
	@$(MAKE) --no-print-directory -s -j$(JOBS) $(BUILD)/holdpoint
	$(BUILD)/holdpoint mutants --jobs $$(($(JOBS) + 1))

##@ Keep

.PHONY: ids
ids: $(BUILD)/holdpoint ## records the ids of new cases in fixtures/ids.txt
	@HOLDPOINT=$(BUILD)/holdpoint scripts/ids add

.PHONY: lint
lint: setup-check ## both compilers with warnings as errors, cppcheck, shellcheck
	@$(MAKE) --no-print-directory -j$(JOBS) BUILD=build/lint-gcc CC=gcc CFLAGS=-Werror tests
	@$(MAKE) --no-print-directory -j$(JOBS) BUILD=build/lint-clang CC=clang CFLAGS=-Werror tests
	cppcheck --quiet --error-exitcode=1 --std=c11 --inline-suppr --enable=warning,performance,portability \
		--suppress=missingIncludeSystem --suppress=unknownMacro -I. $(REFERENCE_ROOMS) $(SERVER_ROOMS) $(HARNESS_ROOMS) $(CHAPTERS) harness/main.c
	shellcheck -x scripts/* .ci/run $(TEST_SCRIPTS)
	@echo "lint: clean"

.PHONY: rooms
rooms: ## the arrows between the rooms, the doors of the libraries, a test for each source file
	@scripts/rooms
	@scripts/twins

.PHONY: headers
headers: ## each header compiles alone, with both compilers
	@for header in $(HEADERS); do \
		for compiler in gcc clang; do \
			$$compiler $(PROJECT_CPPFLAGS) -std=c17 $(WARNINGS) -Werror -Wno-unused-function -fsyntax-only -x c $$header || exit 1; \
		done; \
	done
	@echo "headers: $(words $(HEADERS)) compile alone"

FORMATTED = $(HEADERS) $(REFERENCE_SOURCES) $(SERVER_SOURCES) $(HARNESS_SOURCES) $(wildcard harness/main.c suites/self/*.c suites/bench/*.c suites/fuzz/*.c)

.PHONY: format format-check
format: ## clang-format, in place
	@clang-format -i $(FORMATTED)
format-check: setup-check ## fails when clang-format would change a file
	@clang-format --dry-run -Werror $(FORMATTED) && echo "format: clean"

.PHONY: spec
spec: $(BUILD)/holdpoint ## renders docs/spec.md from the requirements and the cases
	$(BUILD)/holdpoint spec > docs/spec.md

##@ Library

# One object in which only hp_ names are visible, so that the archive cannot clash with its user's names.
$(BUILD)/libholdpoint.o: $(REFERENCE_OBJECTS)
	$(LD) -r -o $@ $^
	objcopy --localize-hidden $@

$(BUILD)/libholdpoint.a: $(BUILD)/libholdpoint.o
	rm -f $@
	$(AR) rcs $@ $<

$(BUILD)/libholdpoint.so: $(REFERENCE_OBJECTS)
	$(LINK) -shared -Wl,-soname,libholdpoint.so.0 -o $@ $^ -ljansson -lpq -lcurl -lcrypto -lpthread -lm

.PHONY: library
library: $(BUILD)/libholdpoint.a $(BUILD)/libholdpoint.so ## the reference as a static and a shared library

# The headers of holdpoint.h and what it includes, and no others.
PUBLIC_HEADERS = $(shell $(CC) $(PROJECT_CPPFLAGS) -MM reference/holdpoint.h | tr -d '\\\n' | cut -d: -f2)

.PHONY: install
install: all library ## the command, the libraries, the headers and the fixtures, below PREFIX (and DESTDIR)
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib $(DESTDIR)$(PREFIX)/share/holdpoint
	install -m 755 $(BUILD)/holdpoint $(DESTDIR)$(PREFIX)/bin/
	install -m 644 $(BUILD)/libholdpoint.a $(DESTDIR)$(PREFIX)/lib/
	install -m 755 $(BUILD)/libholdpoint.so $(DESTDIR)$(PREFIX)/lib/libholdpoint.so.0
	ln -sf libholdpoint.so.0 $(DESTDIR)$(PREFIX)/lib/libholdpoint.so
	for header in $(PUBLIC_HEADERS); do \
		install -D -m 644 $$header $(DESTDIR)$(PREFIX)/include/holdpoint/$$header || exit 1; \
	done
	ln -sf reference/holdpoint.h $(DESTDIR)$(PREFIX)/include/holdpoint/holdpoint.h
	install -d $(DESTDIR)$(PREFIX)/share/holdpoint/sql
	install -m 644 $(MIGRATIONS) $(DESTDIR)$(PREFIX)/share/holdpoint/sql/
	cp -R fixtures $(DESTDIR)$(PREFIX)/share/holdpoint/
	grammars=$${HOLDPOINT_CACHE:-$${XDG_CACHE_HOME:-$$HOME/.cache}/holdpoint}/grammars.so; \
	[ ! -e "$$grammars" ] || install -D -m 755 "$$grammars" $(DESTDIR)$(PREFIX)/lib/holdpoint/grammars.so

##@ Other

.PHONY: help
help: ## this list
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile

.PHONY: clean
clean: ## removes what was built
	rm -rf $(BUILD)

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
.SECONDARY:

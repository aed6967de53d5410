# Holdpoint. One Makefile, not recursive. `make help` lists the targets.
# CFLAGS, CPPFLAGS, LDFLAGS and CC are yours: they are added to the project's own flags.

CC ?= cc
BUILD ?= build
PREFIX ?= /usr/local
DESTDIR ?=

# The rooms, from the ground up; scripts/rooms checks the arrows between them.
REFERENCE_ROOMS := reference/base reference/core reference/store reference/service
HARNESS_ROOMS := harness/case harness/adapters harness/report harness/commands

REFERENCE_SOURCES := $(foreach room,$(REFERENCE_ROOMS),$(wildcard $(room)/*.c))
HARNESS_SOURCES := $(foreach room,$(HARNESS_ROOMS),$(wildcard $(room)/*.c))
TEST_SOURCES := $(wildcard suites/self/test_*.c)
SUPPORT_SOURCES := $(wildcard suites/self/support_*.c)
HEADERS := $(foreach room,$(REFERENCE_ROOMS) reference $(HARNESS_ROOMS) suites/self,$(wildcard $(room)/*.h))

WARNINGS := -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes
PROJECT_CPPFLAGS := -D_POSIX_C_SOURCE=200809L -I. -DHOLDPOINT_DATA='"$(PREFIX)/share/holdpoint"'
PROJECT_CFLAGS := -std=c17 -O2 -g -fPIC -fvisibility=hidden $(WARNINGS) $(if $(CI),-Werror)
PROJECT_LIBS := -ljansson -lcrypto -lpthread

COMPILE = $(CC) $(PROJECT_CPPFLAGS) $(CPPFLAGS) $(PROJECT_CFLAGS) $(CFLAGS)
LINK = $(CC) $(PROJECT_CFLAGS) $(CFLAGS) $(LDFLAGS)

objects = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
REFERENCE_OBJECTS := $(call objects,$(REFERENCE_SOURCES))
HARNESS_OBJECTS := $(call objects,$(HARNESS_SOURCES))
SUPPORT_OBJECTS := $(call objects,$(SUPPORT_SOURCES))
TESTS := $(patsubst suites/self/%.c,$(BUILD)/self/%,$(TEST_SOURCES))

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

$(BUILD)/holdpoint: $(call objects,harness/main.c) $(HARNESS_OBJECTS) $(REFERENCE_OBJECTS)
	$(LINK) -o $@ $^ $(PROJECT_LIBS) $(LIBS)

# Objects of the rooms as one archive: a test links only what it uses, and never harness/main.c.
$(BUILD)/rooms.a: $(HARNESS_OBJECTS) $(REFERENCE_OBJECTS) $(SUPPORT_OBJECTS)
	rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/self/%: $(BUILD)/obj/suites/self/%.o $(BUILD)/rooms.a
	@mkdir -p $(@D)
	$(LINK) -o $@ $< $(BUILD)/rooms.a -lcmocka $(PROJECT_LIBS) $(LIBS)

.PHONY: tests
tests: $(TESTS)

.PHONY: clean
clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD)/obj -name '*.d' 2>/dev/null)
.SECONDARY:

build-tsan/obj/harness/adapters/tail.o: harness/adapters/tail.c \
 harness/adapters/tail.h reference/base/text.h reference/base/api.h
harness/adapters/tail.h:
reference/base/text.h:
reference/base/api.h:

build-asan/obj/harness/adapters/shell.o: harness/adapters/shell.c \
 harness/adapters/shell.h reference/base/text.h reference/base/api.h
harness/adapters/shell.h:
reference/base/text.h:
reference/base/api.h:

build-asan/obj/harness/adapters/adapter.o: harness/adapters/adapter.c \
 harness/adapters/adapter.h reference/base/problem.h reference/base/api.h \
 reference/base/status.h reference/base/text.h
harness/adapters/adapter.h:
reference/base/problem.h:
reference/base/api.h:
reference/base/status.h:
reference/base/text.h:

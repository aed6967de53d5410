build-asan/obj/harness/commands/adapter.o: harness/commands/adapter.c \
 harness/commands/adapter.h harness/adapters/serve.h \
 harness/adapters/adapter.h reference/base/problem.h reference/base/api.h \
 reference/base/status.h reference/base/text.h
harness/commands/adapter.h:
harness/adapters/serve.h:
harness/adapters/adapter.h:
reference/base/problem.h:
reference/base/api.h:
reference/base/status.h:
reference/base/text.h:

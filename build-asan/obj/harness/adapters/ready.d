build-asan/obj/harness/adapters/ready.o: harness/adapters/ready.c \
 harness/adapters/ready.h harness/adapters/adapter.h \
 reference/base/problem.h reference/base/api.h reference/base/status.h \
 reference/base/text.h
harness/adapters/ready.h:
harness/adapters/adapter.h:
reference/base/problem.h:
reference/base/api.h:
reference/base/status.h:
reference/base/text.h:

build-tsan/obj/harness/adapters/process.o: harness/adapters/process.c \
 harness/adapters/process.h reference/base/problem.h reference/base/api.h \
 reference/base/status.h reference/base/text.h \
 harness/adapters/deadline.h harness/adapters/tail.h
harness/adapters/process.h:
reference/base/problem.h:
reference/base/api.h:
reference/base/status.h:
reference/base/text.h:
harness/adapters/deadline.h:
harness/adapters/tail.h:

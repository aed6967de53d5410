build-tsan/obj/harness/adapters/target.o: harness/adapters/target.c \
 harness/adapters/adapter.h reference/base/problem.h reference/base/api.h \
 reference/base/status.h reference/base/text.h \
 harness/adapters/in_process.h harness/adapters/null.h \
 harness/adapters/stdio.h
harness/adapters/adapter.h:
reference/base/problem.h:
reference/base/api.h:
reference/base/status.h:
reference/base/text.h:
harness/adapters/in_process.h:
harness/adapters/null.h:
harness/adapters/stdio.h:

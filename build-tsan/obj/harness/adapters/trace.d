build-tsan/obj/harness/adapters/trace.o: harness/adapters/trace.c \
 harness/adapters/trace.h harness/adapters/adapter.h \
 reference/base/problem.h reference/base/api.h reference/base/status.h \
 reference/base/text.h harness/adapters/wrap.h
harness/adapters/trace.h:
harness/adapters/adapter.h:
reference/base/problem.h:
reference/base/api.h:
reference/base/status.h:
reference/base/text.h:
harness/adapters/wrap.h:

build-tsan/obj/harness/adapters/crowd.o: harness/adapters/crowd.c \
 harness/adapters/crowd.h harness/adapters/adapter.h \
 reference/base/problem.h reference/base/api.h reference/base/status.h \
 reference/base/text.h harness/adapters/wrap.h
harness/adapters/crowd.h:
harness/adapters/adapter.h:
reference/base/problem.h:
reference/base/api.h:
reference/base/status.h:
reference/base/text.h:
harness/adapters/wrap.h:

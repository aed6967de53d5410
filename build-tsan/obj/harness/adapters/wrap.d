build-tsan/obj/harness/adapters/wrap.o: harness/adapters/wrap.c \
 harness/adapters/wrap.h harness/adapters/adapter.h \
 reference/base/problem.h reference/base/api.h reference/base/status.h \
 reference/base/text.h
harness/adapters/wrap.h:
harness/adapters/adapter.h:
reference/base/problem.h:
reference/base/api.h:
reference/base/status.h:
reference/base/text.h:

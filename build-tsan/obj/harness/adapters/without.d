build-tsan/obj/harness/adapters/without.o: harness/adapters/without.c \
 harness/adapters/without.h harness/adapters/adapter.h \
 reference/base/problem.h reference/base/api.h reference/base/status.h \
 reference/base/text.h harness/adapters/capability.h \
 harness/adapters/wrap.h
harness/adapters/without.h:
harness/adapters/adapter.h:
reference/base/problem.h:
reference/base/api.h:
reference/base/status.h:
reference/base/text.h:
harness/adapters/capability.h:
harness/adapters/wrap.h:

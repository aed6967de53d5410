build-tsan/obj/suites/self/test_stdio.o: suites/self/test_stdio.c \
 harness/adapters/deadline.h harness/adapters/stdio.h \
 harness/adapters/adapter.h reference/base/problem.h reference/base/api.h \
 reference/base/status.h reference/base/text.h
harness/adapters/deadline.h:
harness/adapters/stdio.h:
harness/adapters/adapter.h:
reference/base/problem.h:
reference/base/api.h:
reference/base/status.h:
reference/base/text.h:

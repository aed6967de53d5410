build-asan/obj/harness/adapters/null.o: harness/adapters/null.c \
 harness/adapters/null.h harness/adapters/adapter.h \
 reference/base/problem.h reference/base/api.h reference/base/status.h \
 reference/base/text.h harness/adapters/capability.h \
 harness/adapters/null_answers.h harness/adapters/ready.h
harness/adapters/null.h:
harness/adapters/adapter.h:
reference/base/problem.h:
reference/base/api.h:
reference/base/status.h:
reference/base/text.h:
harness/adapters/capability.h:
harness/adapters/null_answers.h:
harness/adapters/ready.h:

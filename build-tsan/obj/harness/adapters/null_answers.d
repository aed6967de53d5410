build-tsan/obj/harness/adapters/null_answers.o: \
 harness/adapters/null_answers.c harness/adapters/null_answers.h \
 harness/adapters/adapter.h reference/base/problem.h reference/base/api.h \
 reference/base/status.h reference/base/text.h
harness/adapters/null_answers.h:
harness/adapters/adapter.h:
reference/base/problem.h:
reference/base/api.h:
reference/base/status.h:
reference/base/text.h:

build-tsan/obj/harness/adapters/obituary.o: harness/adapters/obituary.c \
 harness/adapters/obituary.h harness/adapters/process.h \
 reference/base/problem.h reference/base/api.h reference/base/status.h \
 reference/base/text.h harness/adapters/excerpt.h
harness/adapters/obituary.h:
harness/adapters/process.h:
reference/base/problem.h:
reference/base/api.h:
reference/base/status.h:
reference/base/text.h:
harness/adapters/excerpt.h:

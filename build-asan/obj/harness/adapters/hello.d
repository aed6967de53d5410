build-asan/obj/harness/adapters/hello.o: harness/adapters/hello.c \
 harness/adapters/hello.h harness/adapters/adapter.h \
 reference/base/problem.h reference/base/api.h reference/base/status.h \
 reference/base/text.h harness/adapters/excerpt.h harness/adapters/rpc.h \
 harness/adapters/frame.h
harness/adapters/hello.h:
harness/adapters/adapter.h:
reference/base/problem.h:
reference/base/api.h:
reference/base/status.h:
reference/base/text.h:
harness/adapters/excerpt.h:
harness/adapters/rpc.h:
harness/adapters/frame.h:

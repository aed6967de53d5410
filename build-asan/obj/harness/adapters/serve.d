build-asan/obj/harness/adapters/serve.o: harness/adapters/serve.c \
 harness/adapters/serve.h harness/adapters/adapter.h \
 reference/base/problem.h reference/base/api.h reference/base/status.h \
 reference/base/text.h harness/adapters/capability.h \
 harness/adapters/frame.h harness/adapters/hello.h \
 harness/adapters/line_reader.h harness/adapters/rpc.h
harness/adapters/serve.h:
harness/adapters/adapter.h:
reference/base/problem.h:
reference/base/api.h:
reference/base/status.h:
reference/base/text.h:
harness/adapters/capability.h:
harness/adapters/frame.h:
harness/adapters/hello.h:
harness/adapters/line_reader.h:
harness/adapters/rpc.h:

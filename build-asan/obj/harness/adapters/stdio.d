build-asan/obj/harness/adapters/stdio.o: harness/adapters/stdio.c \
 harness/adapters/stdio.h harness/adapters/adapter.h \
 reference/base/problem.h reference/base/api.h reference/base/status.h \
 reference/base/text.h harness/adapters/channel.h \
 harness/adapters/hello.h harness/adapters/rpc.h harness/adapters/frame.h \
 harness/adapters/shell.h
harness/adapters/stdio.h:
harness/adapters/adapter.h:
reference/base/problem.h:
reference/base/api.h:
reference/base/status.h:
reference/base/text.h:
harness/adapters/channel.h:
harness/adapters/hello.h:
harness/adapters/rpc.h:
harness/adapters/frame.h:
harness/adapters/shell.h:

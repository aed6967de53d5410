build-tsan/obj/harness/adapters/channel.o: harness/adapters/channel.c \
 harness/adapters/channel.h harness/adapters/adapter.h \
 reference/base/problem.h reference/base/api.h reference/base/status.h \
 reference/base/text.h harness/adapters/deadline.h \
 harness/adapters/obituary.h harness/adapters/process.h \
 harness/adapters/rpc.h harness/adapters/frame.h
harness/adapters/channel.h:
harness/adapters/adapter.h:
reference/base/problem.h:
reference/base/api.h:
reference/base/status.h:
reference/base/text.h:
harness/adapters/deadline.h:
harness/adapters/obituary.h:
harness/adapters/process.h:
harness/adapters/rpc.h:
harness/adapters/frame.h:

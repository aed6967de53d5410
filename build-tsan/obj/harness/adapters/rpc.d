build-tsan/obj/harness/adapters/rpc.o: harness/adapters/rpc.c \
 harness/adapters/rpc.h harness/adapters/adapter.h \
 reference/base/problem.h reference/base/api.h reference/base/status.h \
 reference/base/text.h harness/adapters/frame.h \
 harness/adapters/answer_json.h harness/adapters/excerpt.h
harness/adapters/rpc.h:
harness/adapters/adapter.h:
reference/base/problem.h:
reference/base/api.h:
reference/base/status.h:
reference/base/text.h:
harness/adapters/frame.h:
harness/adapters/answer_json.h:
harness/adapters/excerpt.h:

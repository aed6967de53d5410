build-asan/obj/harness/adapters/answer_json.o: \
 harness/adapters/answer_json.c harness/adapters/answer_json.h \
 reference/base/text.h reference/base/api.h
harness/adapters/answer_json.h:
reference/base/text.h:
reference/base/api.h:

build-asan/obj/harness/adapters/line_reader.o: \
 harness/adapters/line_reader.c harness/adapters/line_reader.h \
 reference/base/text.h reference/base/api.h
harness/adapters/line_reader.h:
reference/base/text.h:
reference/base/api.h:

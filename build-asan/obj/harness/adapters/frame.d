build-asan/obj/harness/adapters/frame.o: harness/adapters/frame.c \
 harness/adapters/frame.h
harness/adapters/frame.h:

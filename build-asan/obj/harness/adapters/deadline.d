build-asan/obj/harness/adapters/deadline.o: harness/adapters/deadline.c \
 harness/adapters/deadline.h
harness/adapters/deadline.h:

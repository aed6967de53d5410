build-asan/obj/harness/adapters/capability.o: \
 harness/adapters/capability.c harness/adapters/capability.h
harness/adapters/capability.h:

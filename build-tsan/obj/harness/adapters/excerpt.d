build-tsan/obj/harness/adapters/excerpt.o: harness/adapters/excerpt.c \
 harness/adapters/excerpt.h
harness/adapters/excerpt.h:

build-tsan/obj/reference/base/instant.o: reference/base/instant.c \
 reference/base/instant.h reference/base/api.h
reference/base/instant.h:
reference/base/api.h:

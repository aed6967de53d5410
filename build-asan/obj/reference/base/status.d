build-asan/obj/reference/base/status.o: reference/base/status.c \
 reference/base/status.h reference/base/api.h
reference/base/status.h:
reference/base/api.h:

build-tsan/obj/reference/base/text.o: reference/base/text.c \
 reference/base/text.h reference/base/api.h
reference/base/text.h:
reference/base/api.h:

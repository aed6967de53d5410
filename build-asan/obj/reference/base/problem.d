build-asan/obj/reference/base/problem.o: reference/base/problem.c \
 reference/base/problem.h reference/base/api.h reference/base/status.h \
 reference/base/text.h
reference/base/problem.h:
reference/base/api.h:
reference/base/status.h:
reference/base/text.h:

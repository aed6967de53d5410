/* The files of harness/templates, built in, so that an installed program writes skeletons without its source tree. */
#ifndef HOLDPOINT_COMMANDS_TEMPLATES_H
#define HOLDPOINT_COMMANDS_TEMPLATES_H

#include <stddef.h>

/* One file. In its text @NAME@ stands for the name of the adapter. */
struct template_file {
    const char *language; /* "python"; "shared" for all languages */
    const char *form;     /* "stdio" or "http"; "all" for both */
    const char *name;     /* in the folder that is written; none is below another folder */
    const char *text;
};

extern const struct template_file template_files[];
extern const size_t template_file_count;

#endif

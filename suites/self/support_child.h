/* Processes of a test: the test's own program, started again with words of its own, which its main hands to what they
 * name. The child's stdin and stdout are pipes of ours. Everything here fails the running test by cmocka's assertions. */
#ifndef HOLDPOINT_SELF_SUPPORT_CHILD_H
#define HOLDPOINT_SELF_SUPPORT_CHILD_H

#include "reference/base/text.h"

#include <sys/types.h>

struct child {
    pid_t pid; /* 0: none */
    int in;    /* its stdin */
    int out;   /* its stdout */
};

/* Starts the program with up to four words behind it, NULL the last. */
void child_start(struct child *child, const char *program, const char *const words[]);

/* Reads what it prints up to an end of line, or the end; false when there is nothing more. The caller releases *line. */
bool child_read_line(struct child *child, struct text *line);

/* Closes its stdin, reads what it still prints into *output (NULL: nobody wants it), and waits for its end: its exit
 * status, or 128 and the signal. */
int child_end(struct child *child, struct text *output);

/* Kills it as nothing can be caught, and waits until it is gone. */
void child_kill(struct child *child);

#endif

/* Small source trees, and what drift is found in them. */
#ifndef HOLDPOINT_SELF_SUPPORT_SOURCE_H
#define HOLDPOINT_SELF_SUPPORT_SOURCE_H

#include <stddef.h>

/* A tree of one file, and its findings: "source-kinds 3, source-map 9", check and line in the order of the checks; "" when
 * nothing is to be found. */
struct source_row {
    const char *path;
    const char *text;
    const char *wanted;
};

/* Set up and tear down of a group: a folder and the vocabulary. */
int source_set_up(void **state);
int source_tear_down(void **state);

/* Empties the tree of this test, and writes a file of it. */
void source_clear(void);
void source_write(const char *path, const char *text);

/* The findings in the tree of this test, or in another folder: "check line, ..." or, with paths, a line "check path:line" for each.
 * The caller frees it. */
char *source_find(const char *folder, int with_paths);

/* Holds each row's tree against what is wanted; fails the test at the first that differs, and says how. */
void source_rows_check(const struct source_row *rows, size_t count);
#define SOURCE_CHECK(rows) source_rows_check(rows, sizeof(rows) / sizeof(rows)[0])

#endif

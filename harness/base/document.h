/* A JSON file read whole, with errors that name file, line and path. */
#ifndef HOLDPOINT_HARNESS_BASE_DOCUMENT_H
#define HOLDPOINT_HARNESS_BASE_DOCUMENT_H

#include "harness/base/schema.h"
#include "reference/base/problem.h"

#include <jansson.h>
#include <stddef.h>

enum { DOCUMENT_CAP_BYTES = 16 * 1024 * 1024 };

/* One file and what it holds. Zeroed it holds nothing. One thread at a time. */
struct document {
    char *path;
    char *text; /* as read, with a NUL behind it */
    size_t length_bytes;
    json_t *root;
};

/* Reads a file of up to DOCUMENT_CAP_BYTES and parses it with json_parse. HP_UNAVAILABLE when it cannot be
 * read ("PATH: No such file or directory"), HP_INVALID when it is no JSON ("PATH:LINE:COLUMN: ..."). The
 * caller releases *document in every case. */
enum hp_status document_read(const char *path, struct document *document, struct hp_problem *problem);

/* The same, but HP_INVALID for a named pipe: what is kept in a folder is a file, and to open a pipe may take forever. */
enum hp_status document_read_regular(const char *path, struct document *document, struct hp_problem *problem);

/* Reads a schema file and compiles it. Statuses as document_read and schema_compile; the caller frees
 * *schema. */
enum hp_status document_read_schema(const char *path, struct schema **schema, struct hp_problem *problem);

/* Holds the root against a schema. HP_INVALID: "PATH:LINE: at /pointer: expected ..., got ...", the pointer
 * in problem->field too. */
enum hp_status document_check(const struct document *document, const struct schema *schema,
                              struct hp_problem *problem);

/* Records HP_INVALID with "PATH:LINE: at /pointer: " before printf's text, the line found by the pointer, and
 * returns it. */
enum hp_status document_fault(const struct document *document, const char *pointer,
                              struct hp_problem *problem, const char *format, ...) HP_PRINTF(4, 5);

void document_release(struct document *document);

#endif

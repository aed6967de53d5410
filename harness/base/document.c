#include "harness/base/document.h"

#include "harness/base/locate.h"
#include "reference/base/json_reader.h"
#include "reference/base/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static enum hp_status fault_read(const char *path, const char *what, struct hp_problem *problem) {
    return hp_problem_set(problem, HP_UNAVAILABLE, NULL, "%s: %s", path, what);
}

/* Reads what is left of the stream into the document. */
static enum hp_status read_stream(FILE *stream, struct document *document, struct hp_problem *problem) {
    struct text text = {.cap_bytes = (size_t)DOCUMENT_CAP_BYTES + 1};
    char chunk[16384];
    size_t length;
    while ((length = fread(chunk, 1, sizeof chunk, stream)) > 0 && text_append(&text, chunk, length)) {
    }
    enum hp_status status = HP_OK;
    if (ferror(stream)) {
        status = fault_read(document->path, strerror(errno), problem);
    } else if (text.failed && text.length_bytes + length > DOCUMENT_CAP_BYTES) {
        status = hp_problem_set(problem, HP_INVALID, NULL, "%s: larger than %d bytes", document->path,
                                DOCUMENT_CAP_BYTES);
    } else {
        document->length_bytes = text.length_bytes;
        document->text = text_take(&text);
        status = document->text ? HP_OK : hp_problem_no_memory(problem);
    }
    text_release(&text);
    return status;
}

static enum hp_status read_file(const char *path, struct document *document, struct hp_problem *problem) {
    document->path = text_copy(path);
    if (!document->path) {
        return hp_problem_no_memory(problem);
    }
    FILE *stream = fopen(path, "rb");
    if (!stream) {
        return errno == ENOMEM ? hp_problem_no_memory(problem) : fault_read(path, strerror(errno), problem);
    }
    enum hp_status status = read_stream(stream, document, problem);
    fclose(stream);
    return status;
}

enum hp_status document_read(const char *path, struct document *document, struct hp_problem *problem) {
    memset(document, 0, sizeof *document);
    enum hp_status status = read_file(path, document, problem);
    if (status != HP_OK) {
        return status;
    }
    struct json_fault fault;
    document->root = json_parse(document->text, document->length_bytes, &fault);
    if (document->root) {
        return HP_OK;
    }
    if (fault.no_memory) {
        return hp_problem_no_memory(problem);
    }
    return hp_problem_set(problem, HP_INVALID, NULL, "%s:%zu:%zu: not JSON: %s", path, fault.line,
                          fault.column, fault.expected);
}

/* Pipes that the shell made, /dev/stdin and /dev/fd/63, have somebody who writes. */
static bool is_of_the_shell(const char *path) {
    return strncmp(path, "/dev/", 5) == 0 || strncmp(path, "/proc/", 6) == 0;
}

enum hp_status document_read_regular(const char *path, struct document *document,
                                     struct hp_problem *problem) {
    struct stat is;
    if (stat(path, &is) == 0 && S_ISFIFO(is.st_mode) && !is_of_the_shell(path)) {
        *document = (struct document){0};
        return hp_problem_set(problem, HP_INVALID, NULL, "%s: not a regular file", path);
    }
    return document_read(path, document, problem);
}

enum hp_status document_read_schema(const char *path, struct schema **schema, struct hp_problem *problem) {
    struct document document;
    struct hp_problem fault = {0};
    *schema = NULL;
    enum hp_status status = document_read_regular(path, &document, problem);
    if (status == HP_OK) {
        status = schema_compile(document.root, schema, &fault);
        if (status == HP_INVALID) {
            document_fault(&document, fault.field, problem, "%s", fault.detail);
        } else if (status != HP_OK) {
            hp_problem_set(problem, status, NULL, "%s", fault.detail);
        }
    }
    document_release(&document);
    return status;
}

enum hp_status document_check(const struct document *document, const struct schema *schema,
                              struct hp_problem *problem) {
    struct hp_problem fault = {0};
    enum hp_status status = schema_check(schema, document->root, &fault);
    if (status == HP_INVALID) {
        return document_fault(document, fault.field, problem, "%s", fault.detail);
    }
    return status == HP_OK ? HP_OK : hp_problem_set(problem, status, NULL, "%s", fault.detail);
}

enum hp_status document_fault(const struct document *document, const char *pointer,
                              struct hp_problem *problem, const char *format, ...) {
    char detail[HP_PROBLEM_DETAIL_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(detail, sizeof detail, format, arguments); /* what is cut here is cut again below */
    va_end(arguments);
    size_t line = locate_pointer(document->text, document->length_bytes, pointer);
    return hp_problem_set(problem, HP_INVALID, pointer, "%s:%zu: at %s: %s", document->path, line,
                          pointer[0] ? pointer : "the top", detail);
}

void document_release(struct document *document) {
    json_decref(document->root);
    free(document->text);
    free(document->path);
    memset(document, 0, sizeof *document);
}

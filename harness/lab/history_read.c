#include "harness/base/value.h"
#include "harness/lab/history.h"
#include "reference/base/json_reader.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* One line on its way into a history. */
struct reading {
    struct history *history;
    const char *name;
    size_t line;
    json_t *value;
    struct operation operation;
    struct hp_problem *problem;
};

static enum hp_status fault(struct reading *reading, const char *format, ...) HP_PRINTF(2, 3);
static enum hp_status fault(struct reading *reading, const char *format, ...) {
    char detail[HP_PROBLEM_DETAIL_SIZE];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(detail, sizeof detail, format, arguments);
    va_end(arguments);
    return hp_problem_set(reading->problem, HP_INVALID, NULL, "%s:%zu: %s", reading->name, reading->line,
                          detail);
}

/* A fault of one value: what was expected, and what stands there. */
static enum hp_status fault_value(struct reading *reading, const char *path, const json_t *value,
                                  const char *expected) {
    enum { SHOWN_BYTES = 80 };
    char *got = value_show(value, SHOWN_BYTES);
    if (!got) {
        return hp_problem_no_memory(reading->problem);
    }
    enum hp_status status = fault(reading, "at %s: expected %s, got %s", path, expected, got);
    free(got);
    return status;
}

/* Refuses members that are not among the names, and the lack of one that is required. */
static enum hp_status check_members(struct reading *reading, const char *path, const json_t *object,
                                    const char *const names[], size_t required, size_t count) {
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value) {
        size_t at = 0;
        while (at < count && strcmp(names[at], key) != 0) {
            at++;
        }
        if (at == count) {
            return fault(reading, "at %s: \"%s\" is no member of a history's line", path, key);
        }
    }
    for (size_t i = 0; i < required; i++) {
        if (!json_object_get(object, names[i])) {
            return fault(reading, "at %s: the member \"%s\" is missing", path, names[i]);
        }
    }
    return HP_OK;
}

static enum hp_status add_name(struct reading *reading, const char *path, const json_t *value,
                               struct names *names, enum name_form form, const char *text, uint32_t *number) {
    if (strlen(text) == 0 || strlen(text) > NAME_LENGTH_MAX_BYTES) {
        return fault_value(reading, path, value, "1 to 255 bytes");
    }
    struct hp_problem problem = {0};
    enum hp_status status = names_add(names, text, number, &problem);
    if (status != HP_OK) {
        return status == HP_INVALID ? fault(reading, "at %s: %s", path, problem.detail)
                                    : hp_problem_set(reading->problem, status, NULL, "%s", problem.detail);
    }
    if (form != NAME_UNSEEN && !names_set_form(names, *number, form)) {
        return fault(reading, "at %s: \"%s\" stands elsewhere as a %s; expected one form for one name", path,
                     text, form == NAME_NUMBER ? "text" : "number");
    }
    return HP_OK;
}

/* A client or a key: an integer or a text. */
static enum hp_status read_name(struct reading *reading, const char *path, const json_t *value,
                                struct names *names, uint32_t *number) {
    char digits[24];
    if (json_is_integer(value)) {
        snprintf(digits, sizeof digits, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        return add_name(reading, path, value, names, NAME_NUMBER, digits, number);
    }
    if (!json_is_string(value)) {
        return fault_value(reading, path, value, "an integer or a text");
    }
    return add_name(reading, path, value, names, NAME_TEXT, json_string_value(value), number);
}

static enum hp_status read_user(struct reading *reading, const char *path, const json_t *value,
                                uint32_t *number) {
    if (!json_is_string(value)) {
        return fault_value(reading, path, value, "a text");
    }
    return add_name(reading, path, value, &reading->history->users, NAME_TEXT, json_string_value(value),
                    number);
}

/* An instant of 0 or more; null is *none when that is allowed. */
static enum hp_status read_time(struct reading *reading, const char *path, const json_t *value,
                                bool null_allowed, int64_t *time_ns) {
    if (null_allowed && json_is_null(value)) {
        *time_ns = INT64_MAX;
        return HP_OK;
    }
    if (!json_is_integer(value) || json_integer_value(value) < 0 || json_integer_value(value) == INT64_MAX) {
        return fault_value(reading, path, value,
                           null_allowed ? "nanoseconds, 0 or more, or null" : "nanoseconds, 0 or more");
    }
    *time_ns = json_integer_value(value);
    return HP_OK;
}

static enum hp_status read_creation(struct reading *reading, const json_t *args) {
    static const char *const members[] = {"owner", "expires_ns", "checkpoint"};
    struct operation *operation = &reading->operation;
    enum hp_status status = check_members(reading, "/args", args, members, 3, 3);
    if (status == HP_OK) {
        status = read_user(reading, "/args/owner", json_object_get(args, "owner"), &operation->who);
    }
    if (status == HP_OK) {
        status = read_time(reading, "/args/expires_ns", json_object_get(args, "expires_ns"), true,
                           &operation->expires_ns);
    }
    const json_t *checkpoint = json_object_get(args, "checkpoint");
    if (status == HP_OK && !json_is_boolean(checkpoint)) {
        status = fault_value(reading, "/args/checkpoint", checkpoint, "true or false");
    }
    operation->checkpoint = json_is_true(checkpoint);
    return status;
}

static enum hp_status read_answerer(struct reading *reading, const json_t *args, bool by_required) {
    static const char *const members[] = {"by", "user"};
    struct operation *operation = &reading->operation;
    enum hp_status status = check_members(reading, "/args", args, members, by_required ? 1 : 0, 2);
    const json_t *by = json_object_get(args, "by");
    const json_t *user = json_object_get(args, "user");
    if (status == HP_OK && by) {
        status = read_name(reading, "/args/by", by, &reading->history->clients, &operation->who);
    }
    if (status == HP_OK && user) {
        status = read_user(reading, "/args/user", user, &operation->user);
    }
    return status;
}

/* The status of that name from first on; SHOWN_NOTHING when there is none. */
static unsigned find_shown(const char *name, unsigned first) {
    for (unsigned shown = first; name && shown < SHOWN_COUNT; shown++) {
        if (strcmp(shown_name(shown), name) == 0) {
            return shown;
        }
    }
    return SHOWN_NOTHING;
}

static enum hp_status read_filter(struct reading *reading, const json_t *args) {
    static const char *const members[] = {"filter"};
    enum hp_status status = check_members(reading, "/args", args, members, 1, 1);
    const json_t *filter = json_object_get(args, "filter");
    if (status == HP_OK && json_array_size(filter) == 0) {
        status = fault_value(reading, "/args/filter", filter, "a list of statuses");
    }
    for (size_t i = 0; status == HP_OK && i < json_array_size(filter); i++) {
        unsigned shown = find_shown(json_string_value(json_array_get(filter, i)), SHOWN_PENDING);
        unsigned bit = shown == SHOWN_NOTHING ? 0 : 1u << shown;
        if (bit == 0 || (reading->operation.filter & bit)) {
            status = fault_value(reading, "/args/filter", filter,
                                 "pending, resolved, cancelled, expired, each at most once");
        }
        reading->operation.filter |= bit & 0x7fu;
    }
    return status;
}

static enum hp_status read_args(struct reading *reading) {
    const json_t *args = json_object_get(reading->value, "args");
    if (!json_is_object(args)) {
        return fault_value(reading, "/args", args, "an object");
    }
    switch (reading->operation.kind) {
    case OPERATION_CREATE:
        return read_creation(reading, args);
    case OPERATION_RESPOND:
        return read_answerer(reading, args, true);
    case OPERATION_CANCEL:
        return read_answerer(reading, args, false);
    case OPERATION_LIST:
        return read_filter(reading, args);
    default:
        return check_members(reading, "/args", args, NULL, 0, 0);
    }
}

/* One result that an operation may have. Those of RESULT_SHOWN are found by the status. */
struct result_row {
    const char *text;
    enum operation_result result;
    enum shown shown;
};

static const struct result_row results[] = {
    {"ok", RESULT_OK, SHOWN_NOTHING},
    {"unknown", RESULT_UNKNOWN, SHOWN_NOTHING},
    {"conflict", RESULT_CONFLICT, SHOWN_NOTHING},
    {"conflict:resolved", RESULT_CONFLICT, SHOWN_RESOLVED},
    {"conflict:cancelled", RESULT_CONFLICT, SHOWN_CANCELLED},
    {"conflict:expired", RESULT_CONFLICT, SHOWN_EXPIRED},
    {"forbidden", RESULT_FORBIDDEN, SHOWN_NOTHING},
    {"not_found", RESULT_NOT_FOUND, SHOWN_NOTHING},
    {"none", RESULT_NONE, SHOWN_NOTHING},
    {"omitted", RESULT_OMITTED, SHOWN_NOTHING},
    {"absent", RESULT_SHOWN, SHOWN_ABSENT},
    {"pending", RESULT_SHOWN, SHOWN_PENDING},
    {"cancelled", RESULT_SHOWN, SHOWN_CANCELLED},
    {"expired", RESULT_SHOWN, SHOWN_EXPIRED},
};

#define ANSWERS "ok, conflict, conflict:STATUS, forbidden, not_found or unknown"
/* What each operation may answer, for a person and by name; a name ends with a blank. */
static const struct {
    const char *expected;
    const char *names;
} answers[OPERATION_KINDS] = {
    [OPERATION_CREATE] = {"ok or unknown", " ok unknown "},
    [OPERATION_RESPOND] = {ANSWERS,
                           " ok unknown conflict conflict:resolved conflict:cancelled conflict:expired "
                           "forbidden not_found "},
    [OPERATION_CANCEL] = {ANSWERS,
                          " ok unknown conflict conflict:resolved conflict:cancelled conflict:expired "
                          "forbidden not_found "},
    [OPERATION_EXPIRE] = {"ok, conflict, none or unknown", " ok unknown conflict none "},
    [OPERATION_GET] = {"pending, resolved:CLIENT, cancelled, expired, absent or unknown",
                       " unknown absent pending cancelled expired "},
    [OPERATION_LIST] = {"pending, resolved:CLIENT, cancelled, expired, omitted or unknown",
                        " unknown pending cancelled expired omitted "},
};

static const struct result_row *find_result(const char *text, unsigned kind) {
    char word[32];
    snprintf(word, sizeof word, " %s ", text);
    for (size_t i = 0; strstr(answers[kind].names, word) && i < sizeof results / sizeof results[0]; i++) {
        if (strcmp(results[i].text, text) == 0) {
            return &results[i];
        }
    }
    return NULL;
}

static enum hp_status read_result(struct reading *reading) {
    static const char resolved[] = "resolved:";
    const json_t *value = json_object_get(reading->value, "result");
    const char *text = json_is_string(value) ? json_string_value(value) : "";
    struct operation *operation = &reading->operation;
    bool read = operation->kind == OPERATION_GET || operation->kind == OPERATION_LIST;
    if (read && strncmp(text, resolved, sizeof resolved - 1) == 0) {
        operation->result = RESULT_SHOWN;
        operation->shown = SHOWN_RESOLVED;
        return add_name(reading, "/result", value, &reading->history->clients, NAME_UNSEEN,
                        text + sizeof resolved - 1, &operation->who);
    }
    const struct result_row *row = find_result(text, operation->kind);
    if (!row) {
        return fault_value(reading, "/result", value, answers[operation->kind].expected);
    }
    operation->result = (uint8_t)row->result;
    operation->shown = (uint8_t)row->shown;
    return HP_OK;
}

static enum hp_status read_kind(struct reading *reading) {
    const json_t *value = json_object_get(reading->value, "op");
    const char *text = json_is_string(value) ? json_string_value(value) : "";
    for (unsigned kind = 0; kind < OPERATION_KINDS; kind++) {
        if (strcmp(operation_kind_name(kind), text) == 0) {
            reading->operation.kind = (uint8_t)kind;
            return HP_OK;
        }
    }
    return fault_value(reading, "/op", value, "create, respond, cancel, expire, get or list");
}

static enum hp_status read_interval(struct reading *reading) {
    struct operation *operation = &reading->operation;
    enum hp_status status = read_time(reading, "/invoke_ns", json_object_get(reading->value, "invoke_ns"),
                                      false, &operation->invoke_ns);
    if (status == HP_OK) {
        status = read_time(reading, "/return_ns", json_object_get(reading->value, "return_ns"), true,
                           &operation->return_ns);
    }
    if (status == HP_OK && operation->return_ns < operation->invoke_ns) {
        status =
            fault(reading, "the operation returned at %" PRId64 " ns, before it was called at %" PRId64 " ns",
                  operation->return_ns, operation->invoke_ns);
    }
    if (status == HP_OK && (operation->return_ns == HISTORY_LOST) != (operation->result == RESULT_UNKNOWN)) {
        status =
            fault(reading, "a result \"unknown\" has the return_ns null, and every other result has a time");
    }
    return status;
}

static enum hp_status read_operation(struct reading *reading) {
    static const char *const members[] = {"client", "key", "op", "args", "result", "invoke_ns", "return_ns"};
    struct history *history = reading->history;
    if (!json_is_object(reading->value)) {
        return fault_value(reading, "the top", reading->value, "an object");
    }
    enum hp_status status = check_members(reading, "the top", reading->value, members, 7, 7);
    if (status == HP_OK) {
        status = read_name(reading, "/client", json_object_get(reading->value, "client"), &history->clients,
                           &reading->operation.client);
    }
    if (status == HP_OK) {
        status = read_name(reading, "/key", json_object_get(reading->value, "key"), &history->key_names,
                           &reading->operation.key);
    }
    status = status == HP_OK ? read_kind(reading) : status;
    status = status == HP_OK ? read_args(reading) : status;
    status = status == HP_OK ? read_result(reading) : status;
    return status == HP_OK ? read_interval(reading) : status;
}

enum hp_status history_read_line(struct history *history, const char *name, size_t line, const char *bytes,
                                 size_t length_bytes, struct hp_problem *problem) {
    struct reading reading = {.history = history, .name = name, .line = line, .problem = problem};
    reading.operation = (struct operation){.who = NAME_NONE,
                                           .user = NAME_NONE,
                                           .expires_ns = HISTORY_NEVER,
                                           .line = line < UINT32_MAX ? (uint32_t)line : UINT32_MAX};
    struct json_fault json_fault;
    reading.value = json_parse(bytes, length_bytes, &json_fault);
    if (!reading.value) {
        return json_fault.no_memory ? hp_problem_no_memory(problem)
                                    : hp_problem_set(problem, HP_INVALID, NULL, "%s:%zu:%zu: not JSON: %s",
                                                     name, line, json_fault.column, json_fault.expected);
    }
    enum hp_status status = read_operation(&reading);
    json_decref(reading.value);
    return status == HP_OK ? history_add(history, &reading.operation, problem) : status;
}

/* Lines of a stream, one at a time, none longer than allowed. */
struct lines {
    FILE *stream;
    char bytes[HISTORY_LINE_MAX_BYTES + 1];
    size_t at; /* where the next line begins */
    size_t held_bytes;
    size_t number;
};

/* Moves what is left to the front and reads on. False at the end of the stream. */
static bool refill(struct lines *lines) {
    lines->held_bytes -= lines->at;
    memmove(lines->bytes, lines->bytes + lines->at, lines->held_bytes);
    lines->at = 0;
    size_t got =
        fread(lines->bytes + lines->held_bytes, 1, sizeof lines->bytes - lines->held_bytes, lines->stream);
    lines->held_bytes += got;
    return got > 0;
}

/* The next line without its end; NULL at the end of the stream, for an error, or when the line is too long. */
static const char *next_line(struct lines *lines, size_t *length_bytes) {
    char *end;
    lines->number++;
    do {
        end = memchr(lines->bytes + lines->at, '\n', lines->held_bytes - lines->at);
    } while (!end && refill(lines));
    const char *line = lines->bytes + lines->at;
    *length_bytes = end ? (size_t)(end - line) : lines->held_bytes - lines->at;
    if (!end && (*length_bytes == 0 || *length_bytes == sizeof lines->bytes || ferror(lines->stream))) {
        return NULL;
    }
    lines->at += *length_bytes + (end ? 1 : 0);
    return line;
}

static enum hp_status read_lines(struct history *history, const char *name, struct lines *lines,
                                 struct hp_problem *problem) {
    const char *bytes;
    size_t length_bytes;
    while ((bytes = next_line(lines, &length_bytes))) {
        enum hp_status status = history_read_line(history, name, lines->number, bytes, length_bytes, problem);
        if (status != HP_OK) {
            return status;
        }
    }
    if (ferror(lines->stream)) {
        return hp_problem_set(problem, HP_UNAVAILABLE, NULL, "%s: %s", name, strerror(errno));
    }
    if (lines->held_bytes - lines->at == sizeof lines->bytes) {
        return hp_problem_set(problem, HP_INVALID, NULL, "%s:%zu: expected a line of at most %d bytes", name,
                              lines->number, HISTORY_LINE_MAX_BYTES);
    }
    return HP_OK;
}

enum hp_status history_read(struct history *history, const char *name, FILE *stream,
                            struct hp_problem *problem) {
    struct lines *lines = malloc(sizeof *lines);
    if (!lines) {
        return hp_problem_no_memory(problem);
    }
    lines->stream = stream;
    lines->at = lines->held_bytes = lines->number = 0;
    enum hp_status status = read_lines(history, name, lines, problem);
    free(lines);
    struct hp_problem fault = {0};
    if (status == HP_OK && (status = history_group(history, &fault)) != HP_OK) {
        hp_problem_set(problem, status, NULL, status == HP_INVALID ? "%s: %s" : "%s%s",
                       status == HP_INVALID ? name : "", fault.detail);
    }
    return status;
}

enum hp_status history_read_file(struct history *history, const char *path, struct hp_problem *problem) {
    FILE *stream = fopen(path, "rb");
    if (!stream) {
        return errno == ENOMEM
                   ? hp_problem_no_memory(problem)
                   : hp_problem_set(problem, HP_UNAVAILABLE, NULL, "%s: %s", path, strerror(errno));
    }
    enum hp_status status = history_read(history, path, stream, problem);
    fclose(stream);
    return status;
}

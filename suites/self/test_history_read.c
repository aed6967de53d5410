/* Lines in, operations out; and what is wrong with a line is said with its place. Each refused line differs from an
 * accepted one in one thing. */
#include "harness/lab/history.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#define LINE(client, key, op, args, result, times)                                                           \
    "{\"client\":" client ",\"key\":" key ",\"op\":\"" op "\",\"args\":{" args "},\"result\":\"" result      \
    "\"," times "}"
#define TIMES "\"invoke_ns\":3,\"return_ns\":7"
#define LOST "\"invoke_ns\":3,\"return_ns\":null"
#define GET(result) LINE("1", "2", "get", "", result, TIMES)
#define LIST(filter, result) LINE("1", "2", "list", "\"filter\":[" filter "]", result, TIMES)
#define CREATE(args) LINE("1", "2", "create", args, "ok", TIMES)
#define ANSWER(op, args, result) LINE("1", "2", op, args, result, TIMES)

static enum hp_status read_text(const char *bytes, size_t length, struct history *history,
                                struct hp_problem *problem) {
    *history = (struct history){0};
    FILE *stream = fmemopen((void *)(uintptr_t)bytes, length, "rb");
    assert_non_null(stream);
    enum hp_status status = history_read(history, "h.jsonl", stream, problem);
    fclose(stream);
    return status;
}

static void lines_that_are_right(void **state) {
    (void)state;
    static const char *const lines[] = {
        GET("pending"),
        GET("resolved:1"),
        GET("resolved:nobody else"),
        GET("absent"),
        GET("cancelled"),
        GET("expired"),
        LINE("1", "2", "get", "", "unknown", LOST),
        LINE("\"ann\"", "\"a key\"", "get", "", "pending", TIMES),
        LINE("-1", "-2", "get", "", "pending", TIMES),
        LIST("\"pending\"", "omitted"),
        LIST("\"expired\",\"resolved\"", "resolved:3"),
        CREATE("\"owner\":\"ann\",\"expires_ns\":null,\"checkpoint\":true"),
        CREATE("\"checkpoint\":false,\"owner\":\"ann\",\"expires_ns\":12"),
        ANSWER("respond", "\"by\":1", "ok"),
        ANSWER("respond", "\"by\":\"x\",\"user\":\"ann\"", "conflict:cancelled"),
        ANSWER("respond", "\"by\":1", "forbidden"),
        ANSWER("cancel", "", "not_found"),
        ANSWER("cancel", "\"user\":\"ann\"", "conflict"),
        ANSWER("cancel", "\"by\":4,\"user\":\"ann\"", "conflict:resolved"),
        ANSWER("expire", "", "none"),
        ANSWER("expire", "", "conflict"),
        LINE("1", "2", "get", "", "pending", "\"invoke_ns\":7,\"return_ns\":7"),
        " " GET("pending") "\t\r",
    };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct history history;
        struct hp_problem problem = {0};
        read_text(lines[i], strlen(lines[i]), &history, &problem);
        assert_string_equal(problem.detail, "");
        assert_int_equal(history.count, 1);
        history_release(&history);
    }
}

static void lines_that_are_wrong(void **state) {
    (void)state;
    static const struct {
        const char *line;
        const char *said;
    } rows[] = {
        {"", "h.jsonl:2:1: not JSON"},
        {"{\"client\":1", "h.jsonl:2:12: not JSON"},
        {"7", "h.jsonl:2: at the top: expected an object, got 7"},
        {"{\"client\":1}", "h.jsonl:2: at the top: the member \"key\" is missing"},
        {LINE("1", "2", "get", "", "pending", TIMES ",\"more\":1"), "\"more\" is no member"},
        {LINE("1.5", "2", "get", "", "pending", TIMES), "at /client: expected an integer or a text, got 1.5"},
        {LINE("null", "2", "get", "", "pending", TIMES),
         "at /client: expected an integer or a text, got null"},
        {LINE("1", "\"\"", "get", "", "pending", TIMES), "at /key: expected 1 to 255 bytes"},
        {LINE("1", "{}", "get", "", "pending", TIMES), "at /key: expected an integer or a text"},
        {LINE("\"7\"", "2", "get", "", "pending", TIMES), "\"7\" stands elsewhere as a number"},
        {LINE("1", "2", "gett", "", "pending", TIMES), "at /op: expected create, respond, cancel"},
        {GET("resolved"), "at /result: expected pending, resolved:CLIENT"},
        {GET("resolved:"), "at /result: expected 1 to 255 bytes"},
        {GET("ok"), "at /result: expected pending"},
        {GET("omitted"), "absent or unknown"},
        {LIST("\"pending\"", "absent"), "omitted or unknown"},
        {LIST("", "omitted"), "at /args/filter: expected a list of statuses, got []"},
        {LIST("\"absent\"", "omitted"), "at /args/filter: expected pending, resolved"},
        {LIST("\"pending\",\"pending\"", "omitted"), "each at most once"},
        {LIST("7", "omitted"), "at /args/filter"},
        {LINE("1", "2", "list", "\"filter\":\"pending\"", "omitted", TIMES), "expected a list of statuses"},
        {LINE("1", "2", "list", "", "omitted", TIMES), "at /args: the member \"filter\" is missing"},
        {LINE("1", "2", "get", "\"filter\":[]", "pending", TIMES), "at /args: \"filter\" is no member"},
        {CREATE("\"owner\":\"ann\",\"expires_ns\":null"), "\"checkpoint\" is missing"},
        {CREATE("\"owner\":7,\"expires_ns\":null,\"checkpoint\":true"),
         "at /args/owner: expected a text, got 7"},
        {CREATE("\"owner\":\"ann\",\"expires_ns\":-1,\"checkpoint\":true"),
         "at /args/expires_ns: expected nano"},
        {CREATE("\"owner\":\"ann\",\"expires_ns\":1,\"checkpoint\":1"),
         "at /args/checkpoint: expected true or"},
        {ANSWER("respond", "", "ok"), "at /args: the member \"by\" is missing"},
        {ANSWER("respond", "\"by\":true", "ok"), "at /args/by: expected an integer or a text"},
        {ANSWER("respond", "\"by\":1,\"user\":2", "ok"), "at /args/user: expected a text"},
        {ANSWER("respond", "\"by\":1", "none"), "at /result: expected ok, conflict, conflict:STATUS"},
        {ANSWER("respond", "\"by\":1", "conflict:pending"), "at /result: expected ok, conflict"},
        {ANSWER("respond", "\"by\":1", "ok unknown"), "at /result: expected ok, conflict"},
        {ANSWER("cancel", "", ""), "at /result: expected ok, conflict"},
        {ANSWER("expire", "", "forbidden"), "expected ok, conflict, none or unknown"},
        {LINE("1", "2", "create", "\"owner\":\"a\",\"expires_ns\":1,\"checkpoint\":true", "conflict", TIMES),
         "expected ok or unknown"},
        {LINE("1", "2", "get", "", "pending", "\"invoke_ns\":-1,\"return_ns\":7"),
         "at /invoke_ns: expected nano"},
        {LINE("1", "2", "get", "", "pending", "\"invoke_ns\":null,\"return_ns\":7"),
         "at /invoke_ns: expected nano"},
        {LINE("1", "2", "get", "", "pending", "\"invoke_ns\":1,\"return_ns\":\"7\""), "or null, got \"7\""},
        {LINE("1", "2", "get", "", "pending", "\"invoke_ns\":1,\"return_ns\":9223372036854775807"),
         "at /return_ns"},
        {LINE("1", "2", "get", "", "pending", "\"invoke_ns\":8,\"return_ns\":7"),
         "returned at 7 ns, before it was called at 8 ns"},
        {LINE("1", "2", "get", "", "pending", LOST), "\"unknown\" has the return_ns null"},
        {LINE("1", "2", "get", "", "unknown", TIMES), "\"unknown\" has the return_ns null"},
        {"{\"client\":1,\"key\":2,\"op\":\"get\",\"args\":[],\"result\":\"pending\"," TIMES "}",
         "at /args: expected an object, got []"},
        {"{\"client\":1,\"key\":2,\"op\":7,\"args\":{},\"result\":\"pending\"," TIMES "}",
         "at /op: expected"},
        {"{\"client\":1,\"key\":2,\"op\":\"get\",\"args\":{},\"result\":7," TIMES "}",
         "at /result: expected"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[1024];
        struct history history;
        struct hp_problem problem = {0};
        snprintf(text, sizeof text, "%s\n%s\n", LINE("7", "2", "get", "", "pending", TIMES), rows[i].line);
        assert_int_equal(read_text(text, strlen(text), &history, &problem), HP_INVALID);
        if (!strstr(problem.detail, rows[i].said) || strncmp(problem.detail, "h.jsonl:2:", 10) != 0) {
            fail_msg("%s: %s", rows[i].line, problem.detail);
        }
        history_release(&history);
    }
}

static void names_are_bounded(void **state) {
    (void)state;
    for (size_t length = NAME_LENGTH_MAX_BYTES; length <= NAME_LENGTH_MAX_BYTES + 1; length++) {
        char text[1024];
        char name[NAME_LENGTH_MAX_BYTES + 2] = "";
        struct history history;
        struct hp_problem problem = {0};
        memset(name, 'n', length);
        snprintf(text, sizeof text,
                 "{\"client\":\"%s\",\"key\":1,\"op\":\"get\",\"args\":{},\"result\":\"pending\"," TIMES "}",
                 name);
        enum hp_status status = read_text(text, strlen(text), &history, &problem);
        assert_int_equal(status, length <= NAME_LENGTH_MAX_BYTES ? HP_OK : HP_INVALID);
        history_release(&history);
    }
}

/* A line of exactly the bound, and one that is longer by a byte; blanks fill it. */
static void lines_are_bounded(void **state) {
    (void)state;
    static const char line[] = GET("pending");
    for (size_t more = 0; more < 2; more++) {
        size_t length = HISTORY_LINE_MAX_BYTES + more;
        char *text = malloc(sizeof line + length + sizeof line);
        struct history history;
        struct hp_problem problem = {0};
        assert_non_null(text);
        memset(text, ' ', sizeof line + length);
        memcpy(text, line, sizeof line - 1);
        text[sizeof line - 1] = '\n';
        memcpy(text + sizeof line, line, sizeof line - 1);
        text[sizeof line + length] = '\n';
        memcpy(text + sizeof line + length + 1, line, sizeof line - 1);
        enum hp_status status = read_text(text, 2 * sizeof line + length, &history, &problem);
        assert_int_equal(status, more ? HP_INVALID : HP_OK);
        assert_true(more ? strstr(problem.detail, "h.jsonl:2: expected a line of at most") != NULL
                         : history.count == 3);
        history_release(&history);
        free(text);
    }
}

static void operations_are_as_written(void **state) {
    (void)state;
    static const char text[] =
        LINE("5", "\"k\"", "respond", "\"by\":6,\"user\":\"ann\"", "conflict:expired", TIMES) "\n" LINE(
            "5", "\"k\"", "create", "\"owner\":\"bob\",\"expires_ns\":99,\"checkpoint\":true", "unknown",
            LOST) "\n" LINE("5", "\"k\"", "list", "\"filter\":[\"expired\"]", "resolved:6",
                            "\"invoke_ns\":4,\"return_ns\":8");
    struct history history;
    struct hp_problem problem = {0};
    read_text(text, sizeof text - 1, &history, &problem);
    assert_string_equal(problem.detail, "");
    assert_int_equal(history.count, 3);
    const struct operation *respond = &history.operations[0];
    const struct operation *create = &history.operations[1];
    const struct operation *list = &history.operations[2];
    assert_int_equal(respond->kind, OPERATION_RESPOND);
    assert_int_equal(respond->result, RESULT_CONFLICT);
    assert_int_equal(respond->shown, SHOWN_EXPIRED);
    assert_string_equal(names_text(&history.clients, respond->client), "5");
    assert_string_equal(names_text(&history.clients, respond->who), "6");
    assert_string_equal(names_text(&history.users, respond->user), "ann");
    assert_int_equal(respond->invoke_ns, 3);
    assert_int_equal(respond->return_ns, 7);
    assert_string_equal(names_text(&history.users, create->who), "bob");
    assert_int_equal(create->expires_ns, 99);
    assert_true(create->checkpoint);
    assert_int_equal(create->return_ns, HISTORY_LOST);
    assert_int_equal(create->line, 2);
    assert_int_equal(list->filter, 1u << SHOWN_EXPIRED);
    assert_int_equal(list->who, respond->who);
    assert_int_equal(list->shown, SHOWN_RESOLVED);
    history_release(&history);
}

static void a_file_that_cannot_be_read_is_named(void **state) {
    (void)state;
    struct history history = {0};
    struct hp_problem missing = {0}, folder = {0};
    assert_int_equal(history_read_file(&history, "no/such.jsonl", &missing), HP_UNAVAILABLE);
    assert_string_equal(missing.detail, "no/such.jsonl: No such file or directory");
    assert_int_equal(history_read_file(&history, "fixtures", &folder), HP_UNAVAILABLE);
    assert_string_equal(folder.detail, "fixtures: Is a directory");
    history_release(&history);
}

static void a_doubtful_creation_is_refused_with_its_file(void **state) {
    (void)state;
    static const char args[] = "\"owner\":\"a\",\"expires_ns\":null,\"checkpoint\":false";
    char text[1024];
    struct history history;
    struct hp_problem problem = {0};
    snprintf(text, sizeof text,
             "{\"client\":1,\"key\":1,\"op\":\"create\",\"args\":{%s},\"result\":\"ok\"," TIMES "}\n"
             "{\"client\":1,\"key\":1,\"op\":\"create\",\"args\":{%s},\"result\":\"unknown\"," LOST "}\n",
             args, args);
    assert_int_equal(read_text(text, strlen(text), &history, &problem), HP_INVALID);
    assert_non_null(strstr(problem.detail, "h.jsonl: line 2: 1 is created a second time"));
    history_release(&history);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_that_are_right),
        cmocka_unit_test(lines_that_are_wrong),
        cmocka_unit_test(names_are_bounded),
        cmocka_unit_test(lines_are_bounded),
        cmocka_unit_test(operations_are_as_written),
        cmocka_unit_test(a_file_that_cannot_be_read_is_named),
        cmocka_unit_test(a_doubtful_creation_is_refused_with_its_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

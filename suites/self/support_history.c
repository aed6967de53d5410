#include "suites/self/support_history.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

enum { WORD_SIZE = 64, LINE_SIZE = 512 };

static void write_args(char *args, size_t size, const char *client, const char *op, const char *rest) {
    if (strcmp(op, "create") == 0) {
        char owner[WORD_SIZE], expires[WORD_SIZE];
        assert_int_equal(sscanf(rest, "%63[^/]/%63s", owner, expires), 2);
        const char *end = expires + (expires[0] == 'c');
        snprintf(args, size, "\"owner\":\"%s\",\"expires_ns\":%s,\"checkpoint\":%s", owner,
                 strcmp(end, "-") == 0 ? "null" : end, expires[0] == 'c' ? "true" : "false");
    } else if (strcmp(op, "list") == 0) {
        char filter[WORD_SIZE] = "";
        for (const char *letter = rest; *letter; letter++) {
            const char *status = *letter == 'p'   ? "pending"
                                 : *letter == 'r' ? "resolved"
                                 : *letter == 'c' ? "cancelled"
                                                  : "expired";
            size_t used = strlen(filter);
            snprintf(filter + used, sizeof filter - used, "%s\"%s\"", used ? "," : "", status);
        }
        snprintf(args, size, "\"filter\":[%s]", filter);
    } else if (strcmp(op, "respond") == 0 || strcmp(op, "cancel") == 0) {
        const char *user = rest[0] ? rest : NULL;
        snprintf(args, size, "\"by\":%s%s%s%s", client, user ? ",\"user\":\"" : "", user ? user : "",
                 user ? "\"" : "");
    } else {
        args[0] = '\0';
    }
}

static void add_short(struct history *history, size_t line, const char *operation) {
    char client[WORD_SIZE], op[WORD_SIZE], result[WORD_SIZE], returned[WORD_SIZE];
    char args[LINE_SIZE], text[2 * LINE_SIZE];
    long long called;
    struct hp_problem problem = {0};
    int words = sscanf(operation, " %63s %63s %63s %lld %63s", client, op, result, &called, returned);
    assert_int_equal(words, 5);
    char *slash = strchr(op, '/');
    if (slash) {
        *slash = '\0';
    }
    write_args(args, sizeof args, client, op, slash ? slash + 1 : "");
    snprintf(text, sizeof text,
             "{\"client\":%s,\"key\":\"k\",\"op\":\"%s\",\"args\":{%s},\"result\":\"%s\",\"invoke_ns\":%lld,"
             "\"return_ns\":%s}",
             client, op, args, result, called, strcmp(returned, "-") == 0 ? "null" : returned);
    history_read_line(history, "short", line, text, strlen(text), &problem);
    assert_string_equal(problem.detail, "");
}

void history_short(struct history *history, const char *operations) {
    char operation[LINE_SIZE];
    struct hp_problem problem = {0};
    size_t line = 0;
    *history = (struct history){0};
    for (const char *rest = operations; *rest;) {
        size_t length = strcspn(rest, ";");
        assert_true(length < sizeof operation);
        memcpy(operation, rest, length);
        operation[length] = '\0';
        add_short(history, ++line, operation);
        rest += length + (rest[length] == ';');
    }
    assert_int_equal(history_group(history, &problem), HP_OK);
}

const char *judgement_lines(const struct judgement *judgement) {
    static char lines[WORD_SIZE];
    lines[0] = '\0';
    for (size_t i = 0; i < judgement->operation_count; i++) {
        size_t used = strlen(lines);
        snprintf(lines + used, sizeof lines - used, "%s%u", used ? " " : "", judgement->operations[i]->line);
    }
    return lines;
}

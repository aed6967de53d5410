#include "suites/bench/pgbench.h"
#include "harness/adapters/shell.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OUTPUT_SIZE = 16384 };

/* Debian's pgbench in the PATH is a script that looks for the right one; this is the right one. */
static const char launcher[] =
    "for bin in /usr/lib/postgresql/*/bin; do PATH=$bin:$PATH; done; export LC_ALL=C PGCLIENTENCODING=UTF8; ";

/* True when pgbench would see a variable behind this colon. */
static bool begins_variable(const char *colon) {
    return isalnum((unsigned char)colon[1]) || colon[1] == '_';
}

/* The length of a quoted string with both quotes; a doubled quote counts as the end of one and the begin of another. */
static size_t quoted_length(const char *sql) {
    const char *end = strchr(sql + 1, '\'');
    return end ? (size_t)(end - sql) + 1 : strlen(sql);
}

static bool hides_variable(const char *quoted, size_t length) {
    for (size_t i = 0; i + 1 < length; i++) {
        if (quoted[i] == ':' && begins_variable(quoted + i)) {
            return true;
        }
    }
    return false;
}

static void write_quoted(struct text *script, const char *quoted, size_t length) {
    if (!hides_variable(quoted, length)) {
        text_append(script, quoted, length);
        return;
    }
    text_add(script, "U&");
    for (size_t i = 0; i < length; i++) {
        if (quoted[i] == ':') {
            text_add(script, "\\003A");
        } else {
            text_add(script, quoted[i] == '\\' ? "\\" : "");
            text_add_byte(script, quoted[i]);
        }
    }
}

bool pgbench_write(struct text *script, const char *sql, const char *const values[], size_t count) {
    while (*sql) {
        if (*sql == '\'') {
            size_t length = quoted_length(sql);
            write_quoted(script, sql, length);
            sql += length;
        } else if (*sql == '$' && isdigit((unsigned char)sql[1])) {
            char *end = NULL;
            unsigned long number = strtoul(sql + 1, &end, 10);
            if (number == 0 || number > count) {
                return false;
            }
            text_add(script, values[number - 1]);
            sql = end;
        } else {
            text_add_byte(script, *sql++);
        }
    }
    return text_add(script, ";\n");
}

/* The number behind the words; false when they are not there. */
static bool read_number(const char *output, const char *words, double *number) {
    const char *at = strstr(output, words);
    char *end = NULL;
    if (!at) {
        return false;
    }
    *number = strtod(at + strlen(words), &end);
    return end != at + strlen(words);
}

bool pgbench_read(const char *output, struct pgbench_result *result) {
    double processed = 0, failed = 0;
    if (!read_number(output, "transactions actually processed: ", &processed) ||
        !read_number(output, "\ntps = ", &result->per_second)) {
        return false;
    }
    result->processed = (int64_t)processed;
    read_number(output, "failed transactions: ", &failed); /* older ones never go on after a failure */
    return failed <= 0 && result->per_second > 0;
}

static void add_quoted(struct text *command, const char *word) {
    text_add(command, " ");
    shell_add_quoted(command, word, strlen(word));
}

static char *command_of(const struct pgbench_order *order) {
    struct text command = {0};
    text_add(&command, launcher);
    text_add(&command, "PGOPTIONS=");
    shell_add_quoted(&command, order->session, strlen(order->session));
    text_addf(&command, " exec pgbench -n -M prepared -c %u -j %u -t %lld", order->connections,
              order->connections, (long long)order->transactions);
    for (size_t i = 0; i < order->variable_count; i++) {
        struct text definition = {0};
        text_addf(&definition, "%s=%s", order->variables[i].name, order->variables[i].value);
        text_add(&command, " -D");
        add_quoted(&command, definition.bytes ? definition.bytes : "");
        command.failed |= definition.failed;
        text_release(&definition);
    }
    text_add(&command, " -f");
    add_quoted(&command, order->script);
    add_quoted(&command, order->conninfo);
    text_add(&command, " 2>&1");
    return text_take(&command);
}

/* Everything that the command prints, as far as there is room; its exit status, or -1. */
static int run_command(const char *command, char output[OUTPUT_SIZE]) {
    FILE *printed = popen(command, "r");
    if (!printed) {
        return -1;
    }
    size_t length = fread(output, 1, OUTPUT_SIZE - 1, printed);
    output[length] = '\0';
    return pclose(printed);
}

enum hp_status pgbench_run(const struct pgbench_order *order, struct pgbench_result *result,
                           struct hp_problem *problem) {
    char output[OUTPUT_SIZE] = "";
    char *command = command_of(order);
    if (!command) {
        return hp_problem_no_memory(problem);
    }
    int ended = run_command(command, output);
    free(command);
    if (ended != 0 || !pgbench_read(output, result)) {
        const char *fault = strstr(output, "error:"); /* statistics may stand behind it */
        return hp_problem_set(problem, HP_UNAVAILABLE, NULL, "pgbench failed (%d): %.400s", ended,
                              fault ? fault : output);
    }
    return HP_OK;
}

#include "suites/bench/wrk.h"
#include "harness/adapters/shell.h"
#include "reference/base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OUTPUT_SIZE = 16 * 1024 };

enum hp_status wrk_read(const char *output, struct wrk_result *result, struct hp_problem *problem) {
    int64_t duration_us = 0, refused = 0, broken = 0;
    int ran_out = 0;
    const char *line = strstr(output, "walked ");
    if (!line ||
        sscanf(line,
               "walked %" SCNd64 " in %" SCNd64 " us, refused %" SCNd64 ", broken %" SCNd64 ", ran out %d",
               &result->requests, &duration_us, &refused, &broken, &ran_out) != 5 ||
        result->requests <= 0 || duration_us <= 0) {
        return hp_problem_set(problem, HP_UNAVAILABLE, NULL, "wrk failed: %.400s", output);
    }
    result->per_second = (double)result->requests * 1e6 / (double)duration_us;
    result->ran_out = ran_out != 0;
    if (broken > 0 || (refused > 0 && !result->ran_out)) {
        return hp_problem_set(problem, HP_UNAVAILABLE, NULL,
                              "the run is void: of %" PRId64 " answers %" PRId64
                              " were no 2xx, and connections broke %" PRId64 " times",
                              result->requests, refused, broken);
    }
    return HP_OK;
}

static char *command_of(const struct wrk_order *order) {
    struct text command = {0};
    text_addf(&command, "exec wrk -t %u -c %u -d %us -s suites/bench/walk.lua ", order->threads,
              order->connections, order->seconds);
    shell_add_quoted(&command, order->url, strlen(order->url));
    text_addf(&command, " -- %s ", order->action);
    shell_add_quoted(&command, order->ids, strlen(order->ids));
    text_addf(&command, " %u 2>&1", order->threads);
    return text_take(&command);
}

enum hp_status wrk_run(const struct wrk_order *order, struct wrk_result *result, struct hp_problem *problem) {
    char output[OUTPUT_SIZE] = "";
    char *command = command_of(order);
    if (!command) {
        return hp_problem_no_memory(problem);
    }
    FILE *printed = popen(command, "r");
    free(command);
    if (!printed) {
        return hp_problem_set(problem, HP_UNAVAILABLE, NULL, "no process could be started for wrk");
    }
    output[fread(output, 1, sizeof output - 1, printed)] = '\0';
    int ended = pclose(printed);
    if (ended != 0) {
        return hp_problem_set(problem, HP_UNAVAILABLE, NULL, "wrk failed (%d): %.400s", ended, output);
    }
    return wrk_read(output, result, problem);
}

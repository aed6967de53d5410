#include "harness/commands/past_runs.h"

#include <stdlib.h>

enum hp_status past_runs_read(struct past_runs *runs, const char *const *paths, size_t count,
                              struct hp_problem *problem) {
    enum hp_status status = HP_OK;
    runs->items = calloc(count, sizeof *runs->items);
    if (!runs->items) {
        return hp_problem_no_memory(problem);
    }
    while (status == HP_OK && runs->count < count) {
        size_t at = runs->count++;
        status = past_run_read(paths[at], &runs->items[at], problem);
    }
    return status;
}

void past_runs_release(struct past_runs *runs) {
    for (size_t i = 0; i < runs->count; i++) {
        past_run_release(&runs->items[i]);
    }
    free(runs->items);
    *runs = (struct past_runs){0};
}

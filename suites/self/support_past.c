#include "suites/self/support_past.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum hp_status past_of_text(const char *text, struct past_run *run, struct hp_problem *problem) {
    static char path[SCRATCH_PATH_SIZE]; /* the run keeps the path */
    scratch_path(path, "past-XXXXXX");
    int file = mkstemp(path);
    assert_true(file >= 0);
    size_t length = strlen(text);
    assert_int_equal(write(file, text, length), (ssize_t)length);
    close(file);
    enum hp_status status = past_run_read(path, run, problem);
    unlink(path);
    return status;
}

void past_read(const char *text, struct past_run *run) {
    struct hp_problem problem = {0};
    if (past_of_text(text, run, &problem) != HP_OK) {
        fail_msg("%s", problem.detail);
    }
}

static void add_case(struct text *out, const char *outcome, struct tally *tally) {
    char id[128], verdict[32], reason[128] = "";
    assert_true(sscanf(outcome, "%127s %31s %127[^\n]", id, verdict, reason) >= 2);
    text_addf(
        out,
        "{\"type\":\"case\",\"target\":\"memory\",\"id\":\"%s\",\"template\":\"%s\",\"chapter\":\"%.*s\","
        "\"title\":\"title of %s\",\"level\":\"MUST\",\"file\":\"f.json\",\"line\":3,\"proves\":[],"
        "\"verdict\":\"%s\",\"duration_us\":5,\"requirements\":[],\"exchanges\":[]",
        id, id, (int)strcspn(id, "."), id, id, verdict);
    if (*reason) {
        text_addf(out, ",\"reason\":\"%s\"", reason);
    }
    text_add(out, "}\n");
    for (enum verdict known = 0; known < VERDICT_COUNT; known++) {
        if (strcmp(verdict_name(known), verdict) == 0) {
            tally_add(tally, known);
        }
    }
}

static void add_head(struct text *out, const char *shard, const char *const *whole, size_t count) {
    text_addf(out,
              "{\"type\":\"run\",\"format\":1,\"suite_digest\":\"d1\",\"targets\":[\"memory\"],\"seed\":1,"
              "\"selected\":%zu,\"command\":\"holdpoint run --seed 1%s%s\"",
              count, shard ? " --shard " : "", shard ? shard : "");
    if (shard) {
        struct shard read;
        struct hp_problem problem = {0};
        assert_int_equal(shard_read(shard, &read, &problem), HP_OK);
        text_addf(out, ",\"shard\":{\"index\":%u,\"count\":%u}", read.index, read.count);
    }
    text_add(out, "}\n");
    if (shard) {
        text_add(out, "{\"type\":\"selection\",\"ids\":[");
        for (size_t i = 0; whole[i]; i++) {
            text_addf(out, "%s\"%s\"", i ? "," : "", whole[i]);
        }
        text_add(out, "]}\n");
    }
}

char *past_text(const char *const *outcomes, const char *shard, const char *const *whole) {
    struct text out = {0};
    struct tally tally = {0};
    size_t count = 0;
    while (outcomes[count]) {
        count++;
    }
    add_head(&out, shard, whole, count);
    text_add(&out, "{\"type\":\"target\",\"target\":\"memory\",\"name\":\"n\",\"version\":\"1\",\"language\":"
                   "\"C\",\"capabilities\":[],\"endpoints\":1,\"down\":null}\n");
    for (size_t i = 0; i < count; i++) {
        add_case(&out, outcomes[i], &tally);
    }
    struct target_summary summary = {.tally = tally, .result_count = count};
    text_addf(&out,
              "{\"type\":\"target_end\",\"target\":\"memory\",\"down\":null,\"selected\":%zu,"
              "\"baseline_problems\":[],\"duration_us\":40}\n{\"type\":\"end\",\"exit_code\":%d}\n",
              count, summary_conclude(&summary));
    return text_take(&out);
}

char *past_change(const char *text, const char *what, const char *by) {
    const char *at = strstr(text, what);
    if (!at) {
        fail_msg("%s is not there", what);
    }
    struct text out = {0};
    text_append(&out, text, (size_t)(at - text));
    text_add(&out, by);
    text_add(&out, at + strlen(what));
    return text_take(&out);
}

char *past_write(const struct past_run *run, struct reporter *(*make)(FILE *out)) {
    char *bytes = NULL;
    size_t length_bytes = 0;
    FILE *out = open_memstream(&bytes, &length_bytes);
    assert_non_null(out);
    struct reporter *reporter = make(out);
    assert_non_null(reporter);
    bool written = past_run_tell(run, reporter);
    written = reporter->ops->close(reporter) && written;
    assert_true(written);
    assert_int_equal(fclose(out), 0);
    return bytes;
}

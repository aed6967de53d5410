#include "harness/report/exhibit.h"

#include "harness/lab/interval.h"
#include "suites/self/support_history.h"
#include "suites/self/support_results.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* A performance of which only the history of one interrupt, "k", is there. */
struct show {
    struct performance performance;
    struct slot slot;
    struct window window;
    struct finding finding;
    struct text text;
};

static void show_init(struct show *show, const char *operations) {
    memset(show, 0, sizeof *show);
    history_short(&show->performance.history, operations);
    interval_check(&show->performance.history, 0, 0, &show->finding.judgement);
    text_put(show->slot.id, sizeof show->slot.id, "k");
    show->window = (struct window){HISTORY_NEVER, HISTORY_NEVER};
    show->performance.stage.slots = &show->slot;
    show->performance.stage.slot_count = 1;
    show->performance.windows = &show->window;
    text_put(show->finding.sentence, sizeof show->finding.sentence, show->finding.judgement.reason);
}

static void show_release(struct show *show) {
    history_release(&show->performance.history);
    text_release(&show->text);
}

static bool show_add(struct show *show, const char *folder) {
    return exhibit_add(&show->text, &(struct exhibit){.performance = &show->performance,
                                                      .finding = &show->finding,
                                                      .title = "a case",
                                                      .note = "round 1 of seed 1",
                                                      .folder = folder,
                                                      .name = "found",
                                                      .repeat = "holdpoint run --seed 1"});
}

#define TWO_WINNERS "1 respond ok 100 120; 2 respond ok 110 147"

static void the_sentence_and_the_timeline_are_shown(void **state) {
    (void)state;
    struct show show;
    show_init(&show, TWO_WINNERS);
    assert_true(show_add(&show, NULL));
    const char *first_line_end = strchr(show.text.bytes, '\n');
    assert_memory_equal(show.text.bytes, show.finding.sentence, (size_t)(first_line_end - show.text.bytes));
    assert_non_null(strstr(show.text.bytes, "\n(round 1 of seed 1)\n"));
    assert_non_null(strstr(show.text.bytes, "* client 2  respond"));
    assert_non_null(strstr(show.text.bytes, "repeat   holdpoint run --seed 1\n"));
    assert_null(strstr(show.text.bytes, "history "));
    show_release(&show);
}

/* A finding of no operation in particular is shown on its slot's timeline; one of no slot as a sentence. */
static void a_finding_without_a_key_is_found_by_its_slot(void **state) {
    (void)state;
    struct show show;
    show_init(&show, TWO_WINNERS);
    show.finding.key = SIZE_MAX;
    assert_true(show_add(&show, NULL));
    assert_non_null(strstr(show.text.bytes, "client 2"));
    text_clear(&show.text);
    show.finding.slot = SCRIPT_SLOTS_MAX;
    assert_true(show_add(&show, NULL));
    assert_null(strstr(show.text.bytes, "client 2  respond"));
    show_release(&show);
}

/* The history that is written is one that `judge` takes, and it says the same. */
static void the_files_are_whole(void **state) {
    (void)state;
    char folder[SCRATCH_PATH_SIZE], path[SCRATCH_PATH_SIZE + 32];
    struct show show;
    struct history read = {0};
    struct judgement judgement;
    struct hp_problem problem = {0};
    scratch_path(folder, "exhibit");
    show_init(&show, TWO_WINNERS);
    show.window = (struct window){1000, 1201};
    assert_true(show_add(&show, folder));
    assert_non_null(strstr(show.text.bytes, "holdpoint judge --explain --clock-error 101 "));
    snprintf(path, sizeof path, "%s/found.history.jsonl", folder);
    assert_int_equal(history_read_file(&read, path, &problem), HP_OK);
    interval_check(&read, 0, 0, &judgement);
    assert_string_equal(judgement.reason, show.finding.sentence);
    history_release(&read);
    assert_int_equal(unlink(path), 0);
    snprintf(path, sizeof path, "%s/found.timeline.html", folder);
    assert_non_null(strstr(show.text.bytes, path));
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(folder), 0);
    show_release(&show);
}

static void a_file_that_cannot_be_written_is_told(void **state) {
    (void)state;
    struct show show;
    show_init(&show, TWO_WINNERS);
    assert_true(show_add(&show, "/dev/null/evidence"));
    assert_non_null(strstr(show.text.bytes,
                           "/dev/null/evidence/found.timeline.html could not be written: Not a directory"));
    show_release(&show);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sentence_and_the_timeline_are_shown),
        cmocka_unit_test(a_finding_without_a_key_is_found_by_its_slot),
        cmocka_unit_test(the_files_are_whole),
        cmocka_unit_test(a_file_that_cannot_be_written_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

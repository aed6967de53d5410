#include "suites/self/support_play.h"

#include "suites/self/support_folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

void play_init(struct play *play, const char *cases, const char *capabilities,
               const struct fake_answer *script) {
    struct text text = {0};
    memset(play, 0, sizeof *play);
    assert_true(text_addf(&text, "{\"cases\":[\n%s\n]}", cases));
    const char *folder = fixtures_new(text.bytes);
    assert_non_null(folder);
    if (suite_load(folder, &play->suite, &play->problem) != HP_OK) {
        fail_msg("%s", play->problem.detail);
    }
    fixtures_remove();
    text_release(&text);
    assert_true(play->suite->case_count <= PLAY_CASES_MAX);
    for (size_t i = 0; i < play->suite->case_count; i++) {
        play->cases[i] = &play->suite->cases[i];
    }
    fake_target_init(&play->fake, capabilities, script);
    play->plan = (struct run_plan){.cases = play->cases,
                                   .case_count = play->suite->case_count,
                                   .suite = play->suite,
                                   .deadline_ms = 100};
}

enum hp_status play_run(struct play *play) {
    return run_cases(&play->plan, &play->fake.target, &play->hello, play->results, &play->problem);
}

void play_release(struct play *play) {
    for (size_t i = 0; i < PLAY_CASES_MAX; i++) {
        case_result_release(&play->results[i]);
    }
    hello_release(&play->hello);
    fake_target_release(&play->fake);
    suite_free(play->suite);
}

void assert_outcome(const struct case_result *result, enum verdict verdict, const char *reason) {
    bool same = reason ? result->reason && strstr(result->reason, reason) : !result->reason;
    if (result->verdict != verdict || !same) {
        fail_msg("%s: %s %s at %s, not %s: %s", result->test_case ? result->test_case->id : "no case",
                 verdict_name(result->verdict), result->reason ? result->reason : "without a reason",
                 result->step ? result->step : "no step", verdict_name(verdict),
                 reason ? reason : "no reason");
    }
}

void assert_text(const char *text, const char *wanted) {
    if (text && wanted) {
        assert_string_equal(text, wanted);
    } else if (text != wanted) {
        fail_msg("got %s, not %s", text ? text : "nothing", wanted ? wanted : "nothing");
    }
}

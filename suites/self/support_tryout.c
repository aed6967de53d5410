#include "suites/self/support_tryout.h"

#include "harness/adapters/without.h"
#include "suites/self/support_script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

void tryout_init(struct tryout *tryout, const char *script, const struct tamper *tampers,
                 const char *without) {
    *tryout = (struct tryout){.target = tamper_target_new(tampers)};
    if (without) {
        assert_int_equal(without_new(tryout->target, without, &tryout->target, NULL), HP_OK);
    }
    assert_int_equal(target_hello(tryout->target, &tryout->hello, NULL), HP_OK);
    script_short(&tryout->script, script);
    tryout->crew = (struct crew){.target = tryout->target,
                                 .hello = &tryout->hello,
                                 .deadline_ms = 5000,
                                 .seed = 1,
                                 .start_us = TRYOUT_START_US,
                                 .reset = true,
                                 .in_turn = true};
}

enum hp_status tryout_play(struct tryout *tryout, struct hp_problem *problem) {
    performance_release(&tryout->performance);
    return crew_play(&tryout->crew, &tryout->script, NULL, &tryout->performance, problem);
}

void tryout_release(struct tryout *tryout) {
    performance_release(&tryout->performance);
    script_release(&tryout->script);
    hello_release(&tryout->hello);
    target_free(tryout->target);
}

char *history_words(const struct performance *performance) {
    const struct history *history = &performance->history;
    struct text words = {0};
    for (size_t i = 0; i < history->count; i++) {
        const struct operation *operation = &history->operations[i];
        unsigned slot = stage_find(&performance->stage, names_text(&history->key_names, operation->key));
        text_addf(&words, "%s %s ", names_text(&history->clients, operation->client),
                  operation_kind_name(operation->kind));
        if (slot < SCRIPT_SLOTS_MAX) {
            text_addf(&words, "#%u ", slot);
        } else {
            text_add(&words, "? ");
        }
        operation_result_add(&words, history, operation);
        text_add(&words, "\n");
    }
    char *taken = text_take(&words);
    assert_non_null(taken);
    return taken;
}

static bool fits(const struct review *review, const struct review_row *row) {
    bool said = row->class == FINDING_NONE;
    for (size_t i = 0; i < review->count; i++) {
        const struct finding *finding = &review->findings[i];
        bool wanted = (int)finding->class == row->class;
        if (!wanted && !(row->also & 1u << finding->class)) {
            return false;
        }
        said = said || (wanted && (row->slot == ANY_SLOT || finding->slot == (unsigned)row->slot) &&
                        strstr(finding->sentence, row->said));
    }
    return said && !review->undecided;
}

static void assert_review(const struct review_row *row, size_t number) {
    struct tryout tryout;
    struct review review;
    struct hp_problem problem = {0};
    tryout_init(&tryout, row->script, row->tampers, NULL);
    if (tryout_play(&tryout, &problem) != HP_OK) {
        fail_msg("row %zu: %s: %s", number, row->script, problem.detail);
    }
    assert_int_equal(review_make(&tryout.performance, 0, &review, &problem), HP_OK);
    if (!fits(&review, row)) {
        print_error("row %zu: %s\n", number, row->script);
        for (size_t i = 0; row->tampers[i].method; i++) {
            print_error("  %s: %s\n", row->tampers[i].method,
                        row->tampers[i].changes ? row->tampers[i].changes : "otherwise");
        }
        for (size_t i = 0; i < review.count; i++) {
            print_error("  found %s #%u: %s\n", finding_class_name(review.findings[i].class),
                        review.findings[i].slot, review.findings[i].sentence);
        }
        fail_msg("wanted %s #%d: %s",
                 row->class == FINDING_NONE ? "nothing" : finding_class_name((enum finding_class)row->class),
                 row->slot, row->said ? row->said : "");
    }
    review_release(&review);
    tryout_release(&tryout);
}

void assert_reviews(const struct review_row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        assert_review(&rows[i], i);
    }
}

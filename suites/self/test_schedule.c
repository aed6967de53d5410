#include "harness/lab/schedule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "harness/adapters/in_process.h"
#include "harness/lab/random.h"
#include "harness/lab/review.h"
#include "suites/self/support_faulty_store.h"
#include "suites/self/support_spoilt.h"

#define START_US INT64_C(1900000000000000)

/* Three clients on one interrupt; each does two things. */
#define SCRIPT                                                                                               \
    "{\"interrupts\":[{\"kind\":\"clarification\",\"ttl_seconds\":60}],\"clients\":["                        \
    "{\"acts\":[{\"do\":\"respond\",\"on\":0},{\"do\":\"get\",\"on\":0}]},"                                  \
    "{\"acts\":[{\"do\":\"cancel\",\"on\":0},{\"do\":\"clock\",\"seconds\":61}]},"                           \
    "{\"acts\":[{\"do\":\"get\",\"on\":0},{\"do\":\"sweep\"}]}]}"

struct stand {
    struct target *target;
    struct hello hello;
    struct script script;
    unsigned number;
};

static void begin(struct stand *stand, struct target *target) {
    json_t *value = json_loads(SCRIPT, 0, NULL);
    *stand = (struct stand){.target = target};
    assert_non_null(target);
    assert_int_equal(target_hello(target, &stand->hello, NULL), HP_OK);
    assert_int_equal(script_decode(value, &stand->script, NULL), HP_OK);
    json_decref(value);
}

static void end(struct stand *stand) {
    script_release(&stand->script);
    hello_release(&stand->hello);
    target_free(stand->target);
}

static enum hp_status play(struct stand *stand, struct choices *choices, struct performance *performance,
                           struct hp_problem *problem) {
    const struct crew crew = {.target = stand->target,
                              .hello = &stand->hello,
                              .deadline_ms = 10000,
                              .seed = 3,
                              .number = stand->number++,
                              .start_us = START_US,
                              .reset = true};
    return schedule_play(&crew, &stand->script, NULL, choices, performance, problem);
}

/* What came of each act, in words. */
static char *words_of(const struct performance *performance) {
    const struct script *script = performance->stage.script;
    struct text text = {0};
    for (size_t i = 0; i < script->client_count; i++) {
        for (size_t j = 0; j < script->clients[i].act_count; j++) {
            outcome_add_word(&text, &performance->stage, &script->clients[i].acts[j],
                             &performance->outcomes[i][j]);
            text_add(&text, "; ");
        }
    }
    return text_take(&text);
}

/* The words of a play by these choices. */
static char *play_words(struct stand *stand, struct choices *choices) {
    struct performance performance = {0};
    struct hp_problem problem = {0};
    if (play(stand, choices, &performance, &problem) != HP_OK) {
        fail_msg("%s", problem.detail);
    }
    char *words = words_of(&performance);
    performance_release(&performance);
    return words;
}

static void expect_words(struct stand *stand, const uint16_t *turns, size_t count, const char *expected) {
    struct choices choices = {.random = random_start(1, 0)};
    for (size_t i = 0; i < count; i++) {
        assert_true(choices_add(&choices, turns[i]));
    }
    char *words = play_words(stand, &choices);
    assert_string_equal(words, expected);
    free(words);
    choices_release(&choices);
}

/* A respond, a cancel, a get and a sweep each take three turns, to before the store, behind it, to the end; a clock one. */
static void the_turns_say_what_comes_of_it(void **state) {
    (void)state;
    struct stand stand;
    begin(&stand, in_process_memory_new());
    static const uint16_t in_turn[] = {0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2};
    expect_words(&stand, in_turn, 16, "ok; #0 resolved by 1; conflict:resolved; ok; #0 resolved by 1; []; ");
    static const uint16_t cancel_first[] = {0, 1, 1, 0, 0, 0, 0, 0, 1, 1, 2, 2, 2, 2, 2, 2};
    expect_words(&stand, cancel_first, 16, "conflict:cancelled; #0 cancelled; ok; ok; #0 cancelled; []; ");
    static const uint16_t read_first[] = {2, 2, 0, 0, 0, 2, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2};
    expect_words(&stand, read_first, 16, "ok; #0 resolved by 1; conflict:resolved; ok; #0 pending; []; ");
    end(&stand);
}

static void what_chance_chose_plays_the_same_again(void **state) {
    (void)state;
    struct stand stand;
    struct store_decorator decorator = {.wrap = faulty_no_guard};
    begin(&stand, in_process_memory_decorated_new(&decorator));
    unsigned distinct = 0;
    char *last = NULL;
    for (unsigned seed = 0; seed < 20; seed++) {
        struct choices choices = {.random = random_start(seed, 0)};
        char *first = play_words(&stand, &choices);
        struct choices again = {.random = random_start(seed + 99, 0)};
        size_t count = choices.count;
        assert_true(count >= 16);
        for (size_t i = 0; i < count; i++) {
            assert_true(choices_add(&again, choices.turns[i]));
        }
        char *second = play_words(&stand, &again);
        assert_string_equal(first, second);
        assert_int_equal(again.count, count);
        assert_memory_equal(again.turns, choices.turns, count * sizeof *again.turns);
        distinct += !last || strcmp(last, first) != 0;
        free(last);
        free(second);
        last = first;
        choices_release(&again);
        choices_release(&choices);
    }
    assert_true(distinct > 3);
    free(last);
    end(&stand);
}

/* Of turns for one that has nothing left to do, or that there is not, nothing comes; they are gone from the choices. */
static void turns_of_those_who_cannot_go_on_are_passed_over(void **state) {
    (void)state;
    struct stand stand;
    begin(&stand, in_process_memory_new());
    struct choices choices = {.random = random_start(1, 0)};
    static const uint16_t turns[] = {7, 1, 1, 1, 1, 1, 1, 0, 300, 1, 0};
    static const uint16_t played[] = {1, 1, 1, 1, 0, 0};
    for (size_t i = 0; i < sizeof turns / sizeof turns[0]; i++) {
        assert_true(choices_add(&choices, turns[i]));
    }
    char *words = play_words(&stand, &choices);
    assert_int_equal(choices.count, 16);
    assert_memory_equal(choices.turns, played, sizeof played);
    free(words);
    choices_release(&choices);
    end(&stand);
}

static void leave_alone(const char *method, struct answer *answer) {
    (void)method;
    (void)answer;
}

static void a_target_without_points_is_refused(void **state) {
    (void)state;
    struct stand stand;
    struct choices choices = {.random = random_start(1, 0)};
    struct performance performance;
    struct hp_problem problem = {0};
    begin(&stand, spoilt_new(in_process_memory_new(), leave_alone));
    assert_int_equal(play(&stand, &choices, &performance, &problem), HP_UNSUPPORTED);
    assert_string_equal(problem.detail, "the target has no points at which a call can be held up");
    performance_release(&performance);
    choices_release(&choices);
    end(&stand);
}

/* The gate is gone afterwards, and what was played can be reviewed. */
static void afterwards_the_target_is_as_before(void **state) {
    (void)state;
    struct stand stand;
    struct choices choices = {.random = random_start(5, 0)};
    struct performance performance = {0};
    struct review review;
    begin(&stand, in_process_memory_new());
    assert_int_equal(play(&stand, &choices, &performance, NULL), HP_OK);
    assert_int_equal(review_make(&performance, 0, &review, NULL), HP_OK);
    assert_int_equal(review.count, 0);
    assert_int_equal(performance.lost, 0);
    review_release(&review);
    performance_release(&performance);
    choices_release(&choices);
    const struct crew crew = {.target = stand.target,
                              .hello = &stand.hello,
                              .deadline_ms = 10000,
                              .start_us = START_US,
                              .reset = true};
    assert_int_equal(crew_play(&crew, &stand.script, NULL, &performance, NULL), HP_OK);
    performance_release(&performance);
    end(&stand);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_turns_say_what_comes_of_it),
        cmocka_unit_test(what_chance_chose_plays_the_same_again),
        cmocka_unit_test(turns_of_those_who_cannot_go_on_are_passed_over),
        cmocka_unit_test(a_target_without_points_is_refused),
        cmocka_unit_test(afterwards_the_target_is_as_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

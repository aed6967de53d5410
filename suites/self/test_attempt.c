#include "harness/lab/attempt.h"
#include "harness/lab/random.h"
#include "suites/self/support_rival.h"
#include "suites/self/support_script.h"
#include "suites/self/support_tryout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A target, and where attempts on it are made. */
struct ground {
    struct target *target;
    struct hello hello;
    struct arena arena;
};

static void ground_init(struct ground *ground, const char *target) {
    *ground = (struct ground){0};
    assert_int_equal(target_from_name(target, 5000, &ground->target, NULL), HP_OK);
    assert_int_equal(target_hello(ground->target, &ground->hello, NULL), HP_OK);
    ground->arena = (struct arena){.target = ground->target,
                                   .hello = &ground->hello,
                                   .deadline_ms = 5000,
                                   .seed = 1,
                                   .start_us = TRYOUT_START_US};
}

static void ground_release(struct ground *ground) {
    hello_release(&ground->hello);
    target_free(ground->target);
}

static void attempt(struct ground *ground, const struct script *script, enum way way,
                    const struct choices *choices, struct attempt *made) {
    struct hp_problem problem = {0};
    if (attempt_make(&ground->arena, script, way, choices, made, &problem) != HP_OK) {
        fail_msg("%s", problem.detail);
    }
}

static char *words_of(const struct attempt *made) {
    struct text text = {0};
    assert_true(attempt_add_words(&text, made));
    return text_take(&text);
}

#define TWO                                                                                                  \
    "{'interrupts':[{},{},{'ttl_seconds':1},{'ttl_seconds':1}],"                                             \
    "'clients':[{'acts':[{'do':'respond','on':0},{'do':'list','status':'all'},{'do':'pending'},"             \
    "{'do':'clock','seconds':2},{'do':'sweep'}]},{'acts':[{'do':'cancel','on':0},{'do':'get','on':1}]}]}"

static void all_ways_find_nothing_in_the_reference(void **state) {
    (void)state;
    struct ground ground;
    struct script script;
    ground_init(&ground, "memory");
    script_short(&script, TWO);
    for (enum way way = 0; way < WAY_COUNT; way++) {
        struct attempt made;
        attempt(&ground, &script, way, NULL, &made);
        assert_int_equal(made.review.count, 0);
        assert_int_equal(made.choices.count > 0, way == WAY_BY_TURNS);
        attempt_release(&made);
    }
    assert_int_equal(ground.arena.plays, WAY_COUNT);
    script_release(&script);
    ground_release(&ground);
}

/* Ids are chance, and what they decide is not told. */
static void the_same_is_told_in_the_same_words(void **state) {
    (void)state;
    struct ground ground;
    struct script script;
    char *first = NULL;
    ground_init(&ground, "memory");
    script_short(&script, TWO);
    for (unsigned i = 0; i < 12; i++) {
        struct attempt made;
        attempt(&ground, &script, WAY_IN_TURN, NULL, &made);
        char *words = words_of(&made);
        if (first) {
            assert_string_equal(words, first);
            free(words);
        } else {
            first = words;
        }
        attempt_release(&made);
    }
    assert_string_equal(first,
                        "client 1: respond #0 -> ok\n"
                        "client 1: list all -> [#0 resolved by 1, #1 pending, #2 pending, #3 pending]\n"
                        "client 1: pending -> one of several\n"
                        "client 1: clock +2.000000 s -> ok\n"
                        "client 1: sweep -> [#2, #3]\n"
                        "client 2: cancel #0 -> conflict:resolved\n"
                        "client 2: get #1 -> #1 pending\n");
    free(first);
    script_release(&script);
    ground_release(&ground);
}

static void the_same_turns_give_the_same(void **state) {
    (void)state;
    struct ground ground;
    struct script script;
    ground_init(&ground, "memory");
    script_short(&script, TWO);
    for (uint64_t seed = 0; seed < 10; seed++) {
        struct attempt first, second;
        const struct choices chance = {.random = random_start(seed, 0)};
        attempt(&ground, &script, WAY_BY_TURNS, &chance, &first);
        attempt(&ground, &script, WAY_BY_TURNS, &first.choices, &second);
        char *one = words_of(&first), *other = words_of(&second);
        assert_string_equal(one, other);
        assert_int_equal(first.choices.count, second.choices.count);
        assert_memory_equal(first.choices.turns, second.choices.turns,
                            first.choices.count * sizeof *first.choices.turns);
        free(one);
        free(other);
        attempt_release(&first);
        attempt_release(&second);
    }
    script_release(&script);
    ground_release(&ground);
}

static void one_client_is_in_turn_whatever_is_asked(void **state) {
    (void)state;
    struct script script;
    script_short(&script, "{'clients':[{'acts':[]}]}");
    for (enum way way = 0; way < WAY_COUNT; way++) {
        assert_int_equal(script_way(&script, way), WAY_IN_TURN);
    }
    assert_true(script_add_client(&script, 0));
    for (enum way way = 0; way < WAY_COUNT; way++) {
        assert_int_equal(script_way(&script, way), way);
    }
    assert_string_equal(way_name(WAY_IN_TURN), "in turn");
    assert_string_equal(way_name(WAY_AT_ONCE), "at once");
    assert_string_equal(way_name(WAY_BY_TURNS), "by turns");
    script_release(&script);
}

/* In turn the model looks too: here nothing else would notice. */
static void in_turn_the_model_judges(void **state) {
    (void)state;
    struct script script;
    static const struct tamper tampers[] = {
        {.method = "interrupt.list", .changes = "[{'set':'/total','to':7}]"}, {0}};
    struct attempt made;
    struct ground ground = {.target = tamper_target_new(tampers)};
    script_short(&script, "{'interrupts':[{}],'clients':[{'acts':[{'do':'list'}]}]}");
    assert_int_equal(target_hello(ground.target, &ground.hello, NULL), HP_OK);
    ground.arena = (struct arena){.target = ground.target, .hello = &ground.hello, .deadline_ms = 5000};
    ground.arena.start_us = TRYOUT_START_US;
    attempt(&ground, &script, WAY_AT_ONCE, NULL, &made);
    assert_non_null(review_find(&made.review, FINDING_MODEL));
    attempt_release(&made);
    script_release(&script);
    ground_release(&ground);
}

static void a_refused_set_up_is_a_finding(void **state) {
    (void)state;
    struct ground ground;
    struct script script;
    struct attempt made;
    ground_init(&ground, "null:reject-all");
    script_short(&script, TWO);
    attempt(&ground, &script, WAY_AT_ONCE, NULL, &made);
    assert_int_equal(made.review.count, 1);
    assert_int_equal(made.review.findings[0].class, FINDING_ANSWER);
    assert_non_null(strstr(made.review.findings[0].sentence, "refuses everything"));
    attempt_release(&made);
    script_release(&script);
    ground_release(&ground);
}

static void a_target_that_breaks_is_no_finding(void **state) {
    (void)state;
    struct ground ground;
    struct script script;
    struct attempt made;
    struct hp_problem problem = {0};
    ground_init(&ground, "null:drop-connection");
    script_short(&script, TWO);
    assert_int_equal(attempt_make(&ground.arena, &script, WAY_IN_TURN, NULL, &made, &problem),
                     HP_UNAVAILABLE);
    assert_non_null(strstr(problem.detail, "dropped"));
    attempt_release(&made);
    script_release(&script);
    ground_release(&ground);
}

static void without_points_there_are_no_turns(void **state) {
    (void)state;
    struct ground ground;
    struct script script;
    struct attempt made;
    struct hp_problem problem = {0};
    ground_init(&ground, "null:accept-all");
    script_short(&script, TWO);
    assert_int_equal(attempt_make(&ground.arena, &script, WAY_BY_TURNS, NULL, &made, &problem),
                     HP_UNSUPPORTED);
    attempt_release(&made);
    script_release(&script);
    ground_release(&ground);
}

static void a_recording_that_cannot_be_made_is_told(void **state) {
    (void)state;
    struct ground ground;
    struct script script;
    struct attempt made;
    struct hp_problem problem = {0};
    char *kept = text_copy(getenv("TMPDIR"));
    ground_init(&ground, "memory");
    script_short(&script, TWO);
    setenv("TMPDIR", "/nowhere/at/all", 1);
    assert_int_equal(attempt_make(&ground.arena, &script, WAY_IN_TURN, NULL, &made, &problem),
                     HP_UNAVAILABLE);
    assert_non_null(strstr(problem.detail, "/nowhere/at/all/holdpoint-"));
    attempt_release(&made);
    if (kept) {
        setenv("TMPDIR", kept, 1);
    } else {
        unsetenv("TMPDIR");
    }
    free(kept);
    script_release(&script);
    ground_release(&ground);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_ways_find_nothing_in_the_reference),
        cmocka_unit_test(the_same_is_told_in_the_same_words),
        cmocka_unit_test(the_same_turns_give_the_same),
        cmocka_unit_test(one_client_is_in_turn_whatever_is_asked),
        cmocka_unit_test(in_turn_the_model_judges),
        cmocka_unit_test(a_refused_set_up_is_a_finding),
        cmocka_unit_test(a_target_that_breaks_is_no_finding),
        cmocka_unit_test(without_points_there_are_no_turns),
        cmocka_unit_test(a_recording_that_cannot_be_made_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

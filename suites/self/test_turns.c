#include "harness/lab/turns.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum { THREADS = 3, STEPS = 4 };

/* What the threads write, each when it is its turn. */
struct diary {
    struct turns *turns;
    char written[THREADS * STEPS + 1];
    size_t length;
    bool mistaken; /* a thread took itself for another */
    bool blocked;  /* the second step of thread 0 does not end */
    pthread_mutex_t mutex;
    pthread_cond_t freed;
};

static void write_down(struct diary *diary, size_t number) {
    diary->written[diary->length++] = (char)('a' + number);
    diary->written[diary->length] = '\0';
}

static void wait_while_blocked(struct diary *diary) {
    pthread_mutex_lock(&diary->mutex);
    while (diary->blocked) {
        pthread_cond_wait(&diary->freed, &diary->mutex);
    }
    pthread_mutex_unlock(&diary->mutex);
}

static void unblock(struct diary *diary) {
    pthread_mutex_lock(&diary->mutex);
    diary->blocked = false;
    pthread_cond_signal(&diary->freed);
    pthread_mutex_unlock(&diary->mutex);
}

static void act(void *context, size_t number) {
    struct diary *diary = context;
    bool more = true;
    for (size_t i = 0; more && i < STEPS; i++) {
        if (number == 0 && i == 1) {
            wait_while_blocked(diary);
        }
        diary->mistaken = diary->mistaken || turns_self(diary->turns) != number;
        write_down(diary, number);
        more = i + 1 < STEPS && turns_give_back(diary->turns);
    }
}

static void begin(struct diary *diary) {
    *diary = (struct diary){0};
    pthread_mutex_init(&diary->mutex, NULL);
    pthread_cond_init(&diary->freed, NULL);
    assert_int_equal(turns_new(THREADS, act, diary, &diary->turns, NULL), HP_OK);
    assert_int_equal(turns_self(diary->turns), SIZE_MAX);
}

static void end(struct diary *diary) {
    turns_end(diary->turns);
    assert_false(diary->mistaken);
    pthread_cond_destroy(&diary->freed);
    pthread_mutex_destroy(&diary->mutex);
}

static void take(struct diary *diary, size_t number) {
    turns_give(diary->turns, number);
    assert_int_equal(turns_wait(diary->turns, NULL, 10000, NULL), HP_OK);
    assert_false(turns_is_out(diary->turns, number));
}

static void they_go_on_in_the_order_of_their_turns(void **state) {
    (void)state;
    static const char order[] = "cabbacacbabc";
    struct diary diary;
    begin(&diary);
    for (size_t i = 0; order[i]; i++) {
        assert_false(turns_is_done(diary.turns, (size_t)(order[i] - 'a')));
        take(&diary, (size_t)(order[i] - 'a'));
    }
    for (size_t i = 0; i < THREADS; i++) {
        assert_true(turns_is_done(diary.turns, i));
    }
    assert_string_equal(diary.written, order);
    end(&diary);
}

static void who_had_no_turn_does_not_act_and_others_stop(void **state) {
    (void)state;
    struct diary diary;
    begin(&diary);
    take(&diary, 1);
    turns_end(diary.turns);
    assert_string_equal(diary.written, "b");
    turns_end(NULL);
    diary.turns = NULL;
    end(&diary);
}

/* Says that one thread is held up, from the second question on. */
struct asked {
    struct watch watch;
    unsigned times;
    enum hp_status status;
};

static enum hp_status count_held_up(struct watch *watch, int64_t *held_up, struct hp_problem *problem) {
    struct asked *asked = (struct asked *)watch;
    *held_up = asked->times++ > 0;
    return asked->status == HP_OK ? HP_OK : hp_problem_set(problem, asked->status, NULL, "gone");
}

static void who_is_held_up_stays_out_until_it_comes_on(void **state) {
    (void)state;
    struct diary diary;
    struct asked asked = {.watch = {count_held_up}};
    begin(&diary);
    take(&diary, 0);
    diary.blocked = true;
    turns_give(diary.turns, 0);
    assert_int_equal(turns_wait(diary.turns, &asked.watch, 10000, NULL), HP_OK);
    assert_true(asked.times >= 2);
    assert_true(turns_is_out(diary.turns, 0));
    turns_give(diary.turns, 1);
    assert_int_equal(turns_wait(diary.turns, &asked.watch, 10000, NULL), HP_OK);
    assert_false(turns_is_out(diary.turns, 1));
    assert_true(turns_is_out(diary.turns, 0));
    unblock(&diary);
    assert_int_equal(turns_wait(diary.turns, NULL, 10000, NULL), HP_OK);
    assert_false(turns_is_out(diary.turns, 0));
    assert_string_equal(diary.written, "aba");
    end(&diary);
}

static void who_does_not_come_on_is_told(void **state) {
    (void)state;
    struct diary diary;
    struct hp_problem problem = {0};
    struct asked broken = {.watch = {count_held_up}, .status = HP_UNAVAILABLE};
    begin(&diary);
    take(&diary, 0);
    diary.blocked = true;
    turns_give(diary.turns, 0);
    assert_int_equal(turns_wait(diary.turns, NULL, 20, &problem), HP_UNAVAILABLE);
    assert_string_equal(problem.detail,
                        "a client did not come on within 20 ms, and waits for none of our locks");
    hp_problem_clear(&problem);
    assert_int_equal(turns_wait(diary.turns, &broken.watch, 10000, &problem), HP_UNAVAILABLE);
    assert_string_equal(problem.detail, "gone");
    unblock(&diary);
    end(&diary);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_go_on_in_the_order_of_their_turns),
        cmocka_unit_test(who_had_no_turn_does_not_act_and_others_stop),
        cmocka_unit_test(who_is_held_up_stays_out_until_it_comes_on),
        cmocka_unit_test(who_does_not_come_on_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

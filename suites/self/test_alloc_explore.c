/* Each allocation of what explore is made of fails in turn: the answer is HP_INTERNAL, and nothing leaks. */
#include "harness/lab/draw.h"
#include "harness/lab/found.h"
#include "harness/lab/model.h"
#include "harness/lab/model_review.h"
#include "harness/lab/shrink.h"
#include "suites/self/support_fail_alloc.h"
#include "suites/self/support_script.h"
#include "suites/self/support_tryout.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LONG                                                                                                 \
    "{'interrupts':[{'ttl_seconds':1},{'kind':'confirmation','owner':'bob'}],"                               \
    "'clients':[{'acts':[{'do':'respond','on':1},{'do':'cancel','on':0,'reason':true},"                      \
    "{'do':'create','on':2,'ttl_seconds':1},{'do':'list','status':'all'},{'do':'clock','seconds':2}]},"      \
    "{'acts':[{'do':'sweep'},{'do':'pending'},{'do':'get','on':2}]}]}"

static int install(void **state) {
    (void)state;
    fail_alloc_install();
    return 0;
}

static enum hp_status draw(void *context) {
    const struct draw everything = {
        .clients = 4, .endpoints = 2, .offers = {true, true, true, true, true, true, true, true}};
    struct script script;
    struct hp_problem problem = {0};
    (void)context;
    enum hp_status status = script_draw(&everything, 1, 3, &script, &problem);
    if (status == HP_OK) {
        script_release(&script);
    }
    return status;
}

static bool shows(void *context, const struct script *script, bool *over) {
    (void)context;
    (void)over;
    return script_acts(script) > 3;
}

static enum hp_status shrink(void *context) {
    const struct shrinking shrinking = {shows, NULL};
    struct script script;
    struct hp_problem problem = {0};
    enum hp_status status = script_copy(context, &script, &problem);
    if (status == HP_OK) {
        status = script_shrink(&shrinking, &script, &problem);
        script_release(&script);
    }
    return status;
}

static enum hp_status encode(void *context) {
    uint16_t turns[] = {0, 1};
    const struct choices choices = {.turns = turns, .count = 2};
    const struct found found = {.name = "order-s1-r1",
                                .sentence = "it cannot be",
                                .origin = "seed 1",
                                .way = WAY_BY_TURNS,
                                .script = context,
                                .choices = &choices,
                                .rounds = 10};
    json_t *file = found_encode(&found);
    enum hp_status status = file ? HP_OK : HP_INTERNAL;
    json_decref(file);
    return status;
}

static enum hp_status foretell(void *context) {
    const struct stage *stage = context;
    struct model *model = model_new(stage);
    enum hp_status status = model ? HP_OK : HP_INTERNAL;
    for (size_t i = 0; status == HP_OK && i < stage->script->clients[0].act_count; i++) {
        struct forecast forecast;
        struct hp_problem problem = {0};
        status = model_perform(model, &stage->script->clients[0].acts[i], 1, &forecast, &problem);
        forecast_release(&forecast);
    }
    model_free(model);
    return status;
}

static enum hp_status judge(void *context) {
    struct review review = {0};
    struct hp_problem problem = {0};
    enum hp_status status = model_review(context, NULL, 0, &review, &problem);
    assert_true(status != HP_OK || review.count == 0);
    review_release(&review);
    return status;
}

static enum hp_status tell(void *context) {
    const struct attempt attempt = {.performance = *(struct performance *)context};
    struct text text = {0};
    enum hp_status status = attempt_add_words(&text, &attempt) ? HP_OK : HP_INTERNAL;
    text_release(&text);
    return status;
}

static void scripts(void **state) {
    (void)state;
    struct script script;
    script_short(&script, LONG);
    assert_true(fail_alloc_sweep(draw, NULL, false) > 3);
    assert_true(fail_alloc_sweep(shrink, &script, true) > 20);
    assert_true(fail_alloc_sweep(encode, &script, false) > 50);
    script_release(&script);
}

static void models(void **state) {
    (void)state;
    struct tryout tryout;
    tryout_init(&tryout, LONG, NULL, NULL);
    assert_int_equal(tryout_play(&tryout, NULL), HP_OK);
    assert_true(fail_alloc_sweep(foretell, &tryout.performance.stage, false) > 100);
    assert_true(fail_alloc_sweep(judge, &tryout.performance, false) > 100);
    assert_true(fail_alloc_sweep(tell, &tryout.performance, false) > 5);
    tryout_release(&tryout);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(scripts), cmocka_unit_test(models)};
    return cmocka_run_group_tests(tests, install, NULL);
}

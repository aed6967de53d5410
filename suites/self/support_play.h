/* Plays cases, written in the test itself, on the fake target. Everything here fails the running test by
 * cmocka's assertions. */
#ifndef HOLDPOINT_SELF_SUPPORT_PLAY_H
#define HOLDPOINT_SELF_SUPPORT_PLAY_H

#include "harness/case/run.h"
#include "suites/self/support_fake_target.h"

enum { PLAY_CASES_MAX = 8 };

/* Pieces of cases. */
#define PLAY_CASE(id, members) "{\"id\":\"kinds." id "\",\"title\":\"T\",\"level\":\"MUST\"," members "}"
#define PLAY_STEPS(list) PLAY_CASE("a", "\"steps\":[" list "]")
#define PLAY_IDS "\"request_id\":\"r-{run}\",\"user_id\":\"u-{run}\",\"session_id\":\"s-{run}\""
#define PLAY_CREATE                                                                                          \
    "{\"op\":\"interrupt.create\",\"args\":{" PLAY_IDS "},\"bind\":{\"id\":\"/interrupt/id\"}}"
#define PLAY_DESCRIBE "{\"op\":\"describe\",\"args\":{},\"requirement\":\"REQ-A-1\"}"

/* Rows of scripts. */
#define PLAY_ACCEPT(method, result)                                                                          \
    (struct fake_answer) {                                                                                   \
        method, result, NULL, NULL, NULL                                                                     \
    }
#define PLAY_REFUSE(method, name)                                                                            \
    (struct fake_answer) {                                                                                   \
        method, NULL, name, NULL, NULL                                                                       \
    }
#define PLAY_BREAK(method)                                                                                   \
    (struct fake_answer) {                                                                                   \
        method, NULL, NULL, NULL, NULL                                                                       \
    }
#define PLAY_END                                                                                             \
    (struct fake_answer) {                                                                                   \
        NULL, NULL, NULL, NULL, NULL                                                                         \
    }

/* A suite, a fake and a plan that runs all cases of the one on the other; the test may change the fake and
 * the plan before it runs. */
struct play {
    struct suite *suite;
    const struct test_case *cases[PLAY_CASES_MAX];
    struct fake_target fake;
    struct run_plan plan;
    struct hello hello;
    struct hp_problem problem;
    struct case_result results[PLAY_CASES_MAX];
};

/* Loads the cases, JSON objects with commas between them. */
void play_init(struct play *play, const char *cases, const char *capabilities,
               const struct fake_answer *script);

/* Runs the plan, once; the results are there even when the status is not HP_OK. */
enum hp_status play_run(struct play *play);

void play_release(struct play *play);

/* Fails unless the result has the verdict, and its reason holds the text (NULL: there is none). */
void assert_outcome(const struct case_result *result, enum verdict verdict, const char *reason);

/* Fails unless both are the same text, or both NULL. */
void assert_text(const char *text, const char *wanted);

#endif

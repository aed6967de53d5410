#include "harness/doctor/parts.h"

#include "harness/adapters/deadline.h"
#include "harness/adapters/hello.h"
#include "harness/adapters/shell.h"
#include "harness/base/method.h"

#include <string.h>

/* A hello that takes longer is remarked on; every fault of an adapter starts it afresh. */
enum { SLOW_MS = 2000, DEATH_MS = 500, MENDINGS_MAX = 16 };

/* One hello, as it came. */
struct greeting {
    char nonce[HELLO_NONCE_SIZE];
    struct text params;
    struct request request;
    enum heard heard;
    unsigned took_ms;
    struct answer answer;
    struct hp_problem problem;
};

static void greeting_release(struct greeting *greeting) {
    answer_release(&greeting->answer);
    text_release(&greeting->params);
}

static void hear(struct exam *exam, struct greeting *greeting, unsigned id, unsigned wait_ms) {
    int64_t deadline_us = deadline_after_ms(wait_ms);
    greeting->problem = (struct hp_problem){0};
    greeting->heard = talk_hear(exam->talk, id, wait_ms, &greeting->answer, &greeting->problem);
    greeting->took_ms += wait_ms - (unsigned)deadline_remaining_ms(deadline_us);
}

/* What a person types to see what the adapter says. */
static void keep_by_hand(struct exam *exam) {
    static const char params[] = "{\"protocol\":1,\"nonce\":\"by-hand\"}";
    const struct request hello = {"hello", params, sizeof params - 1, false};
    struct text line = {0}, text = {0};
    rpc_add_request(&line, 1, 0, &hello);
    text_add(&text, "printf '%s\n' ");
    shell_add_quoted(&text, line.bytes, line.length_bytes ? line.length_bytes - 1 : 0);
    text_add(&text, " | ");
    shell_add_command(&text, exam->command);
    exam->checkup->by_hand = text_take(&text);
    exam->checkup->failed = exam->checkup->failed || line.failed || !exam->checkup->by_hand;
    text_release(&line);
}

/* It ended without an answer: of the hello, or by itself? A second child is told nothing, and gets twice the time. */
static void examine_death(struct exam *exam, const struct greeting *greeting) {
    int code;
    enum process_exit exit = PROCESS_RUNNING;
    struct hp_problem problem = {0};
    exam_drop(exam);
    if (talk_start(exam->command, &exam->witness, &exam->talk, &problem) == HP_OK) {
        exit = talk_wait_end(exam->talk, 2 * greeting->took_ms + DEATH_MS, &code);
    }
    if (exit == PROCESS_RUNNING) {
        checkup_pass(exam->checkup, "start", NULL);
        checkup_fail(exam->checkup, "hello", "an answer to the hello, and an adapter that reads on",
                     "Mend what its last words say; answer, and go on reading.", "It ended %s.",
                     greeting->problem.detail);
    } else {
        checkup_fail(exam->checkup, "start", "a program that goes on running until its stdin ends",
                     "Check the path, and what its last words say; read stdin in a loop.", "It ended %s.",
                     greeting->problem.detail);
        checkup_skip(exam->checkup, "hello", "it ends before anything is asked");
    }
    exam_drop(exam);
}

/* No hello in time. Perhaps it comes late; perhaps it lies in a buffer that is written out at the end. */
static void examine_silence(struct exam *exam, struct greeting *greeting, unsigned id) {
    struct hp_problem silence = greeting->problem;
    checkup_pass(exam->checkup, "start", NULL);
    hear(exam, greeting, id, exam_wait_ms(exam));
    if (greeting->heard == HEARD_ANSWER) {
        checkup_fail(
            exam->checkup, "hello", "a hello within the timeout, each time that the adapter is started",
            "Put off what takes long (imports, connections) until the first call, or allow more time "
            "with --timeout, here and for `holdpoint run`.",
            "The hello came after %u ms, where %u are allowed.", greeting->took_ms, exam->timeout_ms);
        return;
    }
    talk_close_input(exam->talk);
    greeting->problem = (struct hp_problem){0};
    if (talk_hear(exam->talk, id, exam_wait_ms(exam), &greeting->answer, &greeting->problem) ==
        HEARD_ANSWER) {
        checkup_fail(
            exam->checkup, "flush", "each answer on stdout before the next request is waited for",
            "Flush stdout behind each line (print(..., flush=True) or python3 -u in Python, "
            "fflush(stdout) in C, $stdout.sync = true in Ruby, System.out.flush() in Java), and read "
            "stdin line by line, not to its end.",
            "The answer to the hello came only when its stdin was closed.");
        checkup_skip(exam->checkup, "hello", "its answer is not handed out at once");
        return;
    }
    checkup_fail(
        exam->checkup, "hello",
        "one line on stdout with the same id and a result, as soon as the hello was read",
        "Read stdin line by line, answer `hello`, and flush: print(..., flush=True). Input that is read to "
        "its end first, as by sys.stdin.read(), never is there.",
        "The hello was sent: %s.", silence.detail);
}

/* What is wrong at one place of a hello. */
static const struct member {
    const char *field;
    const char *check;
    const char *expected;
    const char *mend;
} members[] = {
    {"/protocol", "protocol", "\"protocol\": 1",
     "Put \"protocol\": 1 into the hello's result, as a number; it is the version that docs/adapters.md "
     "describes."},
    {"/nonce", "nonce", "the nonce of the request",
     "Repeat it: \"nonce\": request[\"params\"][\"nonce\"]. It is another one each time."},
    {"/capabilities", "capabilities", "a list of texts: \"capabilities\": [\"create\", \"get\"]",
     "Declare what works, by the names that docs/adapters.md lists; [] is allowed."},
    {"/limits", "limits", "limits as docs/adapters.md describes them, or none",
     "Leave out what you do not need: \"limits\": {\"endpoints\": 1} is the default."},
    {"/database", "limits", "{\"conninfo\": \"host=... dbname=...\", \"schema\": \"public\"}, or no database",
     "Leave it out unless the service keeps its interrupts in PostgreSQL."},
};

enum { MEMBER_COUNT = sizeof members / sizeof members[0] };

static const struct member *member_of(const char *field) {
    for (size_t i = 0; i < MEMBER_COUNT; i++) {
        if (strncmp(members[i].field, field, strlen(members[i].field)) == 0) {
            return &members[i];
        }
    }
    return NULL;
}

/* Puts something right where the fault was, so that what stands behind it can be judged too. */
static bool mend_member(json_t *result, const struct member *member, const char *nonce) {
    const char *key = member->field + 1;
    json_object_del(result, key);
    if (strcmp(key, "protocol") == 0) {
        return json_object_set_new(result, key, json_integer(RPC_PROTOCOL)) == 0;
    }
    if (strcmp(key, "nonce") == 0) {
        return json_object_set_new(result, key, json_string(nonce)) == 0;
    }
    return strcmp(key, "capabilities") != 0 || json_object_set_new(result, key, json_array()) == 0;
}

/* Judges the result, fault by fault. */
static bool judge_result(struct exam *exam, const json_t *result, const char *nonce) {
    json_t *mended = json_deep_copy(result);
    bool done = false;
    for (size_t i = 0; mended && !done && i < MENDINGS_MAX; i++) {
        struct hp_problem problem = {0};
        enum hp_status status = hello_decode(mended, nonce, &exam->hello, &problem);
        const struct member *member = status == HP_INVALID ? member_of(problem.field) : NULL;
        done = status == HP_OK;
        if (!done && !member) {
            checkup_fail(exam->checkup, "hello", "an object as the hello's result",
                         "Answer with {\"protocol\": 1, \"nonce\": ..., \"name\": ..., \"version\": ..., "
                         "\"language\": ..., \"capabilities\": [...]}.",
                         "It answered, but %s.", problem.detail);
            break;
        }
        if (member) {
            checkup_fail(exam->checkup, member->check, member->expected, member->mend, "It answered, but %s.",
                         problem.detail);
            mend_member(mended, member, nonce);
        }
    }
    json_decref(mended);
    return done;
}

/* A capability that is misspelt would leave its cases unsupported, and nobody would know. */
static void judge_capabilities(struct exam *exam) {
    const json_t *capability;
    size_t index;
    json_array_foreach(exam->hello.capabilities, index, capability) {
        const char *name = json_string_value(capability);
        if (capability_is_known(name)) {
            continue;
        }
        const char *nearest = capability_nearest(name);
        struct text mend = {0};
        text_addf(&mend, nearest ? "Did you mean \"%s\"? " : "Leave it out. ", nearest);
        text_add(&mend, "What is declared under another name is never asked for.");
        checkup_fail(exam->checkup, "capabilities", "names that docs/adapters.md lists",
                     mend.bytes ? mend.bytes : "", "It declares \"%.60s\", which is no capability.", name);
        text_release(&mend);
        return;
    }
}

static void pass_hello(struct exam *exam) {
    /* The first two are all that is seen of a target that is no child. */
    static const char *const checks[] = {"hello",    "capabilities", "start", "flush",
                                         "protocol", "nonce",        "limits"};
    for (size_t i = 0; i < (exam->target ? 2 : sizeof checks / sizeof checks[0]); i++) {
        checkup_pass(exam->checkup, checks[i], NULL);
    }
    struct text who = {0};
    size_t count = json_array_size(exam->hello.capabilities);
    text_addf(&who, "%s %s, %s; %zu capabilit%s, %u endpoint%s", exam->hello.name, exam->hello.version,
              exam->hello.language, count, count == 1 ? "y" : "ies", exam->hello.endpoints,
              exam->hello.endpoints == 1 ? "" : "s");
    exam->checkup->who = text_take(&who);
    exam->checkup->failed = exam->checkup->failed || !exam->checkup->who;
}

static bool judge_greeting(struct exam *exam, const struct greeting *greeting) {
    checkup_pass(exam->checkup, "start", NULL);
    if (greeting->answer.kind == ANSWER_REFUSED) {
        checkup_fail(exam->checkup, "hello", "a result that says who it is and what it can",
                     "Handle the method `hello` before all others; docs/adapters.md shows its answer.",
                     "It refused the hello: %s: %s.", greeting->answer.error_name, greeting->answer.detail);
        return false;
    }
    if (!judge_result(exam, greeting->answer.result, greeting->nonce)) {
        return false;
    }
    judge_capabilities(exam);
    if (greeting->took_ms > SLOW_MS) {
        checkup_pass(exam->checkup, "hello", "it took %u ms; each fault costs that again", greeting->took_ms);
    }
    pass_hello(exam);
    return true;
}

static bool greet_child(struct exam *exam, struct greeting *greeting) {
    if (talk_start(exam->command, &exam->witness, &exam->talk, &exam->problem) != HP_OK) {
        exam->broken = true;
        return false;
    }
    unsigned id = talk_ask(exam->talk, 0, &greeting->request);
    exam->checkup->failed = exam->checkup->failed || id == 0;
    hear(exam, greeting, id, exam_wait_ms(exam));
    switch (greeting->heard) {
    case HEARD_ANSWER:
        break;
    case HEARD_BAD:
        checkup_pass(exam->checkup, "start", NULL);
        exam_blame(exam, "hello", greeting->heard, &greeting->problem, "the hello was sent", "");
        break;
    case HEARD_END:
        examine_death(exam, greeting);
        break;
    case HEARD_NOTHING:
        examine_silence(exam, greeting, id);
        break;
    }
    return greeting->heard == HEARD_ANSWER && judge_greeting(exam, greeting);
}

static bool greet_target(struct exam *exam) {
    if (target_hello(exam->target, &exam->hello, &exam->problem) != HP_OK) {
        exam->broken = true;
        return false;
    }
    judge_capabilities(exam);
    pass_hello(exam);
    return true;
}

bool examine_hello(struct exam *exam) {
    struct greeting greeting = {0};
    if (exam->target) {
        return greet_target(exam);
    }
    hello_make_nonce(greeting.nonce);
    bool known = false;
    if (exam_hello(greeting.nonce, &greeting.params, &greeting.request)) {
        keep_by_hand(exam);
        known = greet_child(exam, &greeting);
    } else {
        exam->checkup->failed = true;
    }
    if (!known) {
        exam_drop(exam);
    }
    greeting_release(&greeting);
    return known;
}

/* The adapter under examination, as each check finds it: a child that has said its hello, a fresh one when an
 * earlier check has lost its own; or a target that is no child. */
#ifndef HOLDPOINT_DOCTOR_EXAM_H
#define HOLDPOINT_DOCTOR_EXAM_H

#include "harness/adapters/adapter.h"
#include "harness/doctor/talk.h"

/* A method that no service has. */
#define EXAM_UNKNOWN_METHOD "holdpoint.no_such_method"

enum { EXAM_LOG_CAP_BYTES = 1024 * 1024 };

/* What the checks ask when any answer will do. */
enum pulse {
    PULSE_NONE,           /* nothing is answered but the first hello */
    PULSE_UNKNOWN_METHOD, /* it is refused as it should be */
    PULSE_HELLO,          /* it is not, but a second hello is answered */
};

struct exam {
    struct checkup *checkup;
    const char *command;   /* of a child; NULL: the target below is examined */
    struct target *target; /* NULL: a child is */
    unsigned timeout_ms;   /* for one answer */
    int64_t deadline_us;   /* for all */
    struct hello hello;    /* with what was wrong in it mended; name is NULL until it was said */
    enum pulse pulse;
    bool mute;         /* there is no pulse, and a declared method was not answered either */
    struct talk *talk; /* NULL: the next exam_ready starts a child */
    struct witness witness;
    struct text log; /* stderr of the children */
    bool broken;     /* the harness itself can go no further; the problem says why */
    struct hp_problem problem;
};

void exam_release(struct exam *exam);

/* How long one answer may take, now: the timeout, or what is left of the whole time. */
unsigned exam_wait_ms(const struct exam *exam);

/* The params of a hello with that nonce, as a request; the text is the caller's to release. */
bool exam_hello(const char *nonce, struct text *params, struct request *request);

/* Sees to it that a child runs that has said its hello. False, and the check is not tried, when there is none to be
 * had or the time is up. Always true for a target that is no child. */
bool exam_ready(struct exam *exam, const char *check);

/* Ends the child that runs, if any. */
void exam_drop(struct exam *exam);

/* Calls a method, on a child that exam_ready has seen to. What is heard is as talk_hear says it; a child that
 * gave no proper answer is dropped. */
enum heard exam_ask(struct exam *exam, unsigned endpoint, const struct request *request,
                    struct answer *answer, struct hp_problem *problem);

/* False, and the check is not tried, when there is no pulse. */
bool exam_has_pulse(struct exam *exam, const char *check);

/* Calls what is answered anyway; params is a JSON object with any members, "{}". */
enum heard exam_pulse(struct exam *exam, unsigned endpoint, const char *params, struct answer *answer,
                      struct hp_problem *problem);

/* Looks whether the child that has answered goes on: pulses, where there is a pulse. If not, the check fails, or is not
 * tried where a bad line has come, and false. `doing` is as below. */
bool exam_goes_on(struct exam *exam, const char *check, const char *doing);

/* The request that exam_pulse makes; what the text holds must outlive it. */
bool exam_pulse_request(const struct exam *exam, const char *params, struct text *text,
                        struct request *request);

/* Says of a check that got no proper answer what that means for it: not tried, when a bad line came that
 * fails a check of its own, else a fault. `doing` stands behind "when ": "interrupt.get was called". */
void exam_blame(struct exam *exam, const char *check, enum heard heard, const struct hp_problem *problem,
                const char *doing, const char *mend);

#endif

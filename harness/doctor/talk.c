#include "harness/doctor/talk.h"

#include "harness/adapters/deadline.h"
#include "harness/adapters/excerpt.h"
#include "harness/adapters/obituary.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* After a bad line that may stand for an answer, the right one is waited for no longer than this. Of a child
 * that only babbles, so many lines are read. */
enum { GRACE_MS = 300, SLICE_MS = 100, NOISE_MAX = 10000 };

/* A request, and what came for it. */
struct asked {
    struct asked *next;
    unsigned id;
    const char *method;
    size_t answers;
    bool bad;
    bool taken;
    struct answer answer;
    struct hp_problem problem;
};

struct talk {
    struct process *process;
    struct witness *witness;
    struct asked *asked; /* the last one first */
    unsigned last_id;
    unsigned good;          /* answers so far */
    unsigned nulls_allowed; /* errors with the id null */
    unsigned nulls;
    struct text said; /* the last line that was sent, to know an echo by */
    size_t noise;
    bool suspect;         /* a line came that may have been meant as an answer */
    int64_t suspect_us;   /* and is given up for one then */
    bool ended;           /* no more lines can come; the problem says why */
    bool deaf;            /* memory ran out */
    unsigned silent_ends; /* how often in a row nothing came and its leader was found dead */
    struct hp_problem problem;
};

enum hp_status talk_start(const char *command, struct witness *witness, struct talk **talk,
                          struct hp_problem *problem) {
    struct talk *made = calloc(1, sizeof *made);
    if (!made) {
        return hp_problem_no_memory(problem);
    }
    enum hp_status status = process_start(command, &made->process, problem);
    if (status != HP_OK) {
        free(made);
        return status;
    }
    made->witness = witness;
    *talk = made;
    return HP_OK;
}

void talk_end(struct talk *talk, struct text *log) {
    if (!talk) {
        return;
    }
    process_end(talk->process, log);
    while (talk->asked) {
        struct asked *next = talk->asked->next;
        answer_release(&talk->asked->answer);
        free(talk->asked);
        talk->asked = next;
    }
    text_release(&talk->said);
    free(talk);
}

pid_t talk_group(const struct talk *talk) {
    return process_id(talk->process);
}

bool talk_was_told_null(const struct talk *talk) {
    return talk->nulls > 0;
}

bool talk_say(struct talk *talk, const char *bytes, size_t length_bytes, bool answerable) {
    talk->nulls_allowed += answerable;
    text_clear(&talk->said);
    text_append(&talk->said, bytes, length_bytes);
    return process_write(talk->process, bytes, length_bytes) && !talk->said.failed;
}

unsigned talk_prepare(struct talk *talk, unsigned endpoint, const struct request *request,
                      struct text *batch) {
    struct asked *asked = calloc(1, sizeof *asked);
    if (!asked || !rpc_add_request(batch, talk->last_id + 1, endpoint, request)) {
        free(asked);
        return 0;
    }
    *asked = (struct asked){.next = talk->asked, .id = ++talk->last_id, .method = request->method};
    talk->asked = asked;
    return asked->id;
}

unsigned talk_ask(struct talk *talk, unsigned endpoint, const struct request *request) {
    struct text line = {0};
    unsigned id = talk_prepare(talk, endpoint, request, &line);
    bool said = id > 0 && talk_say(talk, line.bytes, line.length_bytes, false);
    text_release(&line);
    return said ? id : 0;
}

static struct asked *find(const struct talk *talk, unsigned id) {
    struct asked *asked = talk->asked;
    while (asked && asked->id != id) {
        asked = asked->next;
    }
    return asked;
}

static const char *last_method(const struct talk *talk) {
    return talk->asked ? talk->asked->method : "nothing";
}

static bool is_echo(const struct talk *talk, const char *line, size_t length_bytes) {
    return talk->said.length_bytes == length_bytes + 1 && memcmp(talk->said.bytes, line, length_bytes) == 0;
}

static void suspect(struct talk *talk, const struct hp_problem *problem) {
    if (!talk->suspect) {
        talk->suspect = true;
        talk->suspect_us = deadline_after_ms(GRACE_MS);
        talk->problem = *problem;
    }
}

/* A line that rpc_decode_answer refused. */
static void take_refused(struct talk *talk, const char *line, size_t length_bytes, struct asked *asked,
                         const struct hp_problem *problem) {
    const char *method = asked ? asked->method : last_method(talk);
    if (is_echo(talk, line, length_bytes)) {
        witness_put(talk->witness, SLIP_ECHO,
                    "sent %s back as it had come: the command repeats its stdin and answers nothing", method);
    } else if (!talk->suspect || asked) {
        /* What comes behind half an object is the rest of it. */
        enum slip slip = witness_see_refused(talk->witness, line, length_bytes, problem, method);
        if (slip == SLIP_NOISE) {
            talk->noise++;
            return;
        }
    }
    if (asked && asked->answers == 0) {
        asked->bad = true;
        asked->problem = *problem;
        asked->answers++;
    } else {
        suspect(talk, problem);
    }
}

static void take_null(struct talk *talk, const struct rpc_answer *answer) {
    talk->nulls++;
    if (talk->nulls <= talk->nulls_allowed) {
        return;
    }
    struct hp_problem problem = {0};
    hp_problem_set(&problem, HP_INVALID, "/id", "the id of its answer is null; its error: %.200s",
                   answer->answer.detail);
    witness_put(talk->witness, SLIP_ID, "answered %s wrongly: %s", last_method(talk), problem.detail);
    suspect(talk, &problem);
}

static void take_answer(struct talk *talk, struct rpc_answer *answer, struct asked *asked) {
    struct hp_problem problem = {0};
    if (!asked) {
        hp_problem_set(&problem, HP_INVALID, "/id", "the answer has the id %u, which was never asked",
                       answer->id);
        witness_put(talk->witness, SLIP_NEVER_ASKED, "answered id %u, which was never asked; %s was the last",
                    answer->id, last_method(talk));
        suspect(talk, &problem);
    } else if (asked->answers++ > 0) {
        hp_problem_set(&problem, HP_INVALID, "/id", "the answer has the id %u, which was answered before",
                       asked->id);
        witness_put(talk->witness, SLIP_REPEATED, "answered id %u (%s) a second time", asked->id,
                    asked->method);
        suspect(talk, &problem);
    } else {
        talk->good++;
        asked->answer = answer->answer;
        answer->answer = (struct answer){0};
    }
}

static void take_line(struct talk *talk, const char *line, size_t length_bytes) {
    struct rpc_answer answer = {0};
    struct hp_problem problem = {0};
    witness_see_bytes(talk->witness, line, length_bytes);
    if (length_bytes >= 3 && memcmp(line, "\xef\xbb\xbf", 3) == 0) {
        line += 3;
        length_bytes -= 3;
    }
    enum hp_status status = rpc_decode_answer(line, length_bytes, &answer, &problem);
    struct asked *asked = answer.has_id ? find(talk, answer.id) : NULL;
    if (status == HP_INTERNAL) {
        talk->deaf = true;
    } else if (status != HP_OK) {
        take_refused(talk, line, length_bytes, asked, &problem);
    } else if (answer.id_is_null) {
        take_null(talk, &answer);
    } else {
        take_answer(talk, &answer, asked);
    }
    rpc_answer_release(&answer);
}

static void end_of_lines(struct talk *talk, const char *rest, size_t rest_bytes) {
    talk->ended = true;
    talk->problem = (struct hp_problem){0};
    obituary_write(talk->process, rest, rest_bytes, talk->good, &talk->problem);
}

static void endless(struct talk *talk) {
    struct hp_problem problem = {0};
    hp_problem_set(&problem, HP_INVALID, NULL, "more than %d bytes without an end of line", PROCESS_LINE_MAX);
    witness_put(talk->witness, SLIP_ENDLESS, "wrote %s after %s", problem.detail, last_method(talk));
    suspect(talk, &problem);
    talk->suspect_us = deadline_after_ms(0);
}

/* Takes the lines that are there; false when no more can come. */
static bool take_lines(struct talk *talk) {
    const char *line;
    size_t length_bytes;
    while (!talk->ended) {
        switch (process_next_line(talk->process, &line, &length_bytes)) {
        case PROCESS_LINE:
            take_line(talk, line, length_bytes);
            break;
        case PROCESS_NO_LINE:
            return true;
        case PROCESS_ENDLESS:
            endless(talk);
            return false;
        case PROCESS_NO_OUTPUT:
            end_of_lines(talk, line, length_bytes);
            return false;
        }
    }
    return false;
}

/* A dead child may leave somebody behind who holds its stdout open: then silence, twice, is its end. */
static void notice_silent_end(struct talk *talk) {
    int code;
    bool dead = process_wait(talk->process, 0, &code) != PROCESS_RUNNING;
    talk->silent_ends = dead ? talk->silent_ends + 1 : 0;
    if (talk->silent_ends > 1 && !talk->ended) {
        end_of_lines(talk, "", 0);
    }
}

/* Waits once for something to come, and takes it. */
static void turn(struct talk *talk, int64_t deadline_us) {
    struct pollfd watched[PROCESS_POLL_COUNT];
    nfds_t count = process_prepare(talk->process, watched);
    int rest_ms = deadline_remaining_ms(deadline_us);
    int ready = poll(watched, count, rest_ms < SLICE_MS ? rest_ms : SLICE_MS);
    process_pump(talk->process);
    if (take_lines(talk) && ready == 0) {
        notice_silent_end(talk);
    }
}

/* True when it is settled what is heard of the request. */
static bool is_settled(const struct talk *talk, struct asked *asked, enum heard *heard) {
    if (!asked || talk->deaf) {
        *heard = HEARD_NOTHING;
    } else if (asked->answers > 0) {
        *heard = asked->bad || asked->taken ? HEARD_BAD : HEARD_ANSWER;
    } else if (talk->suspect && (talk->ended || deadline_remaining_ms(talk->suspect_us) == 0)) {
        *heard = HEARD_BAD;
    } else if (talk->ended) {
        *heard = HEARD_END;
    } else if (talk->noise > NOISE_MAX) {
        *heard = HEARD_BAD;
    } else {
        return false;
    }
    return true;
}

/* Why there is no answer, as far as can be seen. */
static void explain_silence(const struct talk *talk, unsigned wait_ms, struct hp_problem *problem) {
    const char *rest;
    size_t rest_bytes;
    char excerpt[EXCERPT_SIZE], why[2 * EXCERPT_SIZE] = "";
    if (!process_takes_input(talk->process)) {
        text_put(why, sizeof why, "; it has closed its stdin, but still runs");
    } else if (process_unwritten(talk->process) > 0) {
        snprintf(why, sizeof why, "; it has stopped reading its stdin, where %zu bytes wait",
                 process_unwritten(talk->process));
    } else if (process_next_line(talk->process, &rest, &rest_bytes) == PROCESS_NO_LINE && rest_bytes > 0) {
        excerpt_put(excerpt, rest, rest_bytes);
        snprintf(why, sizeof why, "; it has stopped in the middle of the line %s", excerpt);
    }
    hp_problem_set(problem, HP_UNAVAILABLE, NULL, "no answer within %u ms%s", wait_ms, why);
}

enum heard talk_hear(struct talk *talk, unsigned id, unsigned wait_ms, struct answer *answer,
                     struct hp_problem *problem) {
    int64_t deadline_us = deadline_after_ms(wait_ms);
    struct asked *asked = find(talk, id);
    enum heard heard = HEARD_NOTHING;
    take_lines(talk);
    while (!is_settled(talk, asked, &heard) && deadline_remaining_ms(deadline_us) > 0) {
        turn(talk, deadline_us);
    }
    if (heard == HEARD_ANSWER) {
        asked->taken = true;
        talk->suspect = false;
        *answer = asked->answer;
        asked->answer = (struct answer){0};
        return heard;
    }
    if (heard == HEARD_NOTHING) {
        explain_silence(talk, wait_ms, problem);
    } else {
        const struct hp_problem *why = asked->bad ? &asked->problem : &talk->problem;
        talk->suspect = talk->suspect && talk->ended;
        hp_problem_set(problem, HP_INVALID, why->field, "%s",
                       why->detail[0] ? why->detail : "lines that are no answers, without an end");
    }
    return heard;
}

void talk_close_input(struct talk *talk) {
    process_close_input(talk->process);
}

enum process_exit talk_wait_end(struct talk *talk, unsigned wait_ms, int *code) {
    int64_t deadline_us = deadline_after_ms(wait_ms);
    for (;;) {
        int rest_ms = deadline_remaining_ms(deadline_us);
        enum process_exit exit =
            process_wait(talk->process, (unsigned)(rest_ms < SLICE_MS ? rest_ms : SLICE_MS), code);
        take_lines(talk);
        if (exit != PROCESS_RUNNING || rest_ms == 0) {
            return exit;
        }
    }
}

bool talk_drain(struct talk *talk, unsigned wait_ms) {
    const char *line;
    size_t length_bytes;
    int64_t deadline_us = deadline_after_ms(wait_ms);
    enum process_line found = process_next_line(talk->process, &line, &length_bytes);
    while (found != PROCESS_NO_OUTPUT && deadline_remaining_ms(deadline_us) > 0) {
        if (found == PROCESS_LINE) {
            take_line(talk, line, length_bytes);
        } else {
            struct pollfd watched[PROCESS_POLL_COUNT];
            nfds_t count = process_prepare(talk->process, watched);
            poll(watched, count, deadline_remaining_ms(deadline_us));
            process_pump(talk->process);
        }
        found = process_next_line(talk->process, &line, &length_bytes);
    }
    return found == PROCESS_NO_OUTPUT;
}

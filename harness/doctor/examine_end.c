#include "harness/doctor/parts.h"

#include "harness/adapters/group.h"

#include <signal.h>

/* What has ended closes its pipes at once; more is only scheduling. */
enum { SETTLE_MS = 300 };

/* Who is left, once the child has ended by itself. */
static void examine_followers(struct exam *exam) {
    static const char mend[] =
        "End what you have started before you end: terminate() and wait() for each child, in a "
        "finally or an atexit handler; or let a child hold no pipe of yours.";
    static const char expected[] = "nobody left when the adapter has ended";
    size_t count = 0;
    bool drained = talk_drain(exam->talk, SETTLE_MS);
    if (!group_count_followers(talk_group(exam->talk), &count)) {
        checkup_skip(exam->checkup, "left-behind", "this system has no /proc to look at");
    } else if (count > 0) {
        checkup_fail(exam->checkup, "left-behind", expected, mend,
                     "It ended, and left %zu process%s of its group running%s.", count,
                     count == 1 ? "" : "es", drained ? "" : ", with its stdout in hand");
    } else if (!drained) {
        checkup_fail(exam->checkup, "left-behind", expected, mend,
                     "It ended, but a process outside its group holds its stdout open.");
    } else {
        checkup_pass(exam->checkup, "left-behind", NULL);
    }
}

static void examine_input_end(struct exam *exam) {
    int code = 0;
    talk_close_input(exam->talk);
    enum process_exit exit = talk_wait_end(exam->talk, exam_wait_ms(exam), &code);
    if (exit == PROCESS_RUNNING) {
        checkup_fail(
            exam->checkup, "end", "an end of its own, since nothing more will come",
            "Leave the loop when stdin ends: `for line in sys.stdin` does so; readline() returns \"\" then, "
            "and getline() -1. End threads and servers of your own too.",
            "Its stdin was closed; it still runs %u ms later.", exam_wait_ms(exam));
        checkup_skip(exam->checkup, "left-behind", "it does not end by itself");
        return;
    }
    if (exit == PROCESS_KILLED || code != 0) {
        checkup_pass(exam->checkup, "end", "with %s %d", exit == PROCESS_KILLED ? "signal" : "exit status",
                     code);
    }
    checkup_pass(exam->checkup, "end", NULL);
    examine_followers(exam);
}

static void examine_terminate(struct exam *exam) {
    int code = 0;
    kill(-talk_group(exam->talk), SIGTERM);
    if (talk_wait_end(exam->talk, exam_wait_ms(exam), &code) != PROCESS_RUNNING) {
        checkup_pass(exam->checkup, "terminate", NULL);
        return;
    }
    checkup_fail(exam->checkup, "terminate", "an end, with all that it started",
                 "Do not ignore SIGTERM; a handler may tidy up but must end the program. Holdpoint kills "
                 "what does not "
                 "end within 300 ms, and nothing can tidy up then.",
                 "It was sent SIGTERM; it still runs %u ms later.", exam_wait_ms(exam));
}

void examine_end(struct exam *exam) {
    if (exam->target) {
        return;
    }
    if (exam_ready(exam, "end")) {
        examine_input_end(exam);
    }
    checkup_skip(exam->checkup, "left-behind", "no child ended by itself");
    exam_drop(exam);
    if (exam_ready(exam, "terminate")) {
        examine_terminate(exam);
    }
    exam_drop(exam);
}

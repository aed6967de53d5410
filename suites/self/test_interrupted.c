/* Commands that are ended by a signal while an adapter has a call in hand: nothing that they have started lives on. */
#include "harness/adapters/deadline.h"
#include "suites/self/support_commands.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { WORDS_MAX = 12, GROUPS_MAX = 2, PATIENCE_MS = 20000, PACE_MS = 20, HELD = 9 };

/* An adapter of two processes that answers nothing and bears all but SIGKILL. It says its group where the test reads, and
 * holds that open. */
#define STUBBORN "stdio:trap '' INT TERM HUP; echo $$ >&9; sleep 600; exit 1"

/* One command, and the reading end of a pipe whose other end it and all that it starts hold open. */
struct patient {
    pid_t pid;
    int life;
    pid_t groups[GROUPS_MAX]; /* of its latest adapters */
    size_t group_count;
};

static int set_up(void **state) {
    (void)state;
    bool begun = commands_begin("holdpoint-interrupted.XXXXXX");
    return begun && setenv("HOLDPOINT_FIXTURES", "fixtures", 1) == 0 ? 0 : -1; /* wherever the program lies */
}

static int tear_down(void **state) {
    (void)state;
    commands_end();
    return 0;
}

/* In the child: never returns. It is a group of its own, with its workers. Its stdin stays open as long as it lives, since it holds both ends. */
static void become(const char *const words[], int held) {
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    char *arguments[WORDS_MAX + 2] = {"holdpoint"};
    int input[2];
    for (size_t i = 0; i < WORDS_MAX && words[i]; i++) {
        arguments[i + 1] = (char *)(uintptr_t)words[i];
    }
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        signal(signals[i], SIG_DFL); /* what a shell puts into the background ignores SIGINT */
    }
    setpgid(0, 0);
    int nowhere = open("/dev/null", O_WRONLY);
    if (dup2(held, HELD) == HELD && pipe(input) == 0 && dup2(input[0], STDIN_FILENO) >= 0 &&
        dup2(nowhere, STDOUT_FILENO) >= 0 && dup2(nowhere, STDERR_FILENO) >= 0) {
        execv(getenv("H"), arguments);
    }
    _exit(127);
}

static struct patient start(const char *const words[]) {
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    struct patient patient = {.pid = fork(), .life = ends[0]};
    assert_true(patient.pid >= 0);
    if (patient.pid == 0) {
        become(words, ends[1]);
    }
    close(ends[1]);
    return patient;
}

/* Reads one byte; 0 at the end, -1 when nothing comes. */
static int read_byte(const struct patient *patient, char *byte) {
    struct pollfd watched = {.fd = patient->life, .events = POLLIN};
    return poll(&watched, 1, PATIENCE_MS) > 0 ? (int)read(patient->life, byte, 1) : -1;
}

enum heard { HEARD_ADAPTER, HEARD_END, HEARD_NOTHING };

/* Waits until one more of its adapters is there, or nobody holds the pipe any more. */
static enum heard hear(struct patient *patient) {
    char line[16] = "";
    int count = 1;
    for (size_t i = 0; i + 1 < sizeof line && count == 1 && !strchr(line, '\n'); i++) {
        count = read_byte(patient, &line[i]);
    }
    if (count != 1) {
        return count == 0 ? HEARD_END : HEARD_NOTHING;
    }
    patient->groups[patient->group_count++ % GROUPS_MAX] = (pid_t)strtol(line, NULL, 10);
    return HEARD_ADAPTER;
}

static void kill_groups(const struct patient *patient) {
    for (size_t i = 0; i < GROUPS_MAX; i++) {
        if (patient->groups[i] > 1) {
            kill(-patient->groups[i], SIGKILL);
        }
    }
}

/* True when nothing is left. What is left is ended here, with whatever it still starts. */
static bool is_gone(struct patient *patient) {
    bool gone = hear(patient) == HEARD_END;
    if (!gone) {
        kill(-patient->pid, SIGKILL);
        do {
            kill_groups(patient);
        } while (hear(patient) == HEARD_ADAPTER);
    }
    close(patient->life);
    return gone;
}

/* Waits for the end of the command, sending it the signal again and again where it takes more than one. */
static int await_end(const struct patient *patient, int signal_number, bool again) {
    int64_t deadline_us = deadline_after_ms(PATIENCE_MS);
    int status = 0;
    kill(patient->pid, signal_number);
    while (waitpid(patient->pid, &status, WNOHANG) == 0) {
        if (deadline_remaining_ms(deadline_us) == 0) {
            kill(patient->pid, SIGKILL);
            waitpid(patient->pid, &status, 0);
            return -1;
        }
        poll(NULL, 0, PACE_MS);
        if (again) {
            kill(patient->pid, signal_number);
        }
    }
    return status;
}

struct row {
    const char *words[WORDS_MAX];
    size_t adapters; /* so many are awaited before the signal */
    bool again;      /* the first is for its reports */
};

static void check(const struct row *row, int signal_number) {
    struct patient patient = start(row->words);
    size_t heard = 0;
    while (heard < row->adapters && hear(&patient) == HEARD_ADAPTER) {
        heard++;
    }
    int status = await_end(&patient, signal_number, row->again);
    bool gone = is_gone(&patient);
    if (!gone || heard < row->adapters || !WIFSIGNALED(status) || WTERMSIG(status) != signal_number) {
        print_error("%s, signal %d: heard of %zu adapters, status %d, %s\n", row->words[0], signal_number,
                    heard, status, gone ? "nothing left" : "something lives on");
        fail();
    }
}

static void check_signals(const struct row *row, const int *signals, size_t count) {
    for (size_t i = 0; i < count; i++) {
        check(row, signals[i]);
    }
}

static void one_signal_ends_a_command_with_its_adapter(void **state) {
    (void)state;
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    static const struct row rows[] = {
        {{"doctor", STUBBORN}, 1, false},
        {{"drift", "target", STUBBORN}, 1, false},
        {{"adapter", STUBBORN}, 1, false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check_signals(&rows[i], signals, sizeof signals / sizeof signals[0]);
    }
}

static void a_second_signal_ends_a_run_with_its_adapter(void **state) {
    (void)state;
    static const int signals[] = {SIGINT, SIGTERM};
    char reports[256];
    snprintf(reports, sizeof reports, "%s/reports", commands_folder());
    const struct row rows[] = {
        {{"run", "--target", STUBBORN, "--filter", "kinds.create", "--timeout", "600000", "--report-dir",
          reports},
         1,
         true},
        {{"explore", "--target", STUBBORN, "--timeout", "600000"}, 1, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        check_signals(&rows[i], signals, sizeof signals / sizeof signals[0]);
    }
}

#ifndef __SANITIZE_THREAD__ /* which hands a signal over only when waitid has returned */
/* Two workers, each with an adapter; the signal goes to their parent only. */
static void the_workers_of_the_mutants_end_with_their_parent(void **state) {
    (void)state;
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    char matrix[256];
    snprintf(matrix, sizeof matrix, "%s/matrix.json", commands_folder());
    const struct row row = {{"mutants", "--target", STUBBORN, "--filter", "users.get", "--jobs", "2",
                             "--timeout", "600000", "--output", matrix},
                            2,
                            false};
    check_signals(&row, signals, sizeof signals / sizeof signals[0]);
}
#endif

/* As the other two do; test_cli.c has what is said then. */
static void a_hangup_ends_a_run_with_its_reports(void **state) {
    (void)state;
    char reports[256];
    snprintf(reports, sizeof reports, "%s/hung-up", commands_folder());
    const char *const words[WORDS_MAX] = {
        "run",          "--target", "stdio:kill -HUP $PPID; exec \"$H\" adapter memory",
        "--filter",     "users",    "--no-color",
        "--report-dir", reports};
    struct patient patient = start(words);
    int status = 0;
    assert_true(is_gone(&patient));
    assert_int_equal(waitpid(patient.pid, &status, 0), patient.pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 130);
    strcat(reports, "/report.ndjson");
    assert_int_equal(access(reports, R_OK), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_signal_ends_a_command_with_its_adapter),
        cmocka_unit_test(a_second_signal_ends_a_run_with_its_adapter),
#ifndef __SANITIZE_THREAD__
        cmocka_unit_test(the_workers_of_the_mutants_end_with_their_parent),
#endif
        cmocka_unit_test(a_hangup_ends_a_run_with_its_reports),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down) != 0;
}

#include "harness/adapters/cluster.h"
#include "harness/adapters/database.h"

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
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

enum { PATH_SIZE = 600, GONE_MS = 120000 };

static struct cluster *start(const char *settings) {
    struct cluster *cluster = NULL;
    struct hp_problem problem = {0};
    if (cluster_start(settings, &cluster, &problem) != HP_OK) {
        fail_msg("%s", problem.detail);
    }
    return cluster;
}

static pid_t read_id(const char *folder, const char *file) {
    char path[PATH_SIZE];
    long id = 0;
    snprintf(path, sizeof path, "%s/%s", folder, file);
    FILE *stream = fopen(path, "r");
    assert_non_null(stream);
    assert_int_equal(fscanf(stream, "%ld", &id), 1);
    fclose(stream);
    return (pid_t)id;
}

/* A pipe whose other end is held by whatever a start brings up: the keeper and every process of the server.
 * It closes when the last of them has ended. */
struct lifeline {
    int end;
    int held;
};

static struct lifeline lifeline_open(void) {
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(fcntl(ends[0], F_SETFD, FD_CLOEXEC), 0);
    return (struct lifeline){ends[0], ends[1]};
}

/* Lets go of the other end, so that only what was started meanwhile holds it. */
static void lifeline_let_go(struct lifeline *line) {
    close(line->held);
}

/* Waits until all that was started has ended; its folder must be gone by then. */
static void assert_gone(struct lifeline *line, const char *folder) {
    struct pollfd watched = {.fd = line->end, .events = POLLIN};
    char byte;
    assert_int_equal(poll(&watched, 1, GONE_MS), 1);
    assert_int_equal(read(line->end, &byte, 1), 0);
    close(line->end);
    assert_int_not_equal(access(folder, F_OK), 0);
}

/* Reads one line. */
static void read_folder(int words, char folder[PATH_SIZE]) {
    size_t length = 0;
    while (length < PATH_SIZE && read(words, &folder[length], 1) == 1 && folder[length] != '\n') {
        length++;
    }
    assert_in_range(length, 1, PATH_SIZE - 1);
    folder[length] = '\0';
}

static void it_comes_and_goes(void **state) {
    (void)state;
    char folder[PATH_SIZE];
    struct lifeline line = lifeline_open();
    struct cluster *cluster = start("-c timezone=Asia/Kathmandu");
    lifeline_let_go(&line);
    struct database *database = NULL;
    int64_t number = 0;
    snprintf(folder, sizeof folder, "%s", cluster_folder(cluster));
    assert_int_equal(database_open(cluster_conninfo(cluster), &database, NULL), HP_OK);
    assert_int_equal(
        database_ask(database, "select (current_setting('timezone') = 'Asia/Kathmandu')::int", &number, NULL),
        HP_OK);
    assert_int_equal(number, 1);
    assert_int_equal(
        database_ask(database, "select (current_setting('listen_addresses') = '')::int", &number, NULL),
        HP_OK);
    assert_int_equal(number, 1);
    database_close(database);
    cluster_stop(cluster);
    assert_int_not_equal(access(folder, F_OK), 0);
    assert_gone(&line, folder);
    cluster_stop(NULL);
}

static void it_crashes_and_resumes(void **state) {
    (void)state;
    struct cluster *cluster = start(NULL);
    struct database *database = NULL;
    struct hp_problem problem = {0};
    assert_int_equal(database_open(cluster_conninfo(cluster), &database, NULL), HP_OK);
    assert_int_equal(database_run(database, "create table kept (a int)", NULL), HP_OK);
    assert_int_equal(cluster_crash(cluster, NULL), HP_OK);
    assert_int_equal(database_run(database, "select 1", &problem), HP_UNAVAILABLE);
    hp_problem_clear(&problem);
    assert_int_equal(cluster_crash(cluster, &problem), HP_UNAVAILABLE); /* there is nothing to stop */
    assert_int_equal(cluster_resume(cluster, NULL), HP_OK);
    assert_int_equal(database_run(database, "insert into kept values (1)", NULL), HP_OK);
    database_close(database);
    cluster_stop(cluster);
}

/* A process that has a cluster, tells its folder, and dies of a signal. */
static void die_with_one(int signal_number, int words) {
    struct cluster *cluster = NULL;
    if (cluster_start(NULL, &cluster, NULL) != HP_OK) {
        _exit(1);
    }
    dprintf(words, "%s\n", cluster_folder(cluster));
    signal(signal_number, SIG_DFL); /* what a shell puts into the background ignores SIGINT */
    kill(getpid(), signal_number);
    _exit(1);
}

static void it_goes_when_its_owner_dies(void **state) {
    (void)state;
    static const int signals[] = {SIGINT, SIGTERM, SIGKILL};
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        char folder[PATH_SIZE];
        int status = 0;
        struct lifeline line = lifeline_open();
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            die_with_one(signals[i], line.held);
        }
        lifeline_let_go(&line);
        read_folder(line.end, folder);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFSIGNALED(status));
        assert_int_equal(WTERMSIG(status), signals[i]);
        assert_gone(&line, folder);
    }
}

/* When even the keeper was killed, the next start cleans up. */
static void what_was_left_is_swept(void **state) {
    (void)state;
    char folder[PATH_SIZE];
    struct lifeline line = lifeline_open();
    struct cluster *cluster = start(NULL);
    lifeline_let_go(&line);
    snprintf(folder, sizeof folder, "%s", cluster_folder(cluster));
    kill(read_id(folder, "keeper"), SIGKILL);
    cluster_stop(cluster);
    assert_int_equal(access(folder, F_OK), 0);
    cluster_stop(start(NULL));
    assert_gone(&line, folder);
}

/* What stands in the way of a server, by the folder for temporary files, by the settings, or by a program of
 * PostgreSQL's name that comes first in the PATH. */
static void a_server_that_does_not_start(void **state) {
    (void)state;
    static const char too_long[] =
        "/nowhere/a/path/that/is/too/long/for/the/name/of/a/socket/and/so/is/not/used";
    static char long_name[1200] = "-c no_such_", larger_than_any_argument[1 << 20];
    static const struct {
        const char *temporary;
        const char *settings;
        const char *part;
    } rows[] = {{NULL, "-c no_such_setting=1", "no_such_setting"},
                {"", "-c no_such_setting=1", "no_such_setting"},
                {too_long, "-c no_such_setting=1", "no_such_setting"},
                {NULL, long_name, "no_such_xxx"},
                {NULL, larger_than_any_argument, "the keeper of the throwaway PostgreSQL server is gone"},
                {NULL, "-c 'unbalanced", "does not run"},
                {"/nowhere", NULL, "no folder can be made in /nowhere"}};
    memset(long_name + strlen(long_name), 'x', sizeof long_name - strlen(long_name) - 3);
    memcpy(long_name + strlen(long_name), "=1", 2);
    memset(larger_than_any_argument, ' ', sizeof larger_than_any_argument - 1);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct cluster *cluster = NULL;
        struct hp_problem problem = {0};
        if (rows[i].temporary) {
            setenv("TMPDIR", rows[i].temporary, 1);
        }
        enum hp_status status = cluster_start(rows[i].settings, &cluster, &problem);
        unsetenv("TMPDIR");
        assert_int_equal(status, HP_UNAVAILABLE);
        assert_null(cluster);
        if (!strstr(problem.detail, rows[i].part)) {
            fail_msg("row %zu: %s", i, problem.detail);
        }
    }
}

/* A start removes what others left, and nothing that somebody keeps. */
static void a_start_leaves_others_alone(void **state) {
    (void)state;
    char folder[] = "/tmp/holdpoint-own.XXXXXX";
    assert_non_null(mkdtemp(folder));
    assert_int_equal(chmod(folder, 0777), 0);
    setenv("TMPDIR", folder, 1);
    struct cluster *first = start(NULL), *second = start(NULL);
    unsetenv("TMPDIR");
    struct database *database = NULL;
    struct hp_problem problem = {0};
    if (database_open(cluster_conninfo(first), &database, &problem) != HP_OK) {
        fail_msg("%s", problem.detail);
    }
    database_close(database);
    cluster_stop(second);
    cluster_stop(first);
    assert_int_equal(rmdir(folder), 0);
}

/* What the environment says of other servers leads to none. */
static void the_environment_leads_nowhere_else(void **state) {
    (void)state;
    static const char *const variables[][2] = {
        {"PGHOST", "192.0.2.1"},
        {"PGHOSTADDR", "127.0.0.1"},
        {"PGPORT", "1"},
        {"PGDATABASE", "nowhere"},
        {"PGUSER", "nobody"},
        {"PGREQUIREPEER", "nobody"},
        {"PGCHANNELBINDING", "require"},
        {"PGTARGETSESSIONATTRS", "standby"},
        {"PGGSSENCMODE", "require"},
    };
    enum { VARIABLES = sizeof variables / sizeof variables[0] };
    struct cluster *cluster = start(NULL);
    for (size_t i = 0; i < VARIABLES; i++) {
        struct database *database = NULL;
        struct hp_problem problem = {0};
        setenv(variables[i][0], variables[i][1], 1);
        enum hp_status status = database_open(cluster_conninfo(cluster), &database, &problem);
        unsetenv(variables[i][0]);
        if (status != HP_OK) {
            fail_msg("%s: %s", variables[i][0], problem.detail);
        }
        database_close(database);
    }
    cluster_stop(cluster);
}

/* Blanks are no harm, and where quotes are there is another folder. */
static void odd_folders_are_taken_or_avoided(void **state) {
    (void)state;
    char folders[][32] = {"/tmp/a b.XXXXXX", "/tmp/it's.XXXXXX", "/tmp/back\\.XXXXXX"};
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        assert_non_null(mkdtemp(folders[i]));
        assert_int_equal(chmod(folders[i], 0777), 0);
        setenv("TMPDIR", folders[i], 1);
        struct cluster *cluster = start(NULL);
        unsetenv("TMPDIR");
        struct database *database = NULL;
        struct hp_problem problem = {0};
        assert_int_equal(database_open(cluster_conninfo(cluster), &database, &problem), HP_OK);
        assert_int_equal(strncmp(cluster_folder(cluster), folders[i], strlen(folders[i])) == 0, i == 0);
        database_close(database);
        cluster_stop(cluster);
        assert_int_equal(rmdir(folders[i]), 0);
    }
}

/* A folder that another user may read too, whose initdb refuses in words of its own. */
static void an_initdb_that_refuses(void **state) {
    (void)state;
    char folder[] = "/tmp/holdpoint-path.XXXXXX";
    char program[PATH_SIZE], path[2 * PATH_SIZE];
    struct cluster *cluster = NULL;
    struct hp_problem problem = {0};
    char *before = strdup(getenv("PATH"));
    assert_non_null(before);
    assert_non_null(mkdtemp(folder));
    snprintf(program, sizeof program, "%s/initdb", folder);
    FILE *stream = fopen(program, "w");
    assert_non_null(stream);
    fputs("#!/bin/sh\necho \"this disk is full\" >&2\nexit 1\n", stream);
    fclose(stream);
    assert_int_equal(chmod(program, 0755), 0);
    assert_int_equal(chmod(folder, 0755), 0);
    snprintf(path, sizeof path, "%s:%s", folder, before);
    setenv("PATH", path, 1);
    enum hp_status status = cluster_start(NULL, &cluster, &problem);
    setenv("PATH", before, 1);
    free(before);
    assert_int_equal(unlink(program), 0);
    assert_int_equal(rmdir(folder), 0);
    assert_int_equal(status, HP_UNAVAILABLE);
    assert_non_null(strstr(problem.detail, "this disk is full"));
    assert_null(cluster);
}

static volatile sig_atomic_t alarms;

static void count_alarm(int signal_number) {
    (void)signal_number;
    alarms++;
}

/* Signals that do not end us come in the middle of everything. */
static void signals_are_borne(void **state) {
    (void)state;
    const struct itimerspec often = {.it_interval.tv_nsec = 2000000, .it_value.tv_nsec = 2000000};
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM};
    struct sigaction action = {.sa_handler = count_alarm}, before;
    timer_t timer;
    assert_int_equal(sigaction(SIGALRM, &action, &before), 0);
    assert_int_equal(timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
    assert_int_equal(timer_settime(timer, 0, &often, NULL), 0);
    struct cluster *cluster = start(NULL);
    cluster_stop(cluster);
    timer_delete(timer);
    assert_int_equal(sigaction(SIGALRM, &before, NULL), 0);
    assert_true(alarms > 0);
}

/* No file descriptor left for the names of users, for the first pipe, for the second. */
static void nothing_to_open(void **state) {
    (void)state;
    struct rlimit before, none;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
    int first_free = dup(0);
    close(first_free);
    for (int more = 0; more < 4; more++) {
        struct cluster *cluster = NULL;
        struct hp_problem problem = {0};
        none = before;
        none.rlim_cur = (rlim_t)(first_free + more);
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
        enum hp_status status = cluster_start(NULL, &cluster, &problem);
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
        assert_int_equal(status, HP_UNAVAILABLE);
        assert_null(cluster);
    }
}

/* The keeper killed under our hands. */
static void a_keeper_that_is_gone(void **state) {
    (void)state;
    struct cluster *cluster = start(NULL);
    struct hp_problem problem = {0};
    siginfo_t ended;
    signal(SIGPIPE, SIG_IGN);
    pid_t keeper = read_id(cluster_folder(cluster), "keeper");
    assert_int_equal(kill(keeper, SIGKILL), 0);
    assert_int_equal(waitid(P_PID, (id_t)keeper, &ended, WEXITED | WNOWAIT), 0);
    assert_int_equal(cluster_crash(cluster, &problem), HP_UNAVAILABLE);
    assert_non_null(strstr(problem.detail, "is gone"));
    hp_problem_clear(&problem);
    assert_int_equal(cluster_resume(cluster, &problem), HP_UNAVAILABLE);
    assert_non_null(strstr(problem.detail, "is gone"));
    cluster_stop(cluster);
    cluster_stop(start(NULL)); /* sweeps */
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(it_comes_and_goes),
                                       cmocka_unit_test(it_crashes_and_resumes),
                                       cmocka_unit_test(it_goes_when_its_owner_dies),
                                       cmocka_unit_test(what_was_left_is_swept),
                                       cmocka_unit_test(a_server_that_does_not_start),
                                       cmocka_unit_test(a_start_leaves_others_alone),
                                       cmocka_unit_test(the_environment_leads_nowhere_else),
                                       cmocka_unit_test(odd_folders_are_taken_or_avoided),
                                       cmocka_unit_test(an_initdb_that_refuses),
                                       cmocka_unit_test(signals_are_borne),
                                       cmocka_unit_test(nothing_to_open),
                                       cmocka_unit_test(a_keeper_that_is_gone)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

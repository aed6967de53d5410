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
#include <sys/wait.h>
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

static void a_server_that_does_not_start(void **state) {
    (void)state;
    struct cluster *cluster = NULL;
    struct hp_problem problem = {0};
    assert_int_equal(cluster_start("-c no_such_setting=1", &cluster, &problem), HP_UNAVAILABLE);
    assert_non_null(strstr(problem.detail, "no_such_setting"));
    hp_problem_clear(&problem);
    setenv("TMPDIR", "/nowhere", 1);
    assert_int_equal(cluster_start(NULL, &cluster, &problem), HP_UNAVAILABLE);
    assert_non_null(strstr(problem.detail, "no folder can be made in /nowhere"));
    hp_problem_clear(&problem);
    setenv("TMPDIR", "/nowhere/a/path/that/is/too/long/for/the/name/of/a/socket/and/so/is/not/used", 1);
    assert_int_equal(cluster_start("-c no_such_setting=1", &cluster, &problem), HP_UNAVAILABLE);
    assert_non_null(strstr(problem.detail, "no_such_setting"));
    unsetenv("TMPDIR");
    assert_null(cluster);
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
    signal(SIGPIPE, SIG_IGN);
    kill(read_id(cluster_folder(cluster), "keeper"), SIGKILL);
    assert_int_equal(cluster_crash(cluster, &problem), HP_UNAVAILABLE);
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
                                       cmocka_unit_test(nothing_to_open),
                                       cmocka_unit_test(a_keeper_that_is_gone)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

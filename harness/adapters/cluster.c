#include "harness/adapters/cluster.h"
#include "harness/adapters/deadline.h"
#include "reference/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LINE_SIZE = 512, START_MS = 90000 };

struct cluster {
    pid_t keeper; /* the shell */
    int orders;   /* its stdin; when this closes it cleans up and ends */
    int answers;  /* its stdout */
    char folder[LINE_SIZE];
    char conninfo[LINE_SIZE + 192];
};

/* What keeps the server. Its one answer to everything is a line that begins with "ready" or "failed". A
 * commit must outlive the crash of the server but not that of the machine, so nothing waits for the disk. */
static const char keeper[] =
    "set -u\n"
    "exec 2>/dev/null\n"
    "trap '' HUP INT TERM QUIT PIPE\n"
    "temporary=$1 settings=$2\n"
    "unset PGDATA PGPORT PGHOST PGUSER PGDATABASE PGOPTIONS PGTZ PGDATESTYLE\n"
    "export LC_ALL=C\n"
    "umask 077\n"
    "cd /\n"
    "command -v initdb >/dev/null 2>&1 || for bin in /usr/lib/postgresql/*/bin; do PATH=$bin:$PATH; done\n"
    "command -v initdb >/dev/null 2>&1 || { echo 'failed there is no initdb; install the package "
    "postgresql'; exit 1; }\n"
    "clean() {\n"
    "    pg_ctl -D \"$1/data\" -m immediate -t 20 stop >/dev/null 2>&1\n"
    "    rm -rf \"$1\"\n"
    "}\n"
    "fail() { echo \"failed $(tail -n 4 \"$1\" | tr '\\n' ' ')\"; }\n"
    "start() {\n"
    "    pg_ctl -D \"$folder/data\" -l \"$folder/log\" -w -t 60 -o \"-k '$folder' -p 5432 -c "
    "listen_addresses='' -c fsync=off"
    " -c full_page_writes=off -c shared_buffers=32MB -c autovacuum=off $settings\" start >/dev/null 2>&1 "
    "</dev/null\n"
    "}\n"
    "for old in \"$temporary\"/holdpoint-pg.*; do\n"
    "    [ -r \"$old/keeper\" ] && read -r pid <\"$old/keeper\" || continue\n"
    "    kill -0 \"$pid\" 2>/dev/null || clean \"$old\"\n"
    "done\n"
    "folder=$(mktemp -d \"$temporary/holdpoint-pg.XXXXXX\" 2>/dev/null) || { echo \"failed no folder can be "
    "made in "
    "$temporary\"; exit 1; }\n"
    "echo $$ >\"$folder/keeper\"\n"
    "if ! initdb -D \"$folder/data\" -U holdpoint -A trust -E UTF8 --locale=C --no-sync >\"$folder/log\" "
    "2>&1 </dev/null ||\n"
    "    ! start; then fail \"$folder/log\"; clean \"$folder\"; exit 1; fi\n"
    "echo \"ready $folder\"\n"
    "while read -r order; do\n"
    "    case $order in\n"
    "    crash) pg_ctl -D \"$folder/data\" -m immediate -w stop >/dev/null 2>&1 && echo ready || echo failed "
    "to stop ;;\n"
    "    resume) start && echo ready || fail \"$folder/log\" ;;\n"
    "    esac\n"
    "done\n"
    "clean \"$folder\"\n";

/* Who runs the server: it refuses to be run by root. False when no such user is known. */
static bool find_user(uid_t *user, gid_t *group) {
    static const char *const names[] = {"postgres", "nobody"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const struct passwd *entry = getpwnam(names[i]);
        if (entry) {
            *user = entry->pw_uid;
            *group = entry->pw_gid;
            return true;
        }
    }
    return false;
}

/* Everything that the new process does before it becomes the shell. LCOV_EXCL_START: what it counted is gone
 * when it becomes another program. */
static void become_keeper(const int orders[2], const int answers[2], bool root, uid_t user, gid_t group,
                          const char *temporary, const char *settings) {
    if (setsid() < 0 || dup2(orders[0], STDIN_FILENO) < 0 || dup2(answers[1], STDOUT_FILENO) < 0 ||
        (root && (setgid(group) != 0 || setuid(user) != 0))) {
        _exit(126);
    }
    execl("/bin/sh", "sh", "-c", keeper, "holdpoint-keeper", temporary, settings, (char *)NULL);
    _exit(127);
}
/* LCOV_EXCL_STOP */

static void close_both(const int ends[2]) {
    close(ends[0]);
    close(ends[1]);
}

/* A pipe that no other program inherits. */
static bool make_pipe(int ends[2]) {
    if (pipe(ends) != 0) {
        return false;
    }
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
    return true;
}

/* The path of a socket has at most 107 bytes, and the folder stands between quotes in several places. */
static bool is_usable(const char *temporary) {
    size_t length = strlen(temporary);
    return length > 0 && length < 64 && strcspn(temporary, "'\\\n") == length;
}

static enum hp_status start_keeper(struct cluster *cluster, const char *settings,
                                   struct hp_problem *problem) {
    int orders[2], answers[2];
    uid_t user = 0;
    gid_t group = 0;
    bool root = geteuid() == 0;
    const char *temporary = getenv("TMPDIR");
    temporary = temporary && is_usable(temporary) ? temporary : "/tmp";
    if (root && !find_user(&user, &group)) {
        return hp_problem_set(
            problem, HP_UNAVAILABLE, NULL,
            "PostgreSQL refuses to be run by root, and there is neither a user postgres nor nobody");
    }
    if (!make_pipe(orders)) {
        return hp_problem_set(problem, HP_UNAVAILABLE, NULL, "no pipe: %s", strerror(errno));
    }
    if (!make_pipe(answers)) {
        close_both(orders);
        return hp_problem_set(problem, HP_UNAVAILABLE, NULL, "no pipe: %s", strerror(errno));
    }
    cluster->keeper = fork();
    if (cluster->keeper == 0) {
        become_keeper(orders, answers, root, user, group, temporary, settings ? settings : "");
    }
    close(orders[0]);
    close(answers[1]);
    cluster->orders = orders[1];
    cluster->answers = answers[0];
    return cluster->keeper > 0
               ? HP_OK
               : hp_problem_set(problem, HP_UNAVAILABLE, NULL, "no process: %s", strerror(errno));
}

/* Reads the keeper's next line; false when none comes. */
static bool read_line(const struct cluster *cluster, char line[LINE_SIZE]) {
    int64_t deadline_us = deadline_after_ms(START_MS);
    struct pollfd watched = {.fd = cluster->answers, .events = POLLIN};
    size_t length = 0;
    for (;;) {
        int ready = poll(&watched, 1, deadline_remaining_ms(deadline_us));
        if (ready < 0 && errno == EINTR) {
            continue;
        }
        char byte;
        if (ready <= 0 || read(cluster->answers, &byte, 1) != 1) {
            return false;
        }
        if (byte == '\n') {
            line[length] = '\0';
            return true;
        }
        if (length < LINE_SIZE - 1) {
            line[length++] = byte;
        }
    }
}

/* The keeper's answer: what stands behind "ready", or the problem. */
static enum hp_status hear(const struct cluster *cluster, char line[LINE_SIZE], struct hp_problem *problem) {
    if (!read_line(cluster, line)) {
        return hp_problem_set(problem, HP_UNAVAILABLE, NULL,
                              "the keeper of the throwaway PostgreSQL server is gone");
    }
    if (strncmp(line, "ready", 5) != 0) {
        return hp_problem_set(problem, HP_UNAVAILABLE, NULL,
                              "the throwaway PostgreSQL server does not run: %s", line);
    }
    return HP_OK;
}

/* Whatever the environment may say (PGHOSTADDR, PGREQUIREPEER, ...) is said here, since it is meant for other servers and
 * must not lead to one. */
static void put_conninfo(struct cluster *cluster) {
    snprintf(cluster->conninfo, sizeof cluster->conninfo,
             "host='%s' hostaddr='' port=5432 user=holdpoint dbname=postgres requirepeer=''"
             " target_session_attrs=any channel_binding=prefer gssencmode=disable",
             cluster->folder);
}

enum hp_status cluster_start(const char *settings, struct cluster **cluster, struct hp_problem *problem) {
    char line[LINE_SIZE];
    struct cluster *started = calloc(1, sizeof *started);
    if (!started) {
        return hp_problem_no_memory(problem);
    }
    *started = (struct cluster){.keeper = -1, .orders = -1, .answers = -1};
    enum hp_status status = start_keeper(started, settings, problem);
    if (status == HP_OK) {
        status = hear(started, line, problem);
    }
    if (status != HP_OK) {
        cluster_stop(started);
        return status;
    }
    text_put(started->folder, sizeof started->folder, line + strlen("ready "));
    put_conninfo(started);
    *cluster = started;
    return HP_OK;
}

const char *cluster_conninfo(const struct cluster *cluster) {
    return cluster->conninfo;
}

const char *cluster_folder(const struct cluster *cluster) {
    return cluster->folder;
}

static enum hp_status order(struct cluster *cluster, const char *word, struct hp_problem *problem) {
    char line[LINE_SIZE];
    size_t length = strlen(word);
    if (write(cluster->orders, word, length) != (ssize_t)length) {
        return hp_problem_set(problem, HP_UNAVAILABLE, NULL,
                              "the keeper of the throwaway PostgreSQL server is gone");
    }
    return hear(cluster, line, problem);
}

enum hp_status cluster_crash(struct cluster *cluster, struct hp_problem *problem) {
    return order(cluster, "crash\n", problem);
}

enum hp_status cluster_resume(struct cluster *cluster, struct hp_problem *problem) {
    return order(cluster, "resume\n", problem);
}

void cluster_stop(struct cluster *cluster) {
    if (!cluster) {
        return;
    }
    if (cluster->orders >= 0) {
        close(cluster->orders);
    }
    while (cluster->keeper > 0 && waitpid(cluster->keeper, NULL, 0) < 0 && errno == EINTR) {
    }
    if (cluster->answers >= 0) {
        close(cluster->answers);
    }
    free(cluster);
}

/* A child process that speaks in lines: a shell command in a process group of its own, with pipes on its
 * stdin, stdout and stderr. Nothing here blocks but process_end: the caller polls (process_prepare), then
 * pumps, so that neither side can wait for the other for ever, however long the lines are and however much
 * the child writes to its stderr.
 *
 * Threads: one at a time; only poll() itself may run outside the caller's lock, while others write and wake.
 * The first start makes this process ignore SIGPIPE; children get the default back.
 *
 * A child is told that the harness is gone by the end of its stdin. Linux could kill it then
 * (PR_SET_PDEATHSIG), but that signal comes with the end of the thread that started the child, so it is not
 * used. When the harness dies of a signal that it can handle, the group is ended before (`brood`). */
#ifndef HOLDPOINT_ADAPTERS_PROCESS_H
#define HOLDPOINT_ADAPTERS_PROCESS_H

#include "reference/base/problem.h"
#include "reference/base/text.h"

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum {
    PROCESS_LINE_MAX = 8 * 1024 * 1024, /* a line with more bytes than this is not waited for */
    PROCESS_ERRORS_KEPT = 64 * 1024,    /* of what the child wrote to stderr, so much of the end is kept */
    PROCESS_POLL_COUNT = 4
};

struct process;

/* Starts `/bin/sh -c command`. The caller ends *process with process_end. HP_UNAVAILABLE when the system has
 * no process or pipe to give, HP_INTERNAL without memory; the problem does not name the command. A command that the shell does not find is no
 * error here: the shell starts, and ends with status 127. */
enum hp_status process_start(const char *command, struct process **process, struct hp_problem *problem);

/* The id of the child, which is that of its group too. */
pid_t process_id(const struct process *process);

/* Queues bytes for the child's stdin and writes what the pipe takes at once. False when memory or the cap
 * of the queue ends. Bytes for a child that has closed its stdin are dropped: its answer, or its end,
 * tells. */
bool process_write(struct process *process, const char *bytes, size_t length_bytes);

/* Ends the child's stdin; what is queued for it is dropped. */
void process_close_input(struct process *process);

/* False once its stdin is closed, by us or by the child. */
bool process_takes_input(const struct process *process);

/* How many queued bytes the child has not taken yet. */
size_t process_unwritten(const struct process *process);

/* Fills in what poll() has to watch; returns how many. */
nfds_t process_prepare(struct process *process, struct pollfd watched[PROCESS_POLL_COUNT]);

/* Makes a poll() that another thread has under way return. */
void process_wake(struct process *process);

/* Writes and reads what is possible without waiting. */
void process_pump(struct process *process);

enum process_line {
    PROCESS_LINE,      /* here is one */
    PROCESS_NO_LINE,   /* none yet */
    PROCESS_ENDLESS,   /* PROCESS_LINE_MAX bytes and no end of the line, or memory ran out over it */
    PROCESS_NO_OUTPUT, /* stdout is closed; *line is what came after the last end of line, maybe nothing */
};

/* Hands out the next line that was read, without its line feed and followed by NUL. *line is borrowed until
 * the next call of any function here. */
enum process_line process_next_line(struct process *process, const char **line, size_t *length_bytes);

/* How a child ended. */
enum process_exit { PROCESS_RUNNING, PROCESS_EXITED, PROCESS_KILLED };

/* Waits up to wait_ms for the end of the child, reading on; *code is the exit status or the signal. The child
 * is not reaped: its id stays its own until process_end. */
enum process_exit process_wait(struct process *process, unsigned wait_ms, int *code);

/* Adds what is kept of stderr since the last call, with a note of how much is lost. */
void process_take_errors(struct process *process, struct text *text);

/* The last line that the child wrote to stderr, without blanks at the end; "" when there is none. It is cut
 * to fit. */
void process_last_words(const struct process *process, char *buffer, size_t size_bytes);

/* Ends the child and everything in its group: closes its stdin, waits for a short grace, then SIGTERM, then
 * SIGKILL, and reaps it. What is left of stderr is added to errors, unless that is NULL. Frees the process.
 * NULL is allowed. */
void process_end(struct process *process, struct text *errors);

#endif

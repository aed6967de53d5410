#include "harness/adapters/process.h"

#include "harness/adapters/brood.h"
#include "harness/adapters/deadline.h"
#include "harness/adapters/tail.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum {
    CHUNK_BYTES = 64 * 1024,
    INPUT_GRACE_MS = 500, /* after the end of its stdin a child may still tidy up */
    TERM_GRACE_MS = 300,
    SLICE_MS = 5 /* the end of a process cannot be polled for in POSIX, so it is asked for again and again */
};

enum pipe_end { READ_END, WRITE_END };

struct process {
    pid_t id;
    int input; /* -1 once closed, as all of these */
    int output;
    int errors;
    int wake[2];
    struct text queue; /* for the child's stdin */
    size_t written_bytes;
    struct text received; /* from the child's stdout */
    size_t taken_bytes;   /* lines handed out already */
    size_t searched_bytes;
    bool failed; /* memory ran out while receiving */
    struct tail tail;
};

/* Descriptors get close-on-exec a moment after they are made. No child may start in between: it would hold
 * the write end of another's stdin open, and that one would never see its end. */
static pthread_mutex_t start_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t signals_once = PTHREAD_ONCE_INIT;

static void ignore_broken_pipes(void) {
    signal(SIGPIPE, SIG_IGN);
}

static void close_end(int *descriptor) {
    if (*descriptor >= 0) {
        close(*descriptor);
        *descriptor = -1;
    }
}

/* Moves a descriptor above the three that the child gets, where a dup2 could hit it, and marks it
 * close-on-exec. */
static bool lift_descriptor(int *descriptor) {
    int lifted = fcntl(*descriptor, F_DUPFD_CLOEXEC, 3);
    if (lifted < 0) {
        return false;
    }
    close(*descriptor);
    *descriptor = lifted;
    return true;
}

static bool open_pipe(int ends[2]) {
    if (pipe(ends) != 0) {
        ends[READ_END] = ends[WRITE_END] = -1;
        return false;
    }
    return lift_descriptor(&ends[READ_END]) && lift_descriptor(&ends[WRITE_END]);
}

static bool set_non_blocking(int descriptor) {
    int flags = fcntl(descriptor, F_GETFL);
    return flags >= 0 && fcntl(descriptor, F_SETFL, flags | O_NONBLOCK) == 0;
}

static int spawn_set_up(posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes, int input,
                        int output, int errors) {
    sigset_t defaults, none;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    sigemptyset(&none);
    int error = posix_spawn_file_actions_adddup2(actions, input, STDIN_FILENO);
    error = error ? error : posix_spawn_file_actions_adddup2(actions, output, STDOUT_FILENO);
    error = error ? error : posix_spawn_file_actions_adddup2(actions, errors, STDERR_FILENO);
    error = error ? error : posix_spawnattr_setpgroup(attributes, 0);
    error = error ? error : posix_spawnattr_setsigdefault(attributes, &defaults);
    error = error ? error : posix_spawnattr_setsigmask(attributes, &none);
    return error
               ? error
               : posix_spawnattr_setflags(attributes, (short)(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF |
                                                              POSIX_SPAWN_SETSIGMASK));
}

static int spawn_shell(const char *command, int input, int output, int errors, pid_t *id) {
    char *const arguments[] = {"sh", "-c", (char *)command, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int error = posix_spawn_file_actions_init(&actions);
    if (error) {
        return error;
    }
    error = posix_spawnattr_init(&attributes);
    if (!error) {
        error = spawn_set_up(&actions, &attributes, input, output, errors);
        error = error ? error : posix_spawn(id, "/bin/sh", &actions, &attributes, arguments, environ);
        posix_spawnattr_destroy(&attributes);
    }
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

/* Opens the pipes, starts the shell and keeps our ends. Returns an errno value. */
static int process_launch(struct process *process, const char *command) {
    int input[2] = {-1, -1}, output[2] = {-1, -1}, errors[2] = {-1, -1};
    int error = 0;
    if (!open_pipe(input) || !open_pipe(output) || !open_pipe(errors) || !open_pipe(process->wake)) {
        error = errno;
    }
    process->input = input[WRITE_END];
    process->output = output[READ_END];
    process->errors = errors[READ_END];
    if (!error && !(set_non_blocking(process->input) && set_non_blocking(process->output) &&
                    set_non_blocking(process->errors) && set_non_blocking(process->wake[READ_END]) &&
                    set_non_blocking(process->wake[WRITE_END]))) {
        error = errno;
    }
    if (!error) {
        sigset_t before;
        brood_announce(&before);
        error = spawn_shell(command, input[READ_END], output[WRITE_END], errors[WRITE_END], &process->id);
        brood_enter(&before, error ? 0 : -process->id);
    }
    close_end(&input[READ_END]);
    close_end(&output[WRITE_END]);
    close_end(&errors[WRITE_END]);
    return error;
}

static void process_free(struct process *process) {
    close_end(&process->input);
    close_end(&process->output);
    close_end(&process->errors);
    close_end(&process->wake[READ_END]);
    close_end(&process->wake[WRITE_END]);
    text_release(&process->queue);
    text_release(&process->received);
    tail_release(&process->tail);
    free(process);
}

enum hp_status process_start(const char *command, struct process **process, struct hp_problem *problem) {
    pthread_once(&signals_once, ignore_broken_pipes);
    struct process *made = calloc(1, sizeof *made);
    if (!made) {
        return hp_problem_no_memory(problem);
    }
    made->input = made->output = made->errors = made->wake[READ_END] = made->wake[WRITE_END] = -1;
    /* One endless line, and what a chunk holds besides. */
    text_init(&made->received, (size_t)PROCESS_LINE_MAX + 2 * CHUNK_BYTES);
    if (!tail_init(&made->tail, PROCESS_ERRORS_KEPT)) {
        process_free(made);
        return hp_problem_no_memory(problem);
    }
    pthread_mutex_lock(&start_mutex);
    int error = process_launch(made, command);
    pthread_mutex_unlock(&start_mutex);
    if (error) {
        process_free(made);
        return hp_problem_set(problem, HP_UNAVAILABLE, NULL, "no process could be started: %s",
                              strerror(error));
    }
    *process = made;
    return HP_OK;
}

pid_t process_id(const struct process *process) {
    return process->id;
}

bool process_takes_input(const struct process *process) {
    struct pollfd watched = {.fd = process->input};
    return process->input >= 0 && (poll(&watched, 1, 0) == 0 || !(watched.revents & POLLERR));
}

size_t process_unwritten(const struct process *process) {
    return process->queue.length_bytes - process->written_bytes;
}

static void drop_queue(struct process *process) {
    text_clear(&process->queue);
    process->written_bytes = 0;
}

static void pump_input(struct process *process) {
    while (process->input >= 0 && process_unwritten(process) > 0) {
        ssize_t count =
            write(process->input, process->queue.bytes + process->written_bytes, process_unwritten(process));
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            if (errno != EAGAIN && errno != EWOULDBLOCK) {
                close_end(&process->input);
                drop_queue(process);
            }
            return;
        }
        process->written_bytes += (size_t)count;
    }
    drop_queue(process);
}

bool process_write(struct process *process, const char *bytes, size_t length_bytes) {
    if (process->input < 0) {
        return true;
    }
    if (!text_append(&process->queue, bytes, length_bytes)) {
        return false;
    }
    pump_input(process);
    return true;
}

void process_close_input(struct process *process) {
    close_end(&process->input);
    drop_queue(process);
}

nfds_t process_prepare(struct process *process, struct pollfd watched[PROCESS_POLL_COUNT]) {
    nfds_t count = 0;
    watched[count++] = (struct pollfd){.fd = process->wake[READ_END], .events = POLLIN};
    if (process->output >= 0 && process->received.length_bytes <= PROCESS_LINE_MAX) {
        watched[count++] = (struct pollfd){.fd = process->output, .events = POLLIN};
    }
    if (process->errors >= 0) {
        watched[count++] = (struct pollfd){.fd = process->errors, .events = POLLIN};
    }
    if (process->input >= 0 && process_unwritten(process) > 0) {
        watched[count++] = (struct pollfd){.fd = process->input, .events = POLLOUT};
    }
    return count;
}

void process_wake(struct process *process) {
    /* A full pipe wakes too, so nothing is lost when this write fails. */
    ssize_t ignored = write(process->wake[WRITE_END], "", 1);
    (void)ignored;
}

/* Reads one chunk; closes the descriptor at its end. Returns how much came. */
static size_t read_chunk(int *descriptor, char chunk[CHUNK_BYTES]) {
    if (*descriptor < 0) {
        return 0;
    }
    ssize_t count;
    do {
        count = read(*descriptor, chunk, CHUNK_BYTES);
    } while (count < 0 && errno == EINTR);
    if (count == 0 || (count < 0 && errno != EAGAIN && errno != EWOULDBLOCK)) {
        close_end(descriptor);
    }
    return count > 0 ? (size_t)count : 0;
}

/* Throws away the lines that were handed out. */
static void forget_taken(struct process *process) {
    if (process->taken_bytes == 0) {
        return;
    }
    struct text *received = &process->received;
    received->length_bytes -= process->taken_bytes;
    process->searched_bytes -= process->taken_bytes;
    memmove(received->bytes, received->bytes + process->taken_bytes, received->length_bytes + 1);
    process->taken_bytes = 0;
}

void process_pump(struct process *process) {
    char chunk[CHUNK_BYTES];
    pump_input(process);
    read_chunk(&process->wake[READ_END], chunk);
    forget_taken(process);
    /* One chunk a time: the caller takes its lines before more is read, and the buffer stays small. */
    if (process->received.length_bytes <= PROCESS_LINE_MAX) {
        size_t count = read_chunk(&process->output, chunk);
        process->failed = !text_append(&process->received, chunk, count) || process->failed;
    }
    size_t count = read_chunk(&process->errors, chunk);
    tail_append(&process->tail, chunk, count);
}

enum process_line process_next_line(struct process *process, const char **line, size_t *length_bytes) {
    struct text *received = &process->received;
    char *from = received->bytes ? received->bytes + process->taken_bytes : NULL;
    size_t rest_bytes = received->length_bytes - process->searched_bytes;
    char *end = rest_bytes ? memchr(received->bytes + process->searched_bytes, '\n', rest_bytes) : NULL;
    *line = from ? from : "";
    *length_bytes = received->length_bytes - process->taken_bytes;
    if (!end) {
        process->searched_bytes = received->length_bytes;
        if (process->failed || *length_bytes > PROCESS_LINE_MAX) {
            return PROCESS_ENDLESS;
        }
        return process->output < 0 ? PROCESS_NO_OUTPUT : PROCESS_NO_LINE;
    }
    *end = '\0';
    *length_bytes = (size_t)(end - from);
    process->taken_bytes = process->searched_bytes = (size_t)(end - received->bytes) + 1;
    return PROCESS_LINE;
}

/* Asks once; does not reap. */
static enum process_exit process_look(const struct process *process, int *code) {
    siginfo_t info = {0};
    int result;
    do {
        result = waitid(P_PID, (id_t)process->id, &info, WEXITED | WNOHANG | WNOWAIT);
    } while (result != 0 && errno == EINTR);
    if (result != 0 || info.si_pid == 0) {
        return PROCESS_RUNNING;
    }
    *code = info.si_status;
    return info.si_code == CLD_EXITED ? PROCESS_EXITED : PROCESS_KILLED;
}

enum process_exit process_wait(struct process *process, unsigned wait_ms, int *code) {
    int64_t deadline_us = deadline_after_ms(wait_ms);
    for (;;) {
        enum process_exit exit = process_look(process, code);
        int rest_ms = deadline_remaining_ms(deadline_us);
        if (exit != PROCESS_RUNNING || rest_ms == 0) {
            /* What it wrote last is worth more than anything before. */
            process_pump(process);
            return exit;
        }
        struct pollfd watched[PROCESS_POLL_COUNT];
        nfds_t count = process_prepare(process, watched);
        poll(watched, count, rest_ms < SLICE_MS ? rest_ms : SLICE_MS);
        process_pump(process);
    }
}

void process_take_errors(struct process *process, struct text *text) {
    tail_take(&process->tail, text);
}

void process_last_words(const struct process *process, char *buffer, size_t size_bytes) {
    tail_last_line(&process->tail, buffer, size_bytes);
}

void process_end(struct process *process, struct text *errors) {
    if (!process) {
        return;
    }
    int code = 0;
    process_close_input(process);
    if (process_wait(process, INPUT_GRACE_MS, &code) == PROCESS_RUNNING) {
        kill(-process->id, SIGTERM);
        process_wait(process, TERM_GRACE_MS, &code);
    }
    /* Until it is reaped the group's id is not given to anyone else, so this hits its children only, even
     * when the leader died long ago. */
    kill(-process->id, SIGKILL);
    brood_leave(-process->id);
    pid_t reaped;
    do {
        reaped = waitpid(process->id, &code, 0);
    } while (reaped < 0 && errno == EINTR);
    process_pump(process);
    if (errors) {
        tail_take(&process->tail, errors);
    }
    process_free(process);
}

#include "suites/self/support_child.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { WORDS_MAX = 4 };

static void make_pipe(int ends[2]) {
    assert_int_equal(pipe(ends), 0);
    fcntl(ends[0], F_SETFD, FD_CLOEXEC);
    fcntl(ends[1], F_SETFD, FD_CLOEXEC);
}

void child_start(struct child *child, const char *program, const char *const words[]) {
    char *arguments[WORDS_MAX + 2] = {(char *)(uintptr_t)program};
    int in[2], out[2];
    for (size_t i = 0; i < WORDS_MAX && words[i]; i++) {
        arguments[i + 1] = (char *)(uintptr_t)words[i];
    }
    make_pipe(in);
    make_pipe(out);
    child->pid = fork();
    assert_true(child->pid >= 0);
    if (child->pid == 0) {
        if (dup2(in[0], STDIN_FILENO) >= 0 && dup2(out[1], STDOUT_FILENO) >= 0) {
            execv(program, arguments);
        }
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    child->in = in[1];
    child->out = out[0];
}

bool child_read_line(struct child *child, struct text *line) {
    char byte;
    text_clear(line);
    for (;;) {
        ssize_t count = read(child->out, &byte, 1);
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count != 1) {
            return line->length_bytes > 0;
        }
        if (byte == '\n') {
            return true;
        }
        assert_true(text_add_byte(line, byte));
    }
}

static void read_rest(struct child *child, struct text *output) {
    char bytes[4096];
    ssize_t count;
    while ((count = read(child->out, bytes, sizeof bytes)) != 0) {
        if (count > 0 && output) {
            assert_true(text_append(output, bytes, (size_t)count));
        } else if (count < 0 && errno != EINTR) {
            return;
        }
    }
}

static int wait_for(struct child *child) {
    int status = 0;
    while (waitpid(child->pid, &status, 0) < 0) {
        assert_int_equal(errno, EINTR);
    }
    child->pid = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int child_end(struct child *child, struct text *output) {
    close(child->in);
    read_rest(child, output);
    close(child->out);
    return wait_for(child);
}

void child_kill(struct child *child) {
    assert_int_equal(kill(child->pid, SIGKILL), 0);
    close(child->in);
    close(child->out);
    assert_int_equal(wait_for(child), 128 + SIGKILL);
}

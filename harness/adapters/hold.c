#include "harness/adapters/hold.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *const points[] = {"create",
                                     "create.done",
                                     "get",
                                     "get.done",
                                     "list",
                                     "list.done",
                                     "change",
                                     "change.done",
                                     "sweep",
                                     "sweep.done",
                                     "take",
                                     "take.done",
                                     "settle",
                                     "settle.done",
                                     "subscribe",
                                     "subscribe.done",
                                     "webhook.take",
                                     "webhook.take.done",
                                     "webhook.settle",
                                     "webhook.settle.done",
                                     "flow.add",
                                     "flow.add.done",
                                     "flow.get",
                                     "flow.get.done",
                                     "flow.change",
                                     "flow.change.done",
                                     "flow.resume",
                                     "flow.resume.done",
                                     "rate.set",
                                     "rate.set.done",
                                     "rate.check",
                                     "rate.check.done"};

static void pass(struct gate *gate, const char *point) {
    struct hold *hold = (struct hold *)gate;
    if (strcmp(point, hold->point) != 0) {
        return;
    }
    pthread_mutex_lock(&hold->mutex);
    if (hold->calls-- == 0 && !hold->open) {
        fprintf(hold->out, "held at %s\n", point);
        fflush(hold->out);
        while (!hold->open) {
            pthread_cond_wait(&hold->let_go, &hold->mutex);
        }
    }
    pthread_mutex_unlock(&hold->mutex);
}

static const char *find_point(const char *text, size_t length) {
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
        if (strlen(points[i]) == length && strncmp(points[i], text, length) == 0) {
            return points[i];
        }
    }
    return NULL;
}

/* ":3", or nothing for the first. */
static bool read_turn(const char *text, uint64_t *calls) {
    char *end = (char *)text;
    errno = 0;
    unsigned long long turn = *text == ':' ? strtoull(text + 1, &end, 10) : 1;
    *calls = (uint64_t)turn - 1;
    return !*end && !errno && turn > 0 && (*text != ':' || (text[1] >= '0' && text[1] <= '9'));
}

enum hp_status hold_init(struct hold *hold, const char *text, FILE *out, struct hp_problem *problem) {
    size_t length = strcspn(text, ":");
    *hold = (struct hold){.gate = {pass}, .point = find_point(text, length), .out = out};
    if (!hold->point || !read_turn(text + length, &hold->calls)) {
        return hp_problem_set(
            problem, HP_INVALID, NULL,
            "there is no point \"%.80s\"; expected a call of the store such as create, change, "
            "sweep, webhook.take or webhook.settle, or the same with .done, and :N for the "
            "Nth call that comes there",
            text);
    }
    yield_init(&hold->yield);
    pthread_mutex_init(&hold->mutex, NULL);
    pthread_cond_init(&hold->let_go, NULL);
    atomic_store(&hold->yield.gate, &hold->gate);
    return HP_OK;
}

void hold_let_go(struct hold *hold) {
    pthread_mutex_lock(&hold->mutex);
    hold->open = true;
    pthread_cond_broadcast(&hold->let_go);
    pthread_mutex_unlock(&hold->mutex);
}

void hold_release(struct hold *hold) {
    pthread_cond_destroy(&hold->let_go);
    pthread_mutex_destroy(&hold->mutex);
    yield_release(&hold->yield);
}

struct hp_store *hold_wrap(struct hp_store *inner, void *hold) {
    return yield_store_wrap(inner, &((struct hold *)hold)->yield);
}

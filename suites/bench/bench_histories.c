/* The checker of histories against jansson: how long checking takes, as a part of the time in which jansson parses the
 * same lines in the same run, and how much memory. usage: bench_histories [ROUNDS]. Exits with 1 when a bound is missed,
 * 3 when something broke. */
#include "harness/lab/interval.h"
#include "harness/lab/search.h"
#include "suites/bench/contest.h"
#include "suites/self/support_generate.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ROUNDS = 15, KILO = 1000, REPEAT_UNTIL_US = 2000 };

#define SEARCH_BOUND 0.10
#define INTERVAL_BOUND 0.015
#define MEMORY_BOUND_BYTES (20.0 * 1000 * 1000)

/* One history: its lines, what they mean, and where checking happens. */
struct material {
    const char *name;
    bool bad;
    bool bound; /* the targets are meant for this one */
    char *bytes;
    size_t length_bytes;
    struct history history;
    struct search *search;
    size_t verdicts[UNDECIDED + 1]; /* of the latest pass */
    struct hp_problem problem;
};

/* What is measured: one pass over the material. False when something broke. */
typedef bool (*pass_function)(struct material *material);

static bool pass_jansson(struct material *material) {
    const char *line = material->bytes;
    const char *end = material->bytes + material->length_bytes;
    while (line < end) {
        const char *next = memchr(line, '\n', (size_t)(end - line));
        json_t *value = json_loadb(line, (size_t)(next - line), 0, NULL);
        if (!value) {
            return false;
        }
        json_decref(value);
        line = next + 1;
    }
    return true;
}

static void forget_verdicts(struct material *material) {
    memset(material->verdicts, 0, sizeof material->verdicts);
}

static bool pass_interval(struct material *material) {
    struct judgement judgement;
    forget_verdicts(material);
    for (size_t key = 0; key < material->history.key_count; key++) {
        interval_check(&material->history, key, 0, &judgement);
        material->verdicts[judgement.linearity]++;
    }
    return true;
}

static bool pass_search(struct material *material) {
    const struct search_limits limits = {UINT64_C(100000000), (size_t)256 * 1024 * 1024};
    struct judgement judgement;
    forget_verdicts(material);
    for (size_t key = 0; key < material->history.key_count; key++) {
        if (search_check(material->search, &material->history, key, 0, &limits, &judgement,
                         &material->problem) != HP_OK) {
            return false;
        }
        material->verdicts[judgement.linearity]++;
    }
    return true;
}

/* Of this thread, so that what else runs on the machine counts less. */
static double cpu_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* The time of one pass, of several where one is too short to be told by the clock. Below 0: it broke. */
static double time_us(pass_function pass, struct material *material) {
    double began = cpu_us();
    double passed = 0;
    unsigned passes = 0;
    while (passed < REPEAT_UNTIL_US) {
        if (!pass(material)) {
            return -1;
        }
        passes++;
        passed = cpu_us() - began;
    }
    return passed / passes;
}

/* Lines as they stand in a file, and read back from them. */
static bool load(struct material *material, const struct generate_order *order) {
    struct history made = {0};
    struct generate_order wanted = *order;
    wanted.bad = material->bad;
    generate(&wanted, &made);
    FILE *out = open_memstream(&material->bytes, &material->length_bytes);
    bool done = out && history_group(&made, &material->problem) == HP_OK &&
                history_write(&made, out, &material->problem) == HP_OK;
    done = out && fclose(out) == 0 && done;
    history_release(&made);
    FILE *in = done ? fmemopen(material->bytes, material->length_bytes, "rb") : NULL;
    done = in && history_read(&material->history, material->name, in, &material->problem) == HP_OK;
    if (in) {
        fclose(in);
    }
    material->search = search_new();
    return done && material->search;
}

static void release(struct material *material) {
    search_free(material->search);
    history_release(&material->history);
    free(material->bytes);
}

/* Medians of the rounds, in which the three take turns. */
struct times {
    double jansson_us;
    double interval_us;
    double search_us;
};

static bool measure(struct material *material, size_t rounds, struct times *times) {
    static const pass_function passes[] = {pass_jansson, pass_interval, pass_search};
    double values[3][CONTEST_ROUNDS_MAX];
    for (size_t round = 0; round < rounds; round++) {
        for (size_t i = 0; i < 3; i++) {
            values[i][round] = time_us(passes[i], material);
            if (values[i][round] < 0) {
                return false;
            }
        }
    }
    *times = (struct times){median(values[0], rounds), median(values[1], rounds), median(values[2], rounds)};
    return true;
}

/* Prints one line; false when a bound is missed, or a verdict is wrong. */
static bool report(const struct material *material, const struct times *times) {
    double interval = times->interval_us / times->jansson_us;
    double search = times->search_us / times->jansson_us;
    size_t held = search_bytes(material->search);
    bool right =
        material->verdicts[UNDECIDED] == 0 && material->verdicts[VIOLATION] == (material->bad ? 1 : 0);
    bool fast = !material->bound || (interval <= INTERVAL_BOUND && search <= SEARCH_BOUND);
    bool small = !material->bound || (double)held <= MEMORY_BOUND_BYTES;
    printf("%-20s %-4s %8zu %10.3f %10.3f %6.2f %% %10.3f %6.2f %% %8.3f  %s\n", material->name,
           material->bad ? "bad" : "ok", material->history.count, times->jansson_us / KILO,
           times->interval_us / KILO, 100 * interval, times->search_us / KILO, 100 * search,
           (double)held / 1e6,
           !right            ? "WRONG"
           : !fast           ? "SLOW"
           : !small          ? "LARGE"
           : material->bound ? "holds"
                             : "");
    fflush(stdout);
    return right && fast && small;
}

/* 0: all bounds hold; else what the process exits with. */
static int run(const struct generate_file *file, bool bad, size_t rounds) {
    struct material material = {.name = file->name, .bad = bad};
    struct times times;
    material.bound = file->name[0] == 'a' || file->name[0] == 'b';
    bool done = load(&material, &file->order) && measure(&material, rounds, &times);
    int code = done ? (report(&material, &times) ? 0 : 1) : 3;
    if (!done) {
        fprintf(stderr, "bench_histories: %s: %s\n", file->name, material.problem.detail);
    }
    release(&material);
    return code;
}

int main(int count, char **words) {
    size_t rounds = count > 1 ? strtoul(words[1], NULL, 10) : ROUNDS;
    int code = 0;
    if (rounds < 1 || rounds > CONTEST_ROUNDS_MAX) {
        fprintf(stderr, "usage: bench_histories [ROUNDS (1 to %d)]\n", CONTEST_ROUNDS_MAX);
        return 2;
    }
    printf("checking alone against jansson parsing the same lines, CPU time in ms, medians of %zu\n"
           "bounds for a and b: the interval test %.1f %%, the search %.0f %% and %.0f MB beyond the "
           "history\n\n",
           rounds, 100 * INTERVAL_BOUND, 100 * SEARCH_BOUND, MEMORY_BOUND_BYTES / 1e6);
    printf("%-20s %-4s %8s %10s %10s %8s %10s %8s %8s\n", "history", "", "lines", "jansson", "interval", "",
           "search", "", "MB");
    for (size_t i = 0; i < generate_file_count; i++) {
        for (int bad = 0; bad < 2 && code != 3; bad++) {
            int result = run(&generate_files[i], bad, rounds);
            code = result > code ? result : code;
        }
    }
    printf("%s\n", code == 0 ? "the checker keeps its bounds" : "the checker MISSES its bounds");
    return code;
}

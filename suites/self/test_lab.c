/* The layers of the checker against each other and against verdicts that others gave. HOLDPOINT_LAB=full takes all of
 * it (`make check-lab`), else a part; with HOLDPOINT_SHOW, what was counted is added to that file. */
#include "harness/base/digest.h"
#include "harness/lab/brute.h"
#include "harness/lab/interval.h"
#include "harness/lab/search.h"
#include "suites/self/support_generate.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FOLDER "fixtures/histories/"

static const struct search_limits limits = {UINT64_C(10000000), (size_t)1 << 26};

static bool full(void) {
    const char *wanted = getenv("HOLDPOINT_LAB");
    return wanted && strcmp(wanted, "full") == 0;
}

static void show(const char *format, ...) HP_PRINTF(1, 2);
static void show(const char *format, ...) {
    const char *path = getenv("HOLDPOINT_SHOW");
    FILE *file = path ? fopen(path, "ab") : NULL;
    if (file) {
        va_list arguments;
        va_start(arguments, format);
        vfprintf(file, format, arguments);
        va_end(arguments);
        fclose(file);
    }
}

/* What the layers say of one key; brute: UNDECIDED for more than 8 operations. */
struct verdicts {
    enum linearity interval, search, brute;
};

static struct verdicts judge(struct search *search, const struct history *history, size_t key,
                             int64_t error_ns) {
    struct judgement interval, searched, brute;
    interval_check(history, key, error_ns, &interval);
    assert_int_equal(search_check(search, history, key, error_ns, &limits, &searched, NULL), HP_OK);
    brute_check(history, key, error_ns, &brute);
    if (interval.linearity == VIOLATION) {
        assert_in_range(interval.operation_count, 1, JUDGEMENT_OPERATIONS_MAX);
        assert_true(interval.reason[0]);
    }
    return (struct verdicts){interval.linearity, searched.linearity, brute.linearity};
}

/* Generates the history and reads it back from its own lines. */
static char *lines_of(const struct generate_order *order, size_t *length, struct history *history) {
    struct history made = {0};
    struct hp_problem problem = {0};
    char *bytes = NULL;
    generate(order, &made);
    FILE *out = open_memstream(&bytes, length);
    assert_non_null(out);
    assert_int_equal(history_group(&made, &problem), HP_OK);
    assert_int_equal(history_write(&made, out, &problem), HP_OK);
    fclose(out);
    history_release(&made);
    FILE *in = fmemopen(bytes, *length, "rb");
    assert_non_null(in);
    *history = (struct history){0};
    assert_int_equal(history_read(history, "generated", in, &problem), HP_OK);
    fclose(in);
    return bytes;
}

static char *read_whole(const char *name, size_t *length) {
    char path[256];
    snprintf(path, sizeof path, FOLDER "%s", name);
    FILE *file = fopen(path, "rb");
    if (!file) {
        return NULL;
    }
    struct text text = {0};
    char chunk[4096];
    size_t got;
    while ((got = fread(chunk, 1, sizeof chunk, file)) > 0) {
        assert_true(text_append(&text, chunk, got));
    }
    fclose(file);
    *length = text.length_bytes;
    return text_take(&text);
}

/* True when SHA256SUMS has this sum for that name. */
static bool sum_is(const char *name, const char *bytes, size_t length) {
    char hex[DIGEST_HEX_SIZE], line[256];
    size_t sums_length;
    char *sums = read_whole("SHA256SUMS", &sums_length);
    struct digest *digest = digest_new();
    assert_non_null(sums);
    digest_add(digest, bytes, length);
    assert_true(digest_finish(digest, hex));
    snprintf(line, sizeof line, "%s  %s\n", hex, name);
    bool found = strstr(sums, line) != NULL;
    free(sums);
    return found;
}

static void check_large(const char *name, bool bad, const struct history *history) {
    struct search *search = search_new();
    size_t illegal = 0;
    for (size_t key = 0; key < history->key_count; key++) {
        struct verdicts verdicts = judge(search, history, key, 0);
        assert_int_equal(verdicts.interval, verdicts.search);
        assert_int_not_equal(verdicts.search, UNDECIDED);
        illegal += verdicts.search == VIOLATION;
    }
    assert_int_equal(illegal, bad ? 1 : 0);
    show("%-28s %7zu operations, %5zu keys, %zu illegal; sum as given\n", name, history->count,
         history->key_count, illegal);
    search_free(search);
}

static void given_files_are_made_and_judged(void **state) {
    (void)state;
    for (size_t i = 0; i < 2 * generate_file_count; i++) {
        const struct generate_file *file = &generate_files[i / 2];
        struct generate_order order = file->order;
        struct history history;
        char name[64];
        size_t length, kept_length;
        order.bad = i % 2;
        snprintf(name, sizeof name, "%s.%s.jsonl", file->name, order.bad ? "bad" : "ok");
        char *bytes = lines_of(&order, &length, &history);
        if (!sum_is(name, bytes, length)) {
            fail_msg("%s is not what SHA256SUMS says", name);
        }
        char *kept = read_whole(name, &kept_length);
        assert_true(!kept || (kept_length == length && memcmp(kept, bytes, length) == 0));
        check_large(name, order.bad, &history);
        free(kept);
        free(bytes);
        history_release(&history);
    }
}

/* The line of a key in a file of verdicts. */
static enum linearity given_verdict(const char *verdicts, const char *key) {
    char line[64];
    for (int bad = 0; bad < 2; bad++) {
        snprintf(line, sizeof line, "\n%s %s\n", key, bad ? "illegal" : "ok");
        if (strstr(verdicts, line)) {
            return bad ? VIOLATION : LINEARIZABLE;
        }
    }
    return UNDECIDED;
}

static void given_verdicts_are_reproduced(void **state) {
    (void)state;
    struct history history = {0};
    struct hp_problem problem = {0};
    struct search *search = search_new();
    size_t length, counts[3] = {0}, forced = 0;
    struct text verdicts = {0};
    char *given = read_whole("damaged_3000.verdicts", &length);
    assert_non_null(given);
    assert_true(sum_is("damaged_3000.verdicts", given, length));
    text_addf(&verdicts, "\n%s", given);
    char *lines = read_whole("damaged_3000.jsonl", &length);
    assert_true(sum_is("damaged_3000.jsonl", lines, length));
    history_read_file(&history, FOLDER "damaged_3000.jsonl", &problem);
    assert_string_equal(problem.detail, "");
    assert_int_equal(history.key_count, 3000);
    for (size_t key = 0; key < history.key_count; key++) {
        enum linearity wanted = given_verdict(verdicts.bytes, history_key_name(&history, key));
        struct verdicts got = judge(search, &history, key, 0);
        assert_int_equal(got.interval, wanted);
        assert_int_equal(got.search, wanted);
        assert_true(got.brute == wanted || history.keys[key].count > BRUTE_OPERATIONS_MAX);
        forced += got.brute != UNDECIDED;
        counts[wanted]++;
    }
    assert_int_equal(counts[UNDECIDED], 0);
    show("damaged_3000: %zu ok, %zu illegal, as given, by interval and search; %zu of them also by brute "
         "force\n",
         counts[LINEARIZABLE], counts[VIOLATION], forced);
    text_release(&verdicts);
    search_free(search);
    history_release(&history);
    free(lines);
    free(given);
}

static void fail_small(uint64_t seed, const struct history *history, const struct verdicts *got) {
    history_write(history, stderr, NULL);
    fail_msg("seed %" PRIu64 ": interval %d, search %d, brute %d, clock error %" PRId64 " ns", seed,
             got->interval, got->search, got->brute, generate_small_clock_error_ns(seed));
}

static void small_histories_are_judged_alike(void **state) {
    (void)state;
    uint64_t count = full() ? 400000 : 30000;
    struct search *search = search_new();
    size_t counts[3] = {0}, kinds[OPERATION_KINDS] = {0}, lost = 0;
    for (uint64_t seed = 0; seed < count; seed++) {
        struct history history = {0};
        generate_small(seed, &history);
        struct verdicts got = judge(search, &history, 0, generate_small_clock_error_ns(seed));
        if (got.interval != got.brute || got.search != got.brute || got.brute == UNDECIDED) {
            fail_small(seed, &history, &got);
        }
        counts[got.brute]++;
        for (size_t i = 0; i < history.count; i++) {
            kinds[history.operations[i].kind]++;
            lost += history.operations[i].result == RESULT_UNKNOWN;
        }
        history_release(&history);
    }
    /* The comparison is worth something only when there is enough of everything in it. */
    assert_true(counts[LINEARIZABLE] > count / 5 && counts[VIOLATION] > count / 10);
    for (size_t kind = 0; kind < OPERATION_KINDS; kind++) {
        assert_true(kinds[kind] > count / 10);
    }
    assert_true(lost > count / 10);
    show("%" PRIu64 " small histories: %zu ok, %zu illegal, alike by interval, search and brute force\n",
         count, counts[LINEARIZABLE], counts[VIOLATION]);
    show("  with %zu creates, %zu responds, %zu cancels, %zu sweeps, %zu gets, %zu lists; %zu answers lost\n",
         kinds[OPERATION_CREATE], kinds[OPERATION_RESPOND], kinds[OPERATION_CANCEL], kinds[OPERATION_EXPIRE],
         kinds[OPERATION_GET], kinds[OPERATION_LIST], lost);
    search_free(search);
}

static size_t count_winners(const struct history *history) {
    size_t winners = 0;
    for (size_t i = 0; i < history->count; i++) {
        winners += history->operations[i].result == RESULT_OK;
    }
    return winners;
}

static void hot_interrupts_are_decided(void **state) {
    (void)state;
    unsigned clients_step = full() ? 1 : 12;
    uint64_t seeds = full() ? 20 : 4;
    struct search *search = search_new();
    size_t counts[3] = {0};
    uint64_t most = 0;
    for (unsigned clients = 4; clients <= 64; clients += clients_step) {
        for (uint64_t i = 0; i < seeds * 4; i++) {
            struct history history = {0};
            struct generate_order order = {i / 4 + 1, 1, 200, clients, 1, 0, i & 1 ? 200 : 0, i & 2};
            generate(&order, &history);
            assert_int_equal(history_group(&history, NULL), HP_OK);
            struct verdicts got = judge(search, &history, 0, 0);
            enum linearity wanted = count_winners(&history) > 1 ? VIOLATION : LINEARIZABLE;
            assert_int_equal(got.interval, wanted);
            assert_int_equal(got.search, wanted);
            counts[got.search]++;
            most = search_steps(search) > most ? search_steps(search) : most;
            history_release(&history);
        }
    }
    assert_true(counts[VIOLATION] > counts[LINEARIZABLE] / 4);
    show("s_hot, 4 to 64 clients, %" PRIu64
         " seeds, with and without 20 %% lost: %zu ok, %zu illegal, %zu undecided; "
         "the search took at most %" PRIu64 " steps\n",
         seeds, counts[LINEARIZABLE], counts[VIOLATION], counts[UNDECIDED], most);
    search_free(search);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(given_files_are_made_and_judged),
        cmocka_unit_test(given_verdicts_are_reproduced),
        cmocka_unit_test(small_histories_are_judged_alike),
        cmocka_unit_test(hot_interrupts_are_decided),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

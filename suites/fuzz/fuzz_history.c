/* Histories: what is read is written, and comes back the same; the interval test and the search agree on each interrupt
 * of it, and so does brute force where there are few operations. */
#include "harness/lab/brute.h"
#include "harness/lab/interval.h"
#include "harness/lab/search.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(int right) {
    if (!right) {
        abort();
    }
}

static enum hp_status read_bytes(const char *bytes, size_t size, struct history *history) {
    struct hp_problem problem = {0};
    *history = (struct history){0};
    FILE *stream = fmemopen((void *)(uintptr_t)bytes, size, "rb");
    must(stream != NULL);
    enum hp_status status = history_read(history, "fuzz", stream, &problem);
    must(status == HP_OK || (problem.status == status && problem.detail[0]));
    fclose(stream);
    return status;
}

static char *write_bytes(const struct history *history, size_t *size) {
    char *bytes = NULL;
    FILE *stream = open_memstream(&bytes, size);
    must(stream && history_write(history, stream, NULL) == HP_OK);
    fclose(stream);
    return bytes;
}

static void check_round_trip(const struct history *history) {
    struct history again;
    size_t size, size_again;
    char *bytes = write_bytes(history, &size);
    must(size == 0 || read_bytes(bytes, size, &again) == HP_OK);
    if (size > 0) {
        char *bytes_again = write_bytes(&again, &size_again);
        must(size == size_again && memcmp(bytes, bytes_again, size) == 0);
        free(bytes_again);
        history_release(&again);
    }
    free(bytes);
}

static void check_layers(const struct history *history) {
    static const struct search_limits limits = {100000, 1 << 24};
    struct search *search = search_new();
    for (size_t key = 0; key < history->key_count; key++) {
        for (int64_t error_ns = 0; error_ns < 20; error_ns += 7) {
            struct judgement interval, searched, brute;
            interval_check(history, key, error_ns, &interval);
            must(search_check(search, history, key, error_ns, &limits, &searched, NULL) == HP_OK);
            must(searched.linearity == UNDECIDED || searched.linearity == interval.linearity);
            must(interval.linearity == LINEARIZABLE || interval.operation_count > 0);
            if (history->keys[key].count <= 6) {
                brute_check(history, key, error_ns, &brute);
                must(brute.linearity == interval.linearity);
            }
        }
    }
    search_free(search);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct history history;
    if (size == 0) {
        return 0;
    }
    if (read_bytes((const char *)data, size, &history) == HP_OK) {
        check_round_trip(&history);
        check_layers(&history);
    }
    history_release(&history);
    return 0;
}

#include "harness/case/pairing.h"

#include <stdlib.h>

/* Kuhn's algorithm. Depth of recursion is at most left_count. */
struct pairing {
    size_t right_count;
    pairing_fits *fits;
    void *context;
    size_t *partner; /* of each element: its left thing and 1; 0 when free */
    size_t *seen;    /* of each element: the round in which it was last looked at */
    size_t round;
};

static bool find_partner(struct pairing *pairing, size_t left) {
    for (size_t right = 0; right < pairing->right_count; right++) {
        if (pairing->seen[right] == pairing->round || !pairing->fits(pairing->context, left, right)) {
            continue;
        }
        pairing->seen[right] = pairing->round;
        if (pairing->partner[right] == 0 || find_partner(pairing, pairing->partner[right] - 1)) {
            pairing->partner[right] = left + 1;
            return true;
        }
    }
    return false;
}

enum hp_status pairing_find(size_t left_count, size_t right_count, pairing_fits *fits, void *context,
                            size_t *unpaired) {
    struct pairing pairing = {.right_count = right_count, .fits = fits, .context = context};
    pairing.partner = calloc(right_count + 1, sizeof *pairing.partner);
    pairing.seen = calloc(right_count + 1, sizeof *pairing.seen);
    enum hp_status status = pairing.partner && pairing.seen ? HP_OK : HP_INTERNAL;
    size_t left = 0;
    for (; status == HP_OK && left < left_count; left++) {
        pairing.round = left + 1;
        if (!find_partner(&pairing, left)) {
            break;
        }
    }
    *unpaired = left;
    free(pairing.partner);
    free(pairing.seen);
    return status;
}

#include "harness/case/pairing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { SIDE_MAX = 5 };

/* fits[left][right] is 'x' where the two fit. */
struct grid {
    const char *fits[SIDE_MAX];
    size_t left_count, right_count;
    size_t unpaired;
};

static bool fits(void *context, size_t left, size_t right) {
    const struct grid *grid = context;
    assert_true(left < grid->left_count && right < grid->right_count);
    return grid->fits[left][right] == 'x';
}

static void a_greatest_pairing_is_found(void **state) {
    (void)state;
    static struct grid grids[] = {
        {{NULL}, 0, 0, 0},
        {{NULL}, 0, 3, 0},
        {{""}, 1, 0, 0},
        {{"x"}, 1, 1, 1},
        {{"."}, 1, 1, 0},
        {{"x.", ".x"}, 2, 2, 2},
        {{"xx", "x."}, 2, 2, 2},                     /* the first must give way */
        {{"xx.", "x..", ".xx"}, 3, 3, 3},            /* along a chain */
        {{"xxx", "xx.", "x.."}, 3, 3, 3},            /* twice */
        {{"x..", "x..", "..x"}, 3, 3, 1},            /* two want the same one */
        {{"xx..", "xx..", "xx..", "...x"}, 4, 4, 2}, /* three share two */
        {{"x", "x"}, 2, 1, 1},                       /* more things than elements */
        {{".x...", "x...x"}, 2, 5, 2},               /* more elements than things */
    };
    for (size_t i = 0; i < sizeof grids / sizeof grids[0]; i++) {
        size_t unpaired = 99;
        assert_int_equal(pairing_find(grids[i].left_count, grids[i].right_count, fits, &grids[i], &unpaired),
                         HP_OK);
        if (unpaired != grids[i].unpaired) {
            fail_msg("grid %zu: %zu stays alone, not %zu", i, unpaired, grids[i].unpaired);
        }
    }
}

/* 3 by 3, in all 512 ways, against trying every order. */
static bool has_pairing(unsigned bits) {
    static const unsigned char orders[6][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                               {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (size_t i = 0; i < 6; i++) {
        bool all = true;
        for (size_t left = 0; left < 3; left++) {
            all = all && bits >> (3 * left + orders[i][left]) & 1;
        }
        if (all) {
            return true;
        }
    }
    return false;
}

static bool bit_fits(void *context, size_t left, size_t right) {
    return *(const unsigned *)context >> (3 * left + right) & 1;
}

static void every_small_grid_agrees_with_trying_all_orders(void **state) {
    (void)state;
    for (unsigned bits = 0; bits < 512; bits++) {
        size_t unpaired = 99;
        assert_int_equal(pairing_find(3, 3, bit_fits, &bits, &unpaired), HP_OK);
        assert_int_equal(unpaired == 3, has_pairing(bits));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_greatest_pairing_is_found),
        cmocka_unit_test(every_small_grid_agrees_with_trying_all_orders),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

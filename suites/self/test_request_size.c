/* How large a request may be: blanks between its tokens do not count. */
#include "reference/base/text.h"
#include "reference/core/json.h"
#include "reference/core/request.h"
#include "suites/self/support_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* An object with one text of so many pieces, and blanks behind it. */
static char *sized_request(const char *piece, size_t pieces, const char *blank, size_t blanks) {
    struct text text = {0};
    text_add(&text, "{\"a\":\"");
    for (size_t i = 0; i < pieces; i++) {
        text_add(&text, piece);
    }
    text_add(&text, "\"}");
    for (size_t i = 0; i < blanks; i++) {
        text_add(&text, blank);
    }
    return text_take(&text);
}

/* Blanks do not count, bytes of compact JSON do. */
static void test_request_size(void **state) {
    (void)state;
    static const struct {
        const char *piece;
        size_t pieces;
        const char *blank;
        size_t blanks;
        bool taken;
    } sizes[] = {{"x", JSON_SIZE_MAX_BYTES - 8, "", 0, true},
                 {"x", JSON_SIZE_MAX_BYTES - 8, " ", 1000, true},
                 {"x", JSON_SIZE_MAX_BYTES - 7, "", 0, false},
                 {"x", 10, " ", 2 * JSON_SIZE_MAX_BYTES, true},
                 {"x", 10, "\n", 2 * JSON_SIZE_MAX_BYTES, true},
                 {"x", 10, "\t\r", 2 * JSON_SIZE_MAX_BYTES, true},
                 {"x", 1200000, "", 0, false},
                 {" ", JSON_SIZE_MAX_BYTES - 7, "", 0, false}, /* a blank in a text is none */
                 {"\\\" ", JSON_SIZE_MAX_BYTES / 3 - 3, " ", 1000, true},
                 {"\\\" ", JSON_SIZE_MAX_BYTES / 3 - 2, " ", 1000, false}};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        char *text = sized_request(sizes[i].piece, sizes[i].pieces, sizes[i].blank, sizes[i].blanks);
        json_t *params = NULL;
        struct hp_problem problem = {0};
        enum hp_status status = request_read(text, strlen(text), &params, &problem);
        if (sizes[i].taken) {
            assert_int_equal(status, HP_OK);
        } else {
            assert_refused(status, &problem, HP_INVALID, "");
        }
        json_decref(params);
        free(text);
    }
}

/* Measuring a text that has no end stops where the request does. */
static void test_size_of_a_torn_request(void **state) {
    (void)state;
    size_t length = JSON_SIZE_MAX_BYTES + 10;
    char *torn = malloc(length); /* no byte behind it */
    assert_non_null(torn);
    memset(torn, 'x', length);
    torn[0] = '"';
    json_t *params = NULL;
    struct hp_problem problem = {0};
    assert_int_equal(request_read(torn, length, &params, &problem), HP_INVALID);
    assert_string_equal(problem.detail,
                        "the request has 1048586 bytes of compact JSON; at most 1048576 are taken");
    free(torn);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_request_size),
        cmocka_unit_test(test_size_of_a_torn_request),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

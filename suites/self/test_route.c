#include "reference/server/route.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <stdio.h>

static const struct route routes[] = {
    {"/health", "GET", ROUTE_ANYWHERE, NULL},
    {"/things", "GET", 0, NULL},
    {"/things", "POST", 0, NULL},
    {"/things/all", "POST", 0, NULL},
    {"/things/{id}", "GET", 0, NULL},
    {"/things/{id}", "DELETE", 0, NULL},
    {"/things/{id}/use", "POST", 0, NULL},
};

/* What is found: the pattern and id, "405 ALLOW" or "404". */
static const char *find(const char *prefix, const char *method, const char *path) {
    static char found[64 + ROUTE_ID_SIZE];
    struct route_match match;
    route_find(routes, sizeof routes / sizeof routes[0], prefix, path, strlen(path), method, &match);
    if (!match.known) {
        assert_null(match.route);
        return "404";
    }
    if (!match.route) {
        snprintf(found, sizeof found, "405 %s", match.allow);
    } else {
        snprintf(found, sizeof found, "%s %s %s", match.route->method, match.route->pattern, match.id);
    }
    return found;
}

static void test_paths(void **state) {
    (void)state;
    static const struct {
        const char *prefix, *method, *path, *wanted;
    } rows[] = {
        {"", "GET", "/things", "GET /things "},
        {"", "GET", "/things/", "GET /things "},
        {"", "GET", "/things//", "404"},
        {"", "GET", "//things", "404"},
        {"", "GET", "things", "404"},
        {"", "GET", "", "404"},
        {"", "GET", "/", "404"},
        {"", "GET", "/thing", "404"},
        {"", "GET", "/thingss", "404"},
        {"", "GET", "/Things", "404"},
        {"", "HEAD", "/things/a%2Fb", "GET /things/{id} a/b"},
        {"", "DELETE", "/things/a/", "DELETE /things/{id} a"},
        {"", "GET", "/things/%00", "GET /things/{id} "},
        {"", "GET", "/things/%zz", "GET /things/{id} "},
        {"", "POST", "/things/all", "POST /things/all "},
        {"", "GET", "/things/all", "405 POST, OPTIONS"},
        {"", "POST", "/things/a/use", "POST /things/{id}/use a"},
        {"", "POST", "/things//use", "404"},
        {"", "POST", "/things/a/use/b", "404"},
        {"", "POST", "/things/../things", "404"},
        {"", "PUT", "/things", "405 GET, HEAD, POST, OPTIONS"},
        {"", "get", "/things", "405 GET, HEAD, POST, OPTIONS"},
        {"", "POST", "/things/a", "405 GET, HEAD, DELETE, OPTIONS"},
        {"", "OPTIONS", "/health", "405 GET, HEAD, OPTIONS"},
        {"/v1", "GET", "/v1/things/a", "GET /things/{id} a"},
        {"/v1", "GET", "/v1/things/", "GET /things "},
        {"/v1", "GET", "/things", "404"},
        {"/v1", "GET", "/v1", "404"},
        {"/v1", "GET", "/v1things", "404"},
        {"/v1", "GET", "/health", "GET /health "},
        {"/v1", "GET", "/v1/health/", "GET /health "},
        {"/things", "GET", "/things/things", "GET /things "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_string_equal(find(rows[i].prefix, rows[i].method, rows[i].path), rows[i].wanted);
    }
}

/* An id of so many bytes, each as it is or as %XX. */
static void find_long(size_t bytes, const char *each, char id[ROUTE_ID_SIZE]) {
    char path[1000] = "/things/";
    struct route_match match;
    for (size_t i = 0; i < bytes; i++) {
        strcat(path, each);
    }
    route_find(routes, sizeof routes / sizeof routes[0], "", path, strlen(path), "GET", &match);
    assert_true(match.known);
    strcpy(id, match.id);
}

/* 255 bytes is what an id may have. */
static void test_long_ids(void **state) {
    (void)state;
    char plain[ROUTE_ID_SIZE], encoded[ROUTE_ID_SIZE];
    find_long(255, "a", plain);
    find_long(255, "%61", encoded);
    assert_int_equal(strlen(plain), 255);
    assert_string_equal(encoded, plain);
    find_long(256, "a", plain);
    find_long(256, "%61", encoded);
    assert_string_equal(plain, "");
    assert_string_equal(encoded, "");
    find_long(900, "a", plain);
    assert_string_equal(plain, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_paths), cmocka_unit_test(test_long_ids)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

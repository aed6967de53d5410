#include "harness/adapters/http_plain.h"
#include "suites/self/support_json.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define BASE "http://h:1/api/v1"

/* The contract's profile, with a header for all and one for operators. */
static struct profile *profile;

static int make_profile(void **state) {
    (void)state;
    if (profile_of_contract(BASE, NULL, &profile, NULL) != HP_OK) {
        return -1;
    }
    profile->headers.lines[0] = (struct profile_text){text_copy("X-Key: s3cret"), text_copy("X-Key: ${KEY}")};
    profile->headers.count = 1;
    return 0;
}

static int drop_profile(void **state) {
    (void)state;
    profile_free(profile);
    return 0;
}

static enum plain_end read_plain(const char *params, bool shown, struct http_plain *plain,
                                 char why[PLAIN_WHY_SIZE]) {
    char *text = text_short(params);
    const struct request request = {"http.request", text, strlen(text), false};
    why[0] = '\0';
    enum plain_end end = http_plain_read(profile, BASE, shown, &request, plain, why);
    free(text);
    return end;
}

/* The whole of it in one line: verb, URL, headers, body. */
static void check(const char *params, const char *wanted) {
    struct http_plain plain;
    struct text text = {0};
    char why[PLAIN_WHY_SIZE];
    if (read_plain(params, false, &plain, why) != PLAIN_DONE) {
        fail_msg("%s: %s", params, why);
    }
    const struct http_request request = http_plain_request(&plain);
    text_addf(&text, "%s %s", request.verb, request.url);
    for (size_t i = 0; i < request.header_count; i++) {
        text_addf(&text, " [%s]", request.headers[i]);
    }
    if (request.body) {
        text_add(&text, " ");
        text_append(&text, request.body, request.body_length_bytes);
    }
    assert_string_equal(text.bytes, wanted);
    text_release(&text);
    http_plain_release(&plain);
}

#define KEY " [X-Key: s3cret]"
#define JSON_TYPE " [Content-Type: application/json]"

static void urls(void **state) {
    (void)state;
    check("{'path':'/a%00b?c'}", "GET " BASE "/a%00b?c" KEY);
    check("{'path':''}", "GET " BASE KEY);
    check("{'path':['i','a/b c%\u00e9','','.']}", "GET " BASE "/i/a%2Fb%20c%25%C3%A9//." KEY);
    check("{'path':['a\\u0000b']}", "GET " BASE "/a%00b" KEY);
    check("{'path':'/i','query':{'a':'x&y=z','b':[1,'2',true],'c':null,'d':''}}",
          "GET " BASE "/i?a=x%26y%3Dz&b=1&b=2&b=true&d=" KEY);
    check("{'path':'/i','query':'a=%00&a=+'}", "GET " BASE "/i?a=%00&a=+" KEY);
    check("{'path':'/i','query':{}}", "GET " BASE "/i" KEY);
    check("{'url':'/api/v1/i/7','query':{'a':1}}", "GET http://h:1/api/v1/i/7?a=1" KEY);
}

/* Where an answer leads elsewhere, its path is taken and its host is not. */
static void a_location_stays_with_its_server(void **state) {
    (void)state;
    check("{'url':'https://elsewhere:9/x/i/7'}", "GET http://h:1/x/i/7" KEY);
}

static void bodies(void **state) {
    (void)state;
    check("{'method':'POST','path':'/i','json':{'a':[1,null]}}",
          "POST " BASE "/i" JSON_TYPE KEY " {\"a\":[1,null]}");
    check("{'method':'POST','path':'/i','json':null}", "POST " BASE "/i" KEY " ");
    check("{'method':'GET','path':'/i','json':null,'text':null,'hex':null}", "GET " BASE "/i" KEY);
    check("{'method':'DELETE','path':'/i','text':''}", "DELETE " BASE "/i" JSON_TYPE KEY " ");
    check("{'method':'PUT','path':'/i','text':'no {'}", "PUT " BASE "/i" JSON_TYPE KEY " no {");
    check("{'method':'POST','path':'/i','hex':'41e2988342'}", "POST " BASE "/i" JSON_TYPE KEY " A\u2603B");
}

static void bytes_that_no_text_holds(void **state) {
    (void)state;
    struct http_plain plain;
    char why[PLAIN_WHY_SIZE];
    assert_int_equal(read_plain("{'method':'POST','path':'/i','hex':'7b00fF7d'}", false, &plain, why),
                     PLAIN_DONE);
    assert_int_equal(plain.body.length_bytes, 4);
    assert_memory_equal(plain.body.bytes, "{\0\xff}", 4);
    http_plain_release(&plain);
    assert_int_equal(read_plain("{'method':'POST','path':'/i','json':{'a':'x\\u0000'}}", false, &plain, why),
                     PLAIN_DONE);
    assert_string_equal(plain.body.bytes, "{\"a\":\"x\\u0000\"}");
    http_plain_release(&plain);
}

static void headers(void **state) {
    (void)state;
    check("{'path':'/i','headers':{'A':'b','C':['d','e'],'F':'','G':null}}",
          "GET " BASE "/i [A: b] [C: d] [C: e] [F;] [G:]" KEY);
    check("{'path':'/i','headers':{'x-key':'mine'}}", "GET " BASE "/i [x-key: mine]");
    check("{'method':'POST','path':'/i','text':'a','headers':{'content-type':'text/plain'}}",
          "POST " BASE "/i [content-type: text/plain]" KEY " a");
    check("{'method':'POST','path':'/i','text':'a','headers':{'Content-Type':null}}",
          "POST " BASE "/i [Content-Type:]" KEY " a");
}

static void secrets_are_not_shown(void **state) {
    (void)state;
    struct http_plain plain;
    char why[PLAIN_WHY_SIZE];
    assert_int_equal(read_plain("{'path':'/i'}", true, &plain, why), PLAIN_DONE);
    assert_int_equal(plain.line_count, 1);
    assert_string_equal(plain.lines[0], "X-Key: ${KEY}");
    http_plain_release(&plain);
}

static void operators(void **state) {
    (void)state;
    struct http_plain plain;
    char why[PLAIN_WHY_SIZE];
    check("{'path':'/i','operator':false}", "GET " BASE "/i" KEY);
    assert_int_equal(read_plain("{'path':'/i','operator':true}", false, &plain, why), PLAIN_CANNOT);
    assert_non_null(strstr(why, "how an operator is known"));
    http_plain_release(&plain);
    assert_int_equal(profile_set_operator(profile, "Authorization: Bearer t", NULL), HP_OK);
    check("{'path':'/i','operator':true}", "GET " BASE "/i [Authorization: Bearer t]" KEY);
    check("{'path':'/i','operator':true,'headers':{'authorization':'none'}}",
          "GET " BASE "/i [authorization: none]" KEY);
    assert_int_equal(profile_set_operator(profile, "X-Operator: 1", NULL), HP_OK);
    check("{'path':'/i','operator':true}", "GET " BASE "/i [X-Operator: 1]" KEY);
}

/* Each is the fault of whoever wrote the case. */
static void misuses(void **state) {
    (void)state;
    static const char *const rows[][2] = {
        {"[]", "expected an object"},
        {"{}", "either path or url"},
        {"{'path':'/i','url':'/i'}", "either path or url"},
        {"{'path':'i'}", "at /path"},
        {"{'path':7}", "at /path"},
        {"{'path':['i',7]}", "at /path"},
        {"{'path':'/a b'}", "at /path"},
        {"{'path':'/a#b'}", "at /path"},
        {"{'path':'/a\\u0000b'}", "at /path"},
        {"{'url':'i'}", "at /url"},
        {"{'url':'http://h'}", "at /url"},
        {"{'url':7}", "at /url"},
        {"{'path':'/i','query':'a b'}", "at /query"},
        {"{'path':'/i','query':['a']}", "at /query"},
        {"{'path':'/i','query':{'a':{}}}", "at /query"},
        {"{'path':'/i','query':{'a':[[]]}}", "at /query"},
        {"{'path':'/i','method':''}", "at /method"},
        {"{'path':'/i','method':'A B'}", "at /method"},
        {"{'path':'/i','json':1,'text':'a'}", "at most one"},
        {"{'path':'/i','text':1}", "at most one"},
        {"{'path':'/i','hex':'abc'}", "at most one"},
        {"{'path':'/i','hex':'zz'}", "at most one"},
        {"{'path':'/i','headers':[]}", "at /headers"},
        {"{'path':'/i','headers':{'A B':'c'}}", "at /headers"},
        {"{'path':'/i','headers':{'A':'b\\r\\nC: d'}}", "at /headers"},
        {"{'path':'/i','headers':{'A':'b\\u0000'}}", "at /headers"},
        {"{'path':'/i','headers':{'A':7}}", "at /headers"},
        {"{'path':'/i','operator':'yes'}", "at /operator"},
        {"{'path':'/i','body':{}}", "and nothing else"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct http_plain plain;
        char why[PLAIN_WHY_SIZE];
        if (read_plain(rows[i][0], false, &plain, why) != PLAIN_MISUSE || !strstr(why, rows[i][1])) {
            fail_msg("%s: %s", rows[i][0], why);
        }
        http_plain_release(&plain);
    }
}

static void too_many_headers(void **state) {
    (void)state;
    struct text params = {0};
    struct http_plain plain;
    char why[PLAIN_WHY_SIZE];
    text_add(&params, "{'path':'/i','headers':{'A':[");
    for (size_t i = 0; i <= PLAIN_LINES_MAX; i++) {
        text_add(&params, i > 0 ? ",'b'" : "'b'");
    }
    text_add(&params, "]}}");
    assert_int_equal(read_plain(params.bytes, false, &plain, why), PLAIN_MISUSE);
    assert_non_null(strstr(why, "too many"));
    http_plain_release(&plain);
    text_release(&params);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(urls),
        cmocka_unit_test(a_location_stays_with_its_server),
        cmocka_unit_test(bodies),
        cmocka_unit_test(bytes_that_no_text_holds),
        cmocka_unit_test(headers),
        cmocka_unit_test(secrets_are_not_shown),
        cmocka_unit_test(operators),
        cmocka_unit_test(misuses),
        cmocka_unit_test(too_many_headers),
    };
    return cmocka_run_group_tests(tests, make_profile, drop_profile) > 0;
}

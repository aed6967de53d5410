#include "suites/chapters/webhook_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void macs_of_the_standard(void **state) {
    (void)state;
    /* RFC 4231: test cases 1, 2 and 6 (a key longer than a block), by their first bytes and last. */
    unsigned char key[131], mac[CHECK_MAC_BYTES];
    memset(key, 0x0b, 20);
    assert_true(check_mac(key, 20, "Hi There", 8, mac));
    assert_int_equal(mac[0], 0xb0);
    assert_int_equal(mac[31], 0xf7);
    assert_true(check_mac("Jefe", 4, "what do ya want for nothing?", 28, mac));
    assert_int_equal(mac[0], 0x5b);
    assert_int_equal(mac[31], 0x43);
    memset(key, 0xaa, sizeof key);
    assert_true(
        check_mac(key, sizeof key, "Test Using Larger Than Block-Size Key - Hash Key First", 54, mac));
    assert_int_equal(mac[0], 0x60);
    assert_int_equal(mac[31], 0x54);
}

static void a_digest(void **state) {
    (void)state;
    char hex[CHECK_HEX_SIZE];
    assert_true(check_digest("abc", 3, hex));
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

static void base64(void **state) {
    (void)state;
    static const struct {
        const char *text, *bytes;
        size_t length;
    } rows[] = {{"", "", 0},
                {"Zg==", "f", 1},
                {"Zm8=", "fo", 2},
                {"Zm9v", "foo", 3},
                {"Zm9vYg==", "foob", 4},
                {"AP8A", "\0\xff\0", 3},
                {"+/+/", "\xfb\xff\xbf", 3}};
    static const char *const bad[] = {"Z", "Zg", "Zg=", "Z===", "====", "Zg==Zg==", "Zm9*", "Zm 9v", "Zm-_"};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        unsigned char bytes[16];
        assert_int_equal(check_base64_decode(rows[i].text, bytes), rows[i].length);
        assert_memory_equal(bytes, rows[i].bytes, rows[i].length);
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        unsigned char bytes[16];
        assert_true(check_base64_decode(bad[i], bytes) == SIZE_MAX);
    }
    unsigned char mac[CHECK_MAC_BYTES], back[CHECK_BASE64_SIZE];
    char text[CHECK_BASE64_SIZE];
    for (size_t i = 0; i < sizeof mac; i++) {
        mac[i] = (unsigned char)(i * 37 + 11);
    }
    check_base64_encode(mac, text);
    assert_int_equal(strlen(text), 44);
    assert_int_equal(check_base64_decode(text, back), sizeof mac);
    assert_memory_equal(back, mac, sizeof mac);
}

static void headers_are_valid_wrong_or_missing(void **state) {
    (void)state;
    static const char good[] = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    static const char question[] = "what do ya want for nothing?";
    assert_string_equal(check_signature(good, "Jefe", question, 28), "valid");
    assert_string_equal(check_signature(good, "Jeff", question, 28), "wrong");
    assert_string_equal(check_signature(good + 7, "Jefe", question, 28), "wrong");
    assert_string_equal(check_signature("", "Jefe", question, 28), "wrong");
    assert_string_equal(check_signature(NULL, "Jefe", question, 28), "missing");
    static const char secret[] = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                      id[] = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    static const char right[] = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
                      body[] = "{\"test\": 2432232314}";
    static const struct {
        const char *header, *verdict;
    } rows[] = {{right, "valid"},
                {"v1,AAAA v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", "valid"},
                {"v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE= v1a,x", "valid"},
                {"v2,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", "wrong"},
                {"v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE", "wrong"},
                {"", "wrong"},
                {NULL, "missing"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_string_equal(check_standard(rows[i].header, id, "1614265330", secret, body, strlen(body)),
                            rows[i].verdict);
    }
    assert_string_equal(check_standard(right, NULL, "1614265330", secret, body, strlen(body)), "missing");
    assert_string_equal(check_standard(right, id, NULL, secret, body, strlen(body)), "missing");
    assert_string_equal(check_standard(right, id, "1614265331", secret, body, strlen(body)), "wrong");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(macs_of_the_standard), cmocka_unit_test(a_digest),
                                       cmocka_unit_test(base64),
                                       cmocka_unit_test(headers_are_valid_wrong_or_missing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

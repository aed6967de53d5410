#include "harness/report/page_look.h"

#include "harness/base/digest.h"
#include "harness/report/escape.h"

#include <stdint.h>

void page_look_add_base64(struct text *out, const unsigned char *bytes, size_t length_bytes) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t at = 0; at < length_bytes; at += 3) {
        size_t left = length_bytes - at;
        uint32_t three = (uint32_t)bytes[at] << 16 | (left > 1 ? (uint32_t)bytes[at + 1] << 8 : 0) |
                         (left > 2 ? bytes[at + 2] : 0);
        for (size_t i = 0; i < 4; i++) {
            text_add_byte(out, i <= left ? digits[three >> (18 - 6 * i) & 63] : '=');
        }
    }
}

static unsigned hex_value(char digit) {
    return digit <= '9' ? (unsigned)(digit - '0') : (unsigned)(digit - 'a' + 10);
}

/* By its digest the policy knows the script. */
static void add_digest(struct text *out) {
    char hex[DIGEST_HEX_SIZE];
    unsigned char bytes[(DIGEST_HEX_SIZE - 1) / 2];
    struct digest *digest = digest_new();
    if (digest) {
        digest_add(digest, page_js, page_js_length_bytes);
    }
    if (!digest_finish(digest, hex)) {
        out->failed = true;
        return;
    }
    for (size_t i = 0; i < sizeof bytes; i++) {
        bytes[i] = (unsigned char)(hex_value(hex[2 * i]) << 4 | hex_value(hex[2 * i + 1]));
    }
    page_look_add_base64(out, bytes, sizeof bytes);
}

void page_look_add_head(struct text *out, const char *title) {
    text_add(out, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                  "style-src 'unsafe-inline'; script-src 'sha256-");
    add_digest(out);
    text_add(out, "'; base-uri 'none'; form-action 'none'\">\n<title>");
    escape_html(out, title, false);
    text_add(out, "</title>\n<style>\n" PAGE_COLOURS);
    text_append(out, page_css, page_css_length_bytes);
    text_add(out, "</style>\n</head>\n");
}

void page_look_add_script(struct text *out) {
    text_add(out, "<script>");
    text_append(out, page_js, page_js_length_bytes);
    text_add(out, "</script>\n");
}

#include "harness/report/escape.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum form { TERMINAL, CODE_POINTS, XML, ATTRIBUTE, JSON, HTML, HTML_LINES, MARKDOWN, SHELL };

static void escape(enum form form, struct text *out, const char *string) {
    switch (form) {
    case TERMINAL:
        escape_terminal(out, string);
        break;
    case CODE_POINTS:
        escape_code_points(out, string);
        break;
    case XML:
        escape_xml(out, string);
        break;
    case ATTRIBUTE:
        escape_xml_attribute(out, string);
        break;
    case JSON:
        escape_json(out, string);
        break;
    case HTML:
    case HTML_LINES:
        escape_html(out, string, form == HTML_LINES);
        break;
    case MARKDOWN:
        escape_markdown(out, string);
        break;
    case SHELL:
        escape_shell(out, string);
        break;
    }
}

static const struct {
    enum form form;
    const char *string;
    const char *want;
} rows[] = {
    {TERMINAL, "plain \xC3\xA9 \xF0\x9F\x98\x80", "plain \xC3\xA9 \xF0\x9F\x98\x80"},
    {TERMINAL, "\x1b[31m\a\b\t\n\v\f\r\x7f\x01", "\\x1b[31m\\a\\b\\t\\n\\v\\f\\r\\x7f\\x01"},
    {TERMINAL, "\xC2\x9B\xE2\x80\xAE\xE2\x80\xA8\xE2\x81\xA6\xD8\x9C\xE2\x80\x8E\xEF\xBB\xBF",
     "\\u009b\\u202e\\u2028\\u2066\\u061c\\u200e\\ufeff"},
    {TERMINAL, "a\xFFz\xC3", "a\xEF\xBF\xBDz\xEF\xBF\xBD"},
    {TERMINAL, "\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
    {TERMINAL, NULL, ""},
    {XML, "<a b=\"c\">&]]></a>", "&lt;a b=&quot;c&quot;&gt;&amp;]]&gt;&lt;/a&gt;"},
    {XML, "\x01\x1b\b\xEF\xBF\xBE", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
    {CODE_POINTS, "a\tb\\t\x1b\xE2\x80\xAE\xC3\xA4", "a<U+0009>b\\t<U+001B><U+202E>\xC3\xA4"},
    {XML, "\t\n\r", "\t\n&#13;"},
    {XML, "\xF4\x90\x80\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
    {ATTRIBUTE, "\t\n\r\"", "&#9;&#10;&#13;&quot;"},
    {JSON, "a\"b\\c\n\x01\x7f", "\"a\\\"b\\\\c\\u000a\\u0001\\u007f\""},
    {JSON, "\xE2\x80\xA8\xE2\x80\xA9\xFF", "\"\\u2028\\u2029\xEF\xBF\xBD\""},
    {JSON, NULL, "\"\""},
    {HTML, "</pre>\n&", "&lt;/pre&gt;\\n&amp;"},
    {HTML_LINES, "</pre>\n\r&", "&lt;/pre&gt;\n\\r&amp;"},
    {MARKDOWN, "*_`|[]()#+-!~${}\\", "\\*\\_\\`\\|\\[\\]\\(\\)\\#\\+\\-\\!\\~\\$\\{\\}\\\\"},
    {MARKDOWN, "<b>\n@all",
     "&lt;b&gt;\\n@\xE2\x80\x8B"
     "all"},
    {SHELL, "stdio:./a-b_c", "stdio:./a-b_c"},
    {SHELL, "two words", "'two words'"},
    {SHELL, "it's $HOME", "'it'\\''s $HOME'"},
    {SHELL, "", "''"},
    {SHELL, "~/a", "'~/a'"},
};

static void every_form_is_safe(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct text out = {0};
        escape(rows[i].form, &out, rows[i].string);
        assert_string_equal(out.bytes ? out.bytes : "", rows[i].want);
        text_release(&out);
    }
}

static void a_full_text_is_said_to_have_failed(void **state) {
    (void)state;
    struct text out;
    text_init(&out, 8);
    escape_terminal(&out, "far more than eight bytes");
    assert_true(out.failed);
    text_release(&out);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_form_is_safe),
        cmocka_unit_test(a_full_text_is_said_to_have_failed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL) != 0;
}

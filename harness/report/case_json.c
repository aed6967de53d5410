#include "harness/report/case_json.h"
#include "harness/report/json_line.h"

void case_json_add(struct text *out, const struct test_case *test_case) {
    json_line_text(out, "id", test_case->id);
    json_line_text(out, "template", test_case->template_id);
    json_line_text(out, "chapter", test_case->chapter);
    json_line_text(out, "title", test_case->title);
    json_line_text(out, "level", test_case->level);
    json_line_text(out, "file", test_case->file);
    json_line_unsigned(out, "line", test_case->line);
}

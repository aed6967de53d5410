/* `holdpoint explain`: what a case does and why, or what a requirement asks for. */
#include "harness/commands/catalog.h"
#include "harness/commands/command.h"
#include "harness/commands/explain_case.h"
#include "harness/commands/fixtures.h"
#include "harness/report/screen.h"

static const struct manual manual = {
    .command = "explain",
    .synopsis = "[OPTION]... CASE|TEMPLATE|CHAPTER|REQUIREMENT",
    .purpose = "Explains a case: what it proves, what is called, what must come back; a\n"
               "template, which is a case with several rows of values; a chapter or other\n"
               "beginning of ids, by a list; or a requirement: what it asks for, and the cases\n"
               "that prove it.\n",
    .examples = "  holdpoint explain users.respond.stranger\n"
                "  holdpoint explain kinds\n"
                "  holdpoint explain REQ-RESPOND-2\n",
    .operands_min = 1,
    .operands_max = 1,
};

static enum hp_status explain_id(struct text *out, const struct suite *suite, const char *id,
                                 struct hp_problem *problem) {
    size_t columns = screen_columns(stdout);
    const struct test_case *test_case = suite_case(suite, id);
    const struct requirement *requirement = suite_requirement(suite, id);
    if (test_case) {
        explain_case(out, suite, test_case, columns);
    } else if (requirement) {
        explain_requirement(out, suite, requirement, columns);
    } else if (!explain_template(out, suite, id, columns) && !explain_group(out, suite, id, columns)) {
        return out->failed ? hp_problem_no_memory(problem) : catalog_refuse(suite, id, problem);
    }
    return out->failed ? hp_problem_no_memory(problem) : HP_OK;
}

int command_explain(int count, char **arguments) {
    struct suite_command command = {0};
    const struct option table[] = {FIXTURES_OPTION(&command)};
    struct hp_problem problem = {0};
    struct text out = {0};
    int code;
    if (suite_command_begin(&command, &manual, table, 1, count, arguments, &code)) {
        code = EXIT_CONFORMS;
        if (explain_id(&out, command.suite, command.operands.items[0], &problem) == HP_OK) {
            fputs(out.bytes ? out.bytes : "", stdout);
        } else {
            code = usage_complain(manual.command, &problem);
        }
    }
    text_release(&out);
    suite_command_release(&command);
    return code;
}

/* `holdpoint explain`: what a case does and why, or what a requirement asks for. */
#include "harness/commands/catalog.h"
#include "harness/commands/command.h"
#include "harness/commands/explain_case.h"
#include "harness/commands/fixtures.h"
#include "harness/commands/options.h"

static const struct manual manual = {
    .command = "explain",
    .synopsis = "[OPTION]... CASE|REQUIREMENT",
    .purpose =
        "Explains a case: what it proves, what is called, what must come back; or a requirement: what it\n"
        "asks for, and the cases that prove it.\n",
    .examples = "  holdpoint explain users.respond.stranger\n"
                "  holdpoint explain REQ-RESPOND-2\n",
    .operands_min = 1,
    .operands_max = 1,
};

static enum hp_status explain_id(struct text *out, const struct suite *suite, const char *id,
                                 struct hp_problem *problem) {
    const struct test_case *test_case = suite_case(suite, id);
    const struct requirement *requirement = suite_requirement(suite, id);
    if (test_case) {
        explain_case(out, suite, test_case);
    } else if (requirement) {
        explain_requirement(out, suite, requirement);
    } else {
        return catalog_complain(suite, id, problem);
    }
    return out->failed ? hp_problem_no_memory(problem) : HP_OK;
}

int command_explain(int count, char **arguments) {
    const char *fixtures = NULL;
    const struct option table[] = {
        {.name = "fixtures",
         .argument = "DIR",
         .kind = OPTION_TEXT,
         .value = &fixtures,
         .help = FIXTURES_HELP},
    };
    struct option_list operands = {0};
    struct hp_problem problem = {0};
    struct suite *suite = NULL;
    struct text out = {0};
    int code;
    if (!options_begin(&manual, table, 1, count, arguments, &operands, &code)) {
        goto done;
    }
    code = EXIT_CONFORMS;
    if (fixtures_load(fixtures, &suite, &problem) != HP_OK ||
        explain_id(&out, suite, operands.items[0], &problem) != HP_OK) {
        code = usage_complain("explain", &problem);
    } else {
        fputs(out.bytes ? out.bytes : "", stdout);
    }
done:
    text_release(&out);
    suite_free(suite);
    option_list_release(&operands);
    return code;
}

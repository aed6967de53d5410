/* `holdpoint spec`: the requirements as a page, docs/spec.md. */
#include "harness/commands/command.h"
#include "harness/commands/fixtures.h"
#include "harness/commands/options.h"
#include "harness/commands/spec_page.h"

static const struct manual manual = {
    .command = "spec",
    .synopsis = "[OPTION]...",
    .purpose = "Prints the requirements as a page in Markdown, with the cases that prove each.\n",
    .examples = "  holdpoint spec > docs/spec.md\n"
                "  holdpoint spec --check\n",
};

static int check_suite(const struct suite *suite) {
    struct text unproved = {0};
    size_t count = spec_find_unproved(suite, &unproved);
    if (unproved.failed) {
        fputs("holdpoint spec: out of memory\n", stderr);
    } else if (count > 0) {
        fprintf(stderr,
                "holdpoint spec: %zu %s no case. Write one, or say in `excluded` why none can prove it:\n%s",
                count, count == 1 ? "requirement has" : "requirements have", unproved.bytes);
    } else {
        printf("Each of %zu requirements has a case, or a reason why it has none.\n",
               suite->requirement_count);
    }
    int code = unproved.failed ? EXIT_BROKEN : count > 0 ? EXIT_FAILS : EXIT_CONFORMS;
    text_release(&unproved);
    return code;
}

static int print_page(const struct suite *suite) {
    struct text page = {0};
    spec_page_add(&page, suite);
    if (page.failed) {
        fputs("holdpoint spec: out of memory\n", stderr);
    } else {
        fputs(page.bytes, stdout);
    }
    int code = page.failed ? EXIT_BROKEN : EXIT_CONFORMS;
    text_release(&page);
    return code;
}

int command_spec(int count, char **arguments) {
    const char *fixtures = NULL;
    bool check = false;
    const struct option table[] = {
        {.name = "check",
         .kind = OPTION_FLAG,
         .value = &check,
         .help = "print no page; exit 1 when a requirement has neither a case nor a reason why it has none"},
        {.name = "fixtures",
         .argument = "DIR",
         .kind = OPTION_TEXT,
         .value = &fixtures,
         .help = FIXTURES_HELP},
    };
    struct option_list operands = {0};
    struct hp_problem problem = {0};
    struct suite *suite = NULL;
    int code;
    if (options_begin(&manual, table, sizeof table / sizeof table[0], count, arguments, &operands, &code)) {
        if (fixtures_load(fixtures, &suite, &problem) != HP_OK) {
            code = usage_complain("spec", &problem);
        } else {
            code = check ? check_suite(suite) : print_page(suite);
        }
    }
    suite_free(suite);
    option_list_release(&operands);
    return code;
}

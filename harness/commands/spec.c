/* `holdpoint spec`: the requirements as a page, docs/spec.md. */
#include "harness/commands/command.h"
#include "harness/commands/fixtures.h"
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
    struct suite_command command = {0};
    bool check = false;
    const struct option table[] = {
        {.name = "check",
         .kind = OPTION_FLAG,
         .value = &check,
         .help = "print no page; exit 1 when a requirement has neither a case nor a reason why it has none"},
        FIXTURES_OPTION(&command),
    };
    int code;
    if (suite_command_begin(&command, &manual, table, sizeof table / sizeof table[0], count, arguments,
                            &code)) {
        code = check ? check_suite(command.suite) : print_page(command.suite);
    }
    suite_command_release(&command);
    return code;
}

/* `holdpoint list`: the cases, or the requirements with theirs. */
#include "harness/case/select.h"
#include "harness/commands/catalog.h"
#include "harness/commands/command.h"
#include "harness/commands/fixtures.h"
#include "harness/report/case_json.h"
#include "harness/report/json_line.h"

#include <stdlib.h>
#include <string.h>

struct list_options {
    struct option_list filters;
    const char *level;
    struct suite_command command;
    bool lengthy;
    bool json;
    bool requirements;
};

/* What is listed. */
struct listing {
    const struct suite *suite;
    const struct test_case **cases;
    size_t count;
    struct text out;
};

static const struct manual manual = {
    .command = "list",
    .synopsis = "[OPTION]...",
    .purpose = "Lists the cases: id, level, title.\n",
    .examples = "  holdpoint list --filter expiry\n"
                "  holdpoint list --filter REQ-RESPOND-2 --long\n"
                "  holdpoint list --requirements\n",
};

static size_t widest_id(const struct listing *listing) {
    size_t widest = 0;
    for (size_t i = 0; i < listing->count; i++) {
        size_t width = strlen(listing->cases[i]->id);
        widest = width > widest ? width : widest;
    }
    return widest;
}

static void add_words(struct text *out, const char *label, const struct test_case *test_case,
                      const struct suite *suite) {
    text_addf(out, "    %-9s", label);
    if (!suite) {
        for (size_t i = 0; i < test_case->need_count; i++) {
            text_addf(out, " %s", test_case->needs[i]);
        }
    }
    for (size_t i = 0; suite && i < suite->requirement_count; i++) {
        if (catalog_proves(test_case, &suite->requirements[i])) {
            text_addf(out, " %s", suite->requirements[i].id);
        }
    }
    text_add_byte(out, '\n');
}

static void list_cases(struct listing *listing, bool lengthy) {
    int width = (int)widest_id(listing);
    for (size_t i = 0; i < listing->count; i++) {
        const struct test_case *test_case = listing->cases[i];
        text_addf(&listing->out, "%-*s  %-6s  %s\n", width, test_case->id, test_case->level,
                  test_case->title);
        if (lengthy) {
            text_addf(&listing->out, "    %-9s %s:%zu\n", "file", test_case->file, test_case->line);
            add_words(&listing->out, "proves", test_case, listing->suite);
            add_words(&listing->out, "needs", test_case, NULL);
        }
    }
}

static void add_json_case(struct text *out, const struct suite *suite, const struct test_case *test_case) {
    json_line_open(out, NULL, '{');
    case_json_add(out, test_case);
    json_line_open(out, "requirements", '[');
    for (size_t i = 0; i < suite->requirement_count; i++) {
        if (catalog_proves(test_case, &suite->requirements[i])) {
            json_line_text(out, NULL, suite->requirements[i].id);
        }
    }
    json_line_close(out, ']');
    json_line_open(out, "needs", '[');
    for (size_t i = 0; i < test_case->need_count; i++) {
        json_line_text(out, NULL, test_case->needs[i]);
    }
    json_line_close(out, ']');
    json_line_close(out, '}');
}

static void list_json(struct listing *listing) {
    text_add(&listing->out, "[\n");
    for (size_t i = 0; i < listing->count; i++) {
        add_json_case(&listing->out, listing->suite, listing->cases[i]);
        text_add(&listing->out, i + 1 < listing->count ? ",\n" : "\n");
    }
    text_add(&listing->out, "]\n");
}

static void list_requirements(struct listing *listing) {
    for (size_t i = 0; i < listing->suite->requirement_count; i++) {
        const struct requirement *requirement = &listing->suite->requirements[i];
        size_t start = listing->out.length_bytes;
        text_addf(&listing->out, "%s  %s  %s  %s\n", requirement->id, requirement->level, requirement->source,
                  requirement->sentence);
        size_t count = 0;
        for (size_t at = 0; at < listing->count; at++) {
            if (catalog_proves(listing->cases[at], requirement)) {
                text_addf(&listing->out, "    %s\n", listing->cases[at]->id);
                count++;
            }
        }
        if (count == 0 && listing->count < listing->suite->case_count && !listing->out.failed) {
            /* With a filter only what its cases prove is of interest. */
            listing->out.length_bytes = start;
            listing->out.bytes[start] = '\0';
        } else if (count == 0) {
            text_addf(&listing->out, "    no case%s%s\n", requirement->excluded ? ": " : "",
                      requirement->excluded ? requirement->excluded : "");
        }
    }
}

static int print_listing(const struct list_options *options, struct listing *listing) {
    if (options->requirements) {
        list_requirements(listing);
    } else if (options->json) {
        list_json(listing);
    } else {
        list_cases(listing, options->lengthy);
    }
    if (listing->out.failed) {
        fputs("holdpoint list: out of memory\n", stderr);
        return EXIT_BROKEN;
    }
    fputs(listing->out.bytes ? listing->out.bytes : "", stdout);
    return EXIT_CONFORMS;
}

static int list_suite(const struct list_options *options) {
    struct hp_problem problem = {0};
    struct listing listing = {.suite = options->command.suite};
    struct selection selection = {options->filters.items, options->filters.count, options->level};
    int code;
    if (select_cases(listing.suite, &selection, &listing.cases, &listing.count, &problem) != HP_OK) {
        code = usage_complain(manual.command, &problem);
    } else {
        code = print_listing(options, &listing);
    }
    text_release(&listing.out);
    free(listing.cases);
    return code;
}

int command_list(int count, char **arguments) {
    struct list_options options = {0};
    const struct option table[] = {
        {.name = "filter",
         .argument = "PATTERN",
         .kind = OPTION_LIST,
         .value = &options.filters,
         .help = "only these cases: an id or its beginning, a glob with * and ?, a requirement; ! excludes; "
                 "may be given again"},
        {.name = "level",
         .argument = "LEVEL",
         .kind = OPTION_TEXT,
         .value = &options.level,
         .help = "only MUST or only SHOULD"},
        {.name = "long",
         .kind = OPTION_FLAG,
         .value = &options.lengthy,
         .help = "with file, requirements and needed capabilities"},
        {.name = "json",
         .kind = OPTION_FLAG,
         .value = &options.json,
         .help = "as a JSON array, one case a line"},
        {.name = "requirements",
         .kind = OPTION_FLAG,
         .value = &options.requirements,
         .help = "each requirement with its cases"},
        FIXTURES_OPTION(&options.command),
    };
    int code;
    if (suite_command_begin(&options.command, &manual, table, sizeof table / sizeof table[0], count,
                            arguments, &code)) {
        code = list_suite(&options);
    }
    suite_command_release(&options.command);
    option_list_release(&options.filters);
    return code;
}

#include "harness/commands/spec_page.h"
#include "harness/commands/catalog.h"

#include <string.h>

/* What the sections are called; a prefix that is not here is its own title. */
static const struct {
    const char *prefix;
    const char *title;
} titles[] = {
    {"KIND", "Kinds"},         {"TTL", "Time to live"},
    {"STATUS", "Statuses"},    {"SHAPE", "Shapes"},
    {"TIME", "Times"},         {"VALUE", "Values"},
    {"CREATE", "Creating"},    {"GET", "Reading one"},
    {"LIST", "Listing"},       {"PENDING", "The pending one of a request"},
    {"RESPOND", "Responding"}, {"CANCEL", "Cancelling"},
    {"EXPIRE", "Expiry"},      {"USER", "Users"},
    {"STATE", "State"},        {"SNAPSHOT", "Snapshots"},
    {"EVENT", "Events"},
};

/* The length of "KIND" in "REQ-KIND-1", and where it begins. */
static size_t prefix_of(const char *id, const char **prefix) {
    *prefix = strncmp(id, "REQ-", 4) == 0 ? id + 4 : id;
    const char *dash = strrchr(*prefix, '-');
    return dash ? (size_t)(dash - *prefix) : strlen(*prefix);
}

static bool same_section(const char *one, const char *other) {
    const char *one_prefix, *other_prefix;
    size_t length = prefix_of(one, &one_prefix);
    return length == prefix_of(other, &other_prefix) && strncmp(one_prefix, other_prefix, length) == 0;
}

static void add_heading(struct text *out, size_t number, const char *id) {
    const char *prefix;
    size_t length = prefix_of(id, &prefix);
    text_addf(out, "\n## %zu. ", number);
    for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++) {
        if (strlen(titles[i].prefix) == length && strncmp(titles[i].prefix, prefix, length) == 0) {
            text_add(out, titles[i].title);
            text_add_byte(out, '\n');
            return;
        }
    }
    text_append(out, prefix, length);
    text_add_byte(out, '\n');
}

/* A sentence of ours needs little: a star, a less-than sign, a bar or a backquote would be read as markup. */
static void add_prose(struct text *out, const char *sentence) {
    for (const char *at = sentence; *at; at++) {
        if (strchr("*<|`\\", *at)) {
            text_add_byte(out, '\\');
        }
        text_add_byte(out, *at);
    }
}

static void add_cases(struct text *out, const struct suite *suite, const struct requirement *requirement) {
    size_t count = catalog_count(suite, requirement);
    if (count == 0) {
        text_add(out, "No case: ");
        add_prose(out, requirement->excluded ? requirement->excluded : "one has still to be written");
        text_add(out, ".\n");
        return;
    }
    size_t templates = catalog_count_templates(suite, requirement);
    text_addf(out, "%zu %s", count, count == 1 ? "case" : "cases");
    if (templates < count) {
        text_addf(out, " in %zu %s", templates, templates == 1 ? "template" : "templates");
    }
    text_add_byte(out, ':');
    const char *before = " ";
    for (size_t i = 0; i < suite->case_count; i++) {
        if (catalog_proves(&suite->cases[i], requirement) && catalog_is_first(suite, i, requirement)) {
            text_addf(out, "%s`%s`", before, suite->cases[i].template_id);
            before = ", ";
        }
    }
    text_add_byte(out, '\n');
}

static void add_requirement(struct text *out, const struct suite *suite,
                            const struct requirement *requirement) {
    text_addf(out, "\n### %s\n\n%s, %s. ", requirement->id, requirement->level, requirement->source);
    add_prose(out, requirement->sentence);
    text_add(out, "\n\n");
    add_cases(out, suite, requirement);
}

void spec_page_add(struct text *out, const struct suite *suite) {
    text_addf(
        out,
        "# What a flow-interrupt service must do\n"
        "\n"
        "%zu requirements, proved by %zu cases. Each has a level, and a source: a finding of the audit\n"
        "(F1 to F13), what the audited system does (fact), or a decision of this project (decided). A\n"
        "template is a case with several rows of values, each of which is a case of its own; `holdpoint\n"
        "explain TEMPLATE` shows them.\n"
        "\n"
        "This page is made by `holdpoint spec` from `fixtures/requirements.json` and the cases; edit "
        "those.\n",
        suite->requirement_count, suite->case_count);
    size_t number = 0;
    for (size_t i = 0; i < suite->requirement_count; i++) {
        const struct requirement *requirement = &suite->requirements[i];
        if (i == 0 || !same_section(suite->requirements[i - 1].id, requirement->id)) {
            add_heading(out, ++number, requirement->id);
        }
        add_requirement(out, suite, requirement);
    }
}

size_t spec_find_unproved(const struct suite *suite, struct text *ids) {
    size_t count = 0;
    for (size_t i = 0; i < suite->requirement_count; i++) {
        const struct requirement *requirement = &suite->requirements[i];
        if (!requirement->excluded && catalog_count(suite, requirement) == 0) {
            text_addf(ids, "  %s\n", requirement->id);
            count++;
        }
    }
    return count;
}

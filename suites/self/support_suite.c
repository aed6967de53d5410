#include "suites/self/support_suite.h"

static struct requirement requirements[] = {
    {"REQ-KIND-1", "Seven kinds exist; prefix.* is none, a < b.", "F1", "MUST", NULL},
    {"REQ-KIND-2", "An unknown kind is refused.", "F1", "MUST", NULL},
    {"REQ-EXPIRE-1", "A sweep is cheap.", "decided", "SHOULD", "no answer shows it"},
    {"REQ-NEW-1", "Nobody proves this yet.", "fact", "MUST", NULL},
};

static struct step steps[] = {
    {.kind = STEP_CLOCK, .note = "a second later"},
    {.kind = STEP_CALL,
     .method = "interrupt.create",
     .times = 3,
     .endpoint = 1,
     .requirements = {&requirements[0]},
     .requirement_count = 1},
    {.kind = STEP_CALL,
     .name = "unknown",
     .method = "interrupt.create",
     .raw = "{\"kind\":\"{$x}\"}",
     .times = 1,
     .refused = "invalid",
     .refused_status = "pending",
     .refused_field = "/kind",
     .requirements = {&requirements[0], &requirements[1]},
     .requirement_count = 2},
    {.kind = STEP_TWIN, .method = "interrupt.create", .times = 1, .twin_of = 2, .twin_pointer = "/kind"},
    {.kind = STEP_TWIN, .method = "interrupt.create", .times = 1, .twin_of = 2, .twin_pointer = "/gone"},
    {.kind = STEP_TWIN, .method = "interrupt.create", .times = 1, .twin_of = 2, .raw = "{}"},
    {.kind = STEP_CLOCK},
};

static const char *const needs[] = {"clock", "create"};

static char ids[3][32] = {"kinds.each.one", "kinds.each.two", "users.other"};
static char chapters[2][8] = {"kinds", "users"};

static struct test_case cases[] = {
    {.id = ids[0],
     .template_id = "kinds.each",
     .chapter = chapters[0],
     .title = "Each kind works",
     .why = "F1 saw one that did not.",
     .level = "MUST",
     .file = "fixtures/cases/kinds/a.json",
     .line = 3,
     .needs = needs,
     .need_count = 2,
     .steps = steps,
     .step_count = 7},
    {.id = ids[1],
     .template_id = "kinds.each",
     .chapter = chapters[0],
     .title = "Each kind works",
     .level = "MUST",
     .file = "fixtures/cases/kinds/a.json",
     .line = 3,
     .steps = steps,
     .step_count = 2},
    {.id = ids[2],
     .template_id = "users.other",
     .chapter = chapters[1],
     .title = "Another",
     .level = "SHOULD",
     .file = "fixtures/cases/users/b.json",
     .line = 9,
     .wall_clock = true,
     .steps = &steps[2],
     .step_count = 1},
};

static struct suite suite = {.requirements = requirements,
                             .requirement_count = 4,
                             .cases = cases,
                             .case_count = 3,
                             .template_count = 2};

const struct suite *suite_sample(void) {
    if (!steps[0].clock) {
        steps[0].clock = json_real(1.5);
        steps[1].args = json_pack("{sssn}", "kind", "$x", "ttl_seconds");
        steps[1].expect = json_pack("{s{ss}}", "interrupt", "kind", "$x");
        steps[1].bind = json_pack("{ss}", "id", "/interrupt/id");
        steps[3].twin_value = json_string("timeout");
        steps[6].clock = json_string("2024-02-29T23:59:59.999999Z");
        cases[0].row = json_pack("{ss}", "x", "timeout");
        cases[1].row = json_pack("{ss}", "x", "checkpoint");
        cases[0].null_ok = json_pack("{ss}", "echo", "it shows nothing else");
        cases[0].kills_nothing = "no fault is as small as that";
    }
    return steps[0].clock && steps[1].args && cases[0].row ? &suite : NULL;
}

#include "reference/core/response.h"
#include "reference/base/text.h"
#include "reference/core/json.h"

#include <string.h>

enum hp_status hp_response_check(const struct hp_response *response, struct hp_problem *problem) {
    if (response->text) {
        size_t length_bytes = strlen(response->text);
        if (!text_is_utf8(response->text, length_bytes)) {
            return hp_problem_set(problem, HP_INVALID, "/response/text", "text must be UTF-8");
        }
        size_t count = text_count_code_points(response->text, length_bytes);
        if (count < 1 || count > HP_TEXT_MAX_CODE_POINTS) {
            return hp_problem_set(problem, HP_INVALID, "/response/text",
                                  "text must have 1 to %d characters, not %zu", HP_TEXT_MAX_CODE_POINTS,
                                  count);
        }
    }
    if ((unsigned)response->approved > HP_DENIED) {
        return hp_problem_set(problem, HP_INVALID, "/response/approved", "unknown approval %d",
                              (int)response->approved);
    }
    if ((unsigned)response->decision >= HP_DECISION_COUNT) {
        return hp_problem_set(problem, HP_INVALID, "/response/decision", "unknown decision %d",
                              (int)response->decision);
    }
    return response->data ? json_check_object(response->data, "/response/data", problem) : HP_OK;
}

/* The three fields that a kind may need, and what the response says there. */
struct field {
    enum hp_needs needs;
    const char *pointer;
    bool given;
};

enum hp_status hp_response_check_kind(const struct hp_response *response, enum hp_kind kind,
                                      struct hp_problem *problem) {
    const struct hp_kind_rule *rule = hp_kind_rule(kind);
    if (rule->needs == HP_NEEDS_NOTHING) {
        return HP_OK;
    }
    const struct field fields[] = {
        {HP_NEEDS_TEXT, "/response/text", response->text != NULL},
        {HP_NEEDS_APPROVED, "/response/approved", response->approved != HP_APPROVAL_NONE},
        {HP_NEEDS_DECISION, "/response/decision", response->decision != HP_DECISION_NONE},
    };
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        bool needed = fields[i].needs == rule->needs;
        if (needed != fields[i].given) {
            return hp_problem_set(problem, HP_INVALID, fields[i].pointer, "a %s %s %s", rule->name,
                                  needed ? "needs" : "does not take", strrchr(fields[i].pointer, '/') + 1);
        }
    }
    return HP_OK;
}

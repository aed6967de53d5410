#include "harness/report/doctor_report.h"

#include "harness/report/json_line.h"

static const char *const state_names[CHECK_STATE_COUNT] = {"not_tried", "ok", "fails"};

static void add_counts(struct text *out, const struct checkup *checkup) {
    json_line_open(out, "counts", '{');
    json_line_unsigned(out, "checks", checkup->count);
    for (enum check_state state = 0; state < CHECK_STATE_COUNT; state++) {
        json_line_unsigned(out, state_names[state], checkup_count(checkup, state));
    }
    json_line_close(out, '}');
}

static void add_check(struct text *out, const struct check_row *row) {
    json_line_open(out, NULL, '{');
    json_line_text(out, "id", row->id);
    json_line_text(out, "title", row->title);
    json_line_text(out, "state", state_names[row->state]);
    json_line_text(out, "note", row->note);
    json_line_text(out, "did", row->did);
    json_line_text(out, "expected", row->expected);
    json_line_text(out, "mend", row->mend);
    json_line_close(out, '}');
}

void doctor_add_json(struct text *out, const struct checkup *checkup) {
    json_line_open(out, NULL, '{');
    json_line_text(out, "target", checkup->target);
    json_line_text(out, "who", checkup->who);
    json_line_text(out, "conclusion", checkup_end_name(checkup_conclude(checkup)));
    add_counts(out, checkup);
    json_line_open(out, "checks", '[');
    for (size_t i = 0; i < checkup->count; i++) {
        add_check(out, &checkup->rows[i]);
    }
    json_line_close(out, ']');
    json_line_text(out, "log", checkup->log);
    json_line_text(out, "by_hand", checkup->by_hand);
    json_line_text(out, "next", checkup->next);
    json_line_close(out, '}');
    text_add_byte(out, '\n');
}

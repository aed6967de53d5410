#include "harness/report/doctor_report.h"

#include "harness/report/escape.h"
#include "harness/report/paragraph.h"

#include <stdlib.h>
#include <string.h>

enum { ID_COLUMNS = 19 };

static void add_fault(struct text *out, const struct check_row *row, size_t columns) {
    paragraph_add(out, "    did       ", row->did, columns);
    paragraph_add(out, "    expected  ", row->expected, columns);
    paragraph_add(out, "    mend      ", row->mend, columns);
}

static void add_row(struct text *out, const struct check_row *row, const struct paint *paint,
                    size_t columns) {
    bool fails = row->state == CHECK_FAILS;
    struct text first = {0}, rest = {0};
    text_addf(&first, "%-9s  %-*s  ", check_state_name(row->state), ID_COLUMNS, row->id);
    text_addf(&rest, "%s%s%s", row->title, row->note ? ": " : "", row->note ? row->note : "");
    out->failed = out->failed || first.failed || rest.failed;
    if (!out->failed) {
        text_add(out, fails ? paint->bad : "");
        paragraph_add(out, first.bytes, rest.bytes, columns);
        text_add(out, fails ? paint->plain : "");
    }
    text_release(&first);
    text_release(&rest);
    if (fails) {
        add_fault(out, row, columns);
    }
}

static const char *why_not(const struct check_row *row) {
    return row->note ? row->note : "nothing led there";
}

static bool is_alike(const struct check_row *one, const struct check_row *other) {
    return other->state == CHECK_NOT_TRIED && strcmp(why_not(one), why_not(other)) == 0;
}

/* One paragraph for all checks that were not tried for this row's reason. */
static void add_reason(struct text *out, const struct checkup *checkup, const struct check_row *row,
                       size_t columns) {
    struct text line = {0};
    const char *gap = "";
    for (size_t i = 0; i < checkup->count; i++) {
        if (is_alike(row, &checkup->rows[i])) {
            text_addf(&line, "%s%s", gap, checkup->rows[i].id);
            gap = ", ";
        }
    }
    text_addf(&line, ": %s", why_not(row));
    paragraph_add(out, "not tried  ", line.bytes && !line.failed ? line.bytes : "", columns);
    out->failed = out->failed || line.failed;
    text_release(&line);
}

static void add_reasons(struct text *out, const struct checkup *checkup, size_t columns) {
    for (size_t i = 0; i < checkup->count; i++) {
        const struct check_row *row = &checkup->rows[i];
        bool told = row->state != CHECK_NOT_TRIED;
        for (size_t k = 0; k < i && !told; k++) {
            told = is_alike(row, &checkup->rows[k]);
        }
        if (!told) {
            add_reason(out, checkup, row, columns);
        }
    }
}

/* A line that may be copied into a shell, so it is never broken. */
static void add_line(struct text *out, const char *first, const char *line) {
    if (line) {
        text_add(out, first);
        escape_terminal(out, line);
        text_add_byte(out, '\n');
    }
}

static void add_log(struct text *out, const char *log, const struct paint *paint) {
    text_addf(out, "%sthe end of its stderr%s\n", paint->dim, paint->plain);
    while (*log) {
        size_t length = strcspn(log, "\n");
        char *line = text_copy_bytes(log, length);
        out->failed = out->failed || !line;
        add_line(out, "    ", line);
        free(line);
        log += length + (log[length] == '\n');
    }
    text_add_byte(out, '\n');
}

static void add_sum(struct text *out, const struct checkup *checkup, const struct paint *paint) {
    static const char *const words[] = {
        [CHECKUP_HEALTHY] = "HEALTHY", [CHECKUP_FAULTY] = "FAULTY", [CHECKUP_UNDECIDED] = "UNDECIDED"};
    enum checkup_end end = checkup_conclude(checkup);
    text_addf(out, "checks %zu = ok %zu + fails %zu + not tried %zu\n", checkup->count,
              checkup_count(checkup, CHECK_OK), checkup_count(checkup, CHECK_FAILS),
              checkup_count(checkup, CHECK_NOT_TRIED));
    text_addf(out, "%s%s%s\n", end == CHECKUP_HEALTHY ? paint->good : paint->bad, words[end], paint->plain);
}

void doctor_add_text(struct text *out, const struct checkup *checkup, const struct paint *paint,
                     size_t columns) {
    bool faulty = checkup_count(checkup, CHECK_FAILS) > 0;
    paragraph_add(out, "doctor of ", checkup->target, columns);
    if (checkup->who) {
        paragraph_add(out, "          ", checkup->who, columns);
    }
    text_add_byte(out, '\n');
    for (size_t i = 0; i < checkup->count; i++) {
        if (checkup->rows[i].state != CHECK_NOT_TRIED) {
            add_row(out, &checkup->rows[i], paint, columns);
        }
    }
    add_reasons(out, checkup, columns);
    text_add_byte(out, '\n');
    if (faulty && checkup->log) {
        add_log(out, checkup->log, paint);
    }
    add_sum(out, checkup, paint);
    if (faulty) {
        add_line(out, "by hand  ", checkup->by_hand);
    }
    add_line(out, "next     ", checkup->next);
}

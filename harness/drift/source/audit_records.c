/* Records that stand for the interrupt, the response or the envelope, and their fields in several languages: F2. */
#include "harness/drift/source/audit.h"
#include "harness/drift/source/grouping.h"
#include "harness/drift/source/wire_name.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One record type. */
struct record {
    const struct source_file *file;
    const char *of;
    size_t line;
    enum meaning meaning;
    bool told;
    char *fields; /* " id kind status " */
};

struct records {
    struct record *items;
    size_t count;
};

/* Parts of the names of records that carry some fields on purpose: what comes in, what is asked for, what is told. */
static const char *const partial_parts[] = {"request", "body",   "input",   "payload", "create", "update",
                                            "patch",   "filter", "query",   "params",  "event",  "summary",
                                            "options", "args",   "command", "config"};

static bool has_field(const struct record *record, const char *field) {
    size_t length = strlen(field);
    for (const char *at = strstr(record->fields, field); at; at = strstr(at + 1, field)) {
        if (at[-1] == ' ' && at[length] == ' ') {
            return true;
        }
    }
    return false;
}

static size_t count_fields(const struct record *record, const struct words *fields) {
    size_t count = 0;
    for (size_t i = 0; i < fields->count; i++) {
        count += has_field(record, fields->items[i]);
    }
    return count;
}

static bool is_partial(const char *name) {
    for (size_t i = 0; i < sizeof partial_parts / sizeof partial_parts[0]; i++) {
        if (spelling_has_part(name, partial_parts[i])) {
            return true;
        }
    }
    return false;
}

static bool is_envelope(const struct record *record, const char *name, const struct vocabulary *vocabulary) {
    size_t count = count_fields(record, &vocabulary->envelope_fields) +
                   count_fields(record, &vocabulary->legacy_envelope_fields);
    return count >= (spelling_has_part(name, "envelope") ? 4 : 9);
}

static bool is_interrupt(const struct record *record, const char *name, const struct vocabulary *vocabulary) {
    size_t count = count_fields(record, &vocabulary->interrupt_fields);
    bool named = spelling_has_part(name, "interrupt");
    return has_field(record, "kind") && has_field(record, "status") && !is_partial(name) &&
           count >= (named ? 8 : 10);
}

static bool is_response(const struct record *record, const char *name, const struct vocabulary *vocabulary) {
    size_t count = count_fields(record, &vocabulary->response_fields);
    return has_field(record, "approved") && !has_field(record, "kind") && !is_partial(name) &&
           count >= (spelling_has_part(name, "response") ? 3 : 4);
}

static enum meaning find_meaning(const struct audit *audit, struct record *record) {
    char name[SPELLING_SIZE];
    enum meaning said = configuration_meaning(audit->configuration, record->of);
    record->told = said != MEANING_UNSAID;
    spelling_put(name, record->of);
    return record->told                                    ? said
           : is_envelope(record, name, audit->vocabulary)  ? MEANING_ENVELOPE
           : is_interrupt(record, name, audit->vocabulary) ? MEANING_INTERRUPT
           : is_response(record, name, audit->vocabulary)  ? MEANING_RESPONSE
                                                           : MEANING_NOTHING;
}

/* The fields of a group as words; NULL when memory runs out. */
static char *join_fields(const struct source_file *file, const struct grouping *group) {
    struct text fields = {0};
    char word[SPELLING_SIZE];
    text_add_byte(&fields, ' ');
    for (size_t i = 0; i < group->count; i++) {
        wire_name_put(word, file, group->members[i]);
        text_addf(&fields, "%s ", word);
    }
    return text_take(&fields);
}

static const struct words *fields_of(const struct vocabulary *vocabulary, enum meaning meaning) {
    return meaning == MEANING_INTERRUPT  ? &vocabulary->interrupt_fields
           : meaning == MEANING_RESPONSE ? &vocabulary->response_fields
                                         : &vocabulary->envelope_fields;
}

static bool is_record(enum meaning meaning) {
    return meaning == MEANING_INTERRUPT || meaning == MEANING_RESPONSE || meaning == MEANING_ENVELOPE;
}

static bool add_record(const struct audit *audit, const struct source_file *file,
                       const struct grouping *group, struct records *records) {
    const struct fact *first = group->members[0];
    struct record record = {
        .file = file, .of = first->of, .line = first->line, .fields = join_fields(file, group)};
    if (!record.fields) {
        return false;
    }
    record.meaning = find_meaning(audit, &record);
    struct record *items =
        is_record(record.meaning) ? realloc(records->items, (records->count + 1) * sizeof *items) : NULL;
    if (!items) {
        free(record.fields);
        return !is_record(record.meaning);
    }
    records->items = items;
    items[records->count++] = record;
    return true;
}

static bool collect(const struct audit *audit, struct records *records) {
    bool complete = true;
    for (size_t i = 0; complete && i < audit->tree->count; i++) {
        const struct source_file *file = &audit->tree->files[i];
        struct grouping grouping = {.facts = &file->facts, .type = FACT_FIELD};
        while (complete && !file->is_test && grouping_next(&grouping)) {
            complete = !grouping.members[0]->of || add_record(audit, file, &grouping, records);
        }
        complete = complete && !grouping.failed;
        grouping_release(&grouping);
    }
    return complete;
}

static struct audit_place place_of(const struct record *record) {
    char name[SPELLING_SIZE];
    spelling_put(name, record->of);
    bool sure = record->told || spelling_has_part(name, "envelope") || spelling_has_part(name, "interrupt");
    return (struct audit_place){record->file, record->line, record->of, sure ? DRIFT_CERTAIN : DRIFT_LIKELY};
}

static size_t line_of_field(const struct record *record, const char *field) {
    char word[SPELLING_SIZE];
    size_t index = 0;
    for (const struct fact *fact; (fact = facts_next(&record->file->facts, FACT_FIELD, &index)); index++) {
        wire_name_put(word, record->file, fact);
        if (fact->of && strcmp(fact->of, record->of) == 0 && strcmp(word, field) == 0) {
            return fact->at_line;
        }
    }
    return record->line;
}

static void judge_envelope(const struct audit *audit, const struct record *record) {
    static const char *const needed[] = {"interrupt_pending", "interrupt"};
    const struct words *legacy = &audit->vocabulary->legacy_envelope_fields;
    struct audit_place place = place_of(record);
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        if (!has_field(record, needed[i])) {
            audit_find(audit, SOURCE_ENVELOPE, &place, NULL, "%s lacks the field %s.", record->of, needed[i]);
        }
    }
    for (size_t i = 0; i < legacy->count; i++) {
        if (has_field(record, legacy->items[i])) {
            place.line = line_of_field(record, legacy->items[i]);
            audit_find(audit, SOURCE_LEGACY_FIELD, &place, NULL, "%s still has the field %s.", record->of,
                       legacy->items[i]);
        }
    }
}

/* Tells what a record lacks of a list of fields, in one finding. */
static void judge_fields(const struct audit *audit, const struct record *record, const char *fields,
                         const char *whose) {
    struct text missing = {0};
    size_t count = 0;
    for (const char *at = fields; *at;) {
        char field[SPELLING_SIZE] = "";
        size_t length = strcspn(at, " ");
        if (length > 0 && length < sizeof field && at[0] != '_') {
            memcpy(field, at, length);
            bool told = strcmp(field, "interrupt") == 0 || strcmp(field, "interrupt_pending") == 0 ||
                        words_hold(&audit->vocabulary->legacy_envelope_fields, field);
            if (!has_field(record, field) && !(told && record->meaning == MEANING_ENVELOPE)) {
                text_addf(&missing, "%s%s", count++ ? ", " : "", field);
            }
        }
        at += length + (at[length] == ' ');
    }
    if (count > 0) {
        struct audit_place place = place_of(record);
        place.confidence = DRIFT_LIKELY;
        audit_find(audit, SOURCE_FIELDS, &place, NULL, "%s lacks %s %s: %s.", record->of,
                   count == 1 ? "a field of" : "fields of", whose, missing.bytes ? missing.bytes : "");
    }
    audit->report->failed = audit->report->failed || missing.failed;
    text_release(&missing);
}

static void judge_by_contract(const struct audit *audit, const struct record *record) {
    const struct words *fields = fields_of(audit->vocabulary, record->meaning);
    struct text wanted = {0};
    for (size_t i = 0; i < fields->count; i++) {
        text_addf(&wanted, "%s ", fields->items[i]);
    }
    judge_fields(audit, record, wanted.bytes ? wanted.bytes : "", "the contract");
    audit->report->failed = audit->report->failed || wanted.failed;
    text_release(&wanted);
}

/* What the same record has elsewhere, in another language. */
static void judge_by_others(const struct audit *audit, const struct records *records,
                            const struct record *record) {
    for (size_t i = 0; i < records->count; i++) {
        const struct record *other = &records->items[i];
        if (other->meaning == record->meaning &&
            strcmp(other->file->language->name, record->file->language->name) != 0) {
            char whose[SPELLING_SIZE * 2];
            snprintf(whose, sizeof whose, "%s in %s (%s)", other->of, other->file->language->name,
                     other->file->path);
            judge_fields(audit, record, other->fields, whose);
        }
    }
}

void audit_records(const struct audit *audit) {
    struct records records = {0};
    if (!collect(audit, &records)) {
        audit->report->failed = true;
    }
    for (size_t i = 0; i < records.count; i++) {
        const struct record *record = &records.items[i];
        if (record->meaning == MEANING_ENVELOPE) {
            judge_envelope(audit, record);
        } else {
            judge_by_contract(audit, record);
        }
        judge_by_others(audit, &records, record);
    }
    for (size_t i = 0; i < records.count; i++) {
        free(records.items[i].fields);
    }
    free(records.items);
}

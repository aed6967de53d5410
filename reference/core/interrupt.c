#include "reference/core/interrupt.h"
#include "reference/base/text.h"
#include "reference/core/json.h"
#include "reference/core/room.h"

#include <stdlib.h>
#include <string.h>

/* The texts of an interrupt: everything that is copied, measured and named goes by this table. Those of the
 * response come last. */
static const struct {
    size_t offset;
    bool is_json;
    const char *pointer; /* of the request that brings it */
} texts[] = {
    {offsetof(struct hp_interrupt, request_id), false, "/request_id"},
    {offsetof(struct hp_interrupt, user_id), false, "/user_id"},
    {offsetof(struct hp_interrupt, session_id), false, "/session_id"},
    {offsetof(struct hp_interrupt, envelope_id), false, "/envelope_id"},
    {offsetof(struct hp_interrupt, question), false, "/question"},
    {offsetof(struct hp_interrupt, message), false, "/message"},
    {offsetof(struct hp_interrupt, data), true, "/data"},
    {offsetof(struct hp_interrupt, trace_id), false, "/trace_id"},
    {offsetof(struct hp_interrupt, span_id), false, "/span_id"},
    {offsetof(struct hp_interrupt, response.text), false, "/response/text"},
    {offsetof(struct hp_interrupt, response.data), true, "/response/data"},
};

enum { TEXT_COUNT = sizeof texts / sizeof texts[0], RESPONSE_TEXTS_FIRST = TEXT_COUNT - 2 };

static const char *text_at(const struct hp_interrupt *interrupt, size_t index) {
    const char *text;
    memcpy(&text, (const char *)interrupt + texts[index].offset, sizeof text);
    return text;
}

struct hp_interrupt *hp_interrupt_new(const struct hp_interrupt *draft) {
    size_t lengths[TEXT_COUNT];
    size_t size_bytes = sizeof *draft;
    for (size_t i = 0; i < TEXT_COUNT; i++) {
        const char *text = text_at(draft, i);
        lengths[i] = text ? strlen(text) + 1 : 0;
        size_bytes += lengths[i];
    }
    struct hp_interrupt *copy = malloc(size_bytes);
    if (!copy) {
        return NULL;
    }
    *copy = *draft;
    char *at = (char *)(copy + 1);
    for (size_t i = 0; i < TEXT_COUNT; i++) {
        if (lengths[i] > 0) {
            memcpy(at, text_at(draft, i), lengths[i]);
            memcpy((char *)copy + texts[i].offset, &at, sizeof at);
            at += lengths[i];
        }
    }
    return copy;
}

void hp_interrupt_free(struct hp_interrupt *interrupt) {
    free(interrupt);
}

bool hp_interrupt_is_due(const struct hp_interrupt *interrupt, int64_t now_us) {
    return interrupt->status == HP_PENDING && hp_kind_rule(interrupt->kind)->auto_expires &&
           interrupt->expires_at_us != HP_INSTANT_NONE && interrupt->expires_at_us < now_us;
}

enum hp_interrupt_status hp_interrupt_shown_status(const struct hp_interrupt *interrupt, int64_t now_us) {
    return hp_interrupt_is_due(interrupt, now_us) ? HP_EXPIRED : interrupt->status;
}

/* More than the names, ids, instants and punctuation of an interrupt and its response take as JSON. */
enum { FRAME_BYTES = 600 };

static size_t text_size(const struct hp_interrupt *interrupt, size_t index) {
    const char *text = text_at(interrupt, index);
    return text && texts[index].is_json ? strlen(text) : json_string_size(text);
}

/* What the request that made it so could give up: the reason of a cancel, else the largest text that it
 * brought. */
static const char *largest_field(const struct hp_interrupt *interrupt) {
    if (interrupt->status == HP_CANCELLED) {
        return "/reason";
    }
    size_t largest = interrupt->has_response ? RESPONSE_TEXTS_FIRST : 0;
    size_t end = interrupt->has_response ? TEXT_COUNT : RESPONSE_TEXTS_FIRST;
    for (size_t i = largest + 1; i < end; i++) {
        largest = text_size(interrupt, i) > text_size(interrupt, largest) ? i : largest;
    }
    return texts[largest].pointer;
}

static size_t size_of(const struct hp_interrupt *interrupt) {
    size_t size_bytes = FRAME_BYTES;
    for (size_t i = 0; i < TEXT_COUNT; i++) {
        size_bytes += text_size(interrupt, i);
    }
    return size_bytes;
}

int64_t interrupt_room_bytes(const struct hp_response *response) {
    const struct hp_interrupt none = {0}, answered = {.response = response ? *response : none.response};
    size_t absent_bytes = RESPONSE_TEXTS_FIRST * json_string_size(NULL);
    return JSON_SIZE_MAX_BYTES - (int64_t)(size_of(&answered) - absent_bytes);
}

enum hp_status interrupt_refuse_size(const struct hp_interrupt *interrupt, struct hp_problem *problem) {
    return hp_problem_set(problem, HP_INVALID, largest_field(interrupt),
                          "the interrupt would take %zu bytes of JSON; at most %d are stored",
                          size_of(interrupt), JSON_SIZE_MAX_BYTES);
}

enum hp_status hp_interrupt_check_size(const struct hp_interrupt *interrupt, struct hp_problem *problem) {
    return size_of(interrupt) <= JSON_SIZE_MAX_BYTES ? HP_OK : interrupt_refuse_size(interrupt, problem);
}

enum hp_status hp_id_check(const char *id, const char *pointer, struct hp_problem *problem) {
    const char *name = pointer + 1;
    if (!id) {
        return hp_problem_set(problem, HP_INVALID, pointer, "%s is required", name);
    }
    size_t length_bytes = strlen(id);
    if (length_bytes == 0) {
        return hp_problem_set(problem, HP_INVALID, pointer, "%s must not be empty", name);
    }
    if (length_bytes > HP_ID_MAX_BYTES) {
        return hp_problem_set(problem, HP_INVALID, pointer, "%s must have at most %d bytes, not %zu", name,
                              HP_ID_MAX_BYTES, length_bytes);
    }
    if (!text_is_utf8(id, length_bytes)) {
        return hp_problem_set(problem, HP_INVALID, pointer, "%s must be UTF-8", name);
    }
    return HP_OK;
}

/* An id that may be absent, and, unlike the required ones, empty. */
static enum hp_status optional_id_check(const char *id, const char *pointer, struct hp_problem *problem) {
    return !id || *id == '\0' ? HP_OK : hp_id_check(id, pointer, problem);
}

static enum hp_status optional_text_check(const char *text, const char *pointer, struct hp_problem *problem) {
    if (!text || text_is_utf8(text, strlen(text))) {
        return HP_OK;
    }
    return hp_problem_set(problem, HP_INVALID, pointer, "%s must be UTF-8", pointer + 1);
}

enum hp_status hp_create_check(const struct hp_create *create, struct hp_problem *problem) {
    const struct {
        enum hp_status (*check)(const char *text, const char *pointer, struct hp_problem *problem);
        const char *text;
        const char *pointer;
    } checks[] = {
        {hp_id_check, create->request_id, "/request_id"},
        {hp_id_check, create->user_id, "/user_id"},
        {hp_id_check, create->session_id, "/session_id"},
        {optional_id_check, create->envelope_id, "/envelope_id"},
        {optional_text_check, create->question, "/question"},
        {optional_text_check, create->message, "/message"},
        {optional_id_check, create->trace_id, "/trace_id"},
        {optional_id_check, create->span_id, "/span_id"},
    };
    if ((unsigned)create->kind >= HP_KIND_COUNT) {
        return hp_problem_set(problem, HP_INVALID, "/kind", "unknown kind %d", (int)create->kind);
    }
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
        enum hp_status status = checks[i].check(checks[i].text, checks[i].pointer, problem);
        if (status != HP_OK) {
            return status;
        }
    }
    if (create->ttl_us < 0 && create->ttl_us != HP_TTL_NEVER) {
        return hp_problem_set(problem, HP_INVALID, "/ttl_seconds", "a time to live must be above 0");
    }
    return HP_OK;
}

enum hp_status hp_interrupt_create(const struct hp_create *create, const char *id, int64_t now_us,
                                   struct hp_interrupt **interrupt, struct hp_problem *problem) {
    int64_t ttl_us =
        create->ttl_us == HP_TTL_DEFAULT ? hp_kind_rule(create->kind)->default_ttl_us : create->ttl_us;
    if (ttl_us > HP_INSTANT_MAX - now_us) {
        return hp_problem_set(problem, HP_INVALID, "/ttl_seconds",
                              "the interrupt would expire after the year 9999");
    }
    struct hp_interrupt draft = {
        .kind = create->kind,
        .status = HP_PENDING,
        .request_id = create->request_id,
        .user_id = create->user_id,
        .session_id = create->session_id,
        .envelope_id = create->envelope_id,
        .question = create->question,
        .message = create->message,
        .data = create->data ? create->data : "{}",
        .trace_id = create->trace_id,
        .span_id = create->span_id,
        .created_at_us = now_us,
        .expires_at_us = ttl_us == HP_TTL_NEVER ? HP_INSTANT_NONE : now_us + ttl_us,
        .resolved_at_us = HP_INSTANT_NONE,
    };
    text_put(draft.id, sizeof draft.id, id);
    enum hp_status status = hp_interrupt_check_size(&draft, problem);
    if (status != HP_OK) {
        return status;
    }
    *interrupt = hp_interrupt_new(&draft);
    return *interrupt ? HP_OK : hp_problem_no_memory(problem);
}

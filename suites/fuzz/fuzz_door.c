/* Requests at the door: the first byte of each line chooses the method, the rest of the line is its params,
 * in which @ stands for the id of the interrupt that was created last. Whatever comes, an answer has a result
 * and a refusal has a reason, and what the store holds can be listed and drained. */
#include "reference/base/text.h"
#include "reference/core/json.h"
#include "reference/holdpoint.h"
#include "reference/service/door.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const methods[] = {
    "interrupt.create", "interrupt.get",
    "interrupt.list",   "interrupt.respond",
    "interrupt.cancel", "interrupt.expire_pending",
    "events.drain",     "interrupt.pending_for_request",
    "describe",         "interrupt.delete",
};

static json_t *call(struct hp_service *service, const char *method, const char *params, size_t length) {
    json_t *result = NULL;
    struct hp_problem problem = {0};
    enum hp_status status = door_call(service, method, params, length, &result, &problem);
    if (status == HP_OK ? !json_is_object(result) : problem.status != status || !problem.detail[0]) {
        abort();
    }
    if (!text_is_utf8(problem.detail, strlen(problem.detail)) ||
        !text_is_utf8(problem.field, strlen(problem.field))) {
        abort();
    }
    return status == HP_OK ? result : NULL;
}

/* Carries out one line, and keeps the id of what it created. */
static void carry_out(struct hp_service *service, const char *line, size_t length, char id[HP_ID_SIZE]) {
    struct text params = {0};
    for (size_t i = 1; i < length; i++) {
        if (line[i] == '@') {
            text_add(&params, id);
        } else {
            text_add_byte(&params, line[i]);
        }
    }
    const char *method = methods[(unsigned char)line[0] % (sizeof methods / sizeof methods[0])];
    json_t *result = call(service, method, params.bytes, params.length_bytes);
    if (result && method == methods[0]) {
        const json_t *interrupt = json_object_get(result, "interrupt");
        text_put(id, HP_ID_SIZE, json_string_value(json_object_get(interrupt, "id")));
    }
    json_decref(result);
    text_release(&params);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct hp_clock *clock = hp_clock_new();
    struct hp_ids *ids = hp_ids_seeded_new(1);
    struct hp_store *store = hp_store_memory_new(clock, ids);
    struct hp_service *service = hp_service_new(store);
    char id[HP_ID_SIZE] = "";
    hp_clock_set(clock, 0, NULL);
    for (const char *at = (const char *)data, *end = at + size; at < end;) {
        const char *line_end = memchr(at, '\n', (size_t)(end - at));
        line_end = line_end ? line_end : end;
        if (line_end > at) {
            carry_out(service, at, (size_t)(line_end - at), id);
            hp_clock_set(clock, hp_clock_now(clock) + HP_SECOND_US, NULL);
        }
        at = line_end + 1;
    }
    json_decref(call(service, "interrupt.expire_pending", NULL, 0));
    json_t *events = call(service, "events.drain", NULL, 0);
    if (!events) {
        abort();
    }
    json_decref(events);
    hp_service_free(service);
    hp_store_free(store);
    hp_ids_free(ids);
    hp_clock_free(clock);
    return 0;
}

#include "harness/adapters/mutant_webhook.h"

#include "harness/adapters/mutant_fault.h"
#include "harness/base/value.h"
#include "reference/service/webhook.h"
#include "reference/service/webhook_message.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { ENDPOINTS = 2 };

/* One endpoint's. */
struct place {
    const struct mutant *mutant;
    struct shadow *shadow;
    unsigned endpoint;
};

struct mutant_webhooks {
    struct place places[ENDPOINTS];
    struct hp_webhook_decorator decorators[ENDPOINTS];
};

static json_t *subscription_json(const struct hp_subscription *subscription) {
    json_t *headers = json_loads(subscription->headers, JSON_REJECT_DUPLICATES, NULL);
    return json_pack("{s:s, s:s, s:s?, s:s?, s:o, s:i, s:I, s:I}", "url", subscription->url, "events",
                     subscription->events, "secret", subscription->secret, "request_id",
                     subscription->request_id, "headers", headers, "max_tries", (int)subscription->max_tries,
                     "base_delay_us", (json_int_t)subscription->base_delay_us, "timeout_us",
                     (json_int_t)subscription->timeout_us);
}

static json_t *event_json(const struct hp_event *event) {
    char timestamp[HP_INSTANT_SIZE];
    hp_instant_format(event->timestamp_us, timestamp);
    return json_pack("{s:s, s:s, s:s, s:s, s:s}", "event_id", event->id, "event_type", event->type,
                     "timestamp", timestamp, "request_id", event->interrupt->request_id, "interrupt",
                     event->interrupt->id);
}

/* What stands in both scenes. */
static json_t *scene_of(const struct place *place, const char *op, const struct hp_webhook_delivery *delivery,
                        json_t *sent_new) {
    const struct shadow *shadow = place->shadow;
    json_t *stored = json_object_get(shadow->seen, delivery->event->interrupt->id);
    return json_pack("{s:s, s:i, s:i, s:o, s:O, s:O, s:O, s:O*, s:o, s:o}", "op", op, "endpoint",
                     (int)place->endpoint, "tries", (int)delivery->tries, "sent", sent_new, "seen",
                     shadow->seen, "memory", shadow->memory, "now", shadow->now, "stored", stored,
                     "subscription", subscription_json(delivery->subscription), "event",
                     event_json(delivery->event));
}

/* Carries the rules out. The scene, for the caller to drop under the mutex, which is held then; NULL without memory. */
static json_t *play(struct place *place, const char *op, const struct hp_webhook_delivery *delivery,
                    json_t *sent_new) {
    pthread_mutex_lock(&place->shadow->mutex);
    json_t *scene = sent_new ? scene_of(place, op, delivery, sent_new) : NULL;
    struct fault_call call = {.fault = place->mutant->fault, .shadow = place->shadow, .scene = scene};
    if (scene && fault_carry_out(&call, "before")) {
        return scene;
    }
    json_decref(scene);
    return NULL;
}

static void end(struct place *place, json_t *scene) {
    json_decref(scene);
    pthread_mutex_unlock(&place->shadow->mutex);
}

/* A line "Name: value", whose value may be missing. */
static bool read_header(json_t *headers, const char *line, size_t length_bytes) {
    const char *colon = memchr(line, ':', length_bytes);
    size_t name_bytes = colon ? (size_t)(colon - line) : length_bytes;
    size_t value_at = name_bytes + (name_bytes < length_bytes);
    value_at += value_at < length_bytes && line[value_at] == ' ';
    char *name = strndup(line, name_bytes);
    bool complete = name && json_object_set_new(headers, name,
                                                json_stringn(line + value_at, length_bytes - value_at)) == 0;
    free(name);
    return complete;
}

static json_t *headers_read(const struct text *lines) {
    json_t *headers = json_object();
    const char *line = lines->bytes, *last = line + lines->length_bytes;
    while (headers && line < last) {
        const char *line_end = memchr(line, '\n', (size_t)(last - line));
        line_end = line_end ? line_end : last;
        if (!read_header(headers, line, (size_t)(line_end - line))) {
            json_decref(headers);
            return NULL;
        }
        line = line_end + 1;
    }
    return headers;
}

static void write_header(struct text *lines, const char *name, const json_t *value) {
    const char *text = json_string_value(value);
    for (size_t i = 0; i < json_array_size(value); i++) {
        write_header(lines, name, json_array_get(value, i));
    }
    if (text) {
        text_addf(lines, "%s:%s%s\n", name, *text ? " " : "", text);
    }
}

static struct text headers_write(const json_t *headers) {
    struct text lines = {0};
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)headers, name, value) {
        write_header(&lines, name, value);
    }
    return lines;
}

static json_t *message_read(const struct webhook_message *message) {
    json_t *body = json_loadb(message->body.bytes, message->body.length_bytes, 0, NULL);
    json_t *text = json_stringn(message->body.bytes, message->body.length_bytes);
    return json_pack("{s:s, s:o, s:o*, s:o}", "url", message->url, "headers", headers_read(&message->headers),
                     "body", body, "text", text);
}

static void replace(struct text *old, struct text *with) {
    text_release(old);
    *old = *with;
}

/* What the rules made of it. False when memory runs out. */
static bool message_write(struct webhook_message *message, const json_t *sent, const json_t *original) {
    struct text headers = headers_write(json_object_get(sent, "headers")), body = {0};
    const json_t *value = json_object_get(sent, "body"), *text = json_object_get(sent, "text");
    if (value && !value_equals(value, json_object_get(original, "body"))) {
        value_write(&body, value);
    } else {
        text_append(&body, json_string_value(text), json_string_length(text));
    }
    bool complete = !headers.failed && !body.failed;
    replace(&message->headers, &headers);
    replace(&message->body, &body);
    return complete;
}

static bool sending(void *context, const struct hp_webhook_delivery *delivery,
                    struct webhook_message *message, int *status) {
    struct place *place = context;
    json_t *original = message_read(message);
    json_t *scene = play(place, "webhook.send", delivery, original ? json_deep_copy(original) : NULL);
    const json_t *result = json_object_get(scene, "result"), *sent = json_object_get(scene, "sent");
    bool goes = scene && !result && message_write(message, sent, original);
    *status = (int)json_integer_value(json_object_get(result, "status"));
    end(place, scene);
    json_decref(original);
    return goes;
}

static const char *const end_names[] = {
    [HP_WEBHOOK_DELIVERED] = "delivered", [HP_WEBHOOK_LATER] = "later", [HP_WEBHOOK_DEAD] = "dead"};

static enum hp_webhook_end end_from_name(const char *name, enum hp_webhook_end otherwise) {
    for (size_t i = 0; name && i < sizeof end_names / sizeof end_names[0]; i++) {
        if (strcmp(name, end_names[i]) == 0) {
            return (enum hp_webhook_end)i;
        }
    }
    return otherwise;
}

static void judged(void *context, const struct hp_webhook_delivery *delivery,
                   struct hp_webhook_attempt *attempt) {
    struct place *place = context;
    json_t *scene = play(place, "webhook.judge", delivery,
                         json_pack("{s:s, s:I, s:i}", "end", end_names[attempt->end], "delay_us",
                                   (json_int_t)attempt->delay_us, "status", attempt->status));
    const json_t *sent = json_object_get(scene, "sent");
    if (sent) {
        attempt->end = end_from_name(json_string_value(json_object_get(sent, "end")), attempt->end);
        attempt->delay_us = (int64_t)json_integer_value(json_object_get(sent, "delay_us"));
    }
    end(place, scene);
}

struct mutant_webhooks *mutant_webhooks_new(const struct mutant *mutant, struct shadow *shadow) {
    struct mutant_webhooks *webhooks = calloc(1, sizeof *webhooks);
    for (unsigned i = 0; webhooks && i < ENDPOINTS; i++) {
        webhooks->places[i] = (struct place){.mutant = mutant, .shadow = shadow, .endpoint = i};
        webhooks->decorators[i] = (struct hp_webhook_decorator){
            .context = &webhooks->places[i], .sending = sending, .judged = judged};
    }
    return webhooks;
}

void mutant_webhooks_free(struct mutant_webhooks *webhooks) {
    free(webhooks);
}

const struct hp_webhook_decorator *mutant_webhooks_decorators(const struct mutant_webhooks *webhooks) {
    return webhooks->decorators;
}

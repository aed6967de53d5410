#include "reference/service/webhook_message.h"
#include "reference/core/json.h"
#include "reference/core/wire.h"
#include "reference/service/webhook_signature.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

/* Headers that a subscription cannot bring. */
static const char *const own_headers[] = {
    "X-Webhook-Event",
    "X-Webhook-ID",
    "X-Webhook-Timestamp",
    "X-Webhook-Signature",
    "webhook-id",
    "webhook-timestamp",
    "webhook-signature",
    "Content-Type",
    "Content-Length",
    "Content-Encoding",
    "Transfer-Encoding",
    "Host",
    "Connection",
    "Proxy-Connection",
    "Keep-Alive",
    "Expect",
    "TE",
    "Trailer",
    "Upgrade",
};

/* As a receiver sees them that makes variables of headers: in no case, and "_" for "-". */
static bool is_alike(const char *name, const char *own) {
    for (; *name && *own; name++, own++) {
        if (tolower((unsigned char)(*name == '_' ? '-' : *name)) != tolower((unsigned char)*own)) {
            return false;
        }
    }
    return *name == *own;
}

static bool is_ours(const char *name) {
    for (size_t i = 0; i < sizeof own_headers / sizeof own_headers[0]; i++) {
        if (is_alike(name, own_headers[i])) {
            return true;
        }
    }
    return false;
}

/* An empty or blank value leaves the name alone. */
static void add_header(struct text *headers, const char *name, const char *value) {
    bool blank = value[strspn(value, " ")] == '\0';
    text_addf(headers, "%s:%s%s\n", name, blank ? "" : " ", blank ? "" : value);
}

static enum hp_status write_body(struct text *body, const struct hp_event *event,
                                 struct hp_problem *problem) {
    json_t *value = event_encode(event);
    bool written = value && json_write(body, value);
    json_decref(value);
    return written ? HP_OK : hp_problem_no_memory(problem);
}

static enum hp_status add_own_headers(struct text *headers, const char *json, struct hp_problem *problem) {
    json_t *object = NULL, *value;
    const char *name;
    struct hp_problem cause = {0};
    if (json_read(json, strlen(json), &object, &cause) != HP_OK) {
        return hp_problem_set(problem, HP_INTERNAL, NULL, "the headers of a subscription: %s", cause.detail);
    }
    json_object_foreach(object, name, value) {
        if (json_is_string(value) && !is_ours(name)) {
            add_header(headers, name, json_string_value(value));
        }
    }
    json_decref(object);
    return HP_OK;
}

static enum hp_status add_signatures(struct webhook_message *message, const char *secret, const char *id,
                                     int64_t timestamp_s, struct hp_problem *problem) {
    char signature[WEBHOOK_SIGNATURE_SIZE], standard[WEBHOOK_STANDARD_SIZE];
    const char *body = message->body.bytes;
    size_t length_bytes = message->body.length_bytes;
    if (!webhook_sign(secret, body, length_bytes, signature) ||
        !webhook_sign_standard(secret, id, timestamp_s, body, length_bytes, standard)) {
        return hp_problem_set(problem, HP_INTERNAL, NULL, "event %s could not be signed", id);
    }
    add_header(&message->headers, "X-Webhook-Signature", signature);
    add_header(&message->headers, "webhook-signature", standard);
    return HP_OK;
}

/* Whole seconds, also before 1970. */
static int64_t seconds_of(int64_t instant_us) {
    return instant_us / HP_SECOND_US - (instant_us % HP_SECOND_US < 0);
}

static void add_signed_headers(struct webhook_message *message, const struct hp_webhook_delivery *delivery) {
    const struct hp_event *event = delivery->event;
    char instant[HP_INSTANT_SIZE];
    hp_instant_format(event->timestamp_us, instant);
    text_add(&message->headers, "Content-Type: application/json\n");
    add_header(&message->headers, "X-Webhook-Event", event->type);
    add_header(&message->headers, "X-Webhook-ID", event->id);
    add_header(&message->headers, "X-Webhook-Timestamp", instant);
    add_header(&message->headers, "webhook-id", event->id);
    text_addf(&message->headers, "webhook-timestamp: %" PRId64 "\n", seconds_of(delivery->taken_at_us));
}

enum hp_status webhook_message_init(struct webhook_message *message,
                                    const struct hp_webhook_delivery *delivery, struct hp_problem *problem) {
    const struct hp_subscription *subscription = delivery->subscription;
    *message = (struct webhook_message){.url = subscription->url, .timeout_us = subscription->timeout_us};
    enum hp_status status = write_body(&message->body, delivery->event, problem);
    if (status == HP_OK) {
        status = add_own_headers(&message->headers, subscription->headers, problem);
    }
    if (status == HP_OK) {
        add_signed_headers(message, delivery);
    }
    if (status == HP_OK && subscription->secret) {
        status = add_signatures(message, subscription->secret, delivery->event->id,
                                seconds_of(delivery->taken_at_us), problem);
    }
    if (status == HP_OK && message->headers.failed) {
        status = hp_problem_no_memory(problem);
    }
    if (status != HP_OK) {
        webhook_message_release(message);
    }
    return status;
}

void webhook_message_release(struct webhook_message *message) {
    text_release(&message->body);
    text_release(&message->headers);
    *message = (struct webhook_message){0};
}

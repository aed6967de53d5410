#include "suites/chapters/webhook_record.h"
#include "harness/adapters/http_inbound.h"
#include "reference/base/instant.h"
#include "suites/chapters/webhook_check.h"

#include <stdlib.h>
#include <string.h>

/* Adds a member and takes the value; false when either could not be made. */
static bool put(json_t *object, const char *key, json_t *value) {
    return json_object_set_new(object, key, value) == 0;
}

static json_t *text_or_null(const char *text) {
    return text ? json_string(text) : json_null();
}

static json_t *method_of(const char *head) {
    return json_stringn(head, strcspn(head, " \r\n"));
}

/* Seconds since 1970 as an instant; null when it is none. */
static json_t *instant_of(const char *seconds) {
    char text[HP_INSTANT_SIZE], *end = NULL;
    long long number = seconds ? strtoll(seconds, &end, 10) : 0;
    if (!seconds || end == seconds || *end || number < HP_INSTANT_MIN / HP_SECOND_US ||
        number > HP_INSTANT_MAX / HP_SECOND_US) {
        return json_null();
    }
    hp_instant_format(number * HP_SECOND_US, text);
    return json_string(text);
}

static const char *header_of(const json_t *headers, const char *name) {
    return json_string_value(json_object_get(headers, name));
}

static bool put_signatures(json_t *record, const json_t *headers, const struct receiver_request *request,
                           const char *secret) {
    const char *signature = header_of(headers, "x-webhook-signature");
    const char *standard = header_of(headers, "webhook-signature");
    const char *one = signature ? "unchecked" : "missing", *other = standard ? "unchecked" : "missing";
    if (secret) {
        one = check_signature(signature, secret, request->body, request->body_bytes);
        other = check_standard(standard, header_of(headers, "webhook-id"),
                               header_of(headers, "webhook-timestamp"), secret, request->body,
                               request->body_bytes);
    }
    return one && other && put(record, "signature", json_string(one)) &&
           put(record, "standard_signature", json_string(other));
}

json_t *webhook_record(const struct receiver_request *request, const char *secret) {
    char digest[CHECK_HEX_SIZE];
    json_t *record = json_object();
    json_t *headers = request_headers(request->head);
    json_t *body =
        json_loadb(request->body, request->body_bytes, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);
    bool done =
        record && headers && check_digest(request->body, request->body_bytes, digest) &&
        put(record, "order", json_integer((json_int_t)request->order)) &&
        put(record, "method", method_of(request->head)) &&
        put(record, "request_id", text_or_null(json_string_value(json_object_get(body, "request_id")))) &&
        put(record, "event_id", text_or_null(json_string_value(json_object_get(body, "event_id")))) &&
        put(record, "body", body ? json_incref(body) : json_null()) &&
        put(record, "body_digest", json_string(digest)) &&
        put(record, "timestamp", text_or_null(header_of(headers, "x-webhook-timestamp"))) &&
        put(record, "tried_at", instant_of(header_of(headers, "webhook-timestamp"))) &&
        put(record, "answer", request->answer ? json_integer(request->answer) : json_null()) &&
        put_signatures(record, headers, request, secret) && put(record, "headers", json_incref(headers));
    json_decref(headers);
    json_decref(body);
    if (!done) {
        json_decref(record);
        return NULL;
    }
    return record;
}

#include "reference/core/subscription.h"
#include "reference/base/text.h"
#include "reference/core/interrupt.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Everything that is copied goes by this table. */
static const size_t texts[] = {
    offsetof(struct hp_subscription, url),     offsetof(struct hp_subscription, events),
    offsetof(struct hp_subscription, secret),  offsetof(struct hp_subscription, request_id),
    offsetof(struct hp_subscription, headers),
};

enum { TEXT_COUNT = sizeof texts / sizeof texts[0] };

static const char *text_at(const struct hp_subscription *subscription, size_t index) {
    const char *text;
    memcpy(&text, (const char *)subscription + texts[index], sizeof text);
    return text;
}

struct hp_subscription *hp_subscription_new(const struct hp_subscription *draft) {
    size_t size_bytes = sizeof *draft;
    for (size_t i = 0; i < TEXT_COUNT; i++) {
        size_bytes += text_at(draft, i) ? strlen(text_at(draft, i)) + 1 : 0;
    }
    struct hp_subscription *copy = malloc(size_bytes);
    if (!copy) {
        return NULL;
    }
    *copy = *draft;
    char *at = (char *)(copy + 1);
    for (size_t i = 0; i < TEXT_COUNT; i++) {
        const char *text = text_at(draft, i);
        if (text) {
            size_t length = strlen(text) + 1;
            memcpy(at, text, length);
            memcpy((char *)copy + texts[i], &at, sizeof at);
            at += length;
        }
    }
    return copy;
}

void hp_subscription_free(struct hp_subscription *subscription) {
    free(subscription);
}

/* The host with its port, behind the scheme; NULL when the scheme is not one of ours. */
static const char *behind_scheme(const char *url) {
    static const char *const schemes[] = {"http://", "https://"};
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        size_t length = strlen(schemes[i]);
        if (strncasecmp(url, schemes[i], length) == 0) {
            return url + length;
        }
    }
    return NULL;
}

static enum hp_status check_url(const char *url, struct hp_problem *problem) {
    if (!url) {
        return hp_problem_set(problem, HP_INVALID, "/url", "url is required");
    }
    if (strlen(url) > HP_URL_MAX_BYTES) {
        return hp_problem_set(problem, HP_INVALID, "/url", "url must have at most %d bytes",
                              HP_URL_MAX_BYTES);
    }
    for (const char *at = url; *at; at++) {
        if (*at <= ' ' || *at > '~' || *at == '\\') {
            return hp_problem_set(
                problem, HP_INVALID, "/url",
                "url must be visible ASCII without backslashes; percent-encode anything else");
        }
    }
    const char *authority = behind_scheme(url);
    size_t length = authority ? strcspn(authority, "/?#") : 0;
    if (length == 0 || *authority == ':') {
        return hp_problem_set(problem, HP_INVALID, "/url", "url must be http://HOST... or https://HOST...");
    }
    if (memchr(authority, '@', length)) {
        return hp_problem_set(problem, HP_INVALID, "/url",
                              "url must not carry a user or password; use a header of your own");
    }
    return HP_OK;
}

static bool is_word_byte(char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
           byte == '_' || byte == '-';
}

bool hp_event_pattern_is_valid(const char *pattern, size_t length_bytes) {
    if (length_bytes == 1 && *pattern == '*') {
        return true;
    }
    if (length_bytes > 2 && memcmp(pattern + length_bytes - 2, ".*", 2) == 0) {
        length_bytes -= 2;
    }
    bool word = false; /* a word stands before the next dot */
    for (size_t i = 0; i < length_bytes; i++) {
        if (!is_word_byte(pattern[i]) && !(pattern[i] == '.' && word)) {
            return false;
        }
        word = pattern[i] != '.';
    }
    return word;
}

static enum hp_status check_events(const char *events, struct hp_problem *problem) {
    if (!events || !*events) {
        return hp_problem_set(problem, HP_INVALID, "/events", "events must name at least one event");
    }
    if (strlen(events) > HP_EVENTS_MAX_BYTES) {
        return hp_problem_set(problem, HP_INVALID, "/events", "events must have at most %d bytes together",
                              HP_EVENTS_MAX_BYTES);
    }
    for (const char *at = events;; at++) {
        size_t length = strcspn(at, ",");
        if (!hp_event_pattern_is_valid(at, length)) {
            return hp_problem_set(problem, HP_INVALID, "/events",
                                  "an event is \"name\", \"prefix.*\" or \"*\"");
        }
        at += length;
        if (!*at) {
            return HP_OK;
        }
    }
}

/* What stands behind whsec_ is base64 with its padding. */
static bool is_base64(const char *text) {
    size_t length = strlen(text);
    size_t plain = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/");
    return length > 0 && length % 4 == 0 && length - plain <= 2 &&
           strspn(text + plain, "=") == length - plain;
}

static enum hp_status check_secret(const char *secret, struct hp_problem *problem) {
    if (!secret) {
        return HP_OK;
    }
    size_t length = strlen(secret);
    if (length == 0 || length > HP_SECRET_MAX_BYTES || !text_is_utf8(secret, length)) {
        return hp_problem_set(problem, HP_INVALID, "/secret", "secret must be UTF-8 of 1 to %d bytes",
                              HP_SECRET_MAX_BYTES);
    }
    if (strncmp(secret, "whsec_", 6) == 0 && !is_base64(secret + 6)) {
        return hp_problem_set(problem, HP_INVALID, "/secret", "what follows whsec_ must be base64");
    }
    return HP_OK;
}

static enum hp_status check_span(int64_t span_us, int64_t most_us, const char *pointer,
                                 struct hp_problem *problem) {
    if (span_us >= HP_SECOND_US / 1000 && span_us <= most_us) {
        return HP_OK;
    }
    return hp_problem_set(problem, HP_INVALID, pointer, "%s must be a number from 0.001 to %d", pointer + 1,
                          (int)(most_us / HP_SECOND_US));
}

enum hp_status hp_subscription_check(const struct hp_subscription *subscription, struct hp_problem *problem) {
    enum hp_status status = check_url(subscription->url, problem);
    if (status == HP_OK) {
        status = check_events(subscription->events, problem);
    }
    if (status == HP_OK) {
        status = check_secret(subscription->secret, problem);
    }
    if (status == HP_OK && subscription->request_id) {
        status = hp_id_check(subscription->request_id, "/request_id", problem);
    }
    if (status == HP_OK) {
        status = check_span(subscription->timeout_us, HP_TIMEOUT_MAX_US, "/timeout_seconds", problem);
    }
    if (status == HP_OK) {
        status = check_span(subscription->base_delay_us, HP_DELAY_MAX_US, "/base_delay_seconds", problem);
    }
    if (status == HP_OK && (subscription->max_tries < 1 || subscription->max_tries > HP_TRIES_MAX)) {
        status = hp_problem_set(problem, HP_INVALID, "/max_tries", "max_tries must be 1 to %d", HP_TRIES_MAX);
    }
    return status;
}

static bool pattern_matches(const char *pattern, size_t length, const char *event_type) {
    if (pattern[length - 1] == '*') {
        return strncmp(pattern, event_type, length - 1) == 0;
    }
    return strncmp(pattern, event_type, length) == 0 && event_type[length] == '\0';
}

bool hp_subscription_matches(const struct hp_subscription *subscription, const char *event_type,
                             const char *request_id) {
    if (subscription->request_id && strcmp(subscription->request_id, request_id) != 0) {
        return false;
    }
    for (const char *at = subscription->events; *at;) {
        size_t length = strcspn(at, ",");
        if (pattern_matches(at, length, event_type)) {
            return true;
        }
        at += length + (at[length] == ',');
    }
    return false;
}

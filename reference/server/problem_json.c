#include "reference/server/problem_json.h"
#include "reference/core/json.h"

#include <string.h>

static const char no_memory[] = "{\"type\":\"urn:holdpoint:problem:internal\",\"title\":\"the service failed "
                                "by its own fault\",\"status\":500,"
                                "\"detail\":\"out of memory\",\"name\":\"internal\"}";

unsigned problem_status(enum hp_status status) {
    switch (status) {
    case HP_OK:
        return 200;
    case HP_INVALID:
        return 400;
    case HP_NOT_FOUND:
        return 404;
    case HP_FORBIDDEN:
        return 403;
    case HP_CONFLICT:
        return 409;
    case HP_UNAVAILABLE:
        return 503;
    case HP_UNSUPPORTED:
        return 501;
    case HP_INTERNAL:
    default:
        return 500;
    }
}

static void write_member(struct text *body, const char *key, const char *value) {
    text_add(body, key);
    json_write_string(body, value, strlen(value));
}

static void answer(struct server_response *response, unsigned http_status, const char *title,
                   const struct hp_problem *problem) {
    struct text *body = &response->body;
    const char *name = hp_status_name(problem->status);
    text_clear(body);
    text_addf(body, "{\"type\":\"urn:holdpoint:problem:%s\"", name);
    write_member(body, ",\"title\":", title);
    text_addf(body, ",\"status\":%u", http_status);
    write_member(body, ",\"detail\":", problem->detail);
    write_member(body, ",\"name\":", name);
    if (problem->field[0]) {
        write_member(body, ",\"field\":", problem->field);
    }
    if (problem->interrupt_status[0]) {
        write_member(body, ",\"interrupt_status\":", problem->interrupt_status);
    }
    response->status = http_status;
    response->content_type = "application/problem+json";
    response->static_body = NULL;
    if (!text_add_byte(body, '}')) {
        response->status = 500;
        response->static_body = no_memory;
        response->static_body_length_bytes = sizeof no_memory - 1;
    }
    if (http_status == 503) {
        response_header_add(response, "Retry-After", "%d", PROBLEM_RETRY_SECONDS);
    }
}

void problem_answer(struct server_response *response, unsigned http_status,
                    const struct hp_problem *problem) {
    answer(response, http_status, hp_status_sentence(problem->status), problem);
}

void problem_refuse(struct server_response *response, unsigned http_status, enum hp_status status,
                    const char *field, const char *detail) {
    static const struct {
        unsigned status;
        const char *title;
    } titles[] = {{401, "it is not known who asks"},
                  {404, "there is no such path"},
                  {405, "the path does not take this method"},
                  {413, "the body is too large"},
                  {415, "the body is no JSON"}};
    struct hp_problem problem = {0};
    const char *title = hp_status_sentence(status);
    for (size_t i = 0; i < sizeof titles / sizeof titles[0]; i++) {
        title = titles[i].status == http_status ? titles[i].title : title;
    }
    hp_problem_set(&problem, status, field, "%s", detail);
    answer(response, http_status, title, &problem);
}

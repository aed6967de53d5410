#include "reference/server/flows.h"
#include "reference/core/request_flow.h"
#include "reference/service/kernel.h"
#include "reference/service/resumption.h"

#include <stdlib.h>
#include <string.h>

/* Answers with the process and takes it. */
static enum hp_status answer_flow(struct server_call *call, json_t *shown, unsigned http_status) {
    bool written = json_write(&call->response.body, shown);
    json_decref(shown);
    call->response.status = http_status;
    call->response.content_type = "application/json";
    return written ? HP_OK : hp_problem_no_memory(&call->problem);
}

static enum hp_status read_body(struct server_call *call, json_t **body) {
    return request_read(call->request.body, call->request.body_length_bytes, body, &call->problem);
}

/* The envelope names the user, unless a proxy does; nobody's flow is taken. */
static enum hp_status put_user(struct server_call *call, json_t *envelope) {
    const json_t *named = json_object_get(envelope, "user_id");
    if (!json_is_object(envelope) || (named && !json_is_null(named) && !json_is_string(named))) {
        return HP_OK; /* what is wrong with it is said when it is read */
    }
    if (!json_is_string(named) && call->user) {
        return json_object_set_new(envelope, "user_id", json_string(call->user)) == 0
                   ? HP_OK
                   : hp_problem_no_memory(&call->problem);
    }
    return hp_id_check(json_string_value(named), "/envelope/user_id", &call->problem);
}

/* %-encodes what is no unreserved character of a URI, and the dots of a segment that has no other: a client would take
 * those for this folder or the one above. */
static void write_segment(struct text *text, const char *segment) {
    static const char plain[] = ".ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_~";
    bool dots = strcmp(segment, ".") == 0 || strcmp(segment, "..") == 0;
    for (; *segment; segment++) {
        text_addf(text, strchr(plain + dots, *segment) ? "%c" : "%%%02X", (unsigned char)*segment);
    }
}

static enum hp_status put_location(struct server_call *call, const json_t *shown) {
    struct text path = {0};
    write_segment(&path, json_string_value(json_object_get(shown, "pid")));
    bool made = !path.failed;
    if (made) {
        response_header_add(&call->response, "Location", "%s/flows/%s", call->site->prefix, path.bytes);
    }
    text_release(&path);
    return made ? HP_OK : hp_problem_no_memory(&call->problem);
}

enum hp_status flows_submit(struct server_call *call) {
    json_t *body = NULL, *shown = NULL;
    enum hp_status status = read_body(call, &body);
    struct kernel_submission submission = {.user_id = call->user, .most = quota_default()};
    if (status == HP_OK) {
        json_t *envelope = json_object_get(body, "envelope");
        submission.envelope = json_is_null(envelope) ? NULL : envelope;
        status = put_user(call, envelope);
    }
    if (status == HP_OK) {
        status = kernel_submit(call->service, &submission, &shown, &call->problem);
    }
    if (status == HP_OK) {
        status = put_location(call, shown);
    }
    json_decref(body);
    if (status != HP_OK) {
        json_decref(shown);
        return status;
    }
    return answer_flow(call, shown, 201);
}

enum hp_status flows_get(struct server_call *call) {
    json_t *shown = NULL;
    enum hp_status status = kernel_get(call->service, call->match.id, call->user, &shown, &call->problem);
    return status == HP_OK ? answer_flow(call, shown, 200) : status;
}

enum hp_status flows_resume(struct server_call *call) {
    struct request_resume resume = {0};
    json_t *body = NULL, *shown = NULL;
    enum hp_status status = read_body(call, &body);
    if (status == HP_OK) {
        status = request_read_resume(body, &resume, &call->problem);
    }
    if (status == HP_OK) {
        status = resume_process(call->service, call->match.id, call->user, &resume, &shown, &call->problem);
    }
    free(resume.data);
    json_decref(body);
    return status == HP_OK ? answer_flow(call, shown, 200) : status;
}

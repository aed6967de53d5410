#include "reference/server/site.h"
#include "reference/core/interrupt.h"
#include "reference/server/problem_json.h"
#include "reference/server/server.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define TOKEN_CHARACTERS "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define PATH_CHARACTERS "-._~/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

enum { PREFIX_MAX_BYTES = 255 };

static enum hp_status check_prefix(const char *prefix, struct hp_problem *problem) {
    size_t length = strlen(prefix);
    bool path = length == 0 || (prefix[0] == '/' && prefix[length - 1] != '/' && !strstr(prefix, "//"));
    if (path && prefix[strspn(prefix, PATH_CHARACTERS)] == '\0' && length <= PREFIX_MAX_BYTES) {
        return HP_OK;
    }
    return hp_problem_set(
        problem, HP_INVALID, NULL,
        "\"%.80s\" is no prefix; a path like /api/v1 was expected, without a slash at its end", prefix);
}

static enum hp_status copy_text(char **copy, const char *text, struct hp_problem *problem) {
    *copy = text_copy(text);
    return *copy || !text ? HP_OK : hp_problem_no_memory(problem);
}

enum hp_status site_init(struct site *site, const struct route *routes, size_t route_count,
                         struct deployment *deployment, const char *prefix, struct hp_problem *problem) {
    *site = (struct site){.routes = routes, .route_count = route_count, .deployment = deployment};
    enum hp_status status = check_prefix(prefix, problem);
    return status == HP_OK ? copy_text(&site->prefix, prefix, problem) : status;
}

enum hp_status site_set_auth_header(struct site *site, const char *name, struct hp_problem *problem) {
    if (name && (!*name || name[strspn(name, TOKEN_CHARACTERS)])) {
        return hp_problem_set(problem, HP_INVALID, NULL, "\"%.80s\" is no name of a header", name);
    }
    return copy_text(&site->auth_header, name, problem);
}

enum hp_status site_set_operator_token(struct site *site, const char *token, struct hp_problem *problem) {
    if (token && !*token) {
        return hp_problem_set(problem, HP_INVALID, NULL, "the operator's token is empty");
    }
    return copy_text(&site->operator_token, token, problem);
}

void site_release(struct site *site) {
    free(site->prefix);
    free(site->auth_header);
    free(site->operator_token);
    text_release(&site->openapi);
    site->prefix = site->auth_header = site->operator_token = NULL;
}

/* Splits the target; one in absolute form loses its scheme and host. */
static const char *path_of(const char *target, size_t *path_length_bytes, const char **query) {
    const char *scheme = target + strcspn(target, ":/?");
    if (strncmp(scheme, "://", 3) == 0) {
        target = scheme + 3 + strcspn(scheme + 3, "/?");
    }
    *path_length_bytes = strcspn(target, "?");
    *query = target + *path_length_bytes + (target[*path_length_bytes] == '?');
    return target;
}

/* Takes as long for a token that begins right as for any other. */
static bool is_token(const char *given, const char *token) {
    size_t length = strlen(token);
    unsigned difference = 0;
    if (strlen(given) != length) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        difference |= (unsigned char)(given[i] ^ token[i]);
    }
    return difference == 0;
}

static bool is_operator(const struct server_call *call) {
    static const char scheme[] = "Bearer ";
    const char *given = call->request.headers[HEADER_AUTHORIZATION];
    const char *token = call->site->operator_token;
    return token && given && !call->request.repeated[HEADER_AUTHORIZATION] &&
           strncasecmp(given, scheme, sizeof scheme - 1) == 0 &&
           is_token(given + sizeof scheme - 1 + strspn(given + sizeof scheme - 1, " "), token);
}

static bool is_known_user(const struct server_call *call) {
    const char *user = call->request.headers[HEADER_USER];
    return user && *user && !call->request.repeated[HEADER_USER];
}

/* application/json, whose only charset is UTF-8 (RFC 8259). */
static bool is_json(const struct server_call *call) {
    static const char type[] = "application/json", charset[] = "charset=";
    const char *given = call->request.headers[HEADER_CONTENT_TYPE];
    if (!given || call->request.repeated[HEADER_CONTENT_TYPE] ||
        strncasecmp(given, type, sizeof type - 1) != 0) {
        return false;
    }
    given += sizeof type - 1;
    given += strspn(given, " \t");
    if (!*given) {
        return true;
    }
    while (*given == ';') {
        given += 1 + strspn(given + 1, " \t");
        if (strncasecmp(given, charset, sizeof charset - 1) == 0) {
            const char *value = given + sizeof charset - 1;
            value += *value == '"';
            if (strncasecmp(value, "utf-8", 5) != 0 || !strchr("\"; \t", value[5])) {
                return false;
            }
        }
        given += strcspn(given, ";");
    }
    return *given == '\0';
}

static void refuse(struct server_call *call, unsigned http_status, enum hp_status status,
                   const char *detail) {
    problem_refuse(&call->response, http_status, status, NULL, detail);
}

/* Who asks must be known before it matters what is asked. */
static bool refuse_stranger(struct server_call *call, unsigned wants) {
    if (wants & ROUTE_WANTS_OPERATOR && !is_operator(call)) {
        refuse(call, 401, HP_FORBIDDEN,
               "this is for the operator: Authorization: Bearer and his token were expected");
    } else if (wants & (ROUTE_WANTS_USER | ROUTE_NAMES_USER) && call->site->auth_header &&
               !is_known_user(call)) {
        refuse(call, 401, HP_FORBIDDEN, "the proxy did not say once who the user is");
    } else {
        return false;
    }
    response_header_add(&call->response, "WWW-Authenticate", "Bearer");
    return true;
}

bool call_screen(struct server_call *call) {
    size_t length_bytes;
    const char *query;
    const char *path = path_of(call->request.target, &length_bytes, &query);
    route_find(call->site->routes, call->site->route_count, call->site->prefix, path, length_bytes,
               call->request.method, &call->match);
    const struct route *route = call->match.route;
    if (call->request.ambiguous) {
        refuse(
            call, 400, HP_INVALID,
            "the target must not hold NUL, no blank may stand between a header's name and its colon, and how "
            "long the body is must be said once: Content-Length, or Transfer-Encoding: chunked");
    } else if (!call->match.known) {
        refuse(call, 404, HP_NOT_FOUND, "there is no such path");
    } else if (strcmp(call->request.method, "OPTIONS") == 0) {
        call->response.status = 204;
        response_header_add(&call->response, "Allow", "%s", call->match.allow);
    } else if (!route) {
        refuse(call, 405, HP_UNSUPPORTED,
               "the path does not take this method; the header Allow says which it takes");
        response_header_add(&call->response, "Allow", "%s", call->match.allow);
    } else if (refuse_stranger(call, route->wants)) {
        return true;
    } else if (route->wants & ROUTE_WANTS_BODY && call->request.announced_bytes > 0 && !is_json(call)) {
        refuse(call, 415, HP_INVALID, "a body of the type application/json was expected");
    } else if (call->request.announced_bytes != REQUEST_CHUNKED &&
               call->request.announced_bytes > SERVER_BODY_MAX_BYTES) {
        refuse(call, 413, HP_INVALID, "the body is larger than the 1200000 bytes that are taken");
    } else {
        return false;
    }
    return true;
}

/* The user, from where the site has him from. */
static enum hp_status find_user(struct server_call *call) {
    const char *named = query_string_value(&call->query, "user_id");
    if (!call->site->auth_header) {
        call->user = named;
        return hp_id_check(named, "/user_id", &call->problem);
    }
    call->user = call->request.headers[HEADER_USER];
    enum hp_status status = hp_id_check(call->user, "/user_id", &call->problem);
    if (status == HP_OK && named && strcmp(named, call->user) != 0) {
        status = hp_problem_set(&call->problem, HP_FORBIDDEN, NULL,
                                "user_id is not the user that the proxy names");
    }
    return status;
}

static enum hp_status carry_out(struct server_call *call) {
    const struct route *route = call->match.route;
    size_t path_length_bytes;
    const char *query;
    path_of(call->request.target, &path_length_bytes, &query);
    enum hp_status status = query_string_read(&call->query, query, strlen(query), "kind", &call->problem);
    bool user =
        route->wants & ROUTE_WANTS_USER || (route->wants & ROUTE_NAMES_USER && call->site->auth_header);
    if (status == HP_OK && user) {
        status = find_user(call);
    }
    if (status == HP_OK && route->wants & ROUTE_WANTS_BODY && call->request.body_length_bytes == 0) {
        status = hp_problem_set(&call->problem, HP_INVALID, NULL, "a body was expected: a JSON object");
    }
    return status == HP_OK ? route->answer(call) : status;
}

void call_answer(struct server_call *call) {
    if (call->request.too_large) {
        refuse(call, 413, HP_INVALID, "the body is larger than the 1200000 bytes that are taken");
        return;
    }
    bool store = call->match.route->wants & ROUTE_WANTS_STORE;
    if (store) {
        call->service = deployment_enter(call->site->deployment);
    }
    enum hp_status status = carry_out(call);
    if (store) {
        deployment_leave(call->site->deployment);
    }
    if (status != HP_OK) {
        call->problem.status = status;
        problem_answer(&call->response, call->refusal ? call->refusal : problem_status(status),
                       &call->problem);
    }
}

void call_release(struct server_call *call) {
    query_string_release(&call->query);
    response_release(&call->response);
}

#include "harness/adapters/http.h"

#include "harness/adapters/http_child.h"
#include "harness/adapters/http_curl.h"
#include "harness/adapters/http_line.h"
#include "harness/adapters/http_session.h"
#include "harness/adapters/in_process.h"
#include "harness/adapters/sluice.h"
#include "harness/base/method.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { OWN_CHILDREN = 2, OWN_ENDPOINTS = 2, LOG_CAP_BYTES = 1024 * 1024 };

struct http {
    struct target target;
    struct profile *profile;
    struct sluice sluice;
    unsigned timeout_ms;
    char *store;           /* of the reference's own servers; NULL: the profile says which */
    pthread_mutex_t mutex; /* guards what follows, and the profile's servers while children start */
    struct target *ground; /* whose database the children use; NULL: none */
    struct hello ground_hello;
    struct http_child *children[PROFILE_SERVERS_MAX];
    size_t child_count;
    struct text log; /* of children that have ended */
};

static struct http *http_of(struct target *target) {
    return (struct http *)target;
}

static void end_children(struct http *http) {
    if (http->log.failed) {
        text_clear(&http->log);
    }
    for (size_t i = 0; i < http->child_count; i++) {
        http_child_end(http->children[i], &http->log);
        http->children[i] = NULL;
    }
    http->child_count = 0;
}

/* The database in which the children work. */
static enum hp_status ensure_ground(struct http *http, struct hp_problem *problem) {
    if (strcmp(http->store, "memory") == 0 || http->ground) {
        return HP_OK;
    }
    const char *conninfo = strchr(http->store, ':');
    enum hp_status status = in_process_postgres_new(conninfo ? conninfo + 1 : NULL, &http->ground, problem);
    return status == HP_OK ? target_hello(http->ground, &http->ground_hello, problem) : status;
}

static bool starts_servers(const struct http *http) {
    return http->store || profile_has_commands(http->profile);
}

/* The URLs are gone with the run, so a person is shown names for what the servers print. The endpoints are the servers; our
 * own one in memory is two endpoints over one state. */
static enum hp_status move(struct http *http, struct hp_problem *problem) {
    struct profile_server servers[PROFILE_SERVERS_MAX];
    size_t count = http->store ? OWN_ENDPOINTS : http->child_count;
    for (size_t i = 0; i < count; i++) {
        const struct http_child *child = http->children[i % http->child_count];
        servers[i].url = (struct profile_text){(char *)http_child_url(child), "$URL"};
        servers[i].controls = (struct profile_text){(char *)http_child_controls(child), "$CONTROLS"};
    }
    return profile_move(http->profile, servers, count, problem);
}

static enum hp_status start_child(struct http *http, size_t index, struct hp_problem *problem) {
    return http->store ? http_child_start(http->ground_hello.database, http->ground_hello.schema,
                                          http->timeout_ms, &http->children[index], problem)
                       : http_child_start_command(http->profile->commands[index], http->timeout_ms,
                                                  &http->children[index], problem);
}

static enum hp_status ensure_children(struct http *http, struct hp_problem *problem) {
    if (!starts_servers(http) || http->child_count > 0) {
        return HP_OK;
    }
    enum hp_status status = http->store ? ensure_ground(http, problem) : HP_OK;
    size_t wanted = !http->store ? http->profile->server_count : http->ground ? OWN_CHILDREN : 1;
    while (status == HP_OK && http->child_count < wanted) {
        status = start_child(http, http->child_count, problem);
        http->child_count += status == HP_OK;
    }
    status = status == HP_OK ? move(http, problem) : status;
    if (status != HP_OK) {
        end_children(http);
    }
    return status;
}

/* Any answer is a sign of life. */
static enum hp_status check_server(const struct http *http, const struct profile_server *server,
                                   struct hp_problem *problem) {
    struct text url = {0};
    struct http_reply reply = {0};
    struct http_line *line = http_line_new(http->profile->body_max_bytes);
    enum hp_status status =
        line && text_addf(&url, "%s/healthz", server->url.sent) ? HP_OK : hp_problem_no_memory(problem);
    if (status == HP_OK) {
        const struct http_request request = {.verb = "GET", .url = url.bytes};
        status = http_line_start(line, &request, problem);
    }
    if (status == HP_OK && !http_line_wait(line, http->timeout_ms, &reply)) {
        status = hp_problem_set(problem, HP_UNAVAILABLE, NULL, "%s: no answer within %u ms",
                                server->url.shown, http->timeout_ms);
    }
    if (status == HP_OK && reply.broken) {
        status = hp_problem_set(problem, HP_UNAVAILABLE, NULL, "%s: %s", server->url.shown, reply.detail);
    }
    http_reply_release(&reply);
    http_line_free(line);
    text_release(&url);
    return status;
}

static bool add_capability(struct hello *hello, const char *name) {
    return json_array_append_new(hello->capabilities, json_string(name)) == 0;
}

/* The reference keeps all of contract parts 1 and 2; what it has no route for its controls carry out. */
static bool add_parts_one_and_two(const struct http *http, struct hello *hello) {
    bool whole = !http->store || hello_declares(hello, "instants") || add_capability(hello, "instants");
    for (size_t i = 0; whole && http->store && method_offered(i); i++) {
        const char *name = method_capability(method_offered(i));
        whole = hello_declares(hello, name) || add_capability(hello, name);
    }
    return whole;
}

/* The same of part 3. */
static bool add_part_three(const struct http *http, struct hello *hello) {
    bool whole = true;
    for (size_t i = 0; whole && http->store && capability_over_http(i); i++) {
        const char *name = capability_over_http(i);
        whole = hello_declares(hello, name) || add_capability(hello, name);
    }
    return whole;
}

/* Its controls carry out what there is no route for. */
static bool add_part_four(const struct http *http, struct hello *hello) {
    bool whole = true;
    for (size_t i = 0; whole && http->store && capability_of_flows(i); i++) {
        const char *name = capability_of_flows(i);
        whole = hello_declares(hello, name) || add_capability(hello, name);
    }
    return whole;
}

/* What is known of the reference's own servers besides. */
static bool add_ground(const struct http *http, struct hello *hello) {
    if (!http->ground) {
        return true;
    }
    hello->database = text_copy(http->ground_hello.database);
    hello->schema = text_copy(http->ground_hello.schema);
    return hello->database && hello->schema && add_capability(hello, "database") &&
           add_capability(hello, "processes") && add_capability(hello, "restart");
}

static enum hp_status make_hello(const struct http *http, struct hello *hello, struct hp_problem *problem) {
    const char *name = http->profile->name ? http->profile->name
                       : http->ground      ? "holdpoint serve, PostgreSQL store"
                       : http->store       ? "holdpoint serve, memory store"
                                           : http->profile->servers[0].url.shown;
    *hello = (struct hello){.name = text_copy(name),
                            .version = text_copy(http->store ? HOLDPOINT_VERSION : "unknown"),
                            .language = text_copy(http->store ? "C" : "unknown"),
                            .capabilities = profile_capabilities(http->profile),
                            .endpoints = (unsigned)http->profile->server_count,
                            .outlives = !http->store && !profile_has_controls(http->profile)};
    if (!hello->name || !hello->version || !hello->language || !hello->capabilities ||
        !add_parts_one_and_two(http, hello) || !add_part_three(http, hello) || !add_part_four(http, hello) ||
        !add_ground(http, hello)) {
        hello_release(hello);
        return hp_problem_no_memory(problem);
    }
    return HP_OK;
}

static enum hp_status say_hello(struct target *target, struct hello *hello, struct hp_problem *problem) {
    struct http *http = http_of(target);
    pthread_mutex_lock(&http->mutex);
    enum hp_status status = ensure_children(http, problem);
    for (size_t i = 0; i < http->profile->server_count && status == HP_OK; i++) {
        status = check_server(http, &http->profile->servers[i], problem);
    }
    if (status == HP_OK) {
        status = make_hello(http, hello, problem);
    }
    pthread_mutex_unlock(&http->mutex);
    return status;
}

static void pump(struct target *target) {
    struct http *http = http_of(target);
    pthread_mutex_lock(&http->mutex);
    for (size_t i = 0; i < http->child_count; i++) {
        http_child_pump(http->children[i]);
    }
    pthread_mutex_unlock(&http->mutex);
}

static enum hp_status open_session(struct target *target, unsigned endpoint, struct session **session,
                                   struct hp_problem *problem) {
    struct http *http = http_of(target);
    const struct http_ground ground = {target, http->profile, &http->sluice,
                                       starts_servers(http) ? pump : NULL};
    pthread_mutex_lock(&http->mutex);
    enum hp_status status = ensure_children(http, problem);
    if (status == HP_OK && endpoint >= http->profile->server_count) {
        status = hp_problem_set(problem, HP_INVALID, NULL, "there is no endpoint %u; the target has %zu",
                                endpoint, http->profile->server_count);
    }
    if (status == HP_OK) {
        status = http_session_open(&ground, endpoint, session, problem);
    }
    pthread_mutex_unlock(&http->mutex);
    return status;
}

/* Connections are the sessions' own; what else there is to throw away are servers of ours. */
static void restart(struct target *target) {
    struct http *http = http_of(target);
    pthread_mutex_lock(&http->mutex);
    end_children(http);
    pthread_mutex_unlock(&http->mutex);
}

static void take_log(struct target *target, struct text *log) {
    struct http *http = http_of(target);
    pthread_mutex_lock(&http->mutex);
    if (http->log.length_bytes > 0) {
        text_append(log, http->log.bytes, http->log.length_bytes);
    }
    text_clear(&http->log);
    for (size_t i = 0; i < http->child_count; i++) {
        http_child_take_log(http->children[i], log);
    }
    pthread_mutex_unlock(&http->mutex);
}

static void reproduce(struct target *target, const struct request *request, struct text *text) {
    struct http *http = http_of(target);
    pthread_mutex_lock(&http->mutex);
    http_curl_write(http->profile, request, text);
    pthread_mutex_unlock(&http->mutex);
}

static void free_target(struct target *target) {
    struct http *http = http_of(target);
    end_children(http);
    hello_release(&http->ground_hello);
    target_free(http->ground);
    profile_free(http->profile);
    text_release(&http->log);
    free(http->store);
    sluice_release(&http->sluice);
    pthread_mutex_destroy(&http->mutex);
    free(http);
}

static const struct target_ops operations = {say_hello, open_session, restart, take_log,
                                             reproduce, free_target,  NULL};

struct target *http_new(struct profile *profile, unsigned timeout_ms) {
    struct http *made = calloc(1, sizeof *made);
    if (!made || pthread_mutex_init(&made->mutex, NULL) != 0) {
        free(made);
        return NULL;
    }
    if (!sluice_init(&made->sluice)) {
        pthread_mutex_destroy(&made->mutex);
        free(made);
        return NULL;
    }
    made->target.ops = &operations;
    made->profile = profile;
    made->timeout_ms = timeout_ms;
    text_init(&made->log, LOG_CAP_BYTES);
    return &made->target;
}

enum hp_status http_reference_new(const char *store, unsigned timeout_ms, struct target **target,
                                  struct hp_problem *problem) {
    struct profile *profile = NULL;
    if (strcmp(store, "memory") != 0 && strcmp(store, "postgres") != 0 &&
        (strncmp(store, "postgres:", 9) != 0 || !store[9])) {
        return hp_problem_set(problem, HP_INVALID, NULL,
                              "\"http:%.60s\" names no store of ours; write http:memory, http:postgres, "
                              "http:postgres:DSN, or http:URL for another's service",
                              store);
    }
    /* Where its servers are is known when they run. */
    enum hp_status status = profile_of_contract("http://127.0.0.1", "http://127.0.0.1", &profile, problem);
    struct target *made = status == HP_OK ? http_new(profile, timeout_ms) : NULL;
    char *copy = text_copy(store);
    if (!made || !copy) {
        free(copy);
        target_free(made);
        if (!made) {
            profile_free(profile);
        }
        return status != HP_OK ? status : hp_problem_no_memory(problem);
    }
    http_of(made)->store = copy;
    status = profile_set_operator(profile, "Authorization: Bearer " HTTP_CHILD_TOKEN, problem);
    if (status != HP_OK) {
        target_free(made);
        return status;
    }
    *target = made;
    return HP_OK;
}

#include "harness/adapters/hello.h"

#include "harness/adapters/excerpt.h"
#include "harness/adapters/rpc.h"
#include "harness/base/value.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LIMIT_FIELD_SIZE = 64 };

void hello_make_nonce(char nonce[HELLO_NONCE_SIZE]) {
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    static unsigned counter;
    struct timespec now = {0};
    pid_t id = getpid();
    clock_gettime(CLOCK_REALTIME, &now);
    pthread_mutex_lock(&mutex);
    unsigned count = ++counter;
    pthread_mutex_unlock(&mutex);
    uint64_t hash = text_hash(TEXT_HASH_START, &now.tv_sec, sizeof now.tv_sec);
    hash = text_hash(hash, &now.tv_nsec, sizeof now.tv_nsec);
    hash = text_hash(hash, &id, sizeof id);
    hash = text_hash(hash, &count, sizeof count);
    snprintf(nonce, HELLO_NONCE_SIZE, "%016llx", (unsigned long long)hash);
}

bool hello_add_params(struct text *text, const char *nonce) {
    return text_addf(text, "{\"protocol\":%d,\"nonce\":\"%s\"}", RPC_PROTOCOL, nonce);
}

static enum hp_status check_nonce(const json_t *result, const char *nonce, struct hp_problem *problem) {
    const char *repeated = json_string_value(json_object_get(result, "nonce"));
    if (repeated && strcmp(repeated, nonce) == 0) {
        return HP_OK;
    }
    char excerpt[EXCERPT_SIZE];
    excerpt_put(excerpt, repeated ? repeated : "", repeated ? strlen(repeated) : 0);
    return hp_problem_set(problem, HP_INVALID, "/nonce",
                          "the hello repeats the wrong nonce: %s where \"%s\" was sent; a stale or wrong "
                          "process may have answered",
                          repeated ? excerpt : "none", nonce);
}

static enum hp_status check_protocol(const json_t *result, struct hp_problem *problem) {
    const json_t *protocol = json_object_get(result, "protocol");
    if (json_is_integer(protocol) && json_integer_value(protocol) == RPC_PROTOCOL) {
        return HP_OK;
    }
    char *dump = protocol ? value_dump(protocol, JSON_COMPACT | JSON_ENCODE_ANY) : NULL;
    hp_problem_set(problem, HP_INVALID, "/protocol",
                   "the hello speaks the wrong protocol version: %.40s; this harness speaks %d",
                   dump ? dump : "none is named", RPC_PROTOCOL);
    free(dump);
    return HP_INVALID;
}

static enum hp_status check_capabilities(const json_t *capabilities, struct hp_problem *problem) {
    bool texts = json_is_array(capabilities);
    for (size_t i = 0; texts && i < json_array_size(capabilities); i++) {
        texts = json_is_string(json_array_get(capabilities, i));
    }
    return texts ? HP_OK
                 : hp_problem_set(problem, HP_INVALID, "/capabilities",
                                  "the hello's capabilities are no list of texts; "
                                  "[\"create\", \"get\", ...] was expected");
}

/* A limit that is missing leaves *number as it is. */
static enum hp_status read_limit(const json_t *limits, const char *name, json_int_t min, json_int_t max,
                                 json_int_t *number, struct hp_problem *problem) {
    const json_t *value = json_object_get(limits, name);
    if (!value) {
        return HP_OK;
    }
    json_int_t given = json_integer_value(value);
    if (!json_is_integer(value) || given < min || given > max) {
        char field[LIMIT_FIELD_SIZE];
        snprintf(field, sizeof field, "/limits/%s", name);
        return hp_problem_set(problem, HP_INVALID, field,
                              "the hello's limits.%s is no integer from %lld to %lld", name, (long long)min,
                              (long long)max);
    }
    *number = given;
    return HP_OK;
}

static enum hp_status read_limits(const json_t *limits, struct hello *hello, struct hp_problem *problem) {
    json_int_t endpoints = 1, processes = 1, clock_error_us = 0;
    enum hp_status status = read_limit(limits, "endpoints", 1, HELLO_ENDPOINTS_MAX, &endpoints, problem);
    /* A child without an endpoint of its own would never be spoken to. */
    status = status != HP_OK ? status : read_limit(limits, "processes", 1, endpoints, &processes, problem);
    status = status != HP_OK ? status
                             : read_limit(limits, "clock_error_us", 0, HELLO_CLOCK_ERROR_MAX_US,
                                          &clock_error_us, problem);
    hello->endpoints = (unsigned)endpoints;
    hello->processes = (unsigned)processes;
    hello->clock_error_us = clock_error_us;
    return status;
}

/* Copies a text of the hello. An identity that is missing is no reason to refuse a service; it is shown. */
static char *copy_identity(const json_t *result, const char *key) {
    const char *value = json_string_value(json_object_get(result, key));
    return text_copy(value ? value : "unknown");
}

static enum hp_status check_database(const json_t *database, struct hp_problem *problem) {
    const json_t *schema = json_object_get(database, "schema");
    bool sound = !database || (json_is_string(json_object_get(database, "conninfo")) &&
                               (!schema || json_is_null(schema) || json_is_string(schema)));
    return sound ? HP_OK
                 : hp_problem_set(problem, HP_INVALID, "/database",
                                  "the hello's database is no object of texts; {\"conninfo\": \"host=... "
                                  "dbname=...\", \"schema\": \"public\"} was expected");
}

/* Copies what may be missing; false when memory runs out. */
static bool copy_optional(const char *value, char **copy) {
    *copy = text_copy(value);
    return *copy || !value;
}

static bool copy_all(const json_t *result, struct hello *made) {
    const json_t *database = json_object_get(result, "database");
    made->name = copy_identity(result, "name");
    made->version = copy_identity(result, "version");
    made->language = copy_identity(result, "language");
    made->capabilities = json_deep_copy(json_object_get(result, "capabilities"));
    return made->name && made->version && made->language && made->capabilities &&
           copy_optional(json_string_value(json_object_get(database, "conninfo")), &made->database) &&
           copy_optional(json_string_value(json_object_get(database, "schema")), &made->schema);
}

enum hp_status hello_decode(const json_t *result, const char *nonce, struct hello *hello,
                            struct hp_problem *problem) {
    if (!json_is_object(result)) {
        return hp_problem_set(problem, HP_INVALID, "", "the hello's result is no object");
    }
    struct hello made = {0};
    enum hp_status status = check_protocol(result, problem);
    status = status != HP_OK ? status : check_nonce(result, nonce, problem);
    status = status != HP_OK ? status : check_capabilities(json_object_get(result, "capabilities"), problem);
    status = status != HP_OK ? status : check_database(json_object_get(result, "database"), problem);
    status = status != HP_OK ? status : read_limits(json_object_get(result, "limits"), &made, problem);
    if (status != HP_OK) {
        return status;
    }
    if (!copy_all(result, &made)) {
        hello_release(&made);
        return hp_problem_no_memory(problem);
    }
    *hello = made;
    return HP_OK;
}

/* The limits that are not what they are without a word. */
static json_t *encode_limits(const struct hello *hello) {
    json_t *limits = json_pack("{s:i}", "endpoints", (int)hello->endpoints);
    if (hello->processes > 1 &&
        json_object_set_new(limits, "processes", json_integer(hello->processes)) != 0) {
        json_decref(limits);
        return NULL;
    }
    if (hello->clock_error_us > 0 &&
        json_object_set_new(limits, "clock_error_us", json_integer(hello->clock_error_us)) != 0) {
        json_decref(limits);
        return NULL;
    }
    return limits;
}

json_t *hello_encode(const struct hello *hello, const char *nonce) {
    /* A copy, since several threads may say the same hello and a json_t passes between none. */
    json_t *capabilities = json_deep_copy(hello->capabilities);
    json_t *limits = encode_limits(hello);
    json_t *database = hello->database
                           ? json_pack("{s:s, s:s*}", "conninfo", hello->database, "schema", hello->schema)
                           : NULL;
    if (hello->database && !database) {
        json_decref(capabilities);
        json_decref(limits);
        return NULL;
    }
    return json_pack("{s:i, s:s, s:s, s:s, s:s, s:o, s:o, s:o*}", "protocol", RPC_PROTOCOL, "nonce", nonce,
                     "name", hello->name, "version", hello->version, "language", hello->language,
                     "capabilities", capabilities, "limits", limits, "database", database);
}

bool hello_copy(const struct hello *hello, struct hello *copy) {
    *copy = (struct hello){.name = text_copy(hello->name),
                           .version = text_copy(hello->version),
                           .language = text_copy(hello->language),
                           .capabilities = json_deep_copy(hello->capabilities),
                           .stand_ins = json_deep_copy(hello->stand_ins),
                           .outlives = hello->outlives,
                           .endpoints = hello->endpoints,
                           .processes = hello->processes,
                           .clock_error_us = hello->clock_error_us};
    if ((copy->stand_ins || !hello->stand_ins) && copy->name && copy->version && copy->language &&
        copy->capabilities && copy_optional(hello->database, &copy->database) &&
        copy_optional(hello->schema, &copy->schema) && copy_optional(hello->fault, &copy->fault)) {
        return true;
    }
    hello_release(copy);
    return false;
}

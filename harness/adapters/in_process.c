#include "harness/adapters/in_process.h"
#include "harness/adapters/claim.h"
#include "harness/adapters/cluster.h"
#include "harness/adapters/database.h"
#include "harness/adapters/yield_store.h"
#include "reference/base/clock_state.h"
#include "reference/core/request.h"
#include "reference/holdpoint.h"
#include "reference/service/door.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ENDPOINTS = 2, SQL_SIZE = 512 };

/* Where the reference keeps its tables in a database. */
struct ground {
    struct cluster *cluster; /* NULL when the database is somebody else's */
    struct database
        *database; /* its session claims the schema, unless the server or the schema is not ours to claim */
    char *conninfo;
    bool borrowed;                /* the schema is another target's */
    char schema[CLAIM_NAME_SIZE]; /* "" until it is made */
};

/* One life of the reference, from one reset to the next. */
struct deployment {
    struct hp_clock *clock;
    struct hp_store *stores[ENDPOINTS];      /* in memory: one, for both */
    struct hp_service *services[ENDPOINTS];  /* two handlers over one state */
    struct hp_webhooks *webhooks[ENDPOINTS]; /* what each delivers, when it is told to */
};

struct in_process {
    struct target target;  /* first, so that a target is its in_process */
    pthread_rwlock_t lock; /* calls share it; a reset has it alone */
    struct deployment deployment;
    struct hp_ids *ids;    /* outlives resets, so that ids are fresh across them too */
    struct ground *ground; /* NULL: in memory */
    struct yield yield;
    struct store_decorator decorator; /* around each store: the points at which it yields, then others */
    const struct hp_webhook_decorator *webhook_decorators; /* one for each endpoint; NULL: none */
};

struct in_process_session {
    struct session session; /* first, so that a session is its in_process_session */
    unsigned endpoint;
    unsigned next_ticket;
    unsigned ticket; /* whose answer waits in `answer`; 0: none */
    struct answer answer;
};

static void deployment_release(struct deployment *deployment) {
    for (size_t i = 0; i < ENDPOINTS; i++) {
        hp_service_free(deployment->services[i]);
        hp_webhooks_free(deployment->webhooks[i]);
    }
    if (deployment->stores[1] != deployment->stores[0]) {
        hp_store_free(deployment->stores[1]);
    }
    hp_store_free(deployment->stores[0]);
    hp_clock_free(deployment->clock);
    *deployment = (struct deployment){0};
}

/* The store of an endpoint: a server of its own on a database, the same for all in memory. */
static struct hp_store *store_new(const struct in_process *in_process, const struct deployment *deployment,
                                  size_t endpoint) {
    const struct ground *ground = in_process->ground;
    if (!ground && endpoint > 0) {
        return deployment->stores[0];
    }
    if (!ground) {
        return store_decorate(hp_store_memory_new(deployment->clock, in_process->ids),
                              &in_process->decorator);
    }
    const struct hp_postgres_options options = {
        .schema = ground->schema, .clock = deployment->clock, .ids = in_process->ids};
    return store_decorate(hp_store_postgres_new(ground->conninfo, &options), &in_process->decorator);
}

/* Receivers of cases are on this machine, and delays are as exact as the clock. */
static struct hp_webhooks *webhooks_new(const struct in_process *in_process, struct hp_store *store,
                                        size_t endpoint) {
    const struct hp_webhook_decorator *decorators = in_process->webhook_decorators;
    const struct hp_webhook_options options = {.allow_private = true,
                                               .decorator = decorators ? &decorators[endpoint] : NULL};
    return hp_webhooks_new(store, &options);
}

static bool deployment_init(struct deployment *deployment, const struct in_process *in_process) {
    *deployment = (struct deployment){.clock = hp_clock_new()};
    bool complete = deployment->clock != NULL;
    for (size_t i = 0; complete && i < ENDPOINTS; i++) {
        deployment->stores[i] = store_new(in_process, deployment, i);
        deployment->services[i] = deployment->stores[i] ? hp_service_new(deployment->stores[i]) : NULL;
        deployment->webhooks[i] =
            deployment->services[i] ? webhooks_new(in_process, deployment->stores[i], i) : NULL;
        complete = deployment->webhooks[i] != NULL;
        if (complete) {
            hp_service_lend_webhooks(deployment->services[i], deployment->webhooks[i]);
        }
    }
    if (!complete) {
        deployment_release(deployment);
    }
    return complete;
}

static struct in_process *in_process_of(struct target *target) {
    return (struct in_process *)target;
}

/* What a reference in a database says besides. */
static bool add_ground(struct hello *hello, const struct ground *ground) {
    if (!ground) {
        return true;
    }
    hello->database = text_copy(ground->conninfo);
    hello->schema = text_copy(ground->schema);
    return hello->database && hello->schema &&
           json_array_append_new(hello->capabilities, json_string("database")) == 0 &&
           json_array_append_new(hello->capabilities, json_string("restart")) == 0;
}

static enum hp_status say_hello(struct target *target, struct hello *hello, struct hp_problem *problem) {
    const struct ground *ground = in_process_of(target)->ground;
    *hello = (struct hello){
        .name =
            text_copy(ground ? "holdpoint reference, PostgreSQL store" : "holdpoint reference, memory store"),
        .version = text_copy(HOLDPOINT_VERSION),
        .language = text_copy("C"),
        .capabilities =
            json_pack("[sssssssssssssssss]", "create", "get", "list", "respond", "cancel", "expire_pending",
                      "pending_for_request", "events", "webhooks", "clock", "reset", "instants", "concurrent",
                      "envelope", "flow", "kernel", "ratelimit"),
        .endpoints = ENDPOINTS,
    };
    bool complete = hello->name && hello->version && hello->language && hello->capabilities &&
                    json_array_append_new(hello->capabilities, json_string("describe")) == 0 &&
                    add_ground(hello, ground);
    if (!complete) {
        hello_release(hello);
        return hp_problem_no_memory(problem);
    }
    return HP_OK;
}

/* In a database the stores stay, with their connections: the tables are emptied and the clock is a new one.
 */
static enum hp_status empty_tables(struct in_process *in_process, struct hp_problem *problem) {
    static const char *const tables[] = {"flow_interrupts",           "flow_interrupt_events",
                                         "flow_interrupt_answers",    "flow_interrupt_subscriptions",
                                         "flow_interrupt_deliveries", "flow_processes",
                                         "flow_resumptions",          "flow_rate_limits",
                                         "flow_rate_windows",         "flow_rate_calls"};
    struct text sql = {0};
    const char *schema = in_process->ground->schema;
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        text_addf(&sql, "delete from %s.%s;", schema, tables[i]);
    }
    clock_restart(in_process->deployment.clock);
    enum hp_status status = sql.failed ? hp_problem_no_memory(problem)
                                       : database_run(in_process->ground->database, sql.bytes, problem);
    text_release(&sql);
    /* The session may be a new one, after the server was away. */
    return status == HP_OK && !in_process->ground->cluster && !in_process->ground->borrowed
               ? claim_schema(in_process->ground->database, schema, problem)
               : status;
}

static enum hp_status call_reset(struct in_process *in_process, json_t **result, struct hp_problem *problem) {
    struct deployment fresh, old = {0};
    *result = json_object();
    if (!*result || (!in_process->ground && !deployment_init(&fresh, in_process))) {
        json_decref(*result);
        return hp_problem_no_memory(problem);
    }
    pthread_rwlock_wrlock(&in_process->lock);
    enum hp_status status = HP_OK;
    if (in_process->ground) {
        status = empty_tables(in_process, problem);
    } else {
        old = in_process->deployment;
        in_process->deployment = fresh;
    }
    pthread_rwlock_unlock(&in_process->lock);
    deployment_release(&old);
    if (status != HP_OK) {
        json_decref(*result);
    }
    return status;
}

static enum hp_status call_clock(struct in_process *in_process, const struct request *request,
                                 json_t **result, struct hp_problem *problem) {
    json_t *params = NULL;
    int64_t now_us = 0;
    enum hp_status status = request_read(request->params, request->params_length_bytes, &params, problem);
    if (status == HP_OK) {
        status = request_read_clock(params, &now_us, problem);
    }
    json_decref(params);
    if (status == HP_OK) {
        /* A store in a database reads our clock before it has locked the record, so no operation of a store may be
         * under way when it is set. */
        pthread_rwlock_rdlock(&in_process->lock);
        pthread_rwlock_wrlock(&in_process->yield.lock);
        status = hp_clock_set(in_process->deployment.clock, now_us, problem);
        pthread_rwlock_unlock(&in_process->yield.lock);
        pthread_rwlock_unlock(&in_process->lock);
    }
    if (status != HP_OK) {
        return status;
    }
    char text[HP_INSTANT_SIZE];
    hp_instant_format(now_us, text);
    *result = json_pack("{ss}", "now", text);
    return *result ? HP_OK : hp_problem_no_memory(problem);
}

static enum hp_status call(struct in_process_session *session, const struct request *request, json_t **result,
                           struct hp_problem *problem) {
    struct in_process *in_process = in_process_of(session->session.target);
    if (strcmp(request->method, "reset") == 0) {
        return call_reset(in_process, result, problem);
    }
    if (strcmp(request->method, "clock.set") == 0) {
        return call_clock(in_process, request, result, problem);
    }
    pthread_rwlock_rdlock(&in_process->lock);
    enum hp_status status = door_call(in_process->deployment.services[session->endpoint], request->method,
                                      request->params, request->params_length_bytes, result, problem);
    pthread_rwlock_unlock(&in_process->lock);
    return status;
}

static void refuse(struct answer *answer, enum hp_status status, const struct hp_problem *problem) {
    answer->kind = ANSWER_REFUSED;
    text_put(answer->error_name, sizeof answer->error_name, hp_status_name(status));
    text_put(answer->interrupt_status, sizeof answer->interrupt_status, problem->interrupt_status);
    text_put(answer->field, sizeof answer->field, problem->field);
    text_put(answer->detail, sizeof answer->detail, problem->detail);
}

/* The call is carried out at once; its answer waits for the poll. */
static enum hp_status session_start(struct session *session, const struct request *request, unsigned *ticket,
                                    struct hp_problem *problem) {
    (void)problem;
    struct in_process_session *own = (struct in_process_session *)session;
    struct hp_problem refusal = {0};
    answer_release(&own->answer);
    json_t *result = NULL;
    enum hp_status status = call(own, request, &result, &refusal);
    if (status == HP_OK) {
        own->answer = (struct answer){.kind = ANSWER_RESULT, .result = result};
    } else {
        refuse(&own->answer, status, &refusal);
    }
    own->ticket = ++own->next_ticket;
    *ticket = own->ticket;
    return HP_OK;
}

static enum poll_state session_poll(struct session *session, unsigned ticket, unsigned timeout_ms,
                                    struct answer *answer) {
    (void)timeout_ms;
    struct in_process_session *own = (struct in_process_session *)session;
    if (ticket != own->ticket) {
        return POLL_PENDING;
    }
    *answer = own->answer;
    memset(&own->answer, 0, sizeof own->answer);
    own->ticket = 0;
    return POLL_ANSWERED;
}

static void close_session(struct session *session) {
    answer_release(&((struct in_process_session *)session)->answer);
    free(session);
}

static const struct session_ops session_operations = {
    .start = session_start,
    .poll = session_poll,
    .close = close_session,
};

static enum hp_status open_session(struct target *target, unsigned endpoint, struct session **session,
                                   struct hp_problem *problem) {
    if (endpoint >= ENDPOINTS) {
        return hp_problem_set(problem, HP_INVALID, NULL, "there is no endpoint %u; the target has %d",
                              endpoint, ENDPOINTS);
    }
    struct in_process_session *own = calloc(1, sizeof *own);
    if (!own) {
        return hp_problem_no_memory(problem);
    }
    own->session = (struct session){.ops = &session_operations, .target = target};
    own->endpoint = endpoint;
    *session = &own->session;
    return HP_OK;
}

/* What lives in a database is served by new servers; without memory for them the old ones go on. In memory there is nothing that
 * a restart would leave, so it is none. */
static void restart(struct target *target) {
    struct in_process *in_process = in_process_of(target);
    struct deployment fresh, old;
    if (!in_process->ground || !deployment_init(&fresh, in_process)) {
        return;
    }
    pthread_rwlock_wrlock(&in_process->lock);
    old = in_process->deployment;
    in_process->deployment = fresh;
    pthread_rwlock_unlock(&in_process->lock);
    deployment_release(&old);
}

static void take_log(struct target *target, struct text *log) {
    (void)target;
    (void)log;
}

static void reproduce(struct target *target, const struct request *request, struct text *text) {
    (void)target;
    (void)request;
    (void)text;
}

/* Drops the schema, unless it is borrowed or the server with all that it holds is ours. */
static void ground_free(struct ground *ground) {
    char sql[SQL_SIZE];
    if (!ground) {
        return;
    }
    if (ground->schema[0] && !ground->cluster && !ground->borrowed) {
        snprintf(sql, sizeof sql, "drop schema if exists %s cascade", ground->schema);
        database_run(ground->database, sql, NULL);
    }
    database_close(ground->database);
    cluster_stop(ground->cluster);
    free(ground->conninfo);
    free(ground);
}

static bool set_gate(struct target *target, struct gate *gate) {
    atomic_store(&in_process_of(target)->yield.gate, gate);
    return true;
}

static void free_target(struct target *target) {
    struct in_process *in_process = in_process_of(target);
    deployment_release(&in_process->deployment);
    ground_free(in_process->ground);
    hp_ids_free(in_process->ids);
    yield_release(&in_process->yield);
    pthread_rwlock_destroy(&in_process->lock);
    free(in_process);
}

static const struct target_ops target_operations = {
    .hello = say_hello,
    .open = open_session,
    .restart = restart,
    .take_log = take_log,
    .reproduce = reproduce,
    .free = free_target,
    .set_gate = set_gate,
};

/* The target takes the ground over. */
static struct target *target_new(struct ground *ground, const struct store_decorator *decorator,
                                 const struct hp_webhook_decorator *webhook_decorators) {
    struct in_process *in_process = calloc(1, sizeof *in_process);
    if (!in_process) {
        ground_free(ground);
        return NULL;
    }
    in_process->ids = hp_ids_random_new();
    in_process->ground = ground;
    in_process->webhook_decorators = webhook_decorators;
    yield_init(&in_process->yield);
    in_process->decorator = (struct store_decorator){yield_store_wrap, &in_process->yield, decorator};
    in_process->target.ops = &target_operations;
    pthread_rwlock_init(&in_process->lock, NULL);
    if (!in_process->ids || !deployment_init(&in_process->deployment, in_process)) {
        free_target(&in_process->target);
        return NULL;
    }
    return &in_process->target;
}

struct target *in_process_memory_new(void) {
    return in_process_memory_decorated_new(NULL);
}

struct target *in_process_memory_decorated_new(const struct store_decorator *decorator) {
    return target_new(NULL, decorator, NULL);
}

struct target *in_process_memory_webhooks_new(const struct hp_webhook_decorator *decorators) {
    return target_new(NULL, NULL, decorators);
}

/* A schema of a name that nobody else has, claimed before it is there. In a database of somebody else's those that a
 * killed harness left go first. */
static enum hp_status make_schema(struct ground *ground, struct hp_problem *problem) {
    char id[HP_ID_SIZE];
    struct hp_ids *ids = hp_ids_random_new();
    enum hp_status status = ids ? hp_ids_next(ids, id, problem) : hp_problem_no_memory(problem);
    hp_ids_free(ids);
    if (status != HP_OK) {
        return status;
    }
    claim_name(ground->schema, id);
    if (!ground->cluster) {
        status = claim_drop_orphans(ground->database, problem);
    }
    if (status == HP_OK && !ground->cluster) {
        status = claim_schema(ground->database, ground->schema, problem);
    }
    const struct hp_postgres_options options = {.schema = ground->schema};
    return status == HP_OK ? hp_postgres_migrate(ground->conninfo, &options, problem) : status;
}

/* A schema that is there already. Its name goes into SQL as it is. */
static enum hp_status find_schema(struct ground *ground, const char *schema, struct hp_problem *problem) {
    char sql[SQL_SIZE];
    int64_t found = 0;
    ground->borrowed = true;
    if (!*schema || strlen(schema) >= sizeof ground->schema ||
        schema[strspn(schema, "abcdefghijklmnopqrstuvwxyz0123456789_")] || strchr("0123456789", *schema)) {
        return hp_problem_set(
            problem, HP_INVALID, NULL,
            "\"%.80s\" is no name of a schema; small letters, digits and _ were expected, at most %d", schema,
            CLAIM_NAME_SIZE - 1);
    }
    text_put(ground->schema, sizeof ground->schema, schema);
    snprintf(sql, sizeof sql,
             "select count(*) from pg_class where oid = to_regclass('%s.holdpoint_migrations')", schema);
    enum hp_status status = database_ask(ground->database, sql, &found, problem);
    return status != HP_OK || found > 0
               ? status
               : hp_problem_set(problem, HP_INVALID, NULL,
                                "the schema %s holds no tables of Holdpoint's reference", schema);
}

static enum hp_status ground_init(struct ground *ground, const char *conninfo, const char *schema,
                                  struct hp_problem *problem) {
    enum hp_status status = conninfo ? HP_OK : cluster_start(NULL, &ground->cluster, problem);
    if (status == HP_OK) {
        ground->conninfo = text_copy(conninfo ? conninfo : cluster_conninfo(ground->cluster));
        status = ground->conninfo ? HP_OK : hp_problem_no_memory(problem);
    }
    if (status == HP_OK) {
        status = database_open(ground->conninfo, &ground->database, problem);
    }
    if (status != HP_OK) {
        return status;
    }
    return schema ? find_schema(ground, schema, problem) : make_schema(ground, problem);
}

/* schema: NULL, or one that is there already. */
static enum hp_status postgres_new(const char *conninfo, const char *schema,
                                   const struct store_decorator *decorator, struct target **target,
                                   struct hp_problem *problem) {
    struct ground *ground = calloc(1, sizeof *ground);
    if (!ground) {
        return hp_problem_no_memory(problem);
    }
    enum hp_status status = ground_init(ground, conninfo, schema, problem);
    if (status != HP_OK) {
        ground_free(ground);
        return status;
    }
    *target = target_new(ground, decorator, NULL);
    return *target ? HP_OK : hp_problem_no_memory(problem);
}

enum hp_status in_process_postgres_new(const char *conninfo, struct target **target,
                                       struct hp_problem *problem) {
    return postgres_new(conninfo, NULL, NULL, target, problem);
}

enum hp_status in_process_postgres_attach(const char *conninfo, const char *schema, struct target **target,
                                          struct hp_problem *problem) {
    return postgres_new(conninfo, schema, NULL, target, problem);
}

enum hp_status in_process_postgres_decorated_new(const char *conninfo,
                                                 const struct store_decorator *decorator,
                                                 struct target **target, struct hp_problem *problem) {
    return postgres_new(conninfo, NULL, decorator, target, problem);
}

/* `holdpoint serve`: the reference over HTTP. */
#include "reference/server/server.h"

#include "harness/adapters/hold.h"
#include "harness/adapters/mutant_store.h"
#include "harness/base/document.h"
#include "harness/commands/command.h"
#include "harness/commands/options.h"
#include "reference/base/text.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { TOKEN_MAX_BYTES = 4096, WORKERS_MAX = 256, CONNECTIONS_MAX = 100000, SECONDS_MAX = 86400 };

static const struct manual manual = {
    .command = "serve",
    .synopsis = "[OPTION]...",
    .purpose = "Serves the reference over HTTP, as docs/server.md describes it, until SIGTERM or\n"
               "Ctrl-C; requests that are under way then are still answered.\n"
               "\n"
               "Prints `listening on URL` when it is ready, and logs one line of JSON a request to\n"
               "stderr.\n",
    .examples =
        "  holdpoint serve --listen 127.0.0.1:8080\n"
        "  holdpoint serve --store 'postgres:host=/run/postgresql dbname=flows' --operator-token-file token\n"
        "  holdpoint serve --conformance\n",
};

struct serve_command {
    const char *store, *schema, *legacy_zone;
    const char *token_file;
    const char *hold;
    const char *fault;
    const char *routes;
    char token[TOKEN_MAX_BYTES];
    struct server_options options;
    uint64_t threads, connections, idle_seconds, request_seconds, grace_seconds;
    bool threads_given;
    bool quiet;
    bool conformance;
    bool allow_private; /* endpoints of webhooks */
    bool webhook_thread;
    bool keep_events;
    uint64_t jitter_permille;
};

static enum hp_status take_threads(void *value, const char *text, struct hp_problem *problem) {
    struct serve_command *command = value;
    char *end;
    errno = 0;
    command->threads = strtoull(text, &end, 10);
    command->threads_given = true;
    if (*text < '0' || *text > '9' || *end || errno || command->threads > WORKERS_MAX) {
        return hp_problem_set(problem, HP_INVALID, NULL, "--threads takes a number from 0 to %d, not \"%s\"",
                              WORKERS_MAX, text);
    }
    return HP_OK;
}

/* The first line of the file. */
static enum hp_status read_token(struct serve_command *command, struct hp_problem *problem) {
    if (!command->token_file) {
        return HP_OK;
    }
    FILE *file = fopen(command->token_file, "r");
    char *line = file ? fgets(command->token, sizeof command->token, file) : NULL;
    if (file) {
        fclose(file);
    }
    if (!line) {
        return hp_problem_set(problem, HP_INVALID, NULL, "%s: no line could be read", command->token_file);
    }
    line[strcspn(line, "\r\n")] = '\0';
    command->options.operator_token = line;
    return HP_OK;
}

/* A database is brought up to date before anybody is served. */
static enum hp_status open_database(const struct serve_command *command, const char *conninfo,
                                    struct deployment **deployment, struct hp_problem *problem) {
    const struct hp_postgres_options options = {.schema = command->schema,
                                                .legacy_zone = command->legacy_zone};
    enum hp_status status = hp_postgres_migrate(conninfo, &options, problem);
    if (status != HP_OK) {
        return status;
    }
    *deployment = deployment_postgres_new(conninfo, command->schema);
    return *deployment ? HP_OK : hp_problem_no_memory(problem);
}

/* The file is refused before anybody is served. */
static enum hp_status read_routes(const struct serve_command *command, struct deployment *deployment,
                                  struct hp_problem *problem) {
    struct hp_problem cause = {0};
    struct document document = {0};
    if (!command->routes) {
        return HP_OK;
    }
    enum hp_status status = document_read(command->routes, &document, problem);
    if (status == HP_OK) {
        status = deployment_set_routes(deployment, document.text, &cause);
        status = status == HP_INVALID ? document_fault(&document, cause.field, problem, "%s", cause.detail)
                                      : status;
    }
    document_release(&document);
    return status;
}

static enum hp_status open_store(struct serve_command *command, struct deployment **deployment,
                                 struct hp_problem *problem) {
    static const char postgres[] = "postgres:";
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    if (strcmp(command->store, "memory") == 0) {
        if (!command->threads_given) {
            command->threads = processors > 0 && processors < WORKERS_MAX ? (uint64_t)processors : 2;
        }
        *deployment = deployment_memory_new();
        return *deployment ? HP_OK : hp_problem_no_memory(problem);
    }
    if (strncmp(command->store, postgres, sizeof postgres - 1) == 0) {
        return open_database(command, command->store + sizeof postgres - 1, deployment, problem);
    }
    return hp_problem_set(problem, HP_INVALID, NULL, "--store takes memory or postgres:DSN, not \"%.80s\"",
                          command->store);
}

/* In a conformance run endpoints are on this machine, a delivery is told to begin, and delays are exact. */
static enum hp_status start_webhooks(const struct serve_command *command, struct deployment *deployment,
                                     struct hp_problem *problem) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    const struct hp_webhook_options options = {
        .allow_private = command->allow_private || command->conformance,
        .jitter_permille = command->conformance ? 0 : (unsigned)command->jitter_permille,
        .seed = (uint64_t)now.tv_nsec ^ (uint64_t)getpid() << 32,
        .discard_events = !command->conformance && !command->keep_events,
    };
    return deployment_deliver(deployment, &options, !command->conformance || command->webhook_thread,
                              problem);
}

static enum hp_status start(struct serve_command *command, struct deployment *deployment,
                            struct server **server, struct server **controls, struct hp_problem *problem) {
    command->options.threads = (unsigned)command->threads;
    command->options.max_connections = (unsigned)command->connections;
    command->options.idle_seconds = (unsigned)command->idle_seconds;
    command->options.request_seconds = (unsigned)command->request_seconds;
    command->options.grace_seconds = (unsigned)command->grace_seconds;
    command->options.log_fd = command->quiet ? -1 : STDERR_FILENO;
    enum hp_status status = start_webhooks(command, deployment, problem);
    if (status == HP_OK) {
        status = server_start(deployment, &command->options, server, problem);
    }
    if (status == HP_OK && command->conformance) {
        status = server_start_controls(deployment, controls, problem);
    }
    return status;
}

/* What stands between the service and its store in a conformance run. */
struct disguise {
    struct hold hold;
    bool holds;
    struct store_decorator outer, inner;
    const struct store_decorator *first; /* NULL: nothing */
};

static struct hp_store *disguise_wrap(struct hp_store *inner, void *disguise) {
    return store_decorate(inner, ((struct disguise *)disguise)->first);
}

/* The point goes around the fault, so that what a fault only seems to do can be waited for too. */
static enum hp_status put_on(const struct serve_command *command, struct disguise *disguise,
                             struct hp_problem *problem) {
    if (command->fault && !mutant_store_is_known(command->fault)) {
        return hp_problem_set(problem, HP_INVALID, NULL, "there is no fault of stores \"%.80s\"",
                              command->fault);
    }
    if (command->hold) {
        enum hp_status status = hold_init(&disguise->hold, command->hold, stdout, problem);
        if (status != HP_OK) {
            return status;
        }
        disguise->holds = true;
        disguise->outer = (struct store_decorator){.wrap = hold_wrap, .context = &disguise->hold};
        disguise->first = &disguise->outer;
    }
    if (command->fault) {
        disguise->inner = mutant_store_decorator(command->fault);
        disguise->inner.outer = disguise->first;
        disguise->first = &disguise->inner;
    }
    return HP_OK;
}

static enum hp_status start_disguise(const struct serve_command *command, struct deployment *deployment,
                                     struct disguise *disguise, struct hp_problem *problem) {
    if (!command->hold && !command->fault) {
        return HP_OK;
    }
    if (!command->conformance) {
        return hp_problem_set(problem, HP_INVALID, NULL,
                              "--hold and --fault are for conformance runs: add --conformance");
    }
    enum hp_status status = put_on(command, disguise, problem);
    return status == HP_OK ? deployment_decorate(deployment, disguise_wrap, disguise, problem) : status;
}

/* Serves until one of the signals comes, which are blocked in every thread. */
static enum hp_status serve(struct serve_command *command, const sigset_t *ends, struct hp_problem *problem) {
    struct deployment *deployment = NULL;
    struct server *server = NULL, *controls = NULL;
    struct disguise disguise = {.first = NULL};
    int signal_number;
    enum hp_status status = read_token(command, problem);
    if (status == HP_OK) {
        status = open_store(command, &deployment, problem);
    }
    if (status == HP_OK) {
        status = start_disguise(command, deployment, &disguise, problem);
    }
    if (status == HP_OK) {
        status = read_routes(command, deployment, problem);
    }
    if (status == HP_OK) {
        status = start(command, deployment, &server, &controls, problem);
    }
    if (status == HP_OK) {
        printf("listening on %s\n", server_url(server));
        if (controls) {
            printf("controls on %s\n", server_url(controls));
        }
        fflush(stdout);
        sigwait(ends, &signal_number);
    }
    if (disguise.holds) {
        hold_let_go(&disguise.hold);
    }
    server_stop(server);
    server_stop(controls);
    deployment_stop_delivering(deployment, command->options.grace_seconds > 0
                                               ? command->options.grace_seconds * 1000
                                               : SERVER_GRACE_SECONDS * 1000);
    deployment_free(deployment);
    if (disguise.holds) {
        hold_release(&disguise.hold);
    }
    return status;
}

static int run(struct serve_command *command) {
    struct hp_problem problem = {0};
    sigset_t ends, before;
    sigemptyset(&ends);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGINT);
    signal(SIGPIPE, SIG_IGN);
    pthread_sigmask(SIG_BLOCK, &ends, &before);
    enum hp_status status = serve(command, &ends, &problem);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (status == HP_OK) {
        return EXIT_CONFORMS;
    }
    usage_complain(manual.command, &problem);
    return status == HP_INVALID ? EXIT_USAGE : EXIT_BROKEN;
}

int command_serve(int count, char **arguments) {
    struct serve_command command = {
        .store = "memory", .jitter_permille = 100, .options = {.listen = "127.0.0.1:0", .prefix = "/api/v1"}};
    const struct option table[] = {
        {.name = "store",
         .argument = "STORE",
         .kind = OPTION_TEXT,
         .value = &command.store,
         .help = "memory (the default), or postgres:DSN, whose tables are made or brought up to date first"},
        {.name = "schema",
         .argument = "NAME",
         .kind = OPTION_TEXT,
         .value = &command.schema,
         .help = "where the tables are in a database (default public)"},
        {.name = "legacy-zone",
         .argument = "ZONE",
         .kind = OPTION_TEXT,
         .value = &command.legacy_zone,
         .help = "the zone of times without one in legacy tables that are carried over"},
        {.name = "listen",
         .argument = "HOST:PORT",
         .kind = OPTION_TEXT,
         .value = &command.options.listen,
         .help = "default 127.0.0.1:0; port 0 is any free one"},
        {.name = "prefix",
         .argument = "PATH",
         .kind = OPTION_TEXT,
         .value = &command.options.prefix,
         .help = "before every path (default /api/v1); an empty one is none"},
        {.name = "auth-header",
         .argument = "NAME",
         .kind = OPTION_TEXT,
         .value = &command.options.auth_header,
         .help = "the header in which a trusted proxy names the user; it must never come from outside. "
                 "Without this the "
                 "parameter user_id names him"},
        {.name = "operator-token",
         .argument = "TOKEN",
         .kind = OPTION_TEXT,
         .value = &command.options.operator_token,
         .help = "what the sweep wants to be shown; other users of this machine can read it here. Without "
                 "one nobody "
                 "may sweep"},
        {.name = "operator-token-file",
         .argument = "FILE",
         .kind = OPTION_TEXT,
         .value = &command.token_file,
         .help = "the first line of a file is that token"},
        {.name = "threads",
         .argument = "N",
         .kind = OPTION_CALL,
         .value = &command,
         .take = take_threads,
         .help = "loops that serve the connections; 0: a thread for each connection. Default: one a "
                 "processor with "
                 "memory, 0 with a database, which makes its callers wait"},
        {.name = "max-connections",
         .argument = "N",
         .kind = OPTION_NUMBER,
         .value = &command.connections,
         .minimum = 1,
         .maximum = CONNECTIONS_MAX,
         .help = "at once; others wait (default 1024)"},
        {.name = "idle-timeout",
         .argument = "SECONDS",
         .kind = OPTION_NUMBER,
         .value = &command.idle_seconds,
         .minimum = 1,
         .maximum = SECONDS_MAX,
         .help = "a connection on which nothing moves for so long is closed (default 30)"},
        {.name = "request-timeout",
         .argument = "SECONDS",
         .kind = OPTION_NUMBER,
         .value = &command.request_seconds,
         .minimum = 1,
         .maximum = SECONDS_MAX,
         .help = "so long may a request take to come (default 60)"},
        {.name = "grace",
         .argument = "SECONDS",
         .kind = OPTION_NUMBER,
         .value = &command.grace_seconds,
         .minimum = 1,
         .maximum = SECONDS_MAX,
         .help = "so long are requests waited for at the end (default 10)"},
        {.name = "routes",
         .argument = "FILE",
         .kind = OPTION_TEXT,
         .value = &command.routes,
         .help = "the stages of the pipeline, and at which a flow goes on behind an interrupt of each kind: "
                 "{\"stages\": [...], \"routes\": {kind: stage}} (default: those of "
                 "reference/routes/default.json)"},
        {.name = "quiet", .kind = OPTION_FLAG, .value = &command.quiet, .help = "log no requests"},
        {.name = "webhook-allow-private",
         .kind = OPTION_FLAG,
         .value = &command.allow_private,
         .help = "endpoints of webhooks may lie in private, loopback and reserved ranges; whoever subscribes "
                 "then reaches what only this machine does"},
        {.name = "webhook-jitter",
         .argument = "PERMILLE",
         .kind = OPTION_NUMBER,
         .value = &command.jitter_permille,
         .maximum = 1000,
         .help = "a delay before the next try may be so many thousandths longer (default 100)"},
        {.name = "keep-events",
         .kind = OPTION_FLAG,
         .value = &command.keep_events,
         .help = "leave events in the outbox for a program that takes them there; without one they stay for "
                 "ever. Webhooks get theirs in any case"},
        {.name = "webhook-thread",
         .kind = OPTION_FLAG,
         .value = &command.webhook_thread,
         .help = "with --conformance: deliver webhooks by a thread too, not only when webhook.flush says so"},
        {.name = "hold",
         .argument = "POINT[:N]",
         .kind = OPTION_TEXT,
         .value = &command.hold,
         .help = "with --conformance: hold the first, or the Nth, call that comes to this point of the store "
                 "(create, create.done, change, change.done, sweep, webhook.take, webhook.settle, ...), "
                 "print `held at "
                 "POINT`, and go on at the end"},
        {.name = "fault",
         .argument = "NAME",
         .kind = OPTION_TEXT,
         .value = &command.fault,
         .help = "with --conformance: put a fault into the store, one of those that the mutants of "
                 "fixtures/mutants.json name in `store`"},
        {.name = "conformance",
         .kind = OPTION_FLAG,
         .value = &command.conformance,
         .help = "serve the controls for conformance runs on a loopback port of their own, and print "
                 "`controls on "
                 "URL`: they can delete everything, and ask nobody who he is"},
    };
    int code;
    struct option_list operands = {0};
    if (options_begin(&manual, table, sizeof table / sizeof table[0], count, arguments, &operands, &code)) {
        code = run(&command);
    }
    option_list_release(&operands);
    return code;
}

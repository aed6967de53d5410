#include "reference/server/server.h"
#include "reference/server/api.h"
#include "reference/server/controls.h"
#include "reference/server/listener.h"
#include "reference/server/transport.h"

#include <stdio.h>
#include <stdlib.h>

enum { URL_SIZE = LISTENER_URL_SIZE + 256, CONTROL_THREADS = 4 };

struct server {
    struct site site;
    struct transport *transport;
    char url[URL_SIZE];
};

static unsigned number_or(unsigned number, unsigned otherwise) {
    return number ? number : otherwise;
}

/* Listens and serves; the site is there already. */
static enum hp_status serve(struct server *server, const struct server_options *options,
                            struct hp_problem *problem) {
    char url[LISTENER_URL_SIZE];
    struct transport_options transport = {
        .site = &server->site,
        .threads = options->threads,
        .max_connections = number_or(options->max_connections, SERVER_CONNECTIONS),
        .idle_seconds = number_or(options->idle_seconds, SERVER_IDLE_SECONDS),
        .request_seconds = number_or(options->request_seconds, SERVER_REQUEST_SECONDS),
        .grace_seconds = number_or(options->grace_seconds, SERVER_GRACE_SECONDS),
        .log_fd = options->log_fd,
    };
    enum hp_status status =
        listener_open(options->listen ? options->listen : "127.0.0.1:0", &transport.listener, url, problem);
    if (status != HP_OK) {
        return status;
    }
    snprintf(server->url, sizeof server->url, "%s%s", url, server->site.prefix);
    return transport_start(&transport, &server->transport, problem);
}

static enum hp_status finish(struct server *started, enum hp_status status, struct server **server) {
    if (status != HP_OK) {
        site_release(&started->site);
        free(started);
        return status;
    }
    *server = started;
    return HP_OK;
}

enum hp_status server_start(struct deployment *deployment, const struct server_options *options,
                            struct server **server, struct hp_problem *problem) {
    struct server *started = calloc(1, sizeof *started);
    if (!started) {
        return hp_problem_no_memory(problem);
    }
    enum hp_status status = api_init(&started->site, deployment, options, problem);
    if (status == HP_OK) {
        status = serve(started, options, problem);
    }
    return finish(started, status, server);
}

enum hp_status server_start_controls(struct deployment *deployment, struct server **server,
                                     struct hp_problem *problem) {
    const struct server_options options = {.threads = CONTROL_THREADS, .log_fd = -1};
    struct server *started = calloc(1, sizeof *started);
    if (!started) {
        return hp_problem_no_memory(problem);
    }
    enum hp_status status = controls_init(&started->site, deployment, problem);
    if (status == HP_OK) {
        status = serve(started, &options, problem);
    }
    return finish(started, status, server);
}

const char *server_url(const struct server *server) {
    return server->url;
}

void server_stop(struct server *server) {
    if (server) {
        transport_stop(server->transport);
        site_release(&server->site);
        free(server);
    }
}

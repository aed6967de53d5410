/* The site of the HTTP API: the routes of docs/server.md. */
#ifndef HOLDPOINT_SERVER_API_H
#define HOLDPOINT_SERVER_API_H

#include "reference/server/server.h"
#include "reference/server/site.h"

/* The site that the options ask for. HP_INVALID, HP_INTERNAL; release it in any case. */
enum hp_status api_init(struct site *site, struct deployment *deployment,
                        const struct server_options *options, struct hp_problem *problem);

#endif

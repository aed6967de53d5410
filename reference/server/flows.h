/* The routes of docs/server.md that are about flows. */
#ifndef HOLDPOINT_SERVER_FLOWS_H
#define HOLDPOINT_SERVER_FLOWS_H

#include "reference/server/site.h"

enum hp_status flows_submit(struct server_call *call);
enum hp_status flows_get(struct server_call *call);
enum hp_status flows_resume(struct server_call *call);

#endif

/* The routes of docs/server.md. */
#ifndef HOLDPOINT_SERVER_INTERRUPTS_H
#define HOLDPOINT_SERVER_INTERRUPTS_H

#include "reference/server/site.h"

enum hp_status interrupts_create(struct server_call *call);
enum hp_status interrupts_get(struct server_call *call);
enum hp_status interrupts_list(struct server_call *call);
enum hp_status interrupts_respond(struct server_call *call);
enum hp_status interrupts_cancel(struct server_call *call);
enum hp_status interrupts_expire(struct server_call *call);

#endif

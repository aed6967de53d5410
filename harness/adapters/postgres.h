/* Anybody's table `flow_interrupts`, spoken to in SQL: it writes interrupts that a service over HTTP has no route for, and
 * reads what the service has really stored. */
#ifndef HOLDPOINT_ADAPTERS_POSTGRES_H
#define HOLDPOINT_ADAPTERS_POSTGRES_H

#include "harness/adapters/adapter.h"

enum { POSTGRES_CONNECTIONS = 8 };

/* A target of create, get and list; its sessions share up to POSTGRES_CONNECTIONS, since a database has few to give. Creation is an INSERT that leaves the id to
 * the table and the rules to its constraints: it stands in for a service, and checks nothing in its place. `now` is the
 * database's clock, the kinds' TTLs are the contract's. list takes no cursor. The table is found by the search_path, which
 * conninfo may set ("options=-csearch_path=flows"). Nothing is connected yet. Messages do not show conninfo. NULL when
 * memory runs out. */
struct target *postgres_new(const char *conninfo);

#endif

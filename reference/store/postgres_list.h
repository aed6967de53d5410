/* One page of a list from PostgreSQL. */
#ifndef HOLDPOINT_STORE_POSTGRES_LIST_H
#define HOLDPOINT_STORE_POSTGRES_LIST_H

#include "reference/store/postgres_store.h"

/* As list of the store. */
enum hp_status postgres_list_page(struct postgres_store *postgres, const struct hp_query *query,
                                  const struct hp_position *after, struct hp_page *page,
                                  struct hp_problem *problem);

#endif

/* Holdpoint's reference: a complete flow-interrupt service as a library. This header includes the whole
 * public interface; each header is the manual of its part. Link with -lholdpoint -ljansson -lpq -lcurl
 * -lcrypto -lpthread -lm.
 *
 *     struct hp_clock *clock = hp_clock_new();
 *     struct hp_ids *ids = hp_ids_random_new();
 *     struct hp_store *store = hp_store_memory_new(clock, ids);
 *     struct hp_service *service = hp_service_new(store);
 *     struct hp_create question = {
 *         .kind = HP_CONFIRMATION, .request_id = "r1", .user_id = "ann", .session_id = "s1"};
 *     struct hp_interrupt *interrupt = NULL;
 *     struct hp_problem problem = {0};
 *     if (hp_service_create(service, &question, &interrupt, &problem) != HP_OK) {
 *         fprintf(stderr, "%s: %s\n", problem.field, problem.detail);
 *     }
 *
 *     hp_interrupt_free(interrupt); // NULL is allowed, as by every free
 *     hp_service_free(service);
 *     hp_store_free(store);
 *     hp_ids_free(ids);
 *     hp_clock_free(clock);
 *
 * The four `new` give NULL when memory runs out. */
#ifndef HOLDPOINT_H
#define HOLDPOINT_H

#include "reference/base/clock.h"
#include "reference/base/ids.h"
#include "reference/base/instant.h"
#include "reference/base/problem.h"
#include "reference/base/status.h"
#include "reference/core/event.h"
#include "reference/core/interrupt.h"
#include "reference/core/kind.h"
#include "reference/core/query.h"
#include "reference/core/response.h"
#include "reference/core/subscription.h"
#include "reference/core/transition.h"
#include "reference/service/service.h"
#include "reference/service/webhook.h"
#include "reference/store/memory.h"
#include "reference/store/postgres.h"
#include "reference/store/store.h"

#endif

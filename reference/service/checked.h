/* The operations for a caller that has checked the request already, as the door has by reading it: nothing is
 * read twice. Errors are those of the public operations but for HP_INVALID of the request by itself. */
#ifndef HOLDPOINT_SERVICE_CHECKED_H
#define HOLDPOINT_SERVICE_CHECKED_H

#include "reference/service/service.h"

/* What the parts of a service work on: its store, and the text of its pipeline (NULL: the shipped one). Borrowed. */
struct hp_store *service_store(struct hp_service *service);
const char *service_routes(struct hp_service *service);

/* As hp_service_create, of what request_read_create has read. */
enum hp_status service_create_checked(struct hp_service *service, const struct hp_create *create,
                                      struct hp_interrupt **created, struct hp_problem *problem);

/* As hp_service_respond and hp_service_cancel, of what request_read_respond and request_read_cancel have
 * read. */
enum hp_status service_change_checked(struct hp_service *service, const struct hp_change *change,
                                      struct hp_interrupt **interrupt, struct hp_problem *problem);

/* As hp_service_subscribe, of what request_read_subscribe has read. */
enum hp_status service_subscribe_checked(struct hp_service *service,
                                         const struct hp_subscription *subscription, char id[HP_ID_SIZE],
                                         struct hp_problem *problem);

#endif

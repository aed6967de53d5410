/* An endpoint for webhooks on this machine: it writes down what it gets, and answers by a script. One thread of its own
 * serves all its boxes on one loopback port of the kernel's choice. Safe for any number of threads. */
#ifndef HOLDPOINT_CHAPTERS_RECEIVER_H
#define HOLDPOINT_CHAPTERS_RECEIVER_H

#include "reference/base/problem.h"

#include <stdbool.h>
#include <stddef.h>

struct receiver;

enum { RECEIVER_URL_SIZE = 80, RECEIVER_LOCATION_SIZE = 128 };

/* How one request is answered. */
enum receiver_reply_kind {
    RECEIVER_ANSWER, /* with a status */
    RECEIVER_CLOSE,  /* not: the connection is closed once the request is there */
    RECEIVER_HANG,   /* not: the connection stays open until the other side closes it */
    RECEIVER_FLOOD,  /* with a status, and a body that ends when the other side has enough */
};

struct receiver_reply {
    enum receiver_reply_kind kind;
    int status;
    bool held;                             /* only once the box is released */
    char location[RECEIVER_LOCATION_SIZE]; /* the header Location; "": none */
};

/* One request as it came. Owned by the list. */
struct receiver_request {
    size_t order; /* counted over all boxes, from 1 */
    char *head;   /* request line and headers, as they came */
    char *body;   /* as it was before it was cut into chunks; ends with NUL beside its length */
    size_t body_bytes;
    int answer; /* the status that the script has for it; 0: none */
};

struct receiver_list {
    struct receiver_request *requests;
    size_t count;
};

/* HP_UNAVAILABLE when there is no port or thread to be had. Stop it when nobody uses it. */
enum hp_status receiver_start(struct receiver **receiver, struct hp_problem *problem);
void receiver_stop(struct receiver *receiver); /* NULL is allowed */

/* Opens a box, which answers by the script, its last reply again and again; an empty one is 200. The oldest of too many is
 * forgotten, and what is sent to it is answered 410. Writes its url, in which the
 * number stands as a UUID, so that two runs are told apart by nothing else; returns the number; 0: no memory. */
unsigned receiver_open(struct receiver *receiver, const struct receiver_reply *script, size_t count,
                       char url[RECEIVER_URL_SIZE]);

/* Lets go what the box holds, and holds nothing from now on. */
void receiver_release(struct receiver *receiver, unsigned box);

/* Waits until the box has got so many requests; false after timeout_ms. */
bool receiver_await(struct receiver *receiver, unsigned box, size_t count, unsigned timeout_ms);

/* A copy of what the box has got, in the order of its arrival. False without memory, and for a box that there is not. */
bool receiver_read(struct receiver *receiver, unsigned box, struct receiver_list *list);
void receiver_list_release(struct receiver_list *list);

#endif

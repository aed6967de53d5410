/* A decorator of the reference's stores, for what a decorator of a target cannot reach: a fault inside the
 * store, a point at which a thread yields. A store as such is known to its makers only. */
#ifndef HOLDPOINT_ADAPTERS_STORE_DECORATOR_H
#define HOLDPOINT_ADAPTERS_STORE_DECORATOR_H

struct hp_store;

/* One decorator, or several of which each goes around the one before. Whoever makes a decorated target keeps
 * them, and their contexts, until the target is freed. */
struct store_decorator {
    /* Puts a store of its own around `inner` and takes it over: whoever frees the new one frees the inner.
     * NULL when memory runs out; the inner one is freed then too. Called once for each store that a target
     * makes: on a database one for each endpoint, in memory one for all, and a new one at each reset. */
    struct hp_store *(*wrap)(struct hp_store *inner, void *context);
    void *context;                       /* handed to `wrap`, and nobody else's business */
    const struct store_decorator *outer; /* goes around what this one makes; NULL: this is the outermost */
};

/* The store with all of them around it, the first innermost. Takes `inner` over; NULL decorators give it back
 * as it is, and a NULL store stays NULL. NULL when memory runs out. */
struct hp_store *store_decorate(struct hp_store *inner, const struct store_decorator *decorator);

#endif

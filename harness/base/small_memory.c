#include "harness/base/small_memory.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

/* Sizes go by sixteens, from the first that has room for a free piece; what is larger than the last is malloc's. */
enum { STEP_BYTES = 16, SIZE_FIRST = 2, SIZE_COUNT = 33, BLOCK_BYTES = 256 * 1024, BATCH = 64 };

/* What stands before a piece: the index of its size, so that a free one finds its list. */
struct header {
    uint64_t size_index;
};

/* A free piece, with the links in its own memory. */
struct piece {
    struct header header;
    struct piece *next;
    struct piece *next_batch; /* of the first piece of a batch in the depot */
};

/* What one thread has. When it ends the next new thread goes on with it. */
struct pool {
    struct piece *free_pieces[SIZE_COUNT];
    unsigned counts[SIZE_COUNT]; /* how many pieces are in each list */
    char *block, *block_end;     /* what no piece was cut from yet */
    struct pool *next;           /* among those that no thread has */
};

static _Thread_local struct pool *own;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER; /* guards idle and depot */
static struct pool *idle;
/* Batches of pieces that a thread had too many of: what one thread gets and another drops would else heap up there. */
static struct piece *depot[SIZE_COUNT];
static pthread_once_t key_once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static bool has_key;

/* The thread ends. What it drops later, in destructors after this one, goes into a pool anew. */
static void give_back(void *pool) {
    own = NULL;
    pthread_mutex_lock(&mutex);
    ((struct pool *)pool)->next = idle;
    idle = pool;
    pthread_mutex_unlock(&mutex);
}

static void make_key(void) {
    has_key = pthread_key_create(&key, give_back) == 0;
}

static struct pool *take_idle(void) {
    pthread_mutex_lock(&mutex);
    struct pool *pool = idle;
    idle = pool ? pool->next : NULL;
    pthread_mutex_unlock(&mutex);
    return pool;
}

/* The thread's pool; NULL when memory runs out. Without a key the pool is lost with its thread. */
static struct pool *own_pool(void) {
    if (!own) {
        pthread_once(&key_once, make_key);
        own = take_idle();
        own = own ? own : calloc(1, sizeof *own);
        if (own && has_key) {
            pthread_setspecific(key, own);
        }
    }
    return own;
}

/* Cuts a new piece; what is left of a block that is too small for it stays unused. */
static struct piece *cut_piece(struct pool *pool, size_t length_bytes) {
    if ((size_t)(pool->block_end - pool->block) < length_bytes) {
        char *fresh = malloc(BLOCK_BYTES);
        if (!fresh) {
            return NULL;
        }
        pool->block = fresh;
        pool->block_end = fresh + BLOCK_BYTES;
    }
    struct piece *piece = (struct piece *)(void *)pool->block;
    pool->block += length_bytes;
    return piece;
}

/* Moves a batch of the pool's pieces of that size, of which it has more than two, to the depot. */
static void store_batch(struct pool *pool, size_t index) {
    struct piece *first = pool->free_pieces[index];
    struct piece *last = first;
    for (unsigned i = 1; i < BATCH; i++) {
        last = last->next;
    }
    pool->free_pieces[index] = last->next;
    pool->counts[index] -= BATCH;
    last->next = NULL;
    pthread_mutex_lock(&mutex);
    first->next_batch = depot[index];
    depot[index] = first;
    pthread_mutex_unlock(&mutex);
}

/* Fetches a batch from the depot into the pool's empty list; false when there is none. */
static bool fetch_batch(struct pool *pool, size_t index) {
    pthread_mutex_lock(&mutex);
    struct piece *first = depot[index];
    depot[index] = first ? first->next_batch : NULL;
    pthread_mutex_unlock(&mutex);
    pool->free_pieces[index] = first;
    pool->counts[index] = first ? BATCH : 0;
    return first != NULL;
}

static struct piece *get_small(size_t index) {
    struct pool *pool = own_pool();
    if (!pool) {
        return NULL;
    }
    if (!pool->free_pieces[index] && !fetch_batch(pool, index)) {
        return cut_piece(pool, index * STEP_BYTES);
    }
    struct piece *piece = pool->free_pieces[index];
    pool->free_pieces[index] = piece->next;
    pool->counts[index]--;
    return piece;
}

void *small_memory_get(size_t size_bytes) {
    size_t index = (size_bytes + sizeof(struct header) + STEP_BYTES - 1) / STEP_BYTES;
    struct piece *piece;
    index = index < SIZE_FIRST ? SIZE_FIRST : index;
    if (size_bytes > (SIZE_COUNT - 1) * STEP_BYTES - sizeof(struct header)) {
        index = SIZE_COUNT;
        piece = size_bytes <= SIZE_MAX - sizeof(struct header) ? malloc(size_bytes + sizeof(struct header))
                                                               : NULL;
    } else {
        piece = get_small(index);
    }
    if (!piece) {
        return NULL;
    }
    piece->header.size_index = index;
    return &piece->header + 1;
}

void small_memory_drop(void *memory) {
    if (!memory) {
        return;
    }
    struct piece *piece = (struct piece *)(void *)((struct header *)memory - 1);
    struct pool *pool = NULL;
    if (piece->header.size_index == SIZE_COUNT) {
        free(piece);
    } else if ((pool = own_pool())) { /* without memory for a pool the piece is lost */
        size_t index = piece->header.size_index;
        piece->next = pool->free_pieces[index];
        pool->free_pieces[index] = piece;
        if (++pool->counts[index] > 2 * BATCH) {
            store_batch(pool, index);
        }
    }
}

#include "harness/base/small_memory.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

/* Sizes go by sixteens; what is larger than the last of them is malloc's. */
enum { STEP_BYTES = 16, SIZE_COUNT = 33, BLOCK_BYTES = 256 * 1024 };

/* What stands before a piece: the index of its size, so that a free one finds its list. */
struct header {
    uint64_t size_index;
};

/* A free piece, with the link in its own memory. */
struct piece {
    struct header header;
    struct piece *next;
};

/* What one thread has. When it ends the next new thread goes on with it. */
struct pool {
    struct piece *free_pieces[SIZE_COUNT];
    char *block, *block_end; /* what no piece was cut from yet */
    struct pool *next;       /* among those that no thread has */
};

static _Thread_local struct pool *own;

static pthread_mutex_t idle_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct pool *idle; /* guarded by the mutex */
static pthread_once_t key_once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static bool has_key;

/* The thread ends. What it drops later, in destructors after this one, goes into a pool anew. */
static void give_back(void *pool) {
    own = NULL;
    pthread_mutex_lock(&idle_mutex);
    ((struct pool *)pool)->next = idle;
    idle = pool;
    pthread_mutex_unlock(&idle_mutex);
}

static void make_key(void) {
    has_key = pthread_key_create(&key, give_back) == 0;
}

static struct pool *take_idle(void) {
    pthread_mutex_lock(&idle_mutex);
    struct pool *pool = idle;
    idle = pool ? pool->next : NULL;
    pthread_mutex_unlock(&idle_mutex);
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

static struct piece *get_small(size_t index) {
    struct pool *pool = own_pool();
    if (!pool) {
        return NULL;
    }
    struct piece *piece = pool->free_pieces[index];
    if (piece) {
        pool->free_pieces[index] = piece->next;
        return piece;
    }
    return cut_piece(pool, index * STEP_BYTES);
}

void *small_memory_get(size_t size_bytes) {
    size_t index = (size_bytes + sizeof(struct header) + STEP_BYTES - 1) / STEP_BYTES;
    struct piece *piece;
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
        piece->next = pool->free_pieces[piece->header.size_index];
        pool->free_pieces[piece->header.size_index] = piece;
    }
}

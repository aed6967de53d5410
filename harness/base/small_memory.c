#include "harness/base/small_memory.h"

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

static _Thread_local struct piece *free_pieces[SIZE_COUNT];
static _Thread_local char *block, *block_end; /* what no piece was cut from yet */

/* Cuts a new piece; what is left of a block that is too small for it stays unused. */
static struct piece *cut_piece(size_t length_bytes) {
    if ((size_t)(block_end - block) < length_bytes) {
        char *fresh = malloc(BLOCK_BYTES);
        if (!fresh) {
            return NULL;
        }
        block = fresh;
        block_end = fresh + BLOCK_BYTES;
    }
    struct piece *piece = (struct piece *)(void *)block;
    block += length_bytes;
    return piece;
}

void *small_memory_get(size_t size_bytes) {
    size_t index = (size_bytes + sizeof(struct header) + STEP_BYTES - 1) / STEP_BYTES;
    struct piece *piece;
    if (size_bytes > (SIZE_COUNT - 1) * STEP_BYTES - sizeof(struct header)) {
        index = SIZE_COUNT;
        piece = size_bytes <= SIZE_MAX - sizeof(struct header) ? malloc(size_bytes + sizeof(struct header))
                                                               : NULL;
    } else if (free_pieces[index]) {
        piece = free_pieces[index];
        free_pieces[index] = piece->next;
    } else {
        piece = cut_piece(index * STEP_BYTES);
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
    if (piece->header.size_index == SIZE_COUNT) {
        free(piece);
        return;
    }
    piece->next = free_pieces[piece->header.size_index];
    free_pieces[piece->header.size_index] = piece;
}

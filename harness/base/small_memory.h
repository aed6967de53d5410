/* Memory for the many small pieces of JSON values: freed pieces wait in lists of their size, of the thread that freed them, and
 * are handed out again at once. A run makes and drops millions of them. */
#ifndef HOLDPOINT_BASE_SMALL_MEMORY_H
#define HOLDPOINT_BASE_SMALL_MEMORY_H

#include <stddef.h>

/* As malloc and free, aligned for pointers, numbers and doubles, which is all that jansson keeps. A piece may be freed by another thread
 * than the one that got it. What a thread that ends had is handed on to the next new one. The memory of small pieces goes back to the system when the process
 * ends. */
void *small_memory_get(size_t size_bytes);
void small_memory_drop(void *piece); /* NULL is allowed */

#endif

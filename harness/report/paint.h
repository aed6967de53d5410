/* The few colours of the terminal report, as escape sequences; every one is "" when colours are not
 * wanted. */
#ifndef HOLDPOINT_REPORT_PAINT_H
#define HOLDPOINT_REPORT_PAINT_H

#include <stdbool.h>

struct paint {
    const char *bold;
    const char *dim;
    const char *good;
    const char *bad;
    const char *warn;
    const char *plain; /* ends each of the others */
};

/* Static; never NULL. */
const struct paint *paint_get(bool color);

#endif

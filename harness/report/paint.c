#include "harness/report/paint.h"

const struct paint *paint_get(bool color) {
    static const struct paint colored = {"\x1b[1m", "\x1b[2m", "\x1b[32m", "\x1b[31m", "\x1b[33m", "\x1b[0m"};
    static const struct paint uncolored = {"", "", "", "", "", ""};
    return color ? &colored : &uncolored;
}

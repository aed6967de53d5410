#include "harness/report/screen.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

bool screen_obeys(FILE *out) {
    const char *kind = getenv("TERM");
    int file = fileno(out);
    return file >= 0 && isatty(file) == 1 && !(kind && strcmp(kind, "dumb") == 0);
}

bool screen_has_color(FILE *out, bool unwanted) {
    const char *no_color = getenv("NO_COLOR");
    return !unwanted && !(no_color && *no_color) && screen_obeys(out);
}

static size_t hold(unsigned long columns) {
    if (columns < SCREEN_COLUMNS_MIN) {
        return SCREEN_COLUMNS_MIN;
    }
    return columns > SCREEN_COLUMNS_MAX ? SCREEN_COLUMNS_MAX : (size_t)columns;
}

/* What the environment says; 0 when that is no number. */
static unsigned long environment_columns(void) {
    const char *text = getenv("COLUMNS");
    char *end = NULL;
    unsigned long columns = text && *text >= '0' && *text <= '9' ? strtoul(text, &end, 10) : 0;
    return end && *end == '\0' ? columns : 0;
}

size_t screen_columns(FILE *out) {
    struct winsize window;
    int file = fileno(out);
    if (file >= 0 && isatty(file) == 1 && ioctl(file, TIOCGWINSZ, &window) == 0 && window.ws_col > 0) {
        return hold(window.ws_col);
    }
    unsigned long columns = environment_columns();
    return columns > 0 ? hold(columns) : SCREEN_COLUMNS_DEFAULT;
}

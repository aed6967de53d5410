#include "reference/server/log_line.h"
#include "reference/base/instant.h"
#include "reference/core/json.h"

#include <inttypes.h>
#include <string.h>

enum { PATH_SHOWN_BYTES = 512 };

/* The path as it came, so that nothing is read into it; only what no JSON can hold is replaced. */
static void write_path(struct text *text, const char *target) {
    char path[PATH_SHOWN_BYTES + 1];
    size_t length = strcspn(target, "?");
    length = length < PATH_SHOWN_BYTES ? length : PATH_SHOWN_BYTES;
    memcpy(path, target, length);
    for (size_t i = 0; i < length; i++) {
        path[i] = (unsigned char)path[i] < 0x80 ? path[i] : '?';
    }
    json_write_string(text, path, length);
}

bool log_line_write(struct text *text, const struct log_entry *entry) {
    char time[HP_INSTANT_SIZE];
    hp_instant_format(entry->time_us, time);
    text_addf(text, "{\"time\":\"%s\",\"method\":", time);
    write_path(text, entry->method);
    text_add(text, ",\"path\":");
    write_path(text, entry->target);
    return text_addf(text,
                     ",\"status\":%u,\"bytes\":%zu,\"duration_us\":%" PRId64
                     ",\"request_id\":\"%s\",\"complete\":%s}\n",
                     entry->status, entry->bytes, entry->duration_us, entry->request_id,
                     entry->complete ? "true" : "false");
}

#include "reference/server/openapi.h"
#include "reference/core/json.h"

bool openapi_write(struct text *text, const char *prefix) {
    json_t *description = NULL;
    if (json_read(openapi_json, openapi_json_length_bytes, &description, NULL) != HP_OK) {
        return false;
    }
    json_t *server = json_array_get(json_object_get(description, "servers"), 0);
    bool written = json_object_set_new(server, "url", json_string(prefix[0] ? prefix : "/")) == 0 &&
                   json_write(text, description);
    json_decref(description);
    return written;
}

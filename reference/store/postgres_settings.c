#include "reference/store/postgres_settings.h"
#include "reference/base/text.h"

#include <stdlib.h>

unsigned setting_or(unsigned value, unsigned otherwise) {
    return value ? value : otherwise;
}

enum hp_status settings_init(struct connection_settings *settings, const char *conninfo,
                             const struct hp_postgres_options *options, struct hp_problem *problem) {
    static const struct hp_postgres_options none = {0};
    options = options ? options : &none;
    *settings = (struct connection_settings){
        .conninfo = text_copy(conninfo),
        .schema = text_copy(options->schema ? options->schema : "public"),
        .connect_ms = setting_or(options->connect_ms, SETTINGS_CONNECT_MS),
        .statement_ms = setting_or(options->statement_ms, SETTINGS_STATEMENT_MS),
        .lock_ms = setting_or(options->lock_ms, SETTINGS_LOCK_MS),
    };
    return settings->conninfo && settings->schema ? HP_OK : hp_problem_no_memory(problem);
}

void settings_release(struct connection_settings *settings) {
    free(settings->conninfo);
    free(settings->schema);
    *settings = (struct connection_settings){0};
}

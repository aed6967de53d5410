#include "suites/self/support_script.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

void script_short(struct script *script, const char *text) {
    struct hp_problem problem = {0};
    json_t *value = json_short(text);
    enum hp_status status = script_decode(value, script, &problem);
    json_decref(value);
    if (status != HP_OK) {
        fail_msg("%s: %s", text, problem.detail);
    }
}

/* Lines of the wire: what a child may answer, and what a caller may send. A refused line has a reason; a
 * slice lies in the line that it was cut from; an accepted answer has a result or the name of an error. */
#include "harness/adapters/rpc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_slice(struct slice slice, const char *line, size_t length) {
    if (slice.bytes && (slice.bytes < line || slice.length_bytes > length ||
                        slice.bytes + slice.length_bytes > line + length)) {
        abort();
    }
}

static void check_frame(const char *line, size_t length) {
    struct frame frame = {0};
    unsigned number;
    frame_scan(line, length, &frame);
    check_slice(frame.jsonrpc, line, length);
    check_slice(frame.id, line, length);
    check_slice(frame.endpoint, line, length);
    check_slice(frame.method, line, length);
    check_slice(frame.params, line, length);
    if (frame.id.bytes && slice_number(frame.id, &number) && number > 999999999) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct rpc_answer answer = {0};
    struct hp_problem problem = {0};
    char *line = text_copy_bytes((const char *)data, size);
    if (!line) {
        return 0;
    }
    check_frame(line, size);
    enum hp_status status = rpc_decode_answer(line, size, &answer, &problem);
    if (status == HP_OK) {
        bool result = answer.answer.kind == ANSWER_RESULT && answer.answer.result;
        bool refused = answer.answer.kind == ANSWER_REFUSED && answer.answer.error_name[0];
        if (!result && !refused) {
            abort();
        }
    } else if (problem.status != status || !problem.detail[0]) {
        abort();
    }
    rpc_answer_release(&answer);
    free(line);
    return 0;
}

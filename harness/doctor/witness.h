/* What was odd about the lines that an adapter wrote, whichever check they came in. Each kind of slip belongs
 * to one check; the first of each is kept. */
#ifndef HOLDPOINT_DOCTOR_WITNESS_H
#define HOLDPOINT_DOCTOR_WITNESS_H

#include "harness/adapters/rpc.h"
#include "harness/doctor/checkup.h"

enum slip {
    SLIP_CARRIAGE_RETURN, /* the line ends with CR LF */
    SLIP_BYTE_ORDER_MARK, /* it begins with one */
    SLIP_NUL,             /* it holds a byte of zero */
    SLIP_ENCODING,        /* it is not UTF-8 */
    SLIP_PRETTY,          /* the begin of JSON that goes on in the next line */
    SLIP_JSON,            /* JSON that is none */
    SLIP_BATCH,           /* an array */
    SLIP_ENDLESS,         /* it has no end */
    SLIP_ECHO,            /* the request itself */
    SLIP_FRAME,           /* an object, but no answer */
    SLIP_ERROR,           /* an answer whose error is malformed */
    SLIP_ID,              /* an answer without the id of a request, as a number */
    SLIP_NEVER_ASKED,     /* an answer to a request that there was not */
    SLIP_REPEATED,        /* a second answer */
    SLIP_NOISE,           /* something else */
    SLIP_COUNT
};

enum { SLIP_DID_SIZE = HP_PROBLEM_DETAIL_SIZE + 128 };

/* Zeroed it has seen nothing. */
struct witness {
    size_t lines;
    size_t longest_bytes;
    struct {
        size_t count;
        char did[SLIP_DID_SIZE]; /* of the first: "answered interrupt.get so: the answer's id is text; ..." */
    } seen[SLIP_COUNT];
};

/* Puts a slip down. did is printf's. */
void witness_put(struct witness *witness, enum slip slip, const char *did, ...) HP_PRINTF(3, 4);

/* Looks at a line and puts down what is odd about its bytes, however good what it says is. */
void witness_see_bytes(struct witness *witness, const char *line, size_t length_bytes);

/* Puts down why rpc_decode_answer refused a line, and returns which slip that is. `asked` is the method of
 * the request that waits. */
enum slip witness_see_refused(struct witness *witness, const char *line, size_t length_bytes,
                              const struct hp_problem *problem, const char *asked);

/* The check that a slip belongs to. */
const char *slip_check(enum slip slip);

/* Fills in the rows of all those checks. Ones that saw nothing are ok if there were lines to look at. */
void witness_judge(const struct witness *witness, struct checkup *checkup);

#endif

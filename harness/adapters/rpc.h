/* Frames of JSON-RPC 2.0, one message a line, as docs/adapters.md describes them. Only the frame is judged
 * here: the id, result or error, the error's name. What a result holds is for the cases to judge.
 * fixtures/schema/wire.json says the same as JSON Schema; a test holds the two against each other. */
#ifndef HOLDPOINT_ADAPTERS_RPC_H
#define HOLDPOINT_ADAPTERS_RPC_H

#include "harness/adapters/adapter.h"
#include "harness/adapters/frame.h"

enum { RPC_PROTOCOL = 1 };

/* Judges a request of our own before it is sent. HP_INTERNAL, with a detail that begins with "harness: ",
 * when its method is no name, its params hold a line break or (unless it is raw) are no JSON object: then
 * the harness is at fault, never the target. */
enum hp_status rpc_check_request(const struct request *request, struct hp_problem *problem);

/* Adds a request and its line feed; the params are put in as they are. endpoint 0 is left out. */
bool rpc_add_request(struct text *line, unsigned id, unsigned endpoint, const struct request *request);

/* An answer as it came. Zeroed it holds nothing; release with rpc_answer_release. */
struct rpc_answer {
    bool has_id;          /* id names a call */
    bool id_is_null;      /* the target could not tell which call it answers */
    unsigned id;          /* 0 unless has_id */
    struct answer answer; /* ANSWER_RESULT or ANSWER_REFUSED */
};

void rpc_answer_release(struct rpc_answer *answer);

/* Reads an answer line. HP_INVALID when it is none: the problem's detail says what is wrong with it and what
 * was expected, and has_id is still set where the id can be made out, so that only that call suffers.
 * HP_INTERNAL when memory runs out. The caller releases *answer in every case. */
enum hp_status rpc_decode_answer(const char *line, size_t length_bytes, struct rpc_answer *answer,
                                 struct hp_problem *problem);

/* Codes of errors that JSON-RPC names itself; all others come from rpc_error_code. */
enum { RPC_PARSE_ERROR = -32700, RPC_BAD_FRAME = -32600, RPC_NO_METHOD = -32601 };

/* The code of the contract's error of that name: -32602 for invalid, -32001 to -32006 for not_found,
 * forbidden, conflict, unavailable, unsupported, internal (and for any name that is none of these). */
int rpc_error_code(const char *name);

/* Adds an answer and its line feed. id is the caller's id as it was sent; without bytes it is null. False
 * when memory or the cap ends. */
bool rpc_add_result(struct text *line, struct slice id, const json_t *result);
bool rpc_add_error(struct text *line, struct slice id, int code, const struct answer *refusal);

#endif

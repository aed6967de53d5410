#include "reference/store/postgres_key.h"
#include "reference/core/stored.h"
#include "reference/store/answer_book.h"
#include "reference/store/postgres_row.h"

void key_add(struct parameters *parameters, const struct hp_idempotency *idempotency) {
    if (idempotency) {
        parameters_add_text(parameters, idempotency->scope);
        parameters_add_text(parameters, idempotency->key);
        parameters_add_text(parameters, idempotency->request);
    }
}

enum hp_status key_read(const PGresult *result, int column, struct hp_idempotency *idempotency,
                        struct hp_interrupt **kept, struct hp_problem *problem) {
    if (!idempotency) {
        return HP_OK;
    }
    if (!row_read_flag(result, 0, column)) {
        return answer_refuse(idempotency, HP_KEY_BUSY, problem);
    }
    if (PQgetisnull(result, 0, column + 1)) {
        idempotency->outcome = HP_KEY_FIRST;
        return HP_OK;
    }
    if (!row_read_flag(result, 0, column + 1)) {
        return answer_refuse(idempotency, HP_KEY_TAKEN, problem);
    }
    struct hp_problem cause = {0};
    idempotency->outcome = HP_KEY_REPLAYED;
    enum hp_status status = stored_read_interrupt(PQgetvalue(result, 0, column + 2), kept, &cause);
    if (status == HP_INVALID) {
        return hp_problem_set(problem, HP_INTERNAL, NULL, "the answer kept for %s holds no interrupt: %s",
                              idempotency->key, cause.detail);
    }
    return status == HP_OK ? HP_OK : hp_problem_set(problem, status, NULL, "%s", cause.detail);
}

#include "harness/lab/judgement.h"

/* Not all of it is set to zero: thousands of keys are checked in the time that their reasons would take to empty. */
void judgement_clear(struct judgement *judgement) {
    judgement->linearity = LINEARIZABLE;
    judgement->operation_count = 0;
    judgement->reason[0] = '\0';
}

/* Parity: two targets of one run come to the same verdicts, and say the same in every case, but for what the
 * contract leaves free (harness/case/normal.h). Plays count by the verdict that they lead to. */
#ifndef HOLDPOINT_CASE_PARITY_H
#define HOLDPOINT_CASE_PARITY_H

#include "harness/case/rig.h"
#include "harness/case/verdict.h"

/* What one target said in one case: its normalised transcript, exact and loose. */
struct parity_side;

/* Makes it from the rig's records, while the case's scope is still there. NULL when memory runs out. */
struct parity_side *parity_side_new(const struct rig *rig, const struct test_case *test_case);
void parity_side_free(struct parity_side *side); /* NULL is allowed */

/* True for the verdicts that say something of the target. Cases with others on one side are not compared. */
bool verdict_is_comparable(enum verdict verdict);

enum parity_state { PARITY_SAME, PARITY_DIFFERS, PARITY_LEFT_OUT };

/* One case on the first target and on another one. */
struct parity_case {
    const struct test_case *test_case; /* borrowed */
    enum parity_state state;
    enum verdict first_verdict, verdict;
    /* Of PARITY_DIFFERS: the first difference. The verdicts differ when step is NULL; path is then "". */
    char *step;
    char *method;
    char *
        path; /* JSON Pointer into the call as an object {params, result or refused}; "" for the whole call */
    char *first, *other; /* what is there, cut; "nothing" where one side has none */
};

/* Another target held against the first. Release with parity_target_release. */
struct parity_target {
    const char *first, *target; /* names, borrowed */
    struct parity_case *cases;  /* in the order of the run */
    size_t case_count;
    size_t compared, differ,
        loose; /* how many; loose ones, without a clock on one side, are among the compared */
    size_t left_out[VERDICT_COUNT]; /* how many not, by the verdict that is why */
};

/* Every target but the first held against it. Zeroed it holds nothing. */
struct parity {
    struct parity_target *targets;
    size_t target_count;
};

/* Fills in everything but the names. The results are those of one selection in one order. HP_INTERNAL when memory
 * runs out, also while the sides were made. The caller releases *target in either case. */
enum hp_status parity_compare(const struct case_result *first, const struct case_result *other, size_t count,
                              struct parity_target *target);

void parity_target_release(struct parity_target *target);
void parity_release(struct parity *parity);

/* How many cases differ on all targets. */
size_t parity_count_differences(const struct parity *parity);

/* Adds "785 cases compared, 0 differ; 12 not compared: 12 unsupported on one side". */
void parity_add_sum(struct text *out, const struct parity_target *target);

#endif

#include "harness/lab/schedule_run.h"

#include "harness/lab/exhaustive.h"
#include "harness/lab/random.h"

#include <string.h>

enum { SEEDED_RUNS = 20, VIOLATIONS_SHOWN = 3, EXHAUSTIVE_RUNS_MAX = 100000 };

/* One schedule under way. */
struct rehearsal {
    const struct schedule *schedule;
    struct crew crew; /* with the number of the present run */
    struct staging staging;
    struct course course;
    struct row_locks *locks;
    bool has_points;
    int64_t lasts_us; /* how far a run moves the clock */
    struct schedule_result *result;
};

static void choose_how(struct rehearsal *rehearsal) {
    bool database = rehearsal->crew.hello->database != NULL;
    rehearsal->has_points = target_set_gate(rehearsal->crew.target, NULL);
    if (rehearsal->has_points) {
        rehearsal->result->how = database ? "exact, by statement" : "exact, by the store's calls";
    } else {
        rehearsal->result->how =
            rehearsal->schedule->holder_count > 0 ? "exact, by whole operations" : "seeded timing";
    }
}

static int64_t clock_end_us(const struct script *script) {
    int64_t end_us = 0;
    for (size_t i = 0; i < script->client_count; i++) {
        for (size_t j = 0; j < script->clients[i].act_count; j++) {
            const struct act *act = &script->clients[i].acts[j];
            end_us = act->kind == ACT_CLOCK && act->clock_us > end_us ? act->clock_us : end_us;
        }
    }
    return end_us;
}

static enum hp_status prepare(struct rehearsal *rehearsal, struct hp_problem *problem) {
    const struct schedule *schedule = rehearsal->schedule;
    const struct hello *hello = rehearsal->crew.hello;
    if (script_endpoints(&schedule->script) > hello->endpoints) {
        return hp_problem_set(problem, HP_UNSUPPORTED, NULL,
                              "the schedule takes %u endpoints, the target has %u",
                              script_endpoints(&schedule->script), hello->endpoints);
    }
    if (schedule->holder_count > 0 && !hello->database) {
        return hp_problem_set(
            problem, HP_UNSUPPORTED, NULL,
            "rows are to be held, but the target's hello does not say where its database is");
    }
    choose_how(rehearsal);
    rehearsal->lasts_us = clock_end_us(&schedule->script);
    if (schedule->holder_count > 0) {
        enum hp_status status = row_locks_open(hello->database, hello->schema, schedule->holder_count,
                                               &rehearsal->locks, problem);
        if (status != HP_OK) {
            return status;
        }
    }
    rehearsal->staging = (struct staging){.crew = &rehearsal->crew,
                                          .script = &schedule->script,
                                          .course = &rehearsal->course,
                                          .locks = rehearsal->locks,
                                          .held = schedule->held,
                                          .holder_count = schedule->holder_count,
                                          .whole_acts = !rehearsal->has_points};
    return HP_OK;
}

/* "a.answer:change b.answer"; NULL when memory runs out. */
static json_t *make_order(const struct rehearsal *rehearsal) {
    struct text order = {0};
    course_add_order(&order, &rehearsal->course, &rehearsal->schedule->labels);
    json_t *made = order.failed || !order.bytes ? NULL : json_string(order.bytes);
    text_release(&order);
    return made;
}

static json_t *make_violation(const struct rehearsal *rehearsal, const struct performance *performance,
                              const struct finding *finding, const char *class) {
    if (rehearsal->course.count == 0) {
        return json_pack("{s:s, s:s, s:i}", "class", class, "what", finding->sentence, "run",
                         (int)rehearsal->crew.number);
    }
    return json_pack("{s:s, s:s, s:i, s:o, s:o}", "class", class, "what", finding->sentence, "preemptions",
                     (int)rehearsal->course.preemptions, "order", make_order(rehearsal), "shows",
                     course_lines(&rehearsal->course, &rehearsal->schedule->labels, performance));
}

static json_int_t preemptions_of(const json_t *violation) {
    return json_integer_value(json_object_get(violation, "preemptions"));
}

/* Those with the fewest preemptions are the easiest to follow, so they stand first, and the others go. The performance of
 * the first is kept, and taken from the caller. */
static bool keep_violation(struct schedule_result *result, json_t *violation, const struct finding *finding,
                           struct performance *performance) {
    size_t at = 0;
    while (at < json_array_size(result->violations) &&
           preemptions_of(json_array_get(result->violations, at)) <= preemptions_of(violation)) {
        at++;
    }
    if (at == 0) {
        performance_release(&result->performance);
        result->performance = *performance;
        result->finding = *finding;
        *performance = (struct performance){0};
    }
    if (json_array_insert_new(result->violations, at, violation) != 0) {
        return false;
    }
    return json_array_size(result->violations) <= VIOLATIONS_SHOWN ||
           json_array_remove(result->violations, VIOLATIONS_SHOWN) == 0;
}

static enum hp_status note_violation(struct rehearsal *rehearsal, const struct review *review,
                                     struct performance *performance, struct hp_problem *problem) {
    struct finding undecided = {.slot = SCRIPT_SLOTS_MAX, .key = SIZE_MAX};
    text_put(undecided.sentence, sizeof undecided.sentence, "the checker of the order gave up");
    const struct finding *finding = review->count > 0 ? &review->findings[0] : &undecided;
    const char *class = review->count > 0 ? finding_class_name(finding->class) : "undecided";
    json_t *violation = make_violation(rehearsal, performance, finding, class);
    rehearsal->result->failed++;
    return violation && keep_violation(rehearsal->result, violation, finding, performance)
               ? HP_OK
               : hp_problem_no_memory(problem);
}

static enum hp_status judge(struct rehearsal *rehearsal, struct performance *performance,
                            struct hp_problem *problem) {
    struct review review = {0};
    if (performance->lost > 0) {
        rehearsal->result->unsendable = performance->unsendable;
        return hp_problem_set(problem, HP_UNAVAILABLE, NULL, "a step had no answer: %s",
                              performance->lost_why);
    }
    enum hp_status status = review_make(performance, 0, &review, problem);
    if (status == HP_OK && (review.count > 0 || review.undecided)) {
        status = note_violation(rehearsal, &review, performance, problem);
    }
    review_release(&review);
    return status;
}

/* Ends a run that was played with that status: judges it, and counts it. */
static enum hp_status end_run(struct rehearsal *rehearsal, enum hp_status status,
                              struct performance *performance, struct hp_problem *problem) {
    rehearsal->result->runs++;
    if (status == HP_OK) {
        status = judge(rehearsal, performance, problem);
    }
    performance_release(performance);
    rehearsal->crew.number++;
    if (!rehearsal->crew.reset || !hello_declares(rehearsal->crew.hello, "reset")) {
        rehearsal->crew.start_us += rehearsal->lasts_us;
    }
    return status;
}

static enum hp_status add_difference(struct rehearsal *rehearsal, json_t *difference,
                                     struct hp_problem *problem) {
    return json_array_append_new(rehearsal->result->differences, difference) == 0
               ? HP_OK
               : hp_problem_no_memory(problem);
}

/* Whether a line says at which point of the store a step goes on: "a.answer:change.done <goes on>". */
static bool names_point(const json_t *line) {
    const char *colon = strchr(json_string_value(line), ':');
    return colon && colon[1] && colon[1] != ' ';
}

static bool shows_points(const struct planned_order *order) {
    for (size_t i = 0; i < json_array_size(order->shows); i++) {
        if (names_point(json_array_get(order->shows, i))) {
            return true;
        }
    }
    return false;
}

/* Holds what came of a written order against what must. */
static enum hp_status compare(struct rehearsal *rehearsal, const struct planned_order *order,
                              const struct performance *performance, struct hp_problem *problem) {
    json_t *lines = course_lines(&rehearsal->course, &rehearsal->schedule->labels, performance);
    enum hp_status status = lines ? HP_OK : hp_problem_no_memory(problem);
    if (lines && !json_equal(lines, order->shows)) {
        status = add_difference(
            rehearsal,
            json_pack("{s:s, s:O, s:O}", "order", order->words, "expected", order->shows, "shows", lines),
            problem);
    }
    json_decref(lines);
    return status;
}

/* An order that cannot be played to its end is a difference like another. */
static enum hp_status note_stuck(struct rehearsal *rehearsal, const struct planned_order *order,
                                 const struct hp_problem *stuck, struct hp_problem *problem) {
    return add_difference(
        rehearsal,
        json_pack("{s:s, s:O, s:s}", "order", order->words, "expected", order->shows, "what", stuck->detail),
        problem);
}

static enum hp_status play_order(struct rehearsal *rehearsal, const struct planned_order *order,
                                 struct hp_problem *problem) {
    struct permutation_director director;
    struct performance performance = {0};
    struct hp_problem found = {0};
    bool needs_points = permutation_has_points(&order->permutation) || shows_points(order);
    bool comparable = rehearsal->has_points || !needs_points;
    permutation_director_init(&director, &order->permutation, &rehearsal->schedule->labels);
    rehearsal->staging.director = &director.director;
    course_clear(&rehearsal->course);
    enum hp_status status = schedule_stage(&rehearsal->staging, &performance, &found);
    if (status == HP_CONFLICT) {
        performance_release(&performance);
        return note_stuck(rehearsal, order, &found, problem);
    }
    if (status == HP_OK && comparable) {
        status = compare(rehearsal, order, &performance, &found);
    }
    status = end_run(rehearsal, status, &performance, &found);
    return status == HP_OK ? HP_OK : hp_problem_set(problem, status, found.field, "%s", found.detail);
}

static enum hp_status play_orders(struct rehearsal *rehearsal, struct hp_problem *problem) {
    const struct schedule *schedule = rehearsal->schedule;
    enum hp_status status = HP_OK;
    for (size_t i = 0; status == HP_OK && i < schedule->order_count; i++) {
        status = play_order(rehearsal, &schedule->orders[i], problem);
    }
    return status;
}

static enum hp_status play_next(struct rehearsal *rehearsal, struct exhaustive *exhaustive,
                                struct hp_problem *problem) {
    struct performance performance = {0};
    course_clear(&rehearsal->course);
    rehearsal->staging.director = &exhaustive->director;
    enum hp_status status = schedule_stage(&rehearsal->staging, &performance, problem);
    if (status == HP_OK && exhaustive->at < exhaustive->count) {
        status = hp_problem_set(problem, HP_CONFLICT, NULL,
                                "the same turns ended sooner this time: the target is not played exactly");
    }
    return end_run(rehearsal, status, &performance, problem);
}

static enum hp_status play_exhaustively(struct rehearsal *rehearsal, struct hp_problem *problem) {
    struct exhaustive exhaustive;
    exhaustive_init(&exhaustive, rehearsal->schedule->preemptions);
    enum hp_status status = HP_OK;
    bool more = rehearsal->schedule->is_exhaustive;
    for (size_t runs = 0; status == HP_OK && more; runs++) {
        if (runs == EXHAUSTIVE_RUNS_MAX) {
            status = hp_problem_set(problem, HP_INVALID, "/exhaustive",
                                    "more than %d orders; lower the bound, or play some by chance",
                                    EXHAUSTIVE_RUNS_MAX);
            break;
        }
        status = play_next(rehearsal, &exhaustive, problem);
        more = exhaustive_next(&exhaustive);
    }
    exhaustive_release(&exhaustive);
    return status;
}

static enum hp_status play_by_chance(struct rehearsal *rehearsal, struct hp_problem *problem) {
    enum hp_status status = HP_OK;
    for (unsigned i = 0; status == HP_OK && i < rehearsal->schedule->random_count; i++) {
        struct choices choices = {.random = random_start(rehearsal->crew.seed, i)};
        struct performance performance = {0};
        course_clear(&rehearsal->course);
        status = schedule_stage_by_chance(&rehearsal->staging, &choices, &performance, problem);
        status = end_run(rehearsal, status, &performance, problem);
        choices_release(&choices);
    }
    return status;
}

static enum hp_status play_at_once(struct rehearsal *rehearsal, struct hp_problem *problem) {
    enum hp_status status = HP_OK;
    for (unsigned i = 0; status == HP_OK && i < SEEDED_RUNS; i++) {
        struct performance performance = {0};
        status = crew_play(&rehearsal->crew, &rehearsal->schedule->script, NULL, &performance, problem);
        status = end_run(rehearsal, status, &performance, problem);
    }
    return status;
}

static enum hp_status play_all(struct rehearsal *rehearsal, struct hp_problem *problem) {
    if (!rehearsal->has_points && rehearsal->schedule->holder_count == 0) {
        return play_at_once(rehearsal, problem);
    }
    enum hp_status status = play_orders(rehearsal, problem);
    if (status == HP_OK) {
        status = play_exhaustively(rehearsal, problem);
    }
    return status == HP_OK ? play_by_chance(rehearsal, problem) : status;
}

enum hp_status schedule_run(const struct crew *crew, const struct schedule *schedule,
                            struct schedule_result *result, int64_t *clock_us, struct hp_problem *problem) {
    struct rehearsal rehearsal = {.schedule = schedule, .crew = *crew, .result = result};
    *result = (struct schedule_result){.violations = json_array(), .differences = json_array()};
    enum hp_status status = result->violations && result->differences ? HP_OK : hp_problem_no_memory(problem);
    if (status == HP_OK) {
        status = prepare(&rehearsal, problem);
    }
    if (status == HP_OK) {
        status = play_all(&rehearsal, problem);
    }
    *clock_us = rehearsal.crew.start_us + rehearsal.lasts_us;
    row_locks_close(rehearsal.locks);
    course_release(&rehearsal.course);
    return status;
}

void schedule_result_release(struct schedule_result *result) {
    json_decref(result->violations);
    json_decref(result->differences);
    performance_release(&result->performance);
    *result = (struct schedule_result){0};
}

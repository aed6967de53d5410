#include "harness/lab/search.h"

#include "harness/lab/memo.h"

#include <stdlib.h>
#include <string.h>

/* The list's entries are numbers: 2 i is the call of candidate i, 2 i + 1 its return, and one more is the head, which is
 * the end too. Behind the operations stand two candidates that are time's own: the lapse, which may happen, and falling
 * due, which must. */
enum { TIME_CANDIDATES = 2, FIRST_ROOM = 64, SORTED_BY_HAND = 48 };

/* One that may be next. */
struct candidate {
    const struct operation *operation; /* NULL for time */
    int64_t invoke_ns;
    int64_t return_ns; /* HISTORY_LOST: it need not happen */
    bool inert;
    bool due; /* of time's two: falling due */
};

struct link {
    uint32_t previous;
    uint32_t next;
};

/* One lift, to be undone. */
struct step {
    uint32_t candidate;
    bool forced; /* no choice: nothing else is tried in its place */
    struct state before;
};

/* When a candidate returned, for the order of the list. */
struct ending {
    int64_t return_ns;
    uint32_t candidate;
};

struct search {
    struct candidate *candidates;
    struct link *links;
    struct step *trail;
    struct ending *endings;
    uint64_t *set; /* of lifted candidates */
    size_t room;   /* of candidates; the others follow */
    struct memo memo;

    struct life life;
    uint32_t count; /* of candidates */
    uint32_t head;
    uint32_t waiting; /* candidates that must happen and have not */
    uint32_t fewest;  /* the least of them that any way came down to */
    const struct operation *stuck;
    size_t depth; /* of the trail */
    struct state state;
    uint64_t steps;
};

struct search *search_new(void) {
    return calloc(1, sizeof(struct search));
}

static void release_arrays(struct search *search) {
    free(search->candidates);
    free(search->links);
    free(search->trail);
    free(search->endings);
    free(search->set);
}

void search_free(struct search *search) {
    if (search) {
        release_arrays(search);
        memo_release(&search->memo);
        free(search);
    }
}

uint64_t search_steps(const struct search *search) {
    return search->steps;
}

size_t search_bytes(const struct search *search) {
    size_t each = sizeof *search->candidates + 2 * sizeof *search->links + sizeof *search->trail +
                  sizeof *search->endings;
    return sizeof *search + search->room * each + search->room / 8 + memo_bytes(&search->memo);
}

static size_t words_for(size_t count) {
    return (count + 63) / 64;
}

static bool make_room(struct search *search, size_t count) {
    if (count <= search->room) {
        return true;
    }
    size_t room = search->room ? search->room : FIRST_ROOM;
    while (room < count) {
        room *= 2;
    }
    release_arrays(search);
    search->candidates = malloc(room * sizeof *search->candidates);
    search->links = malloc((2 * room + 1) * sizeof *search->links);
    search->trail = malloc(room * sizeof *search->trail);
    search->endings = malloc(room * sizeof *search->endings);
    search->set = malloc(words_for(room) * sizeof *search->set);
    search->room = room;
    if (search->candidates && search->links && search->trail && search->endings && search->set) {
        return true;
    }
    release_arrays(search);
    search->candidates = NULL, search->links = NULL, search->trail = NULL;
    search->endings = NULL, search->set = NULL;
    search->room = 0;
    return false;
}

/* Puts time's candidate among the operations, by its call. */
static void insert_time(struct search *search, int64_t invoke_ns, int64_t return_ns) {
    uint32_t at = search->count++;
    for (; at > 0 && search->candidates[at - 1].invoke_ns > invoke_ns; at--) {
        search->candidates[at] = search->candidates[at - 1];
    }
    search->candidates[at] =
        (struct candidate){.invoke_ns = invoke_ns, .return_ns = return_ns, .due = return_ns != HISTORY_LOST};
}

static void gather(struct search *search, const struct operation *operations, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        const struct operation *operation = &operations[i];
        search->candidates[i] = (struct candidate){.operation = operation,
                                                   .invoke_ns = operation->invoke_ns,
                                                   .return_ns = operation->return_ns,
                                                   .inert = operation_is_inert(operation)};
    }
    search->count = count;
    if (search->life.expires) {
        insert_time(search, search->life.lapse_from_ns, HISTORY_LOST);
        insert_time(search, search->life.answer_until_ns, search->life.answer_until_ns);
    }
}

static int compare_endings(const void *left, const void *right) {
    const struct ending *one = left;
    const struct ending *other = right;
    if (one->return_ns != other->return_ns) {
        return one->return_ns < other->return_ns ? -1 : 1;
    }
    return (one->candidate > other->candidate) - (one->candidate < other->candidate);
}

/* Few and nearly sorted is the rule. */
static void sort_endings(struct ending *endings, size_t count) {
    if (count > SORTED_BY_HAND) {
        qsort(endings, count, sizeof *endings, compare_endings);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        struct ending moved = endings[i];
        size_t at = i;
        for (; at > 0 && endings[at - 1].return_ns > moved.return_ns; at--) {
            endings[at] = endings[at - 1];
        }
        endings[at] = moved;
    }
}

static uint32_t append_link(struct search *search, uint32_t last, uint32_t entry) {
    search->links[last].next = entry;
    search->links[entry].previous = last;
    return entry;
}

/* Calls and returns by time; at one moment calls come first, since intervals are closed. */
static void build_list(struct search *search) {
    uint32_t endings = 0;
    for (uint32_t i = 0; i < search->count; i++) {
        if (search->candidates[i].return_ns != HISTORY_LOST) {
            search->endings[endings++] = (struct ending){search->candidates[i].return_ns, i};
        }
    }
    sort_endings(search->endings, endings);
    search->head = 2 * search->count;
    uint32_t last = search->head;
    uint32_t ending = 0;
    for (uint32_t i = 0; i < search->count; i++) {
        while (ending < endings && search->endings[ending].return_ns < search->candidates[i].invoke_ns) {
            last = append_link(search, last, 2 * search->endings[ending++].candidate + 1);
        }
        last = append_link(search, last, 2 * i);
    }
    while (ending < endings) {
        last = append_link(search, last, 2 * search->endings[ending++].candidate + 1);
    }
    append_link(search, last, search->head);
    search->waiting = endings;
}

static void unlink_entry(struct link *links, uint32_t entry) {
    links[links[entry].previous].next = links[entry].next;
    links[links[entry].next].previous = links[entry].previous;
}

static void relink_entry(struct link *links, uint32_t entry) {
    links[links[entry].previous].next = entry;
    links[links[entry].next].previous = entry;
}

static void lift(struct search *search, uint32_t candidate, bool forced) {
    search->trail[search->depth++] = (struct step){candidate, forced, search->state};
    search->set[candidate / 64] |= UINT64_C(1) << candidate % 64;
    /* The return first: when it stands right behind its call, the call's link then leads past both. */
    if (search->candidates[candidate].return_ns != HISTORY_LOST) {
        unlink_entry(search->links, 2 * candidate + 1);
        search->waiting--;
    }
    unlink_entry(search->links, 2 * candidate);
}

static struct step put_back(struct search *search) {
    struct step step = search->trail[--search->depth];
    uint32_t candidate = step.candidate;
    search->set[candidate / 64] &= ~(UINT64_C(1) << candidate % 64);
    relink_entry(search->links, 2 * candidate);
    if (search->candidates[candidate].return_ns != HISTORY_LOST) {
        relink_entry(search->links, 2 * candidate + 1);
        search->waiting++;
    }
    search->state = step.before;
    return step;
}

static bool is_call(const struct search *search, uint32_t entry) {
    return entry % 2 == 0 && entry != search->head;
}

static bool try_candidate(struct search *search, const struct candidate *candidate, struct state *next) {
    search->steps++;
    if (candidate->operation) {
        return state_step(&search->life, search->state, candidate->operation, next);
    }
    if (!candidate->due) {
        return state_lapse(search->state, next);
    }
    *next = state_fall_due(search->state);
    return true;
}

/* Lifts all that may be next and cannot change the state any more. Falling due changes nothing after the end. */
static void lift_inert(struct search *search) {
    struct state next;
    uint32_t entry = search->links[search->head].next;
    for (; is_call(search, entry); entry = search->links[entry].next) {
        const struct candidate *candidate = &search->candidates[entry / 2];
        bool settled = candidate->due && search->state.phase > PHASE_PENDING;
        if ((candidate->inert || settled) && try_candidate(search, candidate, &next)) {
            lift(search, entry / 2, true);
        }
    }
    if (search->waiting < search->fewest) {
        search->fewest = search->waiting;
        search->stuck = entry == search->head ? NULL : search->candidates[entry / 2].operation;
    }
}

/* Lifts the first candidate from entry on that leads somewhere new. MEMO_SEEN: there is none. */
static enum memo_answer choose(struct search *search, uint32_t entry) {
    for (; is_call(search, entry); entry = search->links[entry].next) {
        const struct candidate *candidate = &search->candidates[entry / 2];
        struct state next;
        if (candidate->inert || !try_candidate(search, candidate, &next)) {
            continue;
        }
        lift(search, entry / 2, false);
        enum memo_answer answer = memo_add(&search->memo, search->set, next);
        if (answer == MEMO_NEW) {
            search->state = next;
            return answer;
        }
        put_back(search);
        if (answer != MEMO_SEEN) {
            return answer;
        }
    }
    return MEMO_SEEN;
}

/* Undoes up to the latest choice; *entry is where the next one begins. False when there was none. */
static bool back_up(struct search *search, uint32_t *entry) {
    while (search->depth > 0) {
        struct step step = put_back(search);
        if (!step.forced) {
            *entry = search->links[2 * step.candidate].next;
            return true;
        }
    }
    return false;
}

static void give_up(struct judgement *judgement, const char *reason) {
    judgement->linearity = UNDECIDED;
    text_put(judgement->reason, sizeof judgement->reason, reason);
}

static void refuse(const struct search *search, struct judgement *judgement) {
    judgement->linearity = VIOLATION;
    judgement->operation_count = search->stuck ? 1 : 0;
    judgement->operations[0] = search->stuck;
    text_put(judgement->reason, sizeof judgement->reason,
             "no order of the operations explains their answers; the search came no further than this one");
}

static enum hp_status run(struct search *search, const struct search_limits *limits,
                          struct judgement *judgement, struct hp_problem *problem) {
    for (;;) {
        lift_inert(search);
        if (search->waiting == 0) {
            return HP_OK;
        }
        uint32_t entry = search->links[search->head].next;
        enum memo_answer answer = choose(search, entry);
        while (answer == MEMO_SEEN && search->steps <= limits->steps) {
            if (!back_up(search, &entry)) {
                refuse(search, judgement);
                return HP_OK;
            }
            answer = choose(search, entry);
        }
        if (answer == MEMO_NO_MEMORY) {
            return hp_problem_no_memory(problem);
        }
        if (answer == MEMO_FULL || search->steps > limits->steps) {
            give_up(judgement, answer == MEMO_FULL ? "the memory allowed for the search ran out"
                                                   : "the steps allowed for the search ran out");
            return HP_OK;
        }
    }
}

enum hp_status search_check(struct search *search, const struct history *history, size_t key,
                            int64_t clock_error_ns, const struct search_limits *limits,
                            struct judgement *judgement, struct hp_problem *problem) {
    const struct history_key *group = &history->keys[key];
    const struct operation *operations = history->operations + group->first;
    judgement_clear(judgement);
    if (!make_room(search, (size_t)group->count + TIME_CANDIDATES)) {
        return hp_problem_no_memory(problem);
    }
    life_init(&search->life, operations, group->count, clock_error_ns);
    gather(search, operations, group->count);
    build_list(search);
    memo_reset(&search->memo, words_for(search->count), limits->memo_bytes);
    memset(search->set, 0, words_for(search->count) * sizeof *search->set);
    search->state = state_start(&search->life);
    search->fewest = UINT32_MAX;
    search->stuck = NULL;
    search->depth = 0;
    search->steps = 0;
    return run(search, limits, judgement, problem);
}

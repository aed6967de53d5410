/* `holdpoint mutants`: the suite against services that break one rule each. */
#include "harness/adapters/adapter.h"
#include "harness/adapters/cluster.h"
#include "harness/base/folder.h"
#include "harness/case/select.h"
#include "harness/commands/command.h"
#include "harness/commands/fixtures.h"
#include "harness/commands/matrix_judge.h"
#include "harness/commands/matrix_jury.h"
#include "harness/commands/matrix_play.h"
#include "harness/commands/matrix_text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { TIMEOUT_DEFAULT_MS = 10000, JOBS_MAX = 256 };

static const char folder_default[] = "reports/mutants";

static const struct manual manual = {
    .command = "mutants",
    .synopsis = "[OPTION]...",
    .purpose = "Proves that the cases bite: runs them against mutants, services that break one\n"
               "rule each as engineers do (fixtures/mutants.json). Prints how many cases of each\n"
               "chapter notice each mutant, and which; writes the same as matrix.md and\n"
               "matrix.json.\n"
               "\n"
               "Fails when a mutant survives, or is noticed by no step that names the\n"
               "requirement it breaks; when a case notices none, without saying why; and when\n"
               "the target without a mutant fails anything. A mutant that fails more than a\n"
               "tenth of all cases counts for no case. With a filter, or a target that lacks\n"
               "capabilities, mutants that the other cases would notice are out of reach.\n"
               "\n"
               "With a target of your own the mutants stand in front of it: what is noticed\n"
               "there would be noticed in your service. Those that reach into the reference's\n"
               "store or database are left out then. `holdpoint run --target mutant:ID` shows\n"
               "what one of them does.\n"
               "\n"
               "Exit codes: 0 the cases bite; 1 they do not, as above; 2 wrong use; 3 the mutants\n"
               "could not be played, or a report could not be written.\n",
    .examples = "  holdpoint mutants --filter users --output reports/users\n"
                "  holdpoint mutants --filter REQ-LIST-9 --mutant 'skips-*' --jobs 1\n"
                "  holdpoint mutants --target 'stdio:python3 my_adapter.py'\n"
                "  holdpoint mutants --list\n",
};

struct mutants_command {
    const char *target;
    struct option_list filters;
    struct option_list patterns;
    uint64_t jobs;
    uint64_t seed;
    uint64_t timeout_ms;
    const char *output;
    bool list;
    struct suite_command suite;
    struct mutants *mutants;
    const struct test_case **cases;
    struct cluster *cluster; /* shared by all that need a database; NULL until one does */
    char *database;          /* its target, "postgres:..." */
    struct matrix matrix;
};

static bool is_wanted(const struct mutants_command *command, const struct mutant *mutant) {
    for (size_t i = 0; i < command->patterns.count; i++) {
        if (select_id_matches(mutant->id, command->patterns.items[i])) {
            return true;
        }
    }
    return command->patterns.count == 0;
}

static bool is_postgres(const char *target) {
    return strcmp(target, "postgres") == 0 || strncmp(target, "postgres:", strlen("postgres:")) == 0;
}

/* True when the mutant can be made with this target; those of the database also beside memory. */
static bool fits(const struct mutants_command *command, const struct mutant *mutant) {
    bool memory = strcmp(command->target, "memory") == 0;
    return mutant->where == MUTANT_ADAPTER || mutant->where == MUTANT_HTTP || memory ||
           (is_postgres(command->target) && mutant->where != MUTANT_WEBHOOK);
}

static bool has_judge(const struct matrix *matrix, const struct mutant *mutant) {
    for (size_t i = 0; i < matrix->case_count; i++) {
        if (matrix_judges(matrix->cases[i], mutant)) {
            return true;
        }
    }
    return false;
}

/* One server for all: each mutant makes a schema of its own there. */
static enum hp_status start_cluster(struct mutants_command *command, struct hp_problem *problem) {
    struct text name = {0};
    if (command->database) {
        return HP_OK;
    }
    enum hp_status status = cluster_start(NULL, &command->cluster, problem);
    if (status == HP_OK) {
        text_addf(&name, "postgres:%s", cluster_conninfo(command->cluster));
        command->database = text_take(&name);
        status = command->database ? HP_OK : hp_problem_no_memory(problem);
    }
    return status;
}

static bool needs_database(const struct mutant *mutant) {
    return mutant->where == MUTANT_DATABASE || mutant->on_postgres;
}

/* By which target a mutant is made; NULL, with *status, when that cannot be had. */
static const char *base_for(struct mutants_command *command, const struct mutant *mutant,
                            enum hp_status *status, struct hp_problem *problem) {
    bool ours = strcmp(command->target, "memory") == 0 || is_postgres(command->target);
    if (ours && mutant && mutant->where == MUTANT_HTTP) {
        *status = HP_OK;
        return "http:memory";
    }
    bool throwaway = strcmp(command->target, "postgres") == 0 ||
                     (mutant && needs_database(mutant) && !is_postgres(command->target));
    *status = throwaway ? start_cluster(command, problem) : HP_OK;
    return throwaway ? command->database : command->target;
}

/* The mutant, of a base that is there for its sake; else NULL. */
static enum hp_status add_base(struct matrix *matrix, const char *base, const struct mutant *mutant) {
    for (size_t i = 0; i < matrix->base_count; i++) {
        if (matrix->bases[i].base == base) {
            return HP_OK;
        }
    }
    struct matrix_row *grown = realloc(matrix->bases, (matrix->base_count + 1) * sizeof *grown);
    if (!grown) {
        return HP_INTERNAL;
    }
    matrix->bases = grown;
    matrix->bases[matrix->base_count++] = (struct matrix_row){
        .base = base, .is_database = mutant ? mutant->where == MUTANT_DATABASE : is_postgres(base)};
    return HP_OK;
}

static enum hp_status add_row(struct mutants_command *command, const struct mutant *mutant,
                              struct hp_problem *problem) {
    struct matrix *matrix = &command->matrix;
    enum hp_status status;
    const char *base = base_for(command, mutant, &status, problem);
    if (status == HP_OK && add_base(matrix, base, mutant) != HP_OK) {
        status = hp_problem_no_memory(problem);
    }
    if (status == HP_OK) {
        matrix->rows[matrix->row_count++] = (struct matrix_row){.mutant = mutant, .base = base};
    }
    return status;
}

static enum hp_status add_rows(struct mutants_command *command, struct hp_problem *problem) {
    struct matrix *matrix = &command->matrix;
    const struct mutants *mutants = command->mutants;
    enum hp_status status;
    size_t left_out = 0;
    matrix->rows = calloc(mutants->count + 1, sizeof *matrix->rows);
    const char *base = base_for(command, NULL, &status, problem);
    if (status == HP_OK && (!matrix->rows || add_base(matrix, base, NULL) != HP_OK)) {
        status = hp_problem_no_memory(problem);
    }
    for (size_t i = 0; i < mutants->count && status == HP_OK; i++) {
        const struct mutant *mutant = &mutants->items[i];
        bool wanted = is_wanted(command, mutant) && fits(command, mutant);
        bool judged = !mutant->chapter || has_judge(matrix, mutant);
        left_out += !wanted;
        matrix->waiting_count += wanted && !judged;
        if (wanted && judged) {
            status = add_row(command, mutant, problem);
        }
    }
    matrix->all_mutants = left_out == 0;
    if (status == HP_OK && matrix->row_count == 0) {
        status = hp_problem_set(problem, HP_INVALID, NULL,
                                "no mutant is left; `holdpoint mutants --list` names them");
    }
    return status;
}

/* A name that is no target is found before anything is played. One of a server is tried when it is made. */
static enum hp_status check_target(const struct mutants_command *command, struct hp_problem *problem) {
    struct target *target = NULL;
    if (is_postgres(command->target)) {
        return HP_OK;
    }
    enum hp_status status =
        target_from_name(command->target, (unsigned)command->timeout_ms, &target, problem);
    target_free(target);
    return status;
}

static enum hp_status load(struct mutants_command *command, struct hp_problem *problem) {
    const struct suite *suite = command->suite.suite;
    struct matrix *matrix = &command->matrix;
    const struct selection selection = {command->filters.items, command->filters.count, NULL};
    enum hp_status status = check_target(command, problem);
    if (status == HP_OK) {
        status = mutants_load(suite->directory, &command->mutants, problem);
    }
    if (status == HP_OK) {
        status = select_cases(suite, &selection, &command->cases, &matrix->case_count, problem);
    }
    *matrix = (struct matrix){.suite = suite,
                              .mutants = command->mutants,
                              .cases = command->cases,
                              .case_count = matrix->case_count,
                              .seed = command->seed,
                              .deadline_ms = (unsigned)command->timeout_ms};
    return status;
}

static int64_t monotonic_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static bool write_text(const struct text *text, const char *path) {
    FILE *file = text->failed ? NULL : fopen(path, "wb");
    bool written = file && fwrite(text->bytes, 1, text->length_bytes, file) == text->length_bytes;
    written = file && fclose(file) == 0 && written;
    if (!written) {
        fprintf(stderr, "holdpoint mutants: %s cannot be written: %s\n", path, strerror(errno));
    }
    return written;
}

static bool ends_with(const char *path, const char *suffix) {
    size_t length = strlen(path);
    return length > strlen(suffix) && strcmp(path + length - strlen(suffix), suffix) == 0;
}

static bool write_one(const struct matrix *matrix, const char *path) {
    struct text text = {0};
    (ends_with(path, ".json") ? matrix_add_json : matrix_add_markdown)(&text, matrix);
    bool written = write_text(&text, path);
    text_release(&text);
    return written;
}

/* A file by its suffix, or both forms into a folder; without a word into the usual place where there is one. */
static bool write_reports(const struct mutants_command *command) {
    static const char *const names[] = {"matrix.md", "matrix.json"};
    struct stat status;
    bool usual = stat("reports", &status) == 0 && S_ISDIR(status.st_mode);
    const char *output = command->output ? command->output : usual ? folder_default : NULL;
    if (!output || ends_with(output, ".json") || ends_with(output, ".md")) {
        return !output || write_one(&command->matrix, output);
    }
    if (!folder_make(output)) {
        fprintf(stderr, "holdpoint mutants: the folder %s cannot be made: %s\n", output, strerror(errno));
        return false;
    }
    bool written = true;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char *path = path_join(output, names[i]);
        written = path && write_one(&command->matrix, path) && written;
        free(path);
    }
    return written;
}

static int print(const struct text *text) {
    fputs(text->bytes && !text->failed ? text->bytes : "out of memory\n", stdout);
    return text->failed ? EXIT_BROKEN : EXIT_CONFORMS;
}

static int report(const struct mutants_command *command) {
    struct text text = {0};
    matrix_add_text(&text, &command->matrix);
    int code = print(&text);
    text_release(&text);
    if (!write_reports(command)) {
        code = EXIT_BROKEN;
    }
    return code == EXIT_CONFORMS && command->matrix.complaint_count > 0 ? EXIT_FAILS : code;
}

static int complain(enum hp_status status, const struct hp_problem *problem) {
    int code = usage_complain(manual.command, problem);
    return status == HP_INVALID ? code : EXIT_BROKEN;
}

static int list(const struct mutants_command *command) {
    struct text text = {0};
    mutants_add_list(&text, command->mutants);
    int code = print(&text);
    text_release(&text);
    return code;
}

static int play(struct mutants_command *command) {
    struct hp_problem problem = {0};
    int64_t start_us = monotonic_us();
    enum hp_status status = load(command, &problem);
    if (status == HP_OK && command->list) {
        return list(command);
    }
    status = status == HP_OK ? add_rows(command, &problem) : status;
    status = status == HP_OK ? matrix_play(&command->matrix, (unsigned)command->jobs, &problem) : status;
    if (status == HP_OK && !matrix_judge(&command->matrix)) {
        status = hp_problem_no_memory(&problem);
    }
    command->matrix.duration_us = monotonic_us() - start_us;
    return status == HP_OK ? report(command) : complain(status, &problem);
}

static void release(struct mutants_command *command) {
    matrix_release(&command->matrix);
    cluster_stop(command->cluster);
    free(command->database);
    free(command->cases);
    mutants_free(command->mutants);
    suite_command_release(&command->suite);
    option_list_release(&command->patterns);
    option_list_release(&command->filters);
}

/* Two would be two matrices. */
static enum hp_status take_target(void *value, const char *text, struct hp_problem *problem) {
    const char **target = value;
    if (*target) {
        return hp_problem_set(problem, HP_INVALID, NULL,
                              "--target can be given once; the mutants stand in front of one target");
    }
    *target = text;
    return HP_OK;
}

int command_mutants(int count, char **arguments) {
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    struct mutants_command command = {
        .jobs = processors > 0 ? (uint64_t)processors : 1, .seed = 1, .timeout_ms = TIMEOUT_DEFAULT_MS};
    const struct option table[] = {
        {.name = "target",
         .argument = "TARGET",
         .kind = OPTION_CALL,
         .value = &command.target,
         .take = take_target,
         .help = "what the mutants stand in front of; default memory, and a throwaway PostgreSQL for mutants "
                 "of the "
                 "database"},
        {.name = "filter",
         .argument = "PATTERN",
         .kind = OPTION_LIST,
         .value = &command.filters,
         .help = "only these cases: an id or its beginning, a glob with * and ?, a requirement; ! excludes; "
                 "may be given again"},
        {.name = "mutant",
         .argument = "PATTERN",
         .kind = OPTION_LIST,
         .value = &command.patterns,
         .help =
             "only these mutants, by a glob over their ids; whether every case kills is not asked then; may "
             "be given again"},
        {.name = "jobs",
         .argument = "N",
         .kind = OPTION_NUMBER,
         .value = &command.jobs,
         .minimum = 1,
         .maximum = JOBS_MAX,
         .help = "how many are played at once; default: one for each processor"},
        {.name = "output",
         .argument = "PATH",
         .kind = OPTION_TEXT,
         .value = &command.output,
         .help = "a folder for matrix.md and matrix.json, or one file that ends so; default reports/mutants "
                 "where a "
                 "folder reports exists"},
        {.name = "seed",
         .argument = "N",
         .kind = OPTION_NUMBER,
         .value = &command.seed,
         .maximum = UINT64_MAX,
         .help = "where made-up names begin; default 1"},
        {.name = "timeout",
         .argument = "MS",
         .kind = OPTION_NUMBER,
         .value = &command.timeout_ms,
         .minimum = 1,
         .maximum = 3600000,
         .help = "how long one call may take; default 10000"},
        {.name = "list", .kind = OPTION_FLAG, .value = &command.list, .help = "name the mutants, play none"},
        FIXTURES_OPTION(&command.suite),
    };
    int code;
    if (suite_command_begin(&command.suite, &manual, table, sizeof table / sizeof table[0], count, arguments,
                            &code)) {
        command.target = command.target ? command.target : "memory";
        code = play(&command);
    }
    release(&command);
    return code;
}

/* `holdpoint explore`: scripts drawn by chance, played on a target; what fails is made smaller and kept as a case. */
#include "harness/lab/explore.h"

#include "harness/base/folder.h"
#include "harness/base/value.h"
#include "harness/commands/command.h"
#include "harness/commands/explore_report.h"
#include "harness/commands/options.h"
#include "harness/commands/signals.h"
#include "harness/lab/found.h"
#include "harness/report/escape.h"
#include "harness/report/screen.h"
#include "reference/base/instant.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
    TIME_DEFAULT_S = 30,
    CLIENTS_DEFAULT = 4,
    TIMEOUT_DEFAULT_MS = 10000,
    TIMEOUT_MAX_MS = 3600000,
    SECOND_NS = 1000000000,
    MEASURED_EXACT = 10,
    SECONDS_DIGITS = 15, /* of 17, which would show 1.000001 as it is not */
};

static const struct manual manual = {
    .command = "explore",
    .synopsis = "[OPTION]...",
    .purpose = "Plays scripts drawn by chance on a target: a few interrupts, and clients that\n"
               "answer, cancel, read, list, sweep and set the clock, at once or one after\n"
               "another. What they are answered is judged: is there one order that explains it;\n"
               "does each field, list and event hold what it must; and, one after another, is\n"
               "every answer the one that the contract's model gives?\n"
               "\n"
               "What fails is played again with less and less in it, and the smallest script\n"
               "that still fails is written as a case, DIR/NAME.json, for `holdpoint replay` or\n"
               "for fixtures/cases/concurrency. Run N of a seed is the same run again:\n"
               "--seed S --first N --runs 1.\n"
               "\n"
               "Exit codes: 0 nothing found; 1 something was; 2 wrong use; 3 the target or the\n"
               "harness broke, or a check gave up; 130 interrupted.\n",
    .examples = "  holdpoint explore --target memory --time 2s --clients 8\n"
                "  holdpoint explore --target 'stdio:python3 my_adapter.py' --time 10m --seed 7\n"
                "  holdpoint explore --target postgres --runs 20 --keep-going\n",
};

struct explore_command {
    const char *target_name;
    const char *folder;
    uint64_t seed, runs, first, clients, timeout_ms;
    int64_t time_ns, shrink_ns;
    bool keep_going;

    struct target *target;
    struct hello hello;
    struct arena arena;
    struct explore explore;
    struct explore_tally tally;
    struct explore_report report;
    uint64_t found[FINDING_CLASSES];
    uint64_t found_all, disagreements, undecided;
    bool broken;
};

/* "30s", "2m", "500ms"; a number alone is seconds. */
static enum hp_status take_time(void *value, const char *text, struct hp_problem *problem) {
    static const struct {
        const char *unit;
        int64_t ns;
    } units[] = {{"", SECOND_NS},
                 {"s", SECOND_NS},
                 {"ms", SECOND_NS / 1000},
                 {"m", INT64_C(60) * SECOND_NS},
                 {"h", INT64_C(3600) * SECOND_NS}};
    size_t digits = strspn(text, "0123456789");
    for (size_t i = 0; digits > 0 && digits < 7 && i < sizeof units / sizeof units[0]; i++) {
        if (strcmp(text + digits, units[i].unit) == 0) {
            *(int64_t *)value = strtoll(text, NULL, 10) * units[i].ns;
            return HP_OK;
        }
    }
    return hp_problem_set(problem, HP_INVALID, NULL,
                          "a time is a number and s, ms, m or h, \"30s\", not \"%s\"", text);
}

/* Without any time nothing would be looked at, and nothing found. */
static enum hp_status take_some_time(void *value, const char *text, struct hp_problem *problem) {
    enum hp_status status = take_time(value, text, problem);
    if (status == HP_OK && *(const int64_t *)value == 0) {
        return hp_problem_set(problem, HP_INVALID, NULL, "--time takes more than 0, not \"%s\"", text);
    }
    return status;
}

/* The command that repeats the case of that name. */
static bool add_replay(struct text *out, const struct explore_command *command, const char *name) {
    struct text path = {0};
    text_addf(&path, "%s/%s.json", command->folder, name);
    escape_shell(out, program_called());
    text_add(out, " replay ");
    escape_shell(out, path.bytes);
    text_add(out, " --target ");
    escape_shell(out, command->target_name);
    out->failed = out->failed || path.failed;
    text_release(&path);
    return !out->failed;
}

static void write_case(struct explore_command *command, const char *name, const json_t *file) {
    struct text path = {0};
    char *text = file ? value_dump(file, JSON_INDENT(2) | JSON_REAL_PRECISION(SECONDS_DIGITS)) : NULL;
    text_addf(&path, "%s/%s.json", command->folder, name);
    FILE *out = text && !path.failed && folder_make(command->folder) ? fopen(path.bytes, "wb") : NULL;
    bool written = out && fputs(text, out) >= 0 && fputs("\n", out) >= 0;
    written = (!out || fclose(out) == 0) && written;
    if (written) {
        explore_report_line(&command->report, "  case     %s", path.bytes);
    } else {
        explore_report_line(&command->report, "  case     %s could not be written: %s",
                            path.failed ? name : path.bytes, text ? strerror(errno) : "out of memory");
        command->broken = true;
    }
    free(text);
    text_release(&path);
}

/* The case, the files beside it, and what a person sees. */
static void tell(struct explore_command *command, const struct explored *run, const struct finding *finding,
                 const struct pursuit *pursuit) {
    char name[FOUND_NAME_SIZE], note[256];
    struct text repeat = {0};
    bool returned = pursuit && pursuit->recurrence.returns > 0;
    const struct recurrence rare = {.plays = PURSUIT_PLAYS, .returns = 1};
    const struct script *script = pursuit ? &pursuit->script : &run->script;
    enum way way = script_way(script, run->way);
    found_name(finding->class, command->seed, run->number, name);
    snprintf(note, sizeof note, "seed %" PRIu64 ", run %" PRIu64 ", at most %u clients, %.100s",
             command->seed, run->number, command->explore.draw.clients, command->target_name);
    const struct finding *last = returned ? review_find(&pursuit->last.review, finding->class) : NULL;
    const struct found found = {.name = name,
                                .class = finding->class,
                                .sentence = last ? last->sentence : finding->sentence,
                                .origin = note,
                                .script = script,
                                .way = way,
                                .choices = returned ? &pursuit->choices : &run->attempt.choices,
                                .rounds = recurrence_rounds(returned ? &pursuit->recurrence : &rare, way)};
    json_t *file = found_encode(&found);
    add_replay(&repeat, command, name);
    explore_report_finding(&command->report, &(struct explore_finding){.run = run,
                                                                       .finding = finding,
                                                                       .pursuit = pursuit,
                                                                       .name = name,
                                                                       .folder = command->folder,
                                                                       .note = note,
                                                                       .repeat = repeat.bytes});
    write_case(command, name, file);
    json_decref(file);
    text_release(&repeat);
}

/* Makes it smaller, and sees how often it comes back. */
static enum hp_status pursue(struct explore_command *command, struct pursuit *pursuit,
                             struct hp_problem *problem) {
    enum hp_status status = pursuit_measure(pursuit, PURSUIT_PLAYS, PURSUIT_RETURNS, problem);
    if (status != HP_OK || pursuit->recurrence.returns == 0) {
        return status;
    }
    status = pursuit_shrink(pursuit, problem);
    bool at_once = script_way(&pursuit->script, pursuit->way) == WAY_AT_ONCE;
    unsigned plays = at_once ? PURSUIT_MEASURED : MEASURED_EXACT;
    pursuit->until_ns = recorder_now_ns() + command->shrink_ns;
    if (status == HP_OK) {
        status = pursuit_fix_turns(pursuit, problem);
    }
    return status == HP_OK ? pursuit_measure(pursuit, plays, plays, problem) : status;
}

static enum hp_status take_finding(struct explore_command *command, const struct explored *run,
                                   struct hp_problem *problem) {
    const struct finding *finding = &run->attempt.review.findings[0];
    struct pursuit pursuit = {.arena = &command->arena,
                              .class = finding->class,
                              .way = run->way,
                              .until_ns = recorder_now_ns() + command->shrink_ns};
    command->found_all++;
    if (command->found[finding->class]++ > 0) {
        return HP_OK; /* one of each class is shown */
    }
    explore_report_line(&command->report, "run %" PRIu64 ": %s; %zu clients %s, %zu acts\n  %s", run->number,
                        finding_class_name(finding->class), run->script.client_count, way_name(run->way),
                        script_acts(&run->script), finding->sentence);
    enum hp_status status = script_copy(&run->script, &pursuit.script, problem);
    if (status == HP_OK) {
        status = pursue(command, &pursuit, problem);
    }
    tell(command, run, finding, status == HP_OK ? &pursuit : NULL);
    pursuit_release(&pursuit);
    return status;
}

/* What can only be played again as it was drawn. */
static void tell_again(struct explore_command *command, const struct explored *run, const char *what) {
    struct text again = {0};
    escape_shell(&again, program_called());
    text_add(&again, " explore --target ");
    escape_shell(&again, command->target_name);
    text_addf(&again, " --clients %" PRIu64 " --seed %" PRIu64 " --first %" PRIu64 " --runs 1",
              command->clients, command->seed, run->number);
    explore_report_line(&command->report, "run %" PRIu64 ": %s\n  again    %s", run->number, what,
                        again.failed ? "out of memory" : again.bytes);
    text_release(&again);
}

/* What one run says. */
static enum hp_status take_run(struct explore_command *command, const struct explored *run,
                               struct hp_problem *problem) {
    enum hp_status status = HP_OK;
    const struct performance *performance = &run->attempt.performance;
    explore_count(&command->tally, run);
    if (run->attempt.review.undecided) {
        command->undecided++;
        tell_again(command, run, "the order could not be decided");
    }
    if (run->disagreement[0]) {
        command->disagreements++;
        command->found_all++;
        tell_again(command, run, run->disagreement);
    }
    if (run->attempt.review.count > 0) {
        status = take_finding(command, run, problem);
    }
    if (status == HP_OK && performance->lost > 0) {
        status = hp_problem_set(problem, HP_UNAVAILABLE, NULL, "%zu calls have no answer: %s",
                                performance->lost, performance->lost_why);
    }
    return status;
}

static bool goes_on(const struct explore_command *command, int64_t until_ns) {
    bool wanted = command->runs == 0 || command->tally.runs < command->runs;
    bool silent = command->found_all == 0 || command->keep_going;
    return wanted && silent && !command->broken && !signals_caught() && recorder_now_ns() < until_ns;
}

static void explore_all(struct explore_command *command) {
    int64_t until_ns = command->time_ns > 0 ? recorder_now_ns() + command->time_ns : INT64_MAX;
    command->report.start_ns = command->report.shown_ns = recorder_now_ns();
    while (goes_on(command, until_ns)) {
        struct explored run;
        struct hp_problem problem = {0};
        enum hp_status status = explore_next(&command->explore, &run, &problem);
        if (status == HP_OK) {
            status = take_run(command, &run, &problem);
        }
        if (status != HP_OK) {
            tell_again(command, &run, problem.detail);
            command->broken = true;
        }
        explored_release(&run);
        explore_report_progress(&command->report, &command->tally, command->found_all);
    }
}

static enum hp_status prepare(struct explore_command *command, struct hp_problem *problem) {
    static const char start[] = "2025-12-11T09:30:00Z";
    static const char *const needed[] = {"create", "get"};
    enum hp_status status = target_hello(command->target, &command->hello, problem);
    for (size_t i = 0; status == HP_OK && i < sizeof needed / sizeof needed[0]; i++) {
        if (!hello_declares(&command->hello, needed[i])) {
            status = hp_problem_set(problem, HP_UNSUPPORTED, NULL,
                                    "%s does not declare %s: nothing can be explored", command->target_name,
                                    needed[i]);
        }
    }
    command->arena = (struct arena){.target = command->target,
                                    .hello = &command->hello,
                                    .deadline_ms = (unsigned)command->timeout_ms,
                                    .seed = command->seed};
    hp_instant_parse(start, sizeof start - 1, &command->arena.start_us);
    return status;
}

static int exit_code(const struct explore_command *command) {
    if (command->broken) {
        return EXIT_BROKEN;
    }
    if (command->found_all > 0) {
        return EXIT_FAILS;
    }
    if (signals_caught()) {
        return EXIT_INTERRUPTED;
    }
    return command->undecided > 0 ? EXIT_BROKEN : EXIT_CONFORMS;
}

static int explore_target(struct explore_command *command) {
    struct hp_problem problem = {0};
    enum hp_status status =
        target_from_name(command->target_name, (unsigned)command->timeout_ms, &command->target, &problem);
    if (status != HP_OK) {
        return usage_complain(manual.command, &problem);
    }
    if (prepare(command, &problem) != HP_OK) {
        usage_complain(manual.command, &problem);
        return EXIT_BROKEN;
    }
    explore_init(&command->explore, &command->arena, (unsigned)command->clients);
    command->explore.next = command->first;
    command->report = (struct explore_report){.out = stdout, .is_terminal = screen_obeys(stdout)};
    explore_report_line(
        &command->report, "%s: %s, seed %" PRIu64 ", at most %u clients%s", command->target_name,
        command->hello.name, command->seed, command->explore.draw.clients,
        hello_declares(&command->hello, "concurrent") ? "" : " (it does not declare concurrent)");
    explore_all(command);
    explore_report_end(&command->report, &command->tally, &command->explore, command->first, command->found,
                       command->disagreements);
    return exit_code(command);
}

#define VALUE(kind_, field) .kind = kind_, .value = &command->field

static bool read_options(struct explore_command *command, int count, char **arguments, int *code) {
    const struct option table[] = {
        {.name = "target",
         .argument = "TARGET",
         VALUE(OPTION_TEXT, target_name),
         .help = "what is tested, as for run; default memory"},
        {.name = "seed",
         .argument = "S",
         VALUE(OPTION_NUMBER, seed),
         .maximum = INT64_MAX,
         .help = "where chance begins; default 1"},
        {.name = "time",
         .argument = "TIME",
         VALUE(OPTION_CALL, time_ns),
         .take = take_some_time,
         .help = "how long new runs are begun: 30s, 500ms, 10m; default 30s, or without end when --runs is "
                 "given"},
        {.name = "runs",
         .argument = "N",
         VALUE(OPTION_NUMBER, runs),
         .minimum = 1,
         .maximum = UINT32_MAX,
         .help = "how many runs at most"},
        {.name = "clients",
         .argument = "N",
         VALUE(OPTION_NUMBER, clients),
         .minimum = 1,
         .maximum = DRAW_CLIENTS_MAX,
         .help = "a run has 1 to N clients; default 4"},
        {.name = "first",
         .argument = "N",
         VALUE(OPTION_NUMBER, first),
         .maximum = UINT32_MAX,
         .help = "begin with run N of the seed; default 0"},
        {.name = "keep-going",
         VALUE(OPTION_FLAG, keep_going),
         .help = "go on after something was found; one finding of each class is shown"},
        {.name = "shrink",
         .argument = "TIME",
         VALUE(OPTION_CALL, shrink_ns),
         .take = take_time,
         .help = "how long a finding is made smaller; default 30s"},
        {.name = "output",
         .argument = "DIR",
         VALUE(OPTION_TEXT, folder),
         .help = "where cases, histories and pages of findings go; default reports/explore"},
        {.name = "timeout",
         .argument = "MS",
         VALUE(OPTION_NUMBER, timeout_ms),
         .minimum = 1,
         .maximum = TIMEOUT_MAX_MS,
         .help = "how long one call may take; default 10000"},
    };
    struct option_list operands = {0};
    bool reads =
        options_begin(&manual, table, sizeof table / sizeof table[0], count, arguments, &operands, code);
    option_list_release(&operands);
    return reads;
}

int command_explore(int count, char **arguments) {
    struct explore_command command = {.target_name = "memory",
                                      .folder = "reports/explore",
                                      .seed = 1,
                                      .clients = CLIENTS_DEFAULT,
                                      .timeout_ms = TIMEOUT_DEFAULT_MS,
                                      .shrink_ns = INT64_C(30) * SECOND_NS};
    int code;
    if (read_options(&command, count, arguments, &code)) {
        if (command.time_ns == 0 && command.runs == 0) {
            command.time_ns = (int64_t)TIME_DEFAULT_S * SECOND_NS;
        }
        signals_catch();
        code = explore_target(&command);
    }
    hello_release(&command.hello);
    target_free(command.target);
    return code;
}

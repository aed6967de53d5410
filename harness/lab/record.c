#include "harness/lab/record.h"

#include "harness/base/value.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct recorder {
    char *folder;
    atomic_uint_fast32_t next_client;
    atomic_uint_fast32_t next_file;
};

struct recording {
    struct recorder *recorder;
    int file;
    uint32_t client;
    int64_t invoke_ns; /* of the latest call */
    struct text lines; /* on their way */
    int error;         /* errno of the first write that failed; 0: none has */
};

int64_t recorder_now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static bool path_of(struct text *path, const char *folder, uint32_t number) {
    text_clear(path);
    return text_addf(path, "%s/client-%06" PRIu32 ".jsonl", folder, number);
}

enum hp_status recorder_new(const char *folder, struct recorder **recorder, struct hp_problem *problem) {
    struct text path = {0};
    enum hp_status status = HP_OK;
    *recorder = calloc(1, sizeof **recorder);
    char *kept = text_copy(folder);
    if (!*recorder || !kept || !path_of(&path, folder, 0)) {
        status = hp_problem_no_memory(problem);
    } else if (access(path.bytes, F_OK) == 0) {
        status = hp_problem_set(problem, HP_CONFLICT, NULL, "%s: there is a recording already", path.bytes);
    }
    text_release(&path);
    if (status != HP_OK) {
        free(kept);
        free(*recorder);
        *recorder = NULL;
        return status;
    }
    (*recorder)->folder = kept;
    atomic_init(&(*recorder)->next_client, 0);
    atomic_init(&(*recorder)->next_file, 0);
    return HP_OK;
}

void recorder_free(struct recorder *recorder) {
    if (recorder) {
        free(recorder->folder);
        free(recorder);
    }
}

static uint32_t next_client(struct recorder *recorder) {
    return (uint32_t)atomic_fetch_add(&recorder->next_client, 1);
}

static enum hp_status open_file(struct recording *recording, struct hp_problem *problem) {
    struct text path = {0};
    struct recorder *recorder = recording->recorder;
    enum hp_status status = HP_OK;
    if (!path_of(&path, recorder->folder, (uint32_t)atomic_fetch_add(&recorder->next_file, 1))) {
        status = hp_problem_no_memory(problem);
    } else {
        recording->file = open(path.bytes, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666);
        if (recording->file < 0) {
            status = hp_problem_set(problem, HP_UNAVAILABLE, NULL, "%s: %s", path.bytes, strerror(errno));
        }
    }
    text_release(&path);
    return status;
}

enum hp_status recording_open(struct recorder *recorder, struct recording **recording,
                              struct hp_problem *problem) {
    *recording = calloc(1, sizeof **recording);
    if (!*recording) {
        return hp_problem_no_memory(problem);
    }
    (*recording)->recorder = recorder;
    enum hp_status status = open_file(*recording, problem);
    if (status != HP_OK) {
        free(*recording);
        *recording = NULL;
        return status;
    }
    (*recording)->client = next_client(recorder);
    return HP_OK;
}

enum hp_status recording_close(struct recording *recording, struct hp_problem *problem) {
    if (!recording) {
        return HP_OK;
    }
    int error = recording->error;
    if (close(recording->file) != 0 && error == 0) {
        error = errno;
    }
    text_release(&recording->lines);
    free(recording);
    return error == 0 ? HP_OK
                      : hp_problem_set(problem, HP_UNAVAILABLE, NULL,
                                       "a client's history could not be written: %s", strerror(error));
}

uint32_t recording_client(const struct recording *recording) {
    return recording->client;
}

/* All lines at once, so that few are cut in two. */
static void flush_lines(struct recording *recording) {
    const char *bytes = recording->lines.bytes;
    size_t left = recording->lines.length_bytes;
    if (recording->lines.failed && recording->error == 0) {
        recording->error = ENOMEM;
    }
    while (left > 0 && recording->error == 0) {
        ssize_t written = write(recording->file, bytes, left);
        if (written < 0 && errno != EINTR) {
            recording->error = errno;
        } else if (written > 0) {
            bytes += written;
            left -= (size_t)written;
        }
    }
    text_clear(&recording->lines);
}

static void add_string(struct text *text, const char *string) {
    value_write_string(text, string, strlen(string));
}

static void add_filter(struct text *text, unsigned filter) {
    const char *comma = "";
    for (unsigned shown = SHOWN_PENDING; shown < SHOWN_COUNT; shown++) {
        if (filter & (1u << shown)) {
            text_addf(text, "%s\"%s\"", comma, shown_name(shown));
            comma = ",";
        }
    }
}

static void add_args(struct text *text, const struct recorded *record, uint32_t client) {
    bool answers = record->kind == OPERATION_RESPOND || record->kind == OPERATION_CANCEL;
    if (record->kind == OPERATION_CREATE) {
        text_add(text, "\"owner\":");
        add_string(text, record->user);
        text_add(text, ",\"expires_ns\":");
        text_addf(text, record->expires_ns == HISTORY_NEVER ? "null" : "%" PRId64, record->expires_ns);
        text_addf(text, ",\"checkpoint\":%s", record->checkpoint ? "true" : "false");
    } else if (record->kind == OPERATION_LIST) {
        text_add(text, "\"filter\":[");
        add_filter(text, record->filter);
        text_add(text, "]");
    } else if (answers) {
        text_addf(text, "\"by\":%" PRIu32, client);
        if (record->user) {
            text_add(text, ",\"user\":");
            add_string(text, record->user);
        }
    }
}

/* return_ns: HISTORY_LOST for a call whose answer is not there. */
static void add_line(struct recording *recording, const struct recorded *record, int64_t return_ns) {
    struct text *text = &recording->lines;
    struct operation result = {
        .result = (uint8_t)record->result, .shown = (uint8_t)record->shown, .who = NAME_NONE};
    static const struct history nobody;
    text_addf(text, "{\"client\":%" PRIu32 ",\"key\":", recording->client);
    add_string(text, record->key);
    text_addf(text, ",\"op\":\"%s\",\"args\":{", operation_kind_name(record->kind));
    add_args(text, record, recording->client);
    text_add(text, "},\"result\":\"");
    if (return_ns == HISTORY_LOST) {
        text_addf(text, "unknown\",\"invoke_ns\":%" PRId64 ",\"return_ns\":null}\n", recording->invoke_ns);
        return;
    }
    operation_result_add(text, &nobody, &result);
    if (record->result == RESULT_SHOWN && record->shown == SHOWN_RESOLVED) {
        text_addf(text, "%" PRIu32, record->answered_by); /* behind "resolved:" */
    }
    text_addf(text, "\",\"invoke_ns\":%" PRId64 ",\"return_ns\":%" PRId64 "}\n", recording->invoke_ns,
              return_ns);
}

void recording_call(struct recording *recording, const struct recorded *records, size_t count) {
    recording->invoke_ns = recorder_now_ns();
    for (size_t i = 0; i < count; i++) {
        if (records[i].kind != OPERATION_GET && records[i].kind != OPERATION_LIST) {
            add_line(recording, &records[i], HISTORY_LOST);
        }
    }
    flush_lines(recording);
}

void recording_answer(struct recording *recording, const struct recorded *records, size_t count) {
    int64_t return_ns = recorder_now_ns();
    for (size_t i = 0; i < count; i++) {
        add_line(recording, &records[i], return_ns);
    }
    flush_lines(recording);
}

void recording_lost(struct recording *recording) {
    recording_rename(recording);
}

void recording_rename(struct recording *recording) {
    recording->client = next_client(recording->recorder);
}

/* True when the later operation is the answer to the call that the earlier one is. */
static bool answers(const struct operation *later, const struct operation *call) {
    return call->result == RESULT_UNKNOWN && later->key == call->key && later->kind == call->kind &&
           later->client == call->client && later->invoke_ns == call->invoke_ns;
}

/* Drops, among the operations from first on, each call that has its answer behind it. */
static void drop_answered(struct history *history, size_t first) {
    size_t kept = first;
    for (size_t i = first; i < history->count; i++) {
        size_t next = i + 1;
        while (next < history->count &&
               history->operations[next].invoke_ns == history->operations[i].invoke_ns &&
               !answers(&history->operations[next], &history->operations[i])) {
            next++;
        }
        bool answered = next < history->count && answers(&history->operations[next], &history->operations[i]);
        if (!answered) {
            history->operations[kept++] = history->operations[i];
        }
    }
    history->count = kept;
}

static enum hp_status read_client(const char *path, FILE *stream, struct history *history,
                                  struct hp_problem *problem) {
    char line[HISTORY_LINE_MAX_BYTES + 2];
    size_t first = history->count;
    size_t number = 0;
    while (fgets(line, sizeof line, stream)) {
        size_t length = strlen(line);
        number++;
        if (length == 0 || line[length - 1] != '\n') {
            break; /* cut off by the end of whoever wrote it */
        }
        enum hp_status status = history_read_line(history, path, number, line, length - 1, problem);
        if (status != HP_OK) {
            return status;
        }
    }
    if (ferror(stream)) {
        return hp_problem_set(problem, HP_UNAVAILABLE, NULL, "%s: %s", path, strerror(errno));
    }
    if (!feof(stream) || fgetc(stream) != EOF) {
        return hp_problem_set(problem, HP_INVALID, NULL, "%s:%zu: expected a line of at most %d bytes", path,
                              number, HISTORY_LINE_MAX_BYTES);
    }
    drop_answered(history, first);
    return HP_OK;
}

static enum hp_status read_named(const char *folder, const char *name, struct history *history,
                                 struct hp_problem *problem) {
    struct text path = {0};
    enum hp_status status = HP_OK;
    FILE *stream = text_addf(&path, "%s/%s", folder, name) ? fopen(path.bytes, "rb") : NULL;
    if (stream) {
        status = read_client(path.bytes, stream, history, problem);
        fclose(stream);
    } else if (path.failed) {
        status = hp_problem_no_memory(problem);
    } else {
        status = hp_problem_set(problem, HP_UNAVAILABLE, NULL, "%s: %s", path.bytes, strerror(errno));
    }
    text_release(&path);
    return status;
}

static int is_client_file(const struct dirent *entry) {
    size_t length = strlen(entry->d_name);
    return strncmp(entry->d_name, "client-", 7) == 0 && length > 13 &&
           strcmp(entry->d_name + length - 6, ".jsonl") == 0;
}

enum hp_status recorder_merge(const char *folder, struct history *history, struct hp_problem *problem) {
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, is_client_file, alphasort);
    if (count < 0) {
        return errno == ENOMEM
                   ? hp_problem_no_memory(problem)
                   : hp_problem_set(problem, HP_UNAVAILABLE, NULL, "%s: %s", folder, strerror(errno));
    }
    enum hp_status status = HP_OK;
    for (int i = 0; i < count; i++) {
        if (status == HP_OK) {
            status = read_named(folder, entries[i]->d_name, history, problem);
        }
        free(entries[i]);
    }
    free(entries);
    return status == HP_OK ? history_group(history, problem) : status;
}

#include "reference/service/webhook_sender.h"
#include "reference/service/webhook_address.h"

#include <curl/curl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { ANSWER_MAX_BYTES = 64 * 1024 };

struct webhook_sender {
    CURLM *multi;
    bool allow_private;
    struct transfer *first; /* all that are under way */
};

/* One request under way. */
struct transfer {
    struct webhook_sender *sender;
    CURL *easy;
    struct curl_slist *headers;
    struct text body;
    void *context;
    size_t answer_bytes;
    bool refused;   /* an address was refused */
    bool connected; /* another was not */
    struct transfer *next;
};

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;
static bool curl_ready;

static void init_curl(void) {
    curl_ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

struct webhook_sender *webhook_sender_new(bool allow_private) {
    pthread_once(&curl_once, init_curl);
    struct webhook_sender *sender = curl_ready ? calloc(1, sizeof *sender) : NULL;
    if (!sender) {
        return NULL;
    }
    sender->allow_private = allow_private;
    sender->multi = curl_multi_init();
    if (!sender->multi) {
        free(sender);
        return NULL;
    }
    return sender;
}

static void transfer_free(struct transfer *transfer) {
    struct transfer **link = &transfer->sender->first;
    while (*link && *link != transfer) {
        link = &(*link)->next;
    }
    if (*link) {
        *link = transfer->next;
    }
    curl_easy_cleanup(transfer->easy);
    curl_slist_free_all(transfer->headers);
    text_release(&transfer->body);
    free(transfer);
}

void webhook_sender_free(struct webhook_sender *sender) {
    if (!sender) {
        return;
    }
    while (sender->first) {
        curl_multi_remove_handle(sender->multi, sender->first->easy);
        transfer_free(sender->first);
    }
    curl_multi_cleanup(sender->multi);
    free(sender);
}

/* The address is the one that is connected to, whatever the name was resolved to before. */
static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address) {
    struct transfer *transfer = context;
    (void)purpose;
    if (!transfer->sender->allow_private && webhook_address_is_refused(&address->addr)) {
        transfer->refused = true;
        return CURL_SOCKET_BAD;
    }
    transfer->connected = true;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

/* Enough was read once it is too much: the status is known, and an answer without end must not keep us. */
static size_t drop_answer(char *bytes, size_t size, size_t count, void *context) {
    struct transfer *transfer = context;
    (void)bytes;
    transfer->answer_bytes += size * count;
    return transfer->answer_bytes > ANSWER_MAX_BYTES ? 0 : size * count;
}

static bool append_line(struct transfer *transfer, const char *line) {
    struct curl_slist *more = curl_slist_append(transfer->headers, line);
    transfer->headers = more ? more : transfer->headers;
    return more != NULL;
}

/* curl takes "Name;" for a header without a value, and "Name:" for one that is not to be sent. */
static bool add_header(struct transfer *transfer, const char *line, size_t length) {
    char *copy = text_copy_bytes(line, length);
    char *colon = copy ? strchr(copy, ':') : NULL;
    if (colon && colon[1] == '\0') {
        *colon = ';';
    }
    bool added = copy && append_line(transfer, copy);
    free(copy);
    return added;
}

/* Without Expect, so that a large body does not wait for 100 Continue. */
static bool add_headers(struct transfer *transfer, const char *lines) {
    bool added = append_line(transfer, "Expect:");
    for (const char *at = lines; added && *at;) {
        size_t length = strcspn(at, "\n");
        added = add_header(transfer, at, length);
        at += length + (at[length] == '\n');
    }
    return added;
}

static bool set_options(struct transfer *transfer, const struct webhook_message *message) {
    CURL *easy = transfer->easy;
    long timeout_ms = (long)(message->timeout_us / 1000);
    return curl_easy_setopt(easy, CURLOPT_URL, message->url) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROXY, "") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L) == CURLE_OK && /* a resolver is not waited for */
           curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, timeout_ms > 0 ? timeout_ms : 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_USERAGENT, "holdpoint-webhook/" HOLDPOINT_VERSION) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, transfer) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, drop_answer) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)transfer->body.length_bytes) ==
               CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_POSTFIELDS, transfer->body.bytes) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->headers) == CURLE_OK;
}

enum hp_status webhook_sender_start(struct webhook_sender *sender, const struct webhook_message *message,
                                    void *context, struct hp_problem *problem) {
    struct transfer *transfer = calloc(1, sizeof *transfer);
    if (!transfer) {
        return hp_problem_no_memory(problem);
    }
    transfer->sender = sender;
    transfer->context = context;
    transfer->easy = curl_easy_init();
    text_append(&transfer->body, message->body.bytes, message->body.length_bytes);
    bool started = transfer->easy && !transfer->body.failed &&
                   add_headers(transfer, message->headers.bytes) && set_options(transfer, message) &&
                   curl_multi_add_handle(sender->multi, transfer->easy) == CURLM_OK;
    if (!started) {
        transfer_free(transfer);
        return hp_problem_no_memory(problem);
    }
    transfer->next = sender->first;
    sender->first = transfer;
    return HP_OK;
}

/* Nothing is waited for once something has ended. */
void webhook_sender_run(struct webhook_sender *sender, unsigned wait_ms) {
    int running = 0, under_way = 0;
    for (const struct transfer *at = sender->first; at; at = at->next) {
        under_way++;
    }
    curl_multi_perform(sender->multi, &running);
    if (wait_ms > 0 && running == under_way) {
        curl_multi_poll(sender->multi, NULL, 0, (int)wait_ms, NULL);
        curl_multi_perform(sender->multi, &running);
    }
}

static void report_on(struct transfer *transfer, CURLcode code, struct webhook_report *report) {
    long status = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    bool cut = code == CURLE_WRITE_ERROR && transfer->answer_bytes > ANSWER_MAX_BYTES;
    bool answered = status > 0 && (code == CURLE_OK || cut);
    bool refused = transfer->refused && !transfer->connected;
    *report = (struct webhook_report){.context = transfer->context,
                                      .status = answered ? (int)status : 0,
                                      .refused = refused,
                                      .error = answered  ? NULL
                                               : refused ? "the endpoint's address is private or reserved"
                                                         : curl_easy_strerror(code)};
}

bool webhook_sender_next(struct webhook_sender *sender, struct webhook_report *report) {
    int left = 0;
    CURLMsg *message;
    while ((message = curl_multi_info_read(sender->multi, &left)) != NULL) {
        if (message->msg == CURLMSG_DONE) {
            struct transfer *transfer = NULL;
            CURLcode code = message->data.result;
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, (char **)&transfer);
            report_on(transfer, code, report);
            curl_multi_remove_handle(sender->multi, transfer->easy);
            transfer_free(transfer);
            return true;
        }
    }
    return false;
}

void webhook_sender_wake(struct webhook_sender *sender) {
    curl_multi_wakeup(sender->multi);
}

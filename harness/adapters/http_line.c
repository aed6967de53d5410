#include "harness/adapters/http_line.h"

#include "harness/adapters/deadline.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>

/* So long http_line_start itself waits for a connection; http_line_wait goes on. */
enum { START_MS = 1000, REDIRECTS = 0 };

struct http_line {
    CURLM *multi; /* keeps the connection */
    CURL *easy;
    struct curl_slist *headers; /* of the request under way */
    char *body;
    size_t reply_max_bytes;
    struct text reply, head;
    char error[CURL_ERROR_SIZE];
    bool under_way;
    bool sent;      /* the first byte of the request is on its way: it must not be sent once more */
    bool too_large; /* the reply was */
};

void http_reply_release(struct http_reply *reply) {
    text_release(&reply->head);
    text_release(&reply->body);
    memset(reply, 0, sizeof *reply);
}

static size_t take_body(char *bytes, size_t size, size_t count, void *context) {
    struct http_line *line = context;
    line->too_large = !text_append(&line->reply, bytes, size * count);
    return line->too_large ? 0 : size * count;
}

/* Each answer begins anew: a 100 may come before the one that counts. */
static size_t take_head(char *bytes, size_t size, size_t count, void *context) {
    struct http_line *line = context;
    if (size * count >= 5 && memcmp(bytes, "HTTP/", 5) == 0) {
        text_clear(&line->head);
    } else {
        text_append(&line->head, bytes, size * count);
    }
    return size * count;
}

static int note_sending(void *context, char *remote, char *local, int remote_port, int local_port) {
    (void)remote;
    (void)local;
    (void)remote_port;
    (void)local_port;
    ((struct http_line *)context)->sent = true;
    return CURL_PREREQFUNC_OK;
}

/* curl sends a request again when a kept connection ends without an answer. The service may have carried it out by then,
 * and twice is not once: so there is no second connection for one request. */
static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address) {
    (void)purpose;
    if (((struct http_line *)context)->sent) {
        return CURL_SOCKET_BAD;
    }
    int made = socket(address->family, address->socktype, address->protocol);
    if (made >= 0) {
        fcntl(made, F_SETFD, FD_CLOEXEC);
    }
    return made;
}

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void start_curl(void) {
    curl_global_init(CURL_GLOBAL_DEFAULT);
}

static bool set_up(struct http_line *line) {
    CURL *easy = line->easy;
    return curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, (long)REDIRECTS) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PROXY, "") == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)HTTP_CONNECT_MS) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, line->error) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_WRITEDATA, line) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_head) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HEADERDATA, line) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, note_sending) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PREREQDATA, line) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_OPENSOCKETDATA, line) == CURLE_OK;
}

struct http_line *http_line_new(size_t reply_max_bytes) {
    pthread_once(&once, start_curl);
    struct http_line *line = calloc(1, sizeof *line);
    if (!line) {
        return NULL;
    }
    line->multi = curl_multi_init();
    line->easy = curl_easy_init();
    line->reply_max_bytes = reply_max_bytes;
    if (!line->multi || !line->easy || !set_up(line)) {
        http_line_free(line);
        return NULL;
    }
    return line;
}

/* Forgets the request that is over, or given up. */
static void settle(struct http_line *line) {
    if (line->under_way) {
        curl_multi_remove_handle(line->multi, line->easy);
    }
    curl_slist_free_all(line->headers);
    free(line->body);
    line->headers = NULL;
    line->body = NULL;
    line->under_way = false;
}

void http_line_free(struct http_line *line) {
    if (!line) {
        return;
    }
    settle(line);
    curl_easy_cleanup(line->easy);
    curl_multi_cleanup(line->multi);
    text_release(&line->reply);
    text_release(&line->head);
    free(line);
}

static bool add_header(struct http_line *line, const char *header) {
    struct curl_slist *longer = curl_slist_append(line->headers, header);
    line->headers = longer ? longer : line->headers;
    return longer != NULL;
}

/* "Expect:" keeps curl from waiting for a 100 before a long body, "Content-Type:" from inventing one. */
static bool add_headers(struct http_line *line, const struct http_request *request) {
    bool whole = add_header(line, "Expect:"), typed = false;
    for (size_t i = 0; i < request->header_count; i++) {
        typed = typed || strncasecmp(request->headers[i], "Content-Type:", strlen("Content-Type:")) == 0;
        whole = whole && add_header(line, request->headers[i]);
    }
    return whole && (typed || add_header(line, "Content-Type:"));
}

static bool add_body(struct http_line *line, const struct http_request *request) {
    CURL *easy = line->easy;
    bool whole = curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L) == CURLE_OK;
    if (request->body) {
        line->body = text_copy_bytes(request->body, request->body_length_bytes);
        whole = whole && line->body && curl_easy_setopt(easy, CURLOPT_POST, 1L) == CURLE_OK &&
                curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_length_bytes) ==
                    CURLE_OK &&
                curl_easy_setopt(easy, CURLOPT_POSTFIELDS, line->body) == CURLE_OK;
    }
    /* No body comes after a HEAD, whatever its Content-Length says. */
    if (strcmp(request->verb, "HEAD") == 0) {
        whole = whole && curl_easy_setopt(easy, CURLOPT_NOBODY, 1L) == CURLE_OK;
    }
    return whole && curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->verb) == CURLE_OK;
}

static bool is_over(struct http_line *line, CURLcode *code) {
    int left = 0;
    CURLMsg *message;
    while ((message = curl_multi_info_read(line->multi, &left))) {
        if (message->msg == CURLMSG_DONE) {
            *code = message->data.result;
            return true;
        }
    }
    return false;
}

/* Goes on with the transfer until the deadline, until it is over or, when that is enough, until it is being sent. */
static void drive(struct http_line *line, int64_t deadline_us, bool until_sent) {
    int running = 1;
    curl_multi_perform(line->multi, &running);
    while (running > 0 && !(until_sent && line->sent) && deadline_remaining_ms(deadline_us) > 0) {
        curl_multi_poll(line->multi, NULL, 0, deadline_remaining_ms(deadline_us), NULL);
        curl_multi_perform(line->multi, &running);
    }
    if (until_sent && running > 0) {
        curl_multi_perform(line->multi, &running);
    }
}

enum hp_status http_line_start(struct http_line *line, const struct http_request *request,
                               struct hp_problem *problem) {
    if (line->under_way) {
        return hp_problem_set(problem, HP_UNAVAILABLE, NULL, "the last request still has no answer");
    }
    text_release(&line->reply);
    text_init(&line->reply, line->reply_max_bytes + 1);
    text_release(&line->head);
    text_init(&line->head, HTTP_HEAD_MAX_BYTES);
    line->error[0] = '\0';
    line->sent = line->too_large = false;
    bool whole = add_headers(line, request) && add_body(line, request) &&
                 curl_easy_setopt(line->easy, CURLOPT_HTTPHEADER, line->headers) == CURLE_OK &&
                 curl_easy_setopt(line->easy, CURLOPT_URL, request->url) == CURLE_OK &&
                 curl_multi_add_handle(line->multi, line->easy) == CURLM_OK;
    if (!whole) {
        settle(line);
        return hp_problem_no_memory(problem);
    }
    line->under_way = true;
    drive(line, deadline_after_ms(START_MS), true);
    return HP_OK;
}

/* What went wrong, in words that say what to look at. */
static const struct {
    CURLcode code;
    const char *words;
} faults[] = {
    {CURLE_COULDNT_RESOLVE_HOST, "the host is not known"},
    {CURLE_COULDNT_CONNECT, "nobody answers there"},
    {CURLE_GOT_NOTHING, "the connection was closed without an answer"},
    {CURLE_PARTIAL_FILE, "the connection was closed in the middle of the answer"},
    {CURLE_RECV_ERROR, "the connection broke before the answer was whole"},
    {CURLE_SEND_ERROR, "the connection broke before the request was whole"},
    {CURLE_WEIRD_SERVER_REPLY, "what came back is no HTTP"},
    {CURLE_UNSUPPORTED_PROTOCOL, "what came back is no HTTP, or the URL is of another kind"},
    {CURLE_URL_MALFORMAT, "the URL is malformed"},
    {CURLE_PEER_FAILED_VERIFICATION, "the server's certificate is not accepted"},
};

static void put_fault(struct http_line *line, CURLcode code, char detail[HTTP_DETAIL_SIZE]) {
    const char *words = "the request failed";
    struct text text = {0};
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++) {
        words = faults[i].code == code ? faults[i].words : words;
    }
    if (line->too_large) {
        text_addf(&text, "the answer's body has more than %zu bytes", line->reply_max_bytes);
    } else if (line->sent && code == CURLE_COULDNT_CONNECT) {
        text_add(&text, "the connection was closed without an answer");
    } else {
        text_addf(&text, "%s (%s)", words, line->error[0] ? line->error : curl_easy_strerror(code));
    }
    text_put_line(detail, HTTP_DETAIL_SIZE, text.bytes ? text.bytes : words);
    text_release(&text);
}

/* A service may refuse a long body before it has taken all of it, and close; its answer counts. */
static bool is_whole(const struct http_line *line, CURLcode code, long status) {
    return code == CURLE_OK || (code == CURLE_SEND_ERROR && status >= 400 && !line->too_large);
}

bool http_line_wait(struct http_line *line, unsigned timeout_ms, struct http_reply *reply) {
    CURLcode code = CURLE_OK;
    long status = 0;
    const char *type = NULL;
    if (!line->under_way) {
        *reply = (struct http_reply){.broken = true};
        text_put(reply->detail, sizeof reply->detail, "harness: no request is under way");
        return true;
    }
    drive(line, deadline_after_ms(timeout_ms), false);
    if (!is_over(line, &code)) {
        return false;
    }
    *reply = (struct http_reply){0};
    curl_easy_getinfo(line->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(line->easy, CURLINFO_CONTENT_TYPE, &type);
    if (is_whole(line, code, status)) {
        reply->status = (unsigned)status;
        text_put(reply->content_type, sizeof reply->content_type, type ? type : "");
        reply->body = line->reply;
        reply->head = line->head;
        line->reply = line->head = (struct text){0};
    } else {
        reply->broken = true;
        put_fault(line, code, reply->detail);
    }
    settle(line);
    return true;
}

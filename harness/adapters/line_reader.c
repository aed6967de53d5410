#include "harness/adapters/line_reader.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

enum { CHUNK_BYTES = 64 * 1024 };

void line_reader_init(struct line_reader *reader, int descriptor, size_t line_max_bytes) {
    *reader = (struct line_reader){.descriptor = descriptor, .line_max_bytes = line_max_bytes, .stop = -1};
    text_init(&reader->text, line_max_bytes + 2 * CHUNK_BYTES);
}

void line_reader_release(struct line_reader *reader) {
    text_release(&reader->text);
}

/* Throws away what was handed out, or everything. */
static void forget(struct line_reader *reader, size_t bytes) {
    struct text *text = &reader->text;
    if (bytes == 0) {
        return;
    }
    text->length_bytes -= bytes;
    memmove(text->bytes, text->bytes + bytes, text->length_bytes + 1);
    reader->searched_bytes = reader->searched_bytes > bytes ? reader->searched_bytes - bytes : 0;
    reader->taken_bytes = 0;
}

/* Waits until there is something to read; false when it was told to stop. */
static bool await_input(const struct line_reader *reader) {
    struct pollfd watched[] = {{.fd = reader->descriptor, .events = POLLIN},
                               {.fd = reader->stop, .events = POLLIN}};
    if (reader->stop < 0) {
        return true;
    }
    while (poll(watched, 2, -1) < 0 && errno == EINTR) {
    }
    return watched[1].revents == 0;
}

static void read_more(struct line_reader *reader) {
    char chunk[CHUNK_BYTES];
    ssize_t count;
    if (!await_input(reader)) {
        text_clear(&reader->text);
        reader->taken_bytes = reader->searched_bytes = 0;
        reader->dropping = false;
        reader->ended = true;
        return;
    }
    do {
        count = read(reader->descriptor, chunk, sizeof chunk);
    } while (count < 0 && errno == EINTR);
    if (count <= 0) {
        reader->ended = true;
        return;
    }
    if (!text_append(&reader->text, chunk, (size_t)count)) {
        /* Without memory the line is as good as too long. What came may hold the next lines' beginning, but
         * there is no room to find out. */
        text_clear(&reader->text);
        reader->searched_bytes = 0;
        reader->dropping = true;
    }
}

/* Finds the end of the line that begins at taken_bytes; NULL when it has not come yet. */
static char *find_end(struct line_reader *reader) {
    struct text *text = &reader->text;
    size_t rest_bytes = text->length_bytes - reader->searched_bytes;
    char *end = rest_bytes ? memchr(text->bytes + reader->searched_bytes, '\n', rest_bytes) : NULL;
    reader->searched_bytes = end ? (size_t)(end - text->bytes) : text->length_bytes;
    return end;
}

/* Hands out the line up to end (its line feed, or the end of the input). */
static enum line_read hand_out(struct line_reader *reader, size_t end, const char **line,
                               size_t *length_bytes) {
    char *from = reader->text.bytes + reader->taken_bytes;
    *length_bytes = end - reader->taken_bytes;
    bool too_long = reader->dropping || *length_bytes > reader->line_max_bytes;
    reader->text.bytes[end] = '\0';
    *line = from;
    reader->dropping = false;
    reader->taken_bytes = end < reader->text.length_bytes ? end + 1 : end;
    reader->searched_bytes = reader->taken_bytes;
    return too_long ? LINE_READ_TOO_LONG : LINE_READ;
}

enum line_read line_reader_next(struct line_reader *reader, const char **line, size_t *length_bytes) {
    for (;;) {
        char *end = find_end(reader);
        struct text *text = &reader->text;
        if (end) {
            return hand_out(reader, (size_t)(end - text->bytes), line, length_bytes);
        }
        if (reader->ended) {
            bool rest = text->length_bytes > reader->taken_bytes || reader->dropping;
            return rest && text->bytes ? hand_out(reader, text->length_bytes, line, length_bytes)
                                       : LINE_READ_END;
        }
        forget(reader, reader->taken_bytes);
        if (text->length_bytes > reader->line_max_bytes) {
            forget(reader, text->length_bytes);
            reader->dropping = true;
        }
        read_more(reader);
    }
}

/* Lines from a descriptor, each up to a limit. */
#ifndef HOLDPOINT_ADAPTERS_LINE_READER_H
#define HOLDPOINT_ADAPTERS_LINE_READER_H

#include "reference/base/text.h"

/* What was read and not handed out. Release with line_reader_release. */
struct line_reader {
    struct text text;
    size_t taken_bytes;    /* of lines handed out already */
    size_t searched_bytes; /* no line feed before here */
    size_t line_max_bytes;
    int descriptor; /* borrowed */
    int stop;       /* another, to be set after init: once it can be read the input is at its end; -1: none */
    bool ended;
    bool dropping; /* the rest of a line that was too long */
};

enum line_read { LINE_READ, LINE_READ_TOO_LONG, LINE_READ_END };

void line_reader_init(struct line_reader *reader, int descriptor, size_t line_max_bytes);
void line_reader_release(struct line_reader *reader);

/* Waits for the next line, which comes without its line feed and followed by NUL; *line is borrowed until the
 * next call. A last line without a line feed is a line. LINE_READ_TOO_LONG stands for one that was longer
 * than allowed, or that memory ran out over: it is dropped, and the next call finds the one behind it.
 * LINE_READ_END at the end of the input, or when it cannot be read. */
enum line_read line_reader_next(struct line_reader *reader, const char **line, size_t *length_bytes);

#endif

/* Splitting SQL loses nothing but what stands between statements, keeps lines in order, and finds in each statement that
 * splits again just itself. */
#include "harness/drift/migrations/statements.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A statement by itself is one statement again. COPY is not: its rows went
 * elsewhere. */
static void split_again(const struct statement *statement) {
    struct statements again;
    bool marked =
        strncmp(statement->text, "\xef\xbb\xbf", 3) == 0; /* passed over at the begin of a file only */
    if (marked || statement->kind == STATEMENT_COPY ||
        !statements_split(statement->text, strlen(statement->text), &again)) {
        return;
    }
    if (again.count > 1 || (again.count == 1 && again.items[0].kind != statement->kind)) {
        abort();
    }
    statements_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct statements statements;
    size_t length = 0, line = 1;
    if (memchr(data, 0, size)) {
        return 0;
    }
    statements_split((const char *)data, size, &statements);
    for (size_t i = 0; i < statements.count; i++) {
        const struct statement *statement = &statements.items[i];
        length += strlen(statement->text) + (statement->rows ? strlen(statement->rows) : 0);
        if (statement->line < line || length > size) {
            abort();
        }
        line = statement->line;
        statement_find_word(statement, "table");
        statement_line_at(statement, size / 2);
        split_again(statement);
    }
    statements_release(&statements);
    return 0;
}

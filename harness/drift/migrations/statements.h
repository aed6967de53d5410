/* Splits a file of SQL into its statements as psql does: by the words of PostgreSQL, not by every semicolon.
 *
 * Known: '..', E'..', U&'..', "..", dollar quotes with tags, comments that nest, parentheses, bodies that begin with
 * BEGIN ATOMIC, COPY .. FROM stdin with its rows, psql's own commands. What is not closed reaches to the end of the
 * file: the server says what it thinks of it. */
#ifndef HOLDPOINT_DRIFT_STATEMENTS_H
#define HOLDPOINT_DRIFT_STATEMENTS_H

#include <stdbool.h>
#include <stddef.h>

enum statement_kind {
    STATEMENT_PLAIN,
    STATEMENT_BEGIN, /* begin, start transaction */
    STATEMENT_END,   /* commit, end, rollback, abort, prepare transaction: of the whole transaction */
    STATEMENT_ALONE, /* refuses to run in a transaction: create index concurrently, vacuum, create database .. */
    STATEMENT_ROLE,      /* create role, user, group: it outlives the database */
    STATEMENT_EXTENSION, /* create extension */
    STATEMENT_COPY,      /* copy .. from stdin, with rows behind it */
    STATEMENT_META,      /* a command of psql: a backslash up to the end of its line */
};

/* One statement, from its first word to before its semicolon. */
struct statement {
    enum statement_kind kind;
    char *text;
    size_t line; /* of its first word, from 1 */
    char *rows;  /* of STATEMENT_COPY: as they stand in the file, without the line \. ; NULL for the others */
};

/* In the order of the file. Zeroed it holds nothing. */
struct statements {
    struct statement *items;
    size_t count;
};

enum { STATEMENTS_CAP = 100000 };

/* Splits a text. False when memory runs out or there are more than STATEMENTS_CAP; release in every case. */
bool statements_split(const char *sql, size_t length_bytes, struct statements *statements);
void statements_release(struct statements *statements);

/* The line of the character (from 1, as the server counts) of a statement; its first line for 0. */
size_t statement_line_at(const struct statement *statement, size_t position);

/* Looks for a word outside of comments, in lower or upper case, that stands by itself ("notes" is in "drop table
 * public.notes", not in "notes_old"). Returns its line, 0 when it is not there. */
size_t statement_find_word(const struct statement *statement, const char *word);

#endif

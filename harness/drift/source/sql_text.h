/* SQL as it stands in texts of a program or in files: which tables it is about. A small tokenizer, no grammar: what it is not
 * sure of it leaves out. */
#ifndef HOLDPOINT_DRIFT_SOURCE_SQL_TEXT_H
#define HOLDPOINT_DRIFT_SOURCE_SQL_TEXT_H

#include <stdbool.h>
#include <stddef.h>

enum { SQL_NAME_SIZE = 128 };

enum sql_use {
    SQL_READS,   /* from, join */
    SQL_WRITES,  /* into, update, delete from, truncate */
    SQL_CREATES, /* create table or view; the new name of one that is renamed */
    SQL_DROPS,   /* drop table or view; the old name of one that is renamed */
    SQL_ALTERS,  /* alter table, references, create index .. on */
};

/* True when the text begins as a statement does, all its keywords in one case: prose does not. */
bool sql_is_statement(const char *text, size_t length_bytes);

/* Hands out each table that the text names, without its schema and in lower case, with where it stands. Names of common
 * table expressions, functions and the catalog's are left out. */
void sql_find_tables(const char *text, size_t length_bytes,
                     void (*take)(void *context, enum sql_use use, const char *name, size_t offset),
                     void *context);

#endif

/* The files of a source tree, with what the languages say in them. */
#ifndef HOLDPOINT_DRIFT_SOURCE_TREE_H
#define HOLDPOINT_DRIFT_SOURCE_TREE_H

#include "harness/drift/source/configuration.h"
#include "harness/drift/source/facts.h"
#include "harness/drift/source/language.h"

/* One file. */
struct source_file {
    char *path;                      /* below the root, with slashes */
    char *shown;                     /* with the root, as people are told it */
    const struct language *language; /* NULL: another file; nothing of it was read, unless it is SQL */
    char *text;                      /* NULL when it was not read */
    size_t length_bytes;
    bool is_test;
    bool is_data_layer;
    struct facts facts;
};

/* A tree. Zeroed it holds nothing; release with source_tree_release. */
struct source_tree {
    char *root;
    struct source_file *files; /* in the order of their paths */
    size_t count, room;
    size_t read_count;  /* of languages that are known */
    size_t passed_over; /* too large, or no text */
};

/* Lists the files below a folder, without hidden ones and without what is built or fetched (node_modules, build, target, ...),
 * and reads those of known languages and SQL. HP_UNAVAILABLE when the folder cannot be read, or no grammar is there for a
 * language that it holds. The caller releases *tree in every case. */
enum hp_status source_tree_read(const char *root, const struct configuration *configuration,
                                struct source_tree *tree, struct hp_problem *problem);
void source_tree_release(struct source_tree *tree);

/* The file of that path; NULL when there is none. */
const struct source_file *source_tree_find(const struct source_tree *tree, const char *path);

/* True when there are files below the folder of that path. */
bool source_tree_has_folder(const struct source_tree *tree, const char *path);

#endif

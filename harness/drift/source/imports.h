/* What an import of a test leads to, by the rules of each language. Only imports of the tree's own code are judged: what
 * comes from elsewhere nobody can see here. */
#ifndef HOLDPOINT_DRIFT_SOURCE_IMPORTS_H
#define HOLDPOINT_DRIFT_SOURCE_IMPORTS_H

#include "harness/drift/source/tree.h"

enum { IMPORT_SIZE = 1024 };

/* What is gone. */
struct import_fault {
    char module[IMPORT_SIZE]; /* as the import names it */
    char name[IMPORT_SIZE];   /* what of it; "" when it is the module that is gone */
};

/* True when an import leads nowhere; *fault says what is gone. */
bool import_is_gone(const struct source_tree *tree, const struct source_file *file, const struct fact *import,
                    struct import_fault *fault);

/* The rules of one language each; as import_is_gone. */
bool import_is_gone_python(const struct source_tree *tree, const struct source_file *file,
                           const struct fact *import, struct import_fault *fault);
bool import_is_gone_go(const struct source_tree *tree, const struct source_file *file,
                       const struct fact *import, struct import_fault *fault);
bool import_is_gone_typescript(const struct source_tree *tree, const struct source_file *file,
                               const struct fact *import, struct import_fault *fault);
bool import_is_gone_rust(const struct source_tree *tree, const struct source_file *file,
                         const struct fact *import, struct import_fault *fault);
bool import_is_gone_java(const struct source_tree *tree, const struct source_file *file,
                         const struct fact *import, struct import_fault *fault);
bool import_is_gone_c(const struct source_tree *tree, const struct source_file *file,
                      const struct fact *import, struct import_fault *fault);

/* True when a file defines the name, or imports it from elsewhere and so hands it on. */
bool import_file_has(const struct source_file *file, const char *name);

/* True when a file hands on all that another has, so that its names are not known here. */
bool import_file_is_open(const struct source_file *file);

/* The folder of a path, without the slash behind it; "" for the root's. */
void import_folder_of(char folder[IMPORT_SIZE], const char *path);

/* Puts folder and relative path together, with . and .. resolved; false when that leads out of the tree or does not fit. */
bool import_resolve(char path[IMPORT_SIZE], const char *folder, const char *relative);

#endif

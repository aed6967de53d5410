/* What a person is shown of a finding among concurrent clients: the sentence, the timeline of that interrupt alone, and, in
 * a folder, its history and a page of it. */
#ifndef HOLDPOINT_REPORT_EXHIBIT_H
#define HOLDPOINT_REPORT_EXHIBIT_H

#include "harness/lab/review.h"

/* Everything is borrowed. */
struct exhibit {
    const struct performance *performance;
    const struct finding *finding;
    const char *title;  /* of the page */
    const char *note;   /* "round 17 of seed 1, 8 clients" */
    const char *folder; /* made when it is missing; NULL: no files are written */
    const char *name;   /* of the files in it, without an ending: a case's id */
    const char *repeat; /* a command; NULL: there is none */
};

/* Adds lines, each ended, and writes the files. A file that cannot be written is told in a line and is no error. False
 * when the text has failed. */
bool exhibit_add(struct text *text, const struct exhibit *exhibit);

#endif

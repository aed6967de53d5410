/* All chapters whose cases need code. */
#ifndef HOLDPOINT_CHAPTERS_CHAPTERS_H
#define HOLDPOINT_CHAPTERS_CHAPTERS_H

/* Registers the plays of every chapter. Before any thread is started. */
void chapters_register(void);

#endif

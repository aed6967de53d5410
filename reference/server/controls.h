/* The site of the controls for conformance runs (docs/server.md). */
#ifndef HOLDPOINT_SERVER_CONTROLS_H
#define HOLDPOINT_SERVER_CONTROLS_H

#include "reference/server/site.h"

/* HP_INTERNAL without memory; release it in any case. */
enum hp_status controls_init(struct site *site, struct deployment *deployment, struct hp_problem *problem);

#endif

#include "suites/chapters/chapters.h"

#include "suites/chapters/concurrency.h"
#include "suites/chapters/drift.h"
#include "suites/chapters/schedule.h"

void chapters_register(void) {
    chapter_drift_register();
    chapter_concurrency_register();
    chapter_schedule_register();
}

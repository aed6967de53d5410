#include "suites/chapters/chapters.h"

#include "suites/chapters/concurrency.h"
#include "suites/chapters/drift.h"
#include "suites/chapters/durability.h"
#include "suites/chapters/schedule.h"
#include "suites/chapters/webhook.h"

void chapters_register(void) {
    chapter_drift_register();
    chapter_concurrency_register();
    chapter_schedule_register();
    chapter_webhook_register();
    chapter_durability_register();
}

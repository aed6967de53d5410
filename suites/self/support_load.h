/* Cases of a made fixtures folder, loaded or refused; and the steps that such cases are made of. */
#ifndef HOLDPOINT_SELF_SUPPORT_LOAD_H
#define HOLDPOINT_SELF_SUPPORT_LOAD_H

#include "harness/case/case.h"

#define IDS "\"request_id\":\"r-{run}\",\"user_id\":\"u-{run}\",\"session_id\":\"s-{run}\""
/* Creates and binds $id. */
#define CREATE "{\"op\":\"interrupt.create\",\"args\":{" IDS "},\"bind\":{\"id\":\"/interrupt/id\"}}"
/* Proves REQ-A-1 (MUST) with $id. */
#define GET "{\"op\":\"interrupt.get\",\"args\":{\"id\":\"$id\"},\"requirement\":\"REQ-A-1\"}"
/* Proves REQ-A-1 with nothing bound before. */
#define PROOF "{\"op\":\"describe\",\"args\":{},\"requirement\":\"REQ-A-1\"}"
/* A refused step named "no", and its twin. */
#define REFUSED                                                                                              \
    "{\"name\":\"no\",\"op\":\"interrupt.get\",\"args\":{\"id\":\"x\"},\"refused\":\"not_found\","           \
    "\"requirement\":\"REQ-A-1\"}"
#define TWIN "{\"twin_of\":\"no\",\"set\":{\"/id\":\"y\"}}"
#define STEPS(list) "\"steps\":[\n" list "\n]"

/* A faulty case: its members after id, title and level (see fixtures_of_case), and what must be said of it.
 * The case begins on line 2, the first of its STEPS on line 3. */
struct faulty_case {
    const char *members;
    size_t line;
    const char *pointer; /* below "/cases/0" */
    const char *message;
};

/* Fails unless each is refused with exactly "PATH:LINE: at POINTER: MESSAGE", and nothing comes of it. */
void assert_refused_cases(const struct faulty_case *cases, size_t count);

/* Loads a fixtures folder with this one case; fails the test, with the loader's words, when it is refused.
 * The caller frees it with suite_free. */
struct suite *suite_of_case(const char *members);

#endif

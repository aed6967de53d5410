/* The contract's own routes as a profile, built in for the target http:URL.
 * A test holds it against examples/profiles/contract.json. */
#ifndef HOLDPOINT_ADAPTERS_PROFILE_DEFAULT_H
#define HOLDPOINT_ADAPTERS_PROFILE_DEFAULT_H

#define PROFILE_DEFAULT                                                                                      \
    "{\n"                                                                                                    \
    "\"$schema\": \"../../fixtures/schema/profile.json\",\n"                                                 \
    "\"about\": \"The routes of the contract: what the target http:URL speaks. Copy it to describe a "       \
    "service that differs.\",\n"                                                                             \
    "\"servers\": [\"http://127.0.0.1:8080\"],\n"                                                            \
    "\"prefix\": \"/api/v1\",\n"                                                                             \
    "\"capabilities\": [\"create\", \"get\", \"list\", \"respond\", \"cancel\", \"concurrent\"],\n"          \
    "\"routes\": {\n"                                                                                        \
    "\"interrupt.create\": {\n"                                                                              \
    "\"about\": \"The params are the body, byte by byte; the answer is the interrupt itself.\",\n"           \
    "\"request\": \"POST /interrupts\",\n"                                                                   \
    "\"body\": \"\",\n"                                                                                      \
    "\"result\": {\"interrupt\": \"\"}\n"                                                                    \
    "},\n"                                                                                                   \
    "\"interrupt.get\": {\n"                                                                                 \
    "\"request\": \"GET /interrupts/{id}?user_id={user_id}\",\n"                                             \
    "\"result\": {\"interrupt\": \"\"}\n"                                                                    \
    "},\n"                                                                                                   \
    "\"interrupt.list\": {\n"                                                                                \
    "\"about\": \"{kinds*} repeats the pair for each kind. A pair without a value is left out.\",\n"         \
    "\"request\": \"GET "                                                                                    \
    "/interrupts?user_id={user_id}&session_id={session_id}&request_id={request_id}&status_filter={status}&"  \
    "kind={kinds*}&limit={limit}&cursor={cursor}\",\n"                                                       \
    "\"result\": {\"interrupts\": \"/interrupts\", \"total\": \"/total\", \"next_cursor\": "                 \
    "\"/next_cursor\"}\n"                                                                                    \
    "},\n"                                                                                                   \
    "\"interrupt.respond\": {\n"                                                                             \
    "\"request\": \"POST /interrupts/{id}/respond?user_id={user_id}\",\n"                                    \
    "\"body\": \"/response\",\n"                                                                             \
    "\"result\": {\"interrupt\": \"/interrupt\", \"request_can_resume\": \"/request_can_resume\"}\n"         \
    "},\n"                                                                                                   \
    "\"interrupt.cancel\": {\n"                                                                              \
    "\"about\": \"The answer is 204 and says nothing; so the interrupt is read afterwards.\",\n"             \
    "\"request\": \"DELETE /interrupts/{id}?user_id={user_id}&reason={reason}\",\n"                          \
    "\"then\": \"interrupt.get\"\n"                                                                          \
    "}\n"                                                                                                    \
    "}\n"                                                                                                    \
    "}\n"

#endif

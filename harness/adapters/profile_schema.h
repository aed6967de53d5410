/* The schema of target profiles, built in because a profile is read wherever it lies.
 * A test holds it against fixtures/schema/profile.json. */
#ifndef HOLDPOINT_ADAPTERS_PROFILE_SCHEMA_H
#define HOLDPOINT_ADAPTERS_PROFILE_SCHEMA_H

#define PROFILE_SCHEMA                                                                                       \
    "{\n"                                                                                                    \
    "\"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"                                       \
    "\"$id\": \"https://holdpoint.example/schema/profile.json\",\n"                                          \
    "\"title\": \"How to speak to a service over HTTP\",\n"                                                  \
    "\"type\": \"object\",\n"                                                                                \
    "\"additionalProperties\": false,\n"                                                                     \
    "\"required\": [\n"                                                                                      \
    "\"servers\",\n"                                                                                         \
    "\"routes\"\n"                                                                                           \
    "],\n"                                                                                                   \
    "\"properties\": {\n"                                                                                    \
    "\"$schema\": {\n"                                                                                       \
    "\"type\": \"string\"\n"                                                                                 \
    "},\n"                                                                                                   \
    "\"name\": {\n"                                                                                          \
    "\"$ref\": \"#/$defs/text\",\n"                                                                          \
    "\"description\": \"what reports call the service\"\n"                                                   \
    "},\n"                                                                                                   \
    "\"about\": {\n"                                                                                         \
    "\"description\": \"for people\",\n"                                                                     \
    "\"$ref\": \"#/$defs/text\"\n"                                                                           \
    "},\n"                                                                                                   \
    "\"servers\": {\n"                                                                                       \
    "\"description\": \"base URLs of servers over one state; the first is endpoint 0\",\n"                   \
    "\"type\": \"array\",\n"                                                                                 \
    "\"minItems\": 1,\n"                                                                                     \
    "\"maxItems\": 64,\n"                                                                                    \
    "\"items\": {\n"                                                                                         \
    "\"oneOf\": [\n"                                                                                         \
    "{\n"                                                                                                    \
    "\"$ref\": \"#/$defs/text\"\n"                                                                           \
    "},\n"                                                                                                   \
    "{\n"                                                                                                    \
    "\"type\": \"object\",\n"                                                                                \
    "\"additionalProperties\": false,\n"                                                                     \
    "\"required\": [\n"                                                                                      \
    "\"url\"\n"                                                                                              \
    "],\n"                                                                                                   \
    "\"properties\": {\n"                                                                                    \
    "\"url\": {\n"                                                                                           \
    "\"$ref\": \"#/$defs/text\"\n"                                                                           \
    "},\n"                                                                                                   \
    "\"controls\": {\n"                                                                                      \
    "\"description\": \"where this server takes what HTTP has no route for, as docs/server.md describes "    \
    "it\",\n"                                                                                                \
    "\"$ref\": \"#/$defs/text\"\n"                                                                           \
    "}\n"                                                                                                    \
    "}\n"                                                                                                    \
    "}\n"                                                                                                    \
    "]\n"                                                                                                    \
    "}\n"                                                                                                    \
    "},\n"                                                                                                   \
    "\"prefix\": {\n"                                                                                        \
    "\"description\": \"before the path of every route: \\\"/api/v1\\\"\",\n"                                \
    "\"type\": \"string\"\n"                                                                                 \
    "},\n"                                                                                                   \
    "\"headers\": {\n"                                                                                       \
    "\"description\": \"of every request; ${NAME} is an environment variable\",\n"                           \
    "\"$ref\": \"#/$defs/headers\"\n"                                                                        \
    "},\n"                                                                                                   \
    "\"capabilities\": {\n"                                                                                  \
    "\"description\": \"what is declared; without it: what the routes, by and controls make possible, and "  \
    "concurrent\",\n"                                                                                        \
    "\"type\": \"array\",\n"                                                                                 \
    "\"uniqueItems\": true,\n"                                                                               \
    "\"items\": {\n"                                                                                         \
    "\"enum\": [\n"                                                                                          \
    "\"create\",\n"                                                                                          \
    "\"get\",\n"                                                                                             \
    "\"list\",\n"                                                                                            \
    "\"respond\",\n"                                                                                         \
    "\"cancel\",\n"                                                                                          \
    "\"expire_pending\",\n"                                                                                  \
    "\"pending_for_request\",\n"                                                                             \
    "\"events\",\n"                                                                                          \
    "\"describe\",\n"                                                                                        \
    "\"clock\",\n"                                                                                           \
    "\"reset\",\n"                                                                                           \
    "\"instants\",\n"                                                                                        \
    "\"concurrent\",\n"                                                                                      \
    "\"database\",\n"                                                                                        \
    "\"processes\"\n"                                                                                        \
    "]\n"                                                                                                    \
    "}\n"                                                                                                    \
    "},\n"                                                                                                   \
    "\"routes\": {\n"                                                                                        \
    "\"description\": \"the request of each method of the wire\",\n"                                         \
    "\"type\": \"object\",\n"                                                                                \
    "\"propertyNames\": {\n"                                                                                 \
    "\"enum\": [\n"                                                                                          \
    "\"interrupt.create\",\n"                                                                                \
    "\"interrupt.get\",\n"                                                                                   \
    "\"interrupt.list\",\n"                                                                                  \
    "\"interrupt.respond\",\n"                                                                               \
    "\"interrupt.cancel\",\n"                                                                                \
    "\"interrupt.expire_pending\",\n"                                                                        \
    "\"interrupt.pending_for_request\",\n"                                                                   \
    "\"events.drain\",\n"                                                                                    \
    "\"describe\",\n"                                                                                        \
    "\"clock.set\",\n"                                                                                       \
    "\"reset\"\n"                                                                                            \
    "]\n"                                                                                                    \
    "},\n"                                                                                                   \
    "\"additionalProperties\": {\n"                                                                          \
    "\"$ref\": \"#/$defs/route\"\n"                                                                          \
    "}\n"                                                                                                    \
    "},\n"                                                                                                   \
    "\"statuses\": {\n"                                                                                      \
    "\"description\": \"what a status means, beside or in place of the defaults\",\n"                        \
    "\"type\": \"object\",\n"                                                                                \
    "\"propertyNames\": {\n"                                                                                 \
    "\"pattern\": \"^[1-5][0-9][0-9]$\"\n"                                                                   \
    "},\n"                                                                                                   \
    "\"additionalProperties\": {\n"                                                                          \
    "\"enum\": [\n"                                                                                          \
    "\"invalid\",\n"                                                                                         \
    "\"not_found\",\n"                                                                                       \
    "\"forbidden\",\n"                                                                                       \
    "\"conflict\",\n"                                                                                        \
    "\"unavailable\",\n"                                                                                     \
    "\"unsupported\",\n"                                                                                     \
    "\"internal\"\n"                                                                                         \
    "]\n"                                                                                                    \
    "}\n"                                                                                                    \
    "},\n"                                                                                                   \
    "\"errors\": {\n"                                                                                        \
    "\"description\": \"where a refusal's body says what; what is not named is not told by the service, "    \
    "and no case asks for it. Without it: /detail /field /interrupt_status\",\n"                             \
    "\"type\": \"object\",\n"                                                                                \
    "\"additionalProperties\": false,\n"                                                                     \
    "\"properties\": {\n"                                                                                    \
    "\"detail\": {\n"                                                                                        \
    "\"$ref\": \"#/$defs/pointer\"\n"                                                                        \
    "},\n"                                                                                                   \
    "\"field\": {\n"                                                                                         \
    "\"$ref\": \"#/$defs/pointer\"\n"                                                                        \
    "},\n"                                                                                                   \
    "\"interrupt_status\": {\n"                                                                              \
    "\"$ref\": \"#/$defs/pointer\"\n"                                                                        \
    "}\n"                                                                                                    \
    "}\n"                                                                                                    \
    "},\n"                                                                                                   \
    "\"renamed\": {\n"                                                                                       \
    "\"description\": \"members of an interrupt that the service calls otherwise: its name, then ours\",\n"  \
    "\"type\": \"object\",\n"                                                                                \
    "\"additionalProperties\": {\n"                                                                          \
    "\"$ref\": \"#/$defs/text\"\n"                                                                           \
    "}\n"                                                                                                    \
    "},\n"                                                                                                   \
    "\"body_max_bytes\": {\n"                                                                                \
    "\"description\": \"an answer with a longer body is none\",\n"                                           \
    "\"type\": \"integer\",\n"                                                                               \
    "\"minimum\": 1,\n"                                                                                      \
    "\"maximum\": 1073741824\n"                                                                              \
    "},\n"                                                                                                   \
    "\"by\": {\n"                                                                                            \
    "\"description\": \"which other target carries out what HTTP has no route for: \\\"postgres:DSN\\\" or " \
    "\\\"stdio:COMMAND\\\"\",\n"                                                                             \
    "\"type\": \"object\",\n"                                                                                \
    "\"propertyNames\": {\n"                                                                                 \
    "\"enum\": [\n"                                                                                          \
    "\"interrupt.create\",\n"                                                                                \
    "\"interrupt.get\",\n"                                                                                   \
    "\"interrupt.list\",\n"                                                                                  \
    "\"interrupt.respond\",\n"                                                                               \
    "\"interrupt.cancel\",\n"                                                                                \
    "\"interrupt.expire_pending\",\n"                                                                        \
    "\"interrupt.pending_for_request\",\n"                                                                   \
    "\"events.drain\",\n"                                                                                    \
    "\"describe\",\n"                                                                                        \
    "\"clock.set\",\n"                                                                                       \
    "\"reset\"\n"                                                                                            \
    "]\n"                                                                                                    \
    "},\n"                                                                                                   \
    "\"additionalProperties\": {\n"                                                                          \
    "\"type\": \"string\",\n"                                                                                \
    "\"pattern\": \"^(postgres|stdio):\"\n"                                                                  \
    "}\n"                                                                                                    \
    "}\n"                                                                                                    \
    "},\n"                                                                                                   \
    "\"$defs\": {\n"                                                                                         \
    "\"text\": {\n"                                                                                          \
    "\"type\": \"string\",\n"                                                                                \
    "\"minLength\": 1\n"                                                                                     \
    "},\n"                                                                                                   \
    "\"pointer\": {\n"                                                                                       \
    "\"description\": \"JSON Pointer; \\\"\\\" is the whole\",\n"                                            \
    "\"type\": \"string\",\n"                                                                                \
    "\"pattern\": \"^(/.*)?$\"\n"                                                                            \
    "},\n"                                                                                                   \
    "\"headers\": {\n"                                                                                       \
    "\"type\": \"object\",\n"                                                                                \
    "\"propertyNames\": {\n"                                                                                 \
    "\"pattern\": \"^[A-Za-z0-9-]+$\"\n"                                                                     \
    "},\n"                                                                                                   \
    "\"additionalProperties\": {\n"                                                                          \
    "\"type\": \"string\"\n"                                                                                 \
    "}\n"                                                                                                    \
    "},\n"                                                                                                   \
    "\"route\": {\n"                                                                                         \
    "\"type\": \"object\",\n"                                                                                \
    "\"additionalProperties\": false,\n"                                                                     \
    "\"required\": [\n"                                                                                      \
    "\"request\"\n"                                                                                          \
    "],\n"                                                                                                   \
    "\"properties\": {\n"                                                                                    \
    "\"request\": {\n"                                                                                       \
    "\"description\": \"VERB /path/{param}?name={param}&name={param*}&name=literal\",\n"                     \
    "\"$ref\": \"#/$defs/text\"\n"                                                                           \
    "},\n"                                                                                                   \
    "\"headers\": {\n"                                                                                       \
    "\"$ref\": \"#/$defs/headers\"\n"                                                                        \
    "},\n"                                                                                                   \
    "\"body\": {\n"                                                                                          \
    "\"description\": \"a JSON Pointer into the params, sent as it is; or an object, in which "              \
    "\\\"{/pointer}\\\" stands for that part of the params and is left out when there is none\",\n"          \
    "\"type\": [\n"                                                                                          \
    "\"string\",\n"                                                                                          \
    "\"object\"\n"                                                                                           \
    "]\n"                                                                                                    \
    "},\n"                                                                                                   \
    "\"result\": {\n"                                                                                        \
    "\"description\": \"each member of the wire's result, and where in the answer it is; null: always "      \
    "null\",\n"                                                                                              \
    "\"type\": \"object\",\n"                                                                                \
    "\"additionalProperties\": {\n"                                                                          \
    "\"anyOf\": [\n"                                                                                         \
    "{\n"                                                                                                    \
    "\"$ref\": \"#/$defs/pointer\"\n"                                                                        \
    "},\n"                                                                                                   \
    "{\n"                                                                                                    \
    "\"type\": \"null\"\n"                                                                                   \
    "}\n"                                                                                                    \
    "]\n"                                                                                                    \
    "}\n"                                                                                                    \
    "},\n"                                                                                                   \
    "\"then\": {\n"                                                                                          \
    "\"description\": \"in place of a result: the method that is called afterwards with the same params, "   \
    "and whose result it is\",\n"                                                                            \
    "\"enum\": [\n"                                                                                          \
    "\"interrupt.get\"\n"                                                                                    \
    "]\n"                                                                                                    \
    "},\n"                                                                                                   \
    "\"about\": {\n"                                                                                         \
    "\"description\": \"for people\",\n"                                                                     \
    "\"$ref\": \"#/$defs/text\"\n"                                                                           \
    "}\n"                                                                                                    \
    "},\n"                                                                                                   \
    "\"oneOf\": [\n"                                                                                         \
    "{\n"                                                                                                    \
    "\"required\": [\n"                                                                                      \
    "\"result\"\n"                                                                                           \
    "]\n"                                                                                                    \
    "},\n"                                                                                                   \
    "{\n"                                                                                                    \
    "\"required\": [\n"                                                                                      \
    "\"then\"\n"                                                                                             \
    "]\n"                                                                                                    \
    "}\n"                                                                                                    \
    "]\n"                                                                                                    \
    "}\n"                                                                                                    \
    "}\n"                                                                                                    \
    "}\n"

#endif

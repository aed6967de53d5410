/* The schema of baseline files: fixtures/schema/baseline.json, built in because a baseline is read wherever
 * it lies. A test holds the two against each other. */
#ifndef HOLDPOINT_CASE_BASELINE_SCHEMA_H
#define HOLDPOINT_CASE_BASELINE_SCHEMA_H

#define BASELINE_SCHEMA                                                                                      \
    "{\n"                                                                                                    \
    " \"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"                                      \
    " \"$id\": \"https://holdpoint.example/schema/baseline.json\",\n"                                        \
    " \"title\": \"Known failures of a target\",\n"                                                          \
    " \"type\": \"object\",\n"                                                                               \
    " \"additionalProperties\": false,\n"                                                                    \
    " \"required\": [\n"                                                                                     \
    "  \"known_failures\"\n"                                                                                 \
    " ],\n"                                                                                                  \
    " \"properties\": {\n"                                                                                   \
    "  \"$schema\": {\n"                                                                                     \
    "   \"type\": \"string\"\n"                                                                              \
    "  },\n"                                                                                                 \
    "  \"known_failures\": {\n"                                                                              \
    "   \"type\": \"array\",\n"                                                                              \
    "   \"items\": {\n"                                                                                      \
    "    \"type\": \"object\",\n"                                                                            \
    "    \"additionalProperties\": false,\n"                                                                 \
    "    \"required\": [\n"                                                                                  \
    "     \"case\",\n"                                                                                       \
    "     \"fingerprint\",\n"                                                                                \
    "     \"reason\"\n"                                                                                      \
    "    ],\n"                                                                                               \
    "    \"properties\": {\n"                                                                                \
    "     \"case\": {\n"                                                                                     \
    "      \"type\": \"string\",\n"                                                                          \
    "      \"minLength\": 1\n"                                                                               \
    "     },\n"                                                                                              \
    "     \"target\": {\n"                                                                                   \
    "      \"type\": \"string\",\n"                                                                          \
    "      \"minLength\": 1\n"                                                                               \
    "     },\n"                                                                                              \
    "     \"fingerprint\": {\n"                                                                              \
    "      \"type\": \"string\",\n"                                                                          \
    "      \"pattern\": \"^[0-9a-f]{16}$\"\n"                                                                \
    "     },\n"                                                                                              \
    "     \"reason\": {\n"                                                                                   \
    "      \"type\": \"string\",\n"                                                                          \
    "      \"pattern\": \"[^ \\t\\r\\n]\"\n"                                                                 \
    "     },\n"                                                                                              \
    "     \"link\": {\n"                                                                                     \
    "      \"type\": \"string\",\n"                                                                          \
    "      \"minLength\": 1\n"                                                                               \
    "     },\n"                                                                                              \
    "     \"until\": {\n"                                                                                    \
    "      \"type\": \"string\",\n"                                                                          \
    "      \"pattern\": \"^[0-9]{4}-[0-9]{2}-[0-9]{2}$\"\n"                                                  \
    "     }\n"                                                                                               \
    "    }\n"                                                                                                \
    "   }\n"                                                                                                 \
    "  }\n"                                                                                                  \
    " }\n"                                                                                                   \
    "}\n"

#endif

#include "reference/server/message.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void response_release(struct server_response *response) {
    text_release(&response->body);
    response->status = 0;
    response->header_count = 0;
}

void response_header_add(struct server_response *response, const char *name, const char *format, ...) {
    assert(response->header_count < RESPONSE_HEADERS_MAX);
    struct response_header *header = &response->headers[response->header_count++];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(header->value, sizeof header->value, format, arguments);
    va_end(arguments);
    header->name = name;
    for (char *at = header->value; *at; at++) {
        if ((unsigned char)*at < ' ' || *at == 0x7f) {
            *at = '\0';
            break;
        }
    }
}

const char *response_header(const struct server_response *response, const char *name) {
    for (size_t i = 0; i < response->header_count; i++) {
        if (strcmp(response->headers[i].name, name) == 0) {
            return response->headers[i].value;
        }
    }
    return NULL;
}

const char *response_body(const struct server_response *response, size_t *length_bytes) {
    if (response->static_body) {
        *length_bytes = response->static_body_length_bytes;
        return response->static_body;
    }
    *length_bytes = response->body.length_bytes;
    return response->body.bytes ? response->body.bytes : "";
}

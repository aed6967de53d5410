#include "harness/case/scope.h"

#include "harness/base/value.h"

#include <stdlib.h>
#include <string.h>

void scope_clear(struct scope *scope) {
    for (size_t i = 0; i < scope->binding_count; i++) {
        json_decref(scope->bindings[i].value);
    }
    for (size_t i = 0; i < scope->own_count; i++) {
        json_decref(scope->own[i]);
    }
    scope->binding_count = 0;
    scope->own_count = 0;
    scope->index = 0;
    scope->cycles = 0;
}

void scope_release(struct scope *scope) {
    scope_clear(scope);
    free(scope->own);
    scope->own = NULL;
    scope->own_room = 0;
}

static struct binding *find(const struct scope *scope, const char *name, size_t name_length) {
    for (size_t i = 0; i < scope->binding_count; i++) {
        const char *bound = scope->bindings[i].name;
        if (strncmp(bound, name, name_length) == 0 && bound[name_length] == '\0') {
            return (struct binding *)&scope->bindings[i];
        }
    }
    return NULL;
}

bool scope_bind(struct scope *scope, const char *name, json_t *value) {
    struct binding *place = find(scope, name, strlen(name));
    if (!place && scope->binding_count == SCOPE_BINDINGS_MAX) {
        return false;
    }
    json_incref(value); /* before the older one goes, which may be the same */
    if (place) {
        json_decref(place->value);
    } else {
        place = &scope->bindings[scope->binding_count++];
    }
    *place = (struct binding){name, value};
    return true;
}

bool scope_has(const struct scope *scope, const char *name) {
    return find(scope, name, strlen(name)) != NULL;
}

bool scope_add_own(struct scope *scope, json_t *id) {
    if (scope->own_count == scope->own_room) {
        size_t room = scope->own_room ? scope->own_room * 2 : 32;
        json_t **own = realloc(scope->own, room * sizeof(json_t *));
        if (!own) {
            return false;
        }
        scope->own = own;
        scope->own_room = room;
    }
    scope->own[scope->own_count++] = json_incref(id);
    return true;
}

bool scope_owns(const struct scope *scope, const json_t *id) {
    for (size_t i = 0; i < scope->own_count; i++) {
        if (value_equals(scope->own[i], id)) {
            return true;
        }
    }
    return false;
}

static bool is_name_byte(char byte, bool first) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
           (!first && byte >= '0' && byte <= '9');
}

bool reference_read(const char *text, size_t length_bytes, struct reference *reference) {
    if (length_bytes < 2 || text[0] != '$' || strlen(text) != length_bytes) {
        return false;
    }
    size_t end = 1;
    while (is_name_byte(text[end], end == 1)) {
        end++;
    }
    if (end == 1 || (text[end] != '\0' && text[end] != '/')) {
        return false;
    }
    *reference = (struct reference){text + 1, end - 1, text + end};
    return true;
}

const json_t *scope_resolve(const struct scope *scope, const struct reference *reference) {
    const struct binding *binding = find(scope, reference->name, reference->name_length);
    return binding ? value_at(binding->value, reference->pointer) : NULL;
}

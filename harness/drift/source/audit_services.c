/* Services that are constructed anew for each request: F7. */
#include "harness/drift/source/audit.h"
#include "harness/drift/source/spelling.h"

#include <ctype.h>
#include <string.h>

/* What in a decorator, an annotation or the parameters of a function says that requests come in there. */
static const char *const signs[] = {".get(",
                                    ".post(",
                                    ".put(",
                                    ".delete(",
                                    ".patch(",
                                    ".route(",
                                    ".websocket(",
                                    ".api_route(",
                                    "api_view",
                                    "http.ResponseWriter",
                                    "gin.Context",
                                    "echo.Context",
                                    "fiber.Ctx",
                                    "GetMapping",
                                    "PostMapping",
                                    "PutMapping",
                                    "DeleteMapping",
                                    "PatchMapping",
                                    "RequestMapping",
                                    "@GET",
                                    "@POST",
                                    "@PUT",
                                    "@DELETE",
                                    "@Path(",
                                    "@Get(",
                                    "@Post(",
                                    "@Put(",
                                    "@Delete(",
                                    "@Patch(",
                                    "HttpServletRequest",
                                    "HttpExchange",
                                    "HttpRequest",
                                    "web::",
                                    "State(",
                                    "Path(",
                                    "Json(",
                                    "Query(",
                                    "#[get(",
                                    "#[post(",
                                    "#[put(",
                                    "#[delete(",
                                    "#[patch(",
                                    "req, ",
                                    "req: ",
                                    "request, reply",
                                    "req: Request",
                                    "request: Request",
                                    "request: FastifyRequest",
                                    "ctx: Context",
                                    "(ctx)",
                                    "(c: Context",
                                    NULL};

/* What keeps a thing that is constructed: it is made once then, however often somebody asks. */
static const char *const keepers[] = {"global ",   "once.",     "Once", "lru_cache", "@cache",
                                      "singleton", "Singleton", "?\?=", "||=",       NULL};

static bool holds_any(const char *from, size_t length, const char *const *needles) {
    for (size_t i = 0; needles[i]; i++) {
        size_t part = strlen(needles[i]);
        for (size_t at = 0; at + part <= length; at++) {
            if (memcmp(from + at, needles[i], part) == 0) {
                return true;
            }
        }
    }
    return false;
}

static bool is_handler(const struct fact *fact) {
    return fact->value && holds_any(fact->value, strlen(fact->value), signs);
}

/* The type of a service that an expression constructs: InterruptService, NewHoldStore, HoldService::new. */
static bool put_service(char word[SPELLING_SIZE], const char *source) {
    static const char *const endings[] = {"service", "store", "repository"};
    size_t end = strlen(source);
    while (end > 0 && !isalnum((unsigned char)source[end - 1])) {
        end--;
    }
    for (;;) {
        size_t begin = end;
        while (begin > 0 && (isalnum((unsigned char)source[begin - 1]) || source[begin - 1] == '_')) {
            begin--;
        }
        if (end - begin >= SPELLING_SIZE) {
            return false;
        }
        memcpy(word, source + begin, end - begin);
        word[end - begin] = '\0';
        if (begin < 2 || (strcmp(word, "new") != 0 && strcmp(word, "default") != 0)) {
            break;
        }
        end = begin;
        while (end > 0 && !isalnum((unsigned char)source[end - 1])) {
            end--;
        }
    }
    char plain[SPELLING_SIZE];
    if (strncmp(word, "New", 3) == 0 && isupper((unsigned char)word[3])) {
        memmove(word, word + 3, strlen(word + 3) + 1);
    }
    spelling_put(plain, word);
    const char *last = strrchr(plain, '_');
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        if (isupper((unsigned char)word[0]) && last && strcmp(last + 1, endings[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* True when it is constructed of nothing, so that whatever it keeps is its own. */
static bool is_of_nothing(const char *arguments) {
    static const char *const nothing[] = {"nil", "None", "null", "undefined", "NULL", ""};
    char word[16];
    size_t length = 0;
    for (; *arguments; arguments++) {
        if (!strchr("(){}[] \t\n,", *arguments)) {
            if (length + 1 >= sizeof word) {
                return false;
            }
            word[length++] = *arguments;
        }
    }
    word[length] = '\0';
    for (size_t i = 0; i < sizeof nothing / sizeof nothing[0]; i++) {
        if (strcmp(word, nothing[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* True when the tree has a type of that name, or it is about interrupts by its name. */
static bool is_ours(const struct audit *audit, const char *type) {
    if (strstr(type, "Interrupt")) {
        return true;
    }
    for (size_t i = 0; i < audit->tree->count; i++) {
        const struct facts *facts = &audit->tree->files[i].facts;
        size_t index = 0;
        for (const struct fact *scope; (scope = facts_next(facts, FACT_SCOPE, &index)); index++) {
            if (scope->of && strcmp(scope->of, type) == 0) {
                return true;
            }
        }
    }
    return false;
}

static bool is_kept(const struct source_file *file, const struct fact *function, const struct fact *made) {
    size_t line = made->from;
    while (line > function->from && file->text[line - 1] != '\n') {
        line--;
    }
    bool assigned = false; /* to a member of something that lives longer */
    for (size_t at = line; at < made->from; at++) {
        assigned = assigned || (file->text[at] == '.' && memchr(file->text + at, '=', made->from - at));
    }
    return assigned || holds_any(file->text + function->from, function->to - function->from, keepers);
}

/* Decorators right before a function. */
static bool is_cached(const struct source_file *file, const struct fact *function) {
    size_t index = 0;
    for (const struct fact *tag; (tag = facts_next(&file->facts, FACT_TAG, &index)); index++) {
        bool before =
            tag->to <= function->from && strspn(file->text + tag->to, " \t\r\n") >= function->from - tag->to;
        if (before && holds_any(file->text + tag->from, tag->to - tag->from,
                                (const char *const[]){"cache", "singleton", NULL})) {
            return true;
        }
    }
    return false;
}

/* Finds a call of a function by its name: NAME( or Depends(NAME. */
static bool calls(const char *text, size_t length, const char *name) {
    size_t part = strlen(name);
    for (size_t at = 0; at + part < length; at++) {
        bool begins = at == 0 || (!isalnum((unsigned char)text[at - 1]) && text[at - 1] != '_');
        if (begins && memcmp(text + at, name, part) == 0 &&
            (text[at + part] == '(' || (at >= 8 && memcmp(text + at - 8, "Depends(", 8) == 0))) {
            return true;
        }
    }
    return false;
}

/* True when a handler gets its service from a function of that name. */
static bool is_asked_by_handler(const struct audit *audit, const char *name) {
    for (size_t i = 0; i < audit->tree->count; i++) {
        const struct source_file *file = &audit->tree->files[i];
        size_t index = 0;
        for (const struct fact *fact; (fact = facts_next(&file->facts, FACT_HANDLER, &index)); index++) {
            if (is_handler(fact) && calls(file->text + fact->from, fact->to - fact->from, name)) {
                return true;
            }
        }
    }
    return false;
}

static const struct fact *handler_around(const struct source_file *file, size_t at) {
    const struct fact *found = NULL;
    size_t index = 0;
    for (const struct fact *fact; (fact = facts_next(&file->facts, FACT_HANDLER, &index)); index++) {
        if (is_handler(fact) && fact->from <= at && at < fact->to && (!found || fact->from > found->from)) {
            found = fact;
        }
    }
    return found;
}

static const struct fact *provider_around(const struct audit *audit, const struct source_file *file,
                                          size_t at) {
    const struct fact *provider = facts_around(&file->facts, FACT_PROVIDER, at);
    return provider && provider->of && !is_cached(file, provider) && is_asked_by_handler(audit, provider->of)
               ? provider
               : NULL;
}

static void judge(const struct audit *audit, const struct source_file *file) {
    char type[SPELLING_SIZE];
    size_t index = 0;
    for (const struct fact *made; (made = facts_next(&file->facts, FACT_MADE, &index)); index++) {
        if (!made->name || !is_of_nothing(made->value ? made->value : "") || !put_service(type, made->name) ||
            !is_ours(audit, type)) {
            continue;
        }
        const struct fact *handler = handler_around(file, made->from);
        const struct fact *function = handler ? handler : provider_around(audit, file, made->from);
        if (function && !is_kept(file, function, made)) {
            const struct audit_place place = {file, made->at_line, type,
                                              handler ? DRIFT_CERTAIN : DRIFT_LIKELY};
            audit_find(audit, SOURCE_SERVICE, &place, NULL,
                       "%s is constructed anew for each request%s%s, so what it keeps in memory ends with "
                       "the request.",
                       type, function->of ? ", in " : "", function->of ? function->of : "");
        }
    }
}

void audit_services(const struct audit *audit) {
    for (size_t i = 0; i < audit->tree->count; i++) {
        if (!audit->tree->files[i].is_test) {
            judge(audit, &audit->tree->files[i]);
        }
    }
}

/* What every public header of the library needs: the version, and the mark of an exported symbol. */
#ifndef HOLDPOINT_BASE_API_H
#define HOLDPOINT_BASE_API_H

#define HOLDPOINT_VERSION "0.1.0"

/* Symbols are hidden unless marked: the library exports the functions of its public headers and nothing
 * else. */
#if defined(__GNUC__)
#define HP_API __attribute__((visibility("default")))
#define HP_PRINTF(at, first) __attribute__((format(printf, at, first)))
#else
#define HP_API
#define HP_PRINTF(at, first)
#endif

#endif

/* Conditions of the fault language: when a rule holds, and for which interrupts. Private to the mutants.
 *
 * A table of conditions is an object from pointers to conditions, all of which must hold, or a list of such
 * tables, one of which must. A condition is a literal, which equals the value, or an object of one member:
 *   {"absent": true}        nothing is there, or null
 *   {"not": c}              c does not hold
 *   {"any": [c, ...]}       one of them holds
 *   {"all": [c, ...]}       all of them hold
 *   {"type": "string"}      the type's name in JSON Schema's words; "integer" is a "number" too
 *   {"same": "/pointer"}    equals what stands there in the scene
 *   {"within": "/pointer"}  a text that is part of the one there
 *   {"like": "/pointer"}    a text that matches the one there as a pattern of SQL's LIKE
 *   {"earlier": "/pointer"} an instant before the one there, {"later": "/pointer"} one after it
 *   {"below": n} {"above": n}      a number, strictly
 *   {"longer": n} {"shorter": n}   so many code points, elements or members, strictly
 *   {"holds": "x"} {"begins": "x"} {"ends": "x"}   text
 *   {"key": c}              an object with a key for which c holds
 *   {"deep": c}             c holds for the value or for something in it
 *
 * fixtures/schema/mutants.json has the same list; what it lets pass is understood here. */
#ifndef HOLDPOINT_ADAPTERS_MUTANT_CONDITION_H
#define HOLDPOINT_ADAPTERS_MUTANT_CONDITION_H

#include <jansson.h>
#include <stdbool.h>

/* True when the table holds for what its pointers lead to below `here`. NULL holds always. */
bool conditions_hold(const json_t *table, const json_t *here, const json_t *scene);

#endif

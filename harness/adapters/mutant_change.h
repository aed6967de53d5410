/* What a value becomes in faulty hands: texts cut, numbers rounded, lists sorted. Private to the mutants.
 *
 * A change is one of these names, and goes through the value with all that it holds:
 *   texts:   lower trim ascii (what is not becomes ?) bmp (what lies beyond is lost) compose (a letter
 *            and its accent become one) milliseconds (the fraction of an instant is cut) zoneless (its
 *            offset is not read)
 *   numbers: double (integers through a double) float (through a single)
 *   truth:   digit (true is 1, false is 0)
 *   all:     text (whatever it is, as text) number (text of digits, as a number)
 *   lists:   sort unique reverse first (the first element alone) last
 *   objects and lists: compact (without null members) dense (without empty members) sole (a list of one
 *            element is that element)
 * or an object of one member:
 *   {"replace": ["a", "b"]}   each "a" in a text
 *   {"cut": n}                the first n code points of a text
 *   {"map": {"a": v, ...}}    a whole text
 *   {"add": n}                to a number
 *   {"floor": n} {"ceiling": n}   a fraction, to a multiple of n
 *   {"shift": us}             an instant, by microseconds
 *   {"around": ["a", "b"]}    put before and behind a text
 *   {"keys": change}          the keys of objects, as texts; of two that become the same the later is kept
 *   {"depth": n}              what lies deeper than n levels becomes null
 * fixtures/schema/mutants.json has the same list; what it lets pass is understood here. */
#ifndef HOLDPOINT_ADAPTERS_MUTANT_CHANGE_H
#define HOLDPOINT_ADAPTERS_MUTANT_CHANGE_H

#include <jansson.h>

/* The changed value, a new one; the old one is not touched. NULL when memory runs out. */
json_t *value_changed(const json_t *change, const json_t *value);

#endif

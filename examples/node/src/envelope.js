import { randomUUID } from 'node:crypto';
import { format, parse } from './instant.js';
import { isInteger, isObject } from './json.js';
import { invalid } from './refused.js';
import { KINDS } from './vocabulary.js';

// A type reads what stands at a path: it gives the value as it is written, or throws.
const type = (fits, words) => (value, path) => {
  if (!fits(value)) throw invalid(path, `it must be ${words}`);
  return value;
};
const text = type((value) => typeof value === 'string', 'a text');
const flag = type((value) => typeof value === 'boolean', 'true or false');
const counter = type((value) => isInteger(value) && value >= 0, 'an integer of at least 0');
const object = type(isObject, 'an object');
const instant = (value, path) => {
  const read = typeof value === 'string' ? parse(value) : null;
  if (read === null) throw invalid(path, 'it must be an RFC 3339 time');
  return format(read);
};
const listOf = (member) => (value, path) => {
  if (!Array.isArray(value)) throw invalid(path, 'it must be a list');
  return value.map((item, index) => member(item, `${path}/${index}`));
};
const mapOf = (member) => (value, path) =>
  Object.fromEntries(Object.entries(object(value, path)).map(([key, item]) => [key, member(item, `${path}/${escape(key)}`)]));
const nullable = (inner) => Object.assign((value, path) => (value === null ? null : inner(value, path)), { nullable: true });

const escape = (key) => key.replaceAll('~', '~0').replaceAll('/', '~1'); // of JSON Pointer

const nothing = () => null;
const fresh = () => randomUUID();
const now = (clock) => format(clock.now());
const always = (value) => () => structuredClone(value);

/** Field, type, default: all that there is to an envelope. */
const FIELDS = [
  ['envelope_id', text, fresh],
  ['request_id', text, fresh],
  ['user_id', text, always('anonymous')],
  ['session_id', text, fresh],
  ['raw_input', text, always('')],
  ['received_at', nullable(instant), now],
  ['outputs', mapOf(object), always({})],
  ['current_stage', text, always('start')],
  ['stage_order', listOf(text), always([])],
  ['iteration', counter, always(0)],
  ['max_iterations', counter, always(3)],
  ['active_stages', mapOf(flag), always({})],
  ['completed_stage_set', mapOf(flag), always({})],
  ['failed_stages', mapOf(text), always({})],
  ['dag_mode', flag, always(false)],
  ['llm_call_count', counter, always(0)],
  ['max_llm_calls', counter, always(10)],
  ['agent_hop_count', counter, always(0)],
  ['max_agent_hops', counter, always(21)],
  ['terminal_reason', nullable(text), nothing],
  ['terminated', flag, always(false)],
  ['termination_reason', nullable(text), nothing],
  ['interrupt', nullable(embedded), nothing],
  ['completed_stages', listOf(object), always([])],
  ['current_stage_number', counter, always(1)],
  ['max_stages', counter, always(5)],
  ['all_goals', listOf(text), always([])],
  ['remaining_goals', listOf(text), always([])],
  ['goal_completion_status', mapOf(text), always({})],
  ['prior_plans', listOf(object), always([])],
  ['critic_feedback', listOf(text), always([])],
  ['processing_history', listOf(object), always([])],
  ['errors', listOf(object), always([])],
  ['created_at', nullable(instant), now],
  ['completed_at', nullable(instant), nothing],
  ['metadata', object, always({})],
];
const LEGACY = ['clarification_pending', 'confirmation_pending'];

/** The envelope as it is saved: every field with what was given or its default, and what is unknown as it came. */
export function roundtrip(envelope, clock) {
  object(envelope, '/envelope');
  const known = FIELDS.map(([name, read, fallback]) => {
    const given = envelope[name];
    const missing = given === undefined || (given === null && !read.nullable);
    return [name, missing ? fallback(clock) : read(given, `/envelope/${name}`)];
  });
  LEGACY.forEach((name) => checkLegacy(envelope[name], `/envelope/${name}`));
  const saved = Object.fromEntries([...Object.entries(envelope).filter(([name]) => !LEGACY.includes(name)), ...known]);
  saved.interrupt_pending = pendingFlag(envelope.interrupt_pending ?? null, saved.interrupt);
  return saved;
}

/** The interrupt that a flow waits for keeps what it has and lacks beside its id and kind. */
function embedded(value, path) {
  object(value, path);
  if (text(value.id, `${path}/id`) === '') throw invalid(`${path}/id`, 'it is empty');
  if (!KINDS.has(value.kind)) throw invalid(`${path}/kind`, 'it must be one of the seven kinds');
  return value;
}

function pendingFlag(given, interrupt) {
  const { status, response } = interrupt ?? { status: 'none' };
  const pending = (status ?? null) === null ? (response ?? null) === null : status === 'pending';
  if (given !== null && flag(given, '/envelope/interrupt_pending') !== pending) {
    throw invalid('/envelope/interrupt_pending', `the interrupt says ${pending}`);
  }
  return pending;
}

/** To drop a value would lose a question; only what asks nothing goes. */
function checkLegacy(value, path) {
  const empty = value === undefined || value === null || value === false || Object.keys(Object(value)).length === 0;
  if (!empty || value === true || typeof value === 'number') throw invalid(path, 'this field is no more: embed an interrupt');
}

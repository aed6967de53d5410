import { randomUUID } from 'node:crypto';
import { oneOf, optionalId, optionalObject, optionalText, requiredId } from './checks.js';
import { LAST, format, micros } from './instant.js';
import { size } from './json.js';
import { invalid } from './refused.js';
import { KINDS } from './vocabulary.js';

const MAX_BYTES = 1_200_000;

/** A pending interrupt as the params of a creation ask for it; its times are instants, null where there is none. */
export function newInterrupt(params, now) {
  const kind = oneOf([...KINDS.keys()], params.kind, '/kind');
  return {
    id: randomUUID(),
    kind,
    request_id: requiredId(params.request_id, '/request_id'),
    user_id: requiredId(params.user_id, '/user_id'),
    session_id: requiredId(params.session_id, '/session_id'),
    envelope_id: optionalId(params.envelope_id, '/envelope_id'),
    question: optionalText(params.question, '/question'),
    message: optionalText(params.message, '/message'),
    data: structuredClone(optionalObject(params.data, '/data') ?? {}),
    response: null,
    status: 'pending',
    created_at: now,
    expires_at: expiry(kind, params.ttl_seconds, now),
    resolved_at: null,
    trace_id: optionalId(params.trace_id, '/trace_id'),
    span_id: optionalId(params.span_id, '/span_id'),
  };
}

/** Here alone null and absent differ: null is no expiry, absent the kind's own. */
function expiry(kind, seconds, now) {
  const ttl = seconds === undefined ? KINDS.get(kind).ttl : seconds === null ? null : given(seconds);
  if (ttl !== null && now + ttl > LAST) throw invalid('/ttl_seconds', 'it ends after the year 9999');
  return ttl === null ? null : now + ttl;
}

function given(seconds) {
  if (typeof seconds !== 'number' && typeof seconds !== 'bigint') throw invalid('/ttl_seconds', 'it must be a number');
  const ttl = micros(seconds);
  if (ttl <= 0n) throw invalid('/ttl_seconds', 'it must be at least a microsecond');
  return ttl;
}

/** What an interrupt is at an instant: from just behind expires_at on it is expired, whether or not a sweep came by. */
export function statusAt(interrupt, now) {
  const over = interrupt.expires_at !== null && interrupt.expires_at < now && KINDS.get(interrupt.kind).autoExpires;
  return interrupt.status === 'pending' && over ? 'expired' : interrupt.status;
}

/** All 16 fields as they are written; a copy, so that whoever gets it cannot change what is stored. */
export function show(interrupt, now) {
  return {
    ...structuredClone(interrupt),
    status: statusAt(interrupt, now),
    created_at: format(interrupt.created_at),
    expires_at: format(interrupt.expires_at),
    resolved_at: format(interrupt.resolved_at),
  };
}

/** Refuses an interrupt that would be too large to store. */
export function checkSize(interrupt, field) {
  if (size(interrupt) > MAX_BYTES) throw invalid(field, `the interrupt would have more than ${MAX_BYTES} bytes`);
}

import { canonical, write } from '../json.js';
import { invalid } from '../refused.js';
import { HttpRefused } from './problem.js';

const DAY = 24n * 3600n * 1_000_000n;
const MAX_BYTES = 255;

/**
 * Answers a repeated request as its first was, for a day of the store's clock. A key counts for one route, id and user.
 * An operation runs to its end before the next one begins, so none is ever under way when its key comes again.
 */
export function answerOnce(store, { keys, route, id, user, body }, operation) {
  if (keys === undefined) return operation();
  const place = write([route, id ?? null, user ?? null, readKey(keys)]);
  const now = store.now();
  const kept = store.answers.get(place);
  if (kept !== undefined && now < kept.until) return replay(kept, body);
  const answer = operation(); // a refusal is thrown, and keeps nothing
  store.answers.set(place, { answer, body: canonical(body), until: now + DAY });
  return answer;
}

function readKey(keys) {
  const bytes = Buffer.byteLength(keys[0], 'latin1');
  if (keys.length > 1 || bytes < 1 || bytes > MAX_BYTES) {
    throw invalid('/Idempotency-Key', `it has 1 to ${MAX_BYTES} bytes and comes once`);
  }
  return keys[0];
}

function replay({ answer, body }, again) {
  if (body !== canonical(again)) throw new HttpRefused(422, 'invalid', 'this Idempotency-Key came with another body');
  return { ...answer, headers: { ...answer.headers, 'Idempotency-Replayed': 'true' } };
}

import { createHmac, randomBytes } from 'node:crypto';
import { filterId, oneOf, optionalText } from './checks.js';
import { canonical, isInteger } from './json.js';
import { invalid } from './refused.js';
import { KINDS, STATUSES } from './vocabulary.js';

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;
const KEY = randomBytes(32); // cursors are good as long as the interrupts that they lead through: for this process

/** What a list asks for. `matches` are the filters, `after` the place of the last row that was seen. */
export function readQuery(params) {
  const query = {
    user_id: filterId(params.user_id, '/user_id'),
    session_id: filterId(params.session_id, '/session_id'),
    request_id: filterId(params.request_id, '/request_id'),
    status: oneOf([...STATUSES, 'all'], params.status ?? 'pending', '/status'),
    kinds: readKinds(params.kinds ?? null),
    limit: readLimit(params.limit ?? DEFAULT_LIMIT),
  };
  if (query.user_id === null && query.session_id === null && query.request_id === null) {
    throw invalid(null, 'a list needs a user_id, a session_id or a request_id');
  }
  return { ...query, after: readCursor(optionalText(params.cursor, '/cursor'), query) };
}

function readKinds(kinds) {
  if (kinds === null) return null;
  if (!Array.isArray(kinds) || kinds.length === 0) throw invalid('/kinds', 'it must be a list of at least one kind');
  return [...new Set(kinds.map((kind) => oneOf([...KINDS.keys()], kind, '/kinds')))].sort();
}

function readLimit(limit) {
  if (!isInteger(limit) || limit < 1 || limit > MAX_LIMIT) throw invalid('/limit', `it must be an integer from 1 to ${MAX_LIMIT}`);
  return Number(limit);
}

export function matches(query, interrupt, status) {
  const same = ['user_id', 'session_id', 'request_id'].every((name) => query[name] === null || query[name] === interrupt[name]);
  return same && (query.status === 'all' || query.status === status) && (query.kinds?.includes(interrupt.kind) ?? true);
}

/** Newest first, of one instant the greater id first. */
export function newestFirst(a, b) {
  if (a.created_at !== b.created_at) return a.created_at > b.created_at ? -1 : 1;
  return a.id > b.id ? -1 : 1;
}

/** The place of a row, signed together with the filters, so that it serves no other list. */
export function writeCursor(interrupt, query) {
  const place = `${interrupt.created_at}.${interrupt.id}`;
  return `${place}.${sign(place, query)}`;
}

function sign(place, { user_id, session_id, request_id, status, kinds }) {
  return createHmac('sha256', KEY).update(canonical([place, user_id, session_id, request_id, status, kinds])).digest('base64url');
}

function readCursor(cursor, query) {
  if (cursor === null) return null;
  const [created, id, signature] = cursor.split('.');
  if (cursor !== `${created}.${id}.${sign(`${created}.${id}`, query)}` || signature === undefined) {
    throw invalid('/cursor', 'it was not made for this list');
  }
  return { created_at: BigInt(created), id };
}

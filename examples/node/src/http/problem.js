import { write } from '../json.js';
import { Refused } from '../refused.js';

const STATUSES = { invalid: 400, not_found: 404, forbidden: 403, conflict: 409, unsupported: 405, unavailable: 503, internal: 500 };
const TITLES = {
  invalid: 'The request is not right',
  not_found: 'There is no such thing',
  forbidden: 'It is not yours',
  conflict: 'It is no longer pending',
  unsupported: 'The path does not take this method',
  unavailable: 'The store is away',
  internal: 'The service failed',
};

/** A refusal of HTTP's own: with a status of its choice, and perhaps headers. */
export class HttpRefused extends Refused {
  constructor(status, name, message, headers = {}) {
    super(name, message);
    this.status = status;
    this.headers = headers;
  }
}

/** Any error as an answer of RFC 9457. What was not foreseen is logged, and told to nobody. */
export function problem(error) {
  if (error instanceof SyntaxError) return problem(new HttpRefused(400, 'invalid', error.message));
  if (!(error instanceof Refused)) {
    console.error(error);
    return problem(new Refused('internal', 'the service failed'));
  }
  const { name } = error.data;
  const status = error.status ?? STATUSES[name];
  const body = { type: `urn:holdpoint:problem:${name}`, title: TITLES[name], status, detail: error.message, ...error.data };
  return { status, headers: { ...error.headers, 'Content-Type': 'application/problem+json' }, text: write(body) };
}

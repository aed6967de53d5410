import { timingSafeEqual, createHash } from 'node:crypto';
import { isObject, read } from '../json.js';
import { answerOnce } from './idempotency.js';
import { HttpRefused, problem } from './problem.js';
import { carryOut, findRoute } from './routes.js';
import { readTarget } from './target.js';

const MAX_BODY_BYTES = 1_200_000;
const JSON_TYPE = /^application\/json\s*(;.*)?$/i;
const CHARSET = /;\s*charset\s*=\s*"?([^";\s]*)/i;

/** The routes of docs/server.md over a service, as a function of a request that answers {status, headers, text}. */
export class Api {
  constructor(service, store, { prefix = '/api/v1', operatorToken = null } = {}) {
    Object.assign(this, { service, store, prefix, operatorToken });
  }

  async answer(request) {
    try {
      return await this.#answer(request);
    } catch (error) {
      return problem(error);
    }
  }

  /** What a path takes, or why it takes nothing: also for methods that Node's parser refuses before there is a request. */
  check(method, url) {
    const { segments, query } = readTarget(url);
    const route = findRoute(segments, this.prefix);
    if (route === undefined) throw new HttpRefused(404, 'not_found', 'there is no such path');
    const allow = allowed(route);
    const operation = route.methods[method === 'HEAD' ? 'GET' : method];
    if (method === 'OPTIONS') return { allow };
    if (operation === undefined) throw new HttpRefused(405, 'unsupported', `it takes ${allow}`, { Allow: allow });
    return { operation, query, id: route.id, route: route.path.join('/') };
  }

  async #answer(request) {
    const { operation, allow, ...asked } = this.check(request.method, request.url);
    if (operation === undefined) return { status: 204, headers: { Allow: allow }, text: '' };
    if (operation.operator) this.#checkOperator(request.headers.authorization);
    const bytes = operation.takesBody ? await readBody(request) : null;
    const keys = operation.takesBody ? request.headersDistinct['idempotency-key'] : undefined;
    const { service, store, prefix } = this;
    return carryOut(operation, { ...asked, service, prefix }, (ready) => {
      const body = bytes && readObject(bytes);
      const user = operation.userOf?.({ ...ready, body });
      return answerOnce(store, { keys, route: asked.route, id: asked.id, user, body }, () => operation.answer({ ...ready, body }));
    });
  }

  #checkOperator(authorization) {
    const digest = (text) => createHash('sha256').update(text).digest();
    const wanted = this.operatorToken !== null && digest(`Bearer ${this.operatorToken}`);
    if (wanted && timingSafeEqual(wanted, digest(authorization ?? ''))) return;
    throw new HttpRefused(401, 'forbidden', 'this is for operators', { 'WWW-Authenticate': 'Bearer' });
  }
}

function allowed({ methods }) {
  const names = Object.keys(methods);
  return [...names, ...(names.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
}

/** The whole body; of one that is too large the rest is read, so that its sender gets to see the refusal, and forgotten. */
export async function readBody(request) {
  const types = request.headersDistinct['content-type'] ?? [];
  const charset = CHARSET.exec(types[0] ?? '')?.[1] ?? 'utf-8';
  if (types.length !== 1 || !JSON_TYPE.test(types[0]) || charset.toLowerCase() !== 'utf-8') {
    throw new HttpRefused(415, 'invalid', 'the body must be application/json');
  }
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  if (length > MAX_BODY_BYTES) throw new HttpRefused(413, 'invalid', `a body may have ${MAX_BODY_BYTES} bytes`);
  return Buffer.concat(chunks);
}

export function readObject(bytes) {
  const body = read(bytes);
  if (!isObject(body)) throw new HttpRefused(400, 'invalid', 'the body must be an object');
  return body;
}

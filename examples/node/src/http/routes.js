import { requiredId } from '../checks.js';
import { write } from '../json.js';
import { Refused } from '../refused.js';
import { readQuery } from './target.js';

const json = (status, value, headers = {}) => ({
  status,
  headers: { 'Content-Type': 'application/json', ...headers },
  text: write(value),
});

/** Over HTTP nobody is trusted: every route of a user wants one. */
const userOf = (parameters) => requiredId(parameters.get('user_id'), '/user_id');

const list = {
  several: ['kind'],
  answer({ service, parameters }) {
    const limit = parameters.get('limit');
    return json(200, service.list({
      user_id: userOf(parameters),
      session_id: parameters.get('session_id'),
      request_id: parameters.get('request_id'),
      status: parameters.get('status_filter'),
      kinds: parameters.get('kind'),
      limit: /^\d+$/.test(limit) ? Number(limit) : limit,
      cursor: parameters.get('cursor'),
    }));
  },
  renamed: { '/status': '/status_filter', '/kinds': '/kind' },
};

const create = {
  takesBody: true,
  userOf: ({ body }) => body.user_id,
  answer({ service, body, prefix }) {
    const { interrupt } = service.create(body);
    return json(201, interrupt, { Location: `${prefix}/interrupts/${interrupt.id}` });
  },
};

const get = {
  answer: ({ service, id, parameters }) => json(200, service.get({ id, user_id: userOf(parameters) }).interrupt),
};

const cancel = {
  answer({ service, id, parameters }) {
    service.cancel({ id, user_id: userOf(parameters), reason: parameters.get('reason') });
    return { status: 204, headers: {}, text: '' };
  },
};

const respond = {
  takesBody: true,
  userOf: ({ parameters }) => userOf(parameters),
  answer: ({ service, id, parameters, body }) =>
    json(200, { success: true, ...service.respond({ id, user_id: userOf(parameters), response: body }) }),
  renamed: { '/response': '' },
};

const sweep = { operator: true, answer: ({ service }) => json(200, service.expirePending()) };
const health = { answer: () => json(200, { status: 'ok' }) };

const ROUTES = [
  { path: ['interrupts'], methods: { GET: list, POST: create } },
  { path: ['interrupts', 'expire'], methods: { POST: sweep } },
  { path: ['interrupts', ':id'], methods: { GET: get, DELETE: cancel } },
  { path: ['interrupts', ':id', 'respond'], methods: { POST: respond } },
  { path: ['healthz'], methods: { GET: health } },
];

const fits = (path, segments) =>
  path.length === segments.length && path.every((part, index) => part === ':id' || part === segments[index]);

/** The route of a path, with the id that stands in it; undefined when there is none. */
export function findRoute(segments, prefix) {
  if (segments === null) return undefined;
  const start = prefix.split('/').slice(1);
  const inside = start.every((part, index) => part === segments[index]);
  const rest = inside ? segments.slice(start.length) : segments;
  const route = ROUTES.find(({ path }) => fits(path, rest) && (inside || path[0] === 'healthz'));
  return route && { ...route, id: rest[route.path.indexOf(':id')] };
}

/** Carries an operation out by `how`; its refusal names fields as they are called over HTTP. */
export function carryOut(operation, { query, ...request }, how) {
  try {
    return how({ ...request, parameters: readQuery(query, operation.several) });
  } catch (error) {
    if (error instanceof Refused) rename(error.data, operation.renamed ?? {});
    throw error;
  }
}

function rename(data, renamed) {
  for (const [from, to] of Object.entries(renamed)) {
    if (data.field === from || data.field?.startsWith(`${from}/`)) data.field = to + data.field.slice(from.length);
  }
}

// The service over HTTP, by the routes of the contract, which profile.json names. What is yours is in service.mjs.
//
//     PORT=8080 node server.mjs     prints the address; port 0 is one that is free
import { createServer } from 'node:http'
import * as service from './service.mjs'
import { Invalid, check, parse } from './strict-json.mjs'

const PREFIX = '/api/v1'
const BODY_MAX = 1_200_000
const STATUSES = { invalid: 400, forbidden: 403, not_found: 404, conflict: 409, unsupported: 501, unavailable: 503 }

// verb and path: method, the params that a body is ('' is all of them), what is answered; * stands for the id
const ROUTES = {
  'GET /describe': ['describe', null, result => [200, result]],
  'POST /interrupts': ['interrupt.create', '', result => [201, result.interrupt]],
  'GET /interrupts': ['interrupt.list', null, result => [200, result]],
  'GET /interrupts/*': ['interrupt.get', null, result => [200, result.interrupt]],
  'POST /interrupts/*/respond': ['interrupt.respond', 'response', result => [200, result]],
  'DELETE /interrupts/*': ['interrupt.cancel', null, () => [204, null]]
}

function decode (text) {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new Invalid('the URL is no UTF-8')
  }
}

// kind=a&kind=b&limit=5 as the params of interrupt.list: kinds is a list, limit a number.
function readQuery (text) {
  const params = {}
  for (const pair of text.split('&').filter(Boolean)) {
    const [name, value] = pair.replaceAll('+', ' ').split(/=(.*)/s, 2).map(part => decode(part ?? ''))
    if (name === 'kind') (params.kinds ??= []).push(value)
    else if (Object.hasOwn(params, name)) throw new service.Refused('invalid', name + ' comes twice', { field: '/' + name })
    else params[name === 'status_filter' ? 'status' : name] = name === 'limit' && /^\d+$/.test(value) ? Number(value) : value
  }
  return params
}

function findRoute (verb, path) {
  const [, group, id, ...rest] = path.startsWith(PREFIX + '/') ? path.slice(PREFIX.length).split('/') : []
  const route = ROUTES[`${verb} /${[group, ...(id === undefined ? [] : ['*']), ...rest].join('/')}`]
  if (!route) throw new service.Refused('not_found', 'there is no such route')
  return [route, id === undefined ? {} : { id: decode(id) }]
}

async function readBody (request) {
  const pieces = []
  let length = 0
  for await (const piece of request) {
    length += piece.length
    if (length > BODY_MAX) throw new service.Refused('invalid', 'the body is too large')
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString()
}

async function carryOut (request, raw) {
  const [path, query = ''] = request.url.split(/\?(.*)/s, 2)
  const [[method, part, shown], params] = findRoute(request.method, path)
  Object.assign(params, readQuery(query))
  if (part !== null) {
    const body = parse(raw)
    if (part === '' && (body === null || typeof body !== 'object' || Array.isArray(body))) throw new Invalid('the body is no object')
    Object.assign(params, part === '' ? body : { [part]: body })
  }
  check(params)
  if (!Object.hasOwn(service.METHODS, method)) throw new service.Refused('unsupported', 'the service does not offer this')
  return shown(await service.METHODS[method](params))
}

function refusalOf (why) {
  if (why instanceof service.Refused) return [STATUSES[why.data.name] ?? 500, { detail: why.message, ...why.data }]
  if (why instanceof Invalid) return [400, { detail: why.message, name: 'invalid' }]
  console.error(why) // a fault of ours: the next request is answered all the same
  return [500, { detail: String(why), name: 'internal' }]
}

const server = createServer(async (request, response) => {
  const [status, value] = await readBody(request).then(raw => carryOut(request, raw)).catch(refusalOf)
  response.statusCode = status
  if (value !== null) response.setHeader('Content-Type', status < 300 ? 'application/json' : 'application/problem+json')
  response.end(value === null ? undefined : JSON.stringify(value))
})
server.listen(Number(process.env.PORT ?? 8080), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}${PREFIX}`)
})

// The wire: Holdpoint writes a request a line to stdin, this writes an answer a line to stdout. What is yours is in service.mjs.
// Logs go to stderr (console.error); Holdpoint shows them with a failure.
import { createInterface } from 'node:readline'
import * as service from './service.mjs'
import { Invalid, check, parse } from './strict-json.mjs'

// 'interrupt.create' -> create, 'webhook.dead' -> webhooks, 'clock.set' -> clock
function capabilityOf (method) {
  const [group, name] = method.split('.')
  return { interrupt: name, webhook: 'webhooks' }[group] ?? group
}

function hello (params) {
  const declared = new Set([...Object.keys(service.METHODS).map(capabilityOf), ...service.ALSO])
  return { protocol: 1, nonce: params.nonce, name: '@NAME@', version: service.VERSION, language: 'JavaScript', capabilities: [...declared].sort() }
}

async function carryOut (method, params) {
  if (method === 'hello') return hello(params)
  if (!Object.hasOwn(service.METHODS, method)) throw new service.Refused('unsupported', 'there is no such method')
  return service.METHODS[method](params)
}

function errorOf (why) {
  if (why instanceof service.Refused) return { code: -32000, message: why.message, data: why.data }
  if (why instanceof Invalid) return { code: -32602, message: why.message, data: { name: 'invalid' } }
  console.error(why) // a fault of ours: the next request is answered all the same
  return { code: -32006, message: String(why), data: { name: 'internal' } }
}

async function answer (line) {
  const said = { jsonrpc: '2.0', id: null }
  try {
    const request = parse(line)
    said.id = request?.id ?? null
    const params = request?.params
    if (params === null || typeof params !== 'object' || Array.isArray(params)) throw new Invalid('params is no object')
    check(params)
    said.result = await carryOut(request.method, params)
  } catch (why) {
    said.error = errorOf(why)
  }
  return said
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  process.stdout.write(JSON.stringify(await answer(line)) + '\n')
}

#!/usr/bin/env node
// The service over HTTP: node server.js [--port N] [--controls]; OPERATOR_TOKEN is what the sweep wants to be shown.
import { parseArgs } from 'node:util';
import { Api } from './src/http/api.js';
import { Controls } from './src/http/controls.js';
import { listen } from './src/http/listen.js';
import { Service } from './src/service.js';
import { Store } from './src/store.js';

const { values: options } = parseArgs({
  options: { port: { type: 'string', default: '0' }, controls: { type: 'boolean', default: false } },
});
const store = new Store();
const service = new Service(store);

const api = new Api(service, store, { operatorToken: process.env.OPERATOR_TOKEN ?? null });
const servers = [await listen(api, Number(options.port))];
console.log(`listening on ${servers[0].url}${api.prefix}`);

if (options.controls) {
  servers.push(await listen(new Controls(service, store), 0));
  console.log(`controls on ${servers[1].url}`);
}

process.on('SIGTERM', () => servers.forEach(({ server }) => server.close()));

import { once } from 'node:events';
import { createServer } from 'node:http';
import { problem } from './problem.js';

const MAX_HEADER_BYTES = 64 * 1024;
const IDLE_MS = 60_000; // Node closes after 5 s otherwise, which is when a pool of connections likes to send its next request

/** Serves an Api or Controls on a loopback port, 0 being any free one, and says where. */
export async function listen(site, port) {
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, async (request, response) => {
    const { status, headers, text } = await site.answer(request);
    if (status !== 204) headers['Content-Length'] = Buffer.byteLength(text);
    response.writeHead(status, headers).end(text);
  });
  server.keepAliveTimeout = IDLE_MS;
  server.on('clientError', (error, socket) => socket.writable && socket.end(refusal(site, error)));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${server.address().port}` };
}

/** Node's parser knows no method but those of its list; a path says 405, not 400, of any other. */
function refusal(site, error) {
  const [, method, url] = /^([!#$%&'*+.^_`|~\w-]+) (\/\S*) HTTP\/1\.[01]\r\n/.exec(error.rawPacket?.toString('latin1') ?? '') ?? [];
  if (error.code !== 'HPE_INVALID_METHOD' || !method || !site.check) return 'HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n';
  try {
    site.check(method, url);
  } catch (refused) {
    return rawAnswer(problem(refused));
  }
  return rawAnswer(problem(error));
}

function rawAnswer({ status, headers, text }) {
  const lines = Object.entries({ ...headers, 'Content-Length': Buffer.byteLength(text), Connection: 'close' });
  return `HTTP/1.1 ${status} Refused\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${text}`;
}

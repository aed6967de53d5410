// JSON.parse keeps the last of two equal keys, rounds integers above 2^53, and lets half a surrogate pair pass.
// Here it only says whether a text is JSON; the values are then built from the tokens, and what it forgives is refused.

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*|[{}[\]:,]|true|false|null/g;
const WORDS = new Map([['true', true], ['false', false], ['null', null]]);
const INT64_MIN = -(2n ** 63n);
const INT64_MAX = 2n ** 63n - 1n;
const LONE_SURROGATE = /\p{Cs}/u;
const MAX_LEVELS = 1200; // whatever is read can then be copied and written, each of which takes the stack once more
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Reads bytes that must be one JSON text. Integers that a double cannot hold come as BigInt. Throws SyntaxError. */
export function read(bytes) {
  try {
    const text = UTF8.decode(bytes);
    JSON.parse(text);
    return build(text.match(TOKEN));
  } catch (error) {
    throw error instanceof SyntaxError ? error : new SyntaxError('not UTF-8');
  }
}

function build(tokens) {
  let at = 0;
  const value = (level) => {
    const token = tokens[at++];
    if (level > MAX_LEVELS) throw new SyntaxError(`nested to more than ${MAX_LEVELS} levels`);
    if (token === '{') return object(level);
    if (token === '[') return array(level);
    if (token[0] === '"') return string(token);
    return WORDS.has(token) ? WORDS.get(token) : number(token);
  };
  const array = (level) => {
    const items = [];
    while (tokens[at] !== ']') {
      items.push(value(level + 1));
      if (tokens[at] === ',') at++;
    }
    at++;
    return items;
  };
  const object = (level) => {
    const members = new Map();
    while (tokens[at] !== '}') {
      const key = string(tokens[at]);
      if (members.has(key)) throw new SyntaxError(`the key ${JSON.stringify(key)} comes twice`);
      at += 2; // the key and its colon
      members.set(key, value(level + 1));
      if (tokens[at] === ',') at++;
    }
    at++;
    return Object.fromEntries(members); // defines "__proto__" as a member like any other
  };
  return value(0);
}

function string(token) {
  const text = token.includes('\\') ? JSON.parse(token) : token.slice(1, -1);
  if (text.includes('\0')) throw new SyntaxError('U+0000 in a text');
  if (LONE_SURROGATE.test(text)) throw new SyntaxError('half a surrogate pair in a text');
  return text;
}

function number(token) {
  const double = Number(token);
  if (!Number.isFinite(double)) throw new SyntaxError(`${token} is no finite number`);
  if (/[.eE]/.test(token) || Number.isSafeInteger(double)) return double;
  const integer = BigInt(token);
  if (integer < INT64_MIN || integer > INT64_MAX) throw new SyntaxError(`${token} needs more than 64 bits`);
  return integer;
}

export const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
export const isInteger = (value) => typeof value === 'bigint' || Number.isSafeInteger(value);

/** Compact JSON text. Members that are undefined are left out, a BigInt is written as the integer that it is. */
export function write(value) {
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${write(member)}`).join(',')}}`;
}

/** The same text for all spellings of one value: keys in order, whole numbers as integers. */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (isObject(value)) {
    return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(',')}}`;
  }
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value).toString() : write(value);
}

/** How many bytes the value takes as compact JSON. */
export const size = (value) => Buffer.byteLength(write(value));

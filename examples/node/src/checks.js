import { isObject } from './json.js';
import { invalid } from './refused.js';

const ID_MAX_BYTES = 255;
const MAX_DEPTH = 64;

const absent = (value) => value === undefined || value === null;

/** A text, or null when it is absent. */
export function optionalText(value, field) {
  if (absent(value)) return null;
  if (typeof value !== 'string') throw invalid(field, 'it must be a text');
  return value;
}

/** One of the ids that callers give, or null when it is absent. */
export function optionalId(value, field) {
  const id = optionalText(value, field);
  if (id !== null && Buffer.byteLength(id) > ID_MAX_BYTES) throw invalid(field, `it may have ${ID_MAX_BYTES} bytes`);
  return id;
}

/** As optionalId, but an empty text never stands for none. */
export function filterId(value, field) {
  const id = optionalId(value, field);
  if (id === '') throw invalid(field, 'it is empty');
  return id;
}

export function requiredId(value, field) {
  const id = filterId(value, field);
  if (id === null) throw invalid(field, 'it is required');
  return id;
}

export function oneOf(names, value, field) {
  if (typeof value !== 'string' || !names.includes(value)) throw invalid(field, `it must be one of ${names.join(', ')}`);
  return value;
}

/** An object of at most 64 levels, or null when it is absent. */
export function optionalObject(value, field) {
  if (absent(value)) return null;
  if (!isObject(value)) throw invalid(field, 'it must be an object');
  if (deeper(value, MAX_DEPTH)) throw invalid(field, `it may have ${MAX_DEPTH} levels`);
  return value;
}

function deeper(value, levels) {
  if (value === null || typeof value !== 'object') return false;
  return levels === 0 || Object.values(value).some((inner) => deeper(inner, levels - 1));
}

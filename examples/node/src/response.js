import { oneOf, optionalObject, optionalText } from './checks.js';
import { isObject } from './json.js';
import { invalid } from './refused.js';
import { DECISIONS, KINDS } from './vocabulary.js';

const MAX_CODE_POINTS = 10_000;
const NEEDED = ['text', 'approved', 'decision'];

/** The members that a response may have, absent ones null; what else the caller sent is left behind. */
export function readResponse(given) {
  if (!isObject(given)) throw invalid('/response', 'it must be an object');
  return {
    text: readText(given.text),
    approved: readApproved(given.approved ?? null),
    decision: readDecision(given.decision ?? null),
    data: structuredClone(optionalObject(given.data, '/response/data')),
  };
}

function readText(value) {
  const text = optionalText(value, '/response/text');
  if (text === '') throw invalid('/response/text', 'it is empty');
  // A code point takes one or two units: only in between they must be counted.
  if (text !== null && text.length > MAX_CODE_POINTS && [...text].length > MAX_CODE_POINTS) {
    throw invalid('/response/text', `it may have ${MAX_CODE_POINTS} characters`);
  }
  return text;
}

function readApproved(value) {
  if (value !== null && typeof value !== 'boolean') throw invalid('/response/approved', 'it must be true or false');
  return value;
}

const readDecision = (value) => (value === null ? null : oneOf(DECISIONS, value, '/response/decision'));

/** Refuses a response that lacks what the kind needs, or brings what another kind needs. */
export function checkFit(kind, response) {
  const { needs } = KINDS.get(kind);
  if (needs === null) return;
  for (const name of NEEDED) {
    if (name === needs && response[name] === null) throw invalid(`/response/${name}`, `a ${kind} needs it`);
    if (name !== needs && response[name] !== null) throw invalid(`/response/${name}`, `a ${kind} does not take it`);
  }
}

import { invalid } from '../refused.js';

/** The path's segments, decoded, and the query as it stands; null for a path that cannot be decoded. */
export function readTarget(url) {
  const [path, query = ''] = url.split(/\?(.*)/s);
  try {
    const segments = path.replace(/\/$/, '').split('/').slice(1).map(decodeURIComponent);
    return { segments, query };
  } catch {
    return { segments: null, query };
  }
}

/** The parameters by name. Each comes once, but for those in `several`, which come as lists. */
export function readQuery(query, several = []) {
  const parameters = new Map();
  for (const pair of query.split('&').filter((part) => part !== '')) {
    const [name, value = ''] = pair.split(/=(.*)/s).map(decode);
    if (several.includes(name)) parameters.set(name, [...(parameters.get(name) ?? []), value]);
    else if (parameters.has(name)) throw invalid(`/${name}`, 'it comes twice');
    else parameters.set(name, value);
  }
  return parameters;
}

function decode(text) {
  try {
    const decoded = decodeURIComponent(text.replaceAll('+', ' '));
    if (!decoded.includes('\0') && /^[\x21-\x7e]*$/.test(text)) return decoded;
  } catch {
    // not percent-encoded UTF-8: refused below
  }
  throw invalid(`/${text.split('=')[0]}`, 'the query must be percent-encoded UTF-8 without U+0000');
}

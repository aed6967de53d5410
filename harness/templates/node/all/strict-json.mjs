// JSON as the contract takes it, as far as JSON.parse can tell: no U+0000 and no half surrogate pair. It does not see a key that
// comes twice, and rounds integers beyond 2^53; the package lossless-json sees both.

export class Invalid extends Error {}

function checkText (text) {
  if (text.includes('\0')) throw new Invalid('a text holds U+0000')
  if (/\p{Surrogate}/u.test(text)) throw new Invalid('a text holds half a surrogate pair')
}

// Throws Invalid, with the reason, when a value holds what the contract does not take.
export function check (value) {
  if (typeof value === 'string') checkText(value)
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Invalid('a number is too large')
  if (value === null || typeof value !== 'object') return
  for (const [name, inner] of Object.entries(value)) {
    checkText(name)
    check(inner)
  }
}

export function parse (text) {
  try {
    return JSON.parse(text)
  } catch (why) {
    throw new Invalid(why.message)
  }
}

// One spelling for one value, however the type of a file or of a body spells it: Parquet's DOUBLE 1.0, pandas'
// 1.0 and a 1 over HTTP are the category 1; TRUE, True and JSON's true are true. Files are read by SQL that says
// the same (training/data/cells/values.ts); test/one-reading.test.ts holds the two together.

/** What counts for nothing around an id, a category or a number: what `trim` cuts off. */
export const BLANKS =
  '\t\n\v\f\r \u00A0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF'

/** Digits with nothing but zeros behind the point. 007.0 is none: who pads, means a text. */
const WHOLE = /^(-?(?:0|[1-9]\d*))\.0*$/
/** As programs write numbers that are very large or very small: 1e+16, 2.5e-07. 12e4 may be a name. */
export const SCIENTIFIC_PATTERN = String.raw`(-?)(\d)(?:\.(\d*?)0*)?[eE]([+-])(\d{1,2})`
const BOOLEAN = /^(?:true|false)$/i

const SCIENTIFIC = new RegExp(`^${SCIENTIFIC_PATTERN}$`)

/**
 * A category as it is looked up and learned; spelling it again changes nothing. The case of letters counts, but
 * for booleans; blanks around it do not.
 */
export function spellCategory(value: string | number | boolean): string {
  const text = String(value).trim()
  if (BOOLEAN.test(text)) return text.toLowerCase()
  const plain = plainDigits(text)
  const whole = WHOLE.exec(plain)?.[1] ?? plain
  return whole === '-0' ? '0' : whole
}

/** The digits of a number in scientific notation, its point where it belongs: none is rounded. */
function plainDigits(text: string): string {
  const [, sign, first = '', rest = '', way, exponent] = SCIENTIFIC.exec(text) ?? []
  if (sign === undefined) return text
  const digits = first + rest
  const point = 1 + (way === '-' ? -1 : 1) * Number(exponent)
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`
  const whole = digits.slice(0, point).padEnd(point, '0')
  return `${sign}${whole.replace(/^0+(?=\d)/, '')}.${digits.slice(point)}`
}

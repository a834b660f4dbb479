// One spelling for one value, however the type of a file or of a body spells it: Parquet's DOUBLE 1.0, pandas'
// 1.0 and a 1 over HTTP are the category 1; TRUE, True and JSON's true are true.

/** Digits with nothing but zeros behind the point. 007.0 is none: who pads, means a text. */
const WHOLE = /^(-?(?:0|[1-9]\d*))\.0*$/
/** As programs write numbers that are very large or very small: 1e+16, 2.5e-07. 12e4 may be a name. */
const SCIENTIFIC = /^-?\d(?:\.\d+)?e[+-]\d{1,2}$/i
const BOOLEAN = /^(?:true|false)$/i

/**
 * A category as it is looked up and learned; spelling it again changes nothing. The case of letters counts, but
 * for booleans; blanks around it do not.
 */
export function spellCategory(value: string | number | boolean): string {
  const text = String(value).trim()
  if (BOOLEAN.test(text)) return text.toLowerCase()
  const plain = SCIENTIFIC.test(text) ? plainDigits(Number(text)) : text
  const whole = WHOLE.exec(plain)?.[1] ?? plain
  return whole === '-0' ? '0' : whole
}

function plainDigits(number: number): string {
  return Number.isInteger(number) ? String(BigInt(number)) : String(number)
}

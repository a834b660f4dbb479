// Cells as texts: each value in one of the ways of writing that mean it.
import type { Random } from '../../../../features/random.ts'
import type { Dialect } from './dialect.ts'
import type { Cell, CellKind } from './sheet.ts'
import { spellTime } from './spell-time.ts'

const MARKS = [
  '',
  ' ',
  'NaN',
  'nan',
  'None',
  'NULL',
  'null',
  'NA',
  'n/a',
  '#N/A',
  String.raw`\N`,
  '-',
  '?',
  '<NA>',
]
const TEXT_MARKS = ['', ' ', 'NaN', 'NULL', 'null', '#N/A', String.raw`\N`, '(null)']

/** Of the usual marks, by what docs/your-data.md says of them. */
const ALL_MARKS = new Set([
  'nan',
  '-nan',
  'na',
  'n/a',
  '<na>',
  '#na',
  '#n/a',
  'none',
  'null',
  '(null)',
  '\\n',
  '-',
  '?',
])
const ALL_TEXT_MARKS = new Set(['nan', '-nan', '<na>', '#na', '#n/a', 'null', '(null)', '\\n'])

/** Whether a file that is read with these marks can say this value at all. */
export function meansMissing(
  text: string,
  { kind, missing }: { readonly kind: CellKind; readonly missing: Dialect['missing'] },
): boolean {
  if (kind === 'id' || kind === 'code') return false
  const usual = kind === 'text' ? ALL_TEXT_MARKS : ALL_MARKS
  const marks = missing === undefined ? usual : new Set(missing.map((mark) => mark.toLowerCase()))
  return marks.has(text.trim().toLowerCase())
}

export interface Spelling {
  readonly dialect: Dialect
  readonly random: Random
}

export function spellCell(cell: Cell, kind: CellKind, spelling: Spelling): string {
  const { dialect, random } = spelling
  if (cell === null) return spellMissing(kind, spelling)
  const spelled =
    kind === 'time'
      ? timeText(Number(cell), spelling)
      : kind === 'number'
        ? numberText(Number(cell), spelling)
        : String(cell)
  if (kind === 'text' || kind === 'code' || !dialect.varies) return spelled
  const varied = kind === 'category' ? categoryText(spelled, random) : spelled
  return random.integer(6) === 0 ? ` ${varied} ` : varied
}

function spellMissing(kind: CellKind, { dialect: { missing, varies }, random }: Spelling): string {
  if (kind === 'id' || !varies) return ''
  const usual = kind === 'text' ? TEXT_MARKS : MARKS
  const marks = missing === undefined ? usual : ['', ...missing.flatMap((mark) => [mark, mark.toUpperCase()])]
  return marks[random.integer(marks.length)] ?? ''
}

function timeText(ms: number, { dialect, random }: Spelling): string {
  const { format, time: form, timeZone = 'UTC', numbers, varies } = dialect
  // A number of JSON has a point, whatever the source says; a text of Parquet is read as a text.
  const decimal = (format === 'delimited' || format === 'parquet' ? numbers.decimal : undefined) ?? '.'
  return spellTime(ms, { form, timeZone, decimal, varies, random })
}

/** Booleans in any letter case, whole numbers with a point. */
function categoryText(text: string, random: Random): string {
  if (text === 'true' || text === 'false') {
    const forms = [text, text.toUpperCase(), `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`]
    return forms[random.integer(forms.length)] ?? text
  }
  if (/^-?(?:0|[1-9]\d*)$/.test(text))
    return [text, `${text}.0`, `${text}.00`, `${text}.`][random.integer(4)] ?? text
  return text
}

function numberText(number: number, { dialect: { numbers, varies }, random }: Spelling): string {
  const { decimal = '.', thousands } = numbers
  const form = varies ? random.integer(5) : 0
  const plain = String(number)
  if (/[e]/.test(plain)) return plain.replace('.', decimal)
  if (form === 1 && Number.isInteger(number)) return `${plain}${decimal}0`
  if (form === 2) return number.toExponential().replace('.', decimal)
  if (form === 3 && number >= 0) return `+${plain.replace('.', decimal)}`
  const [whole = '', fraction] = plain.split('.')
  const grouped =
    thousands !== undefined && form !== 4 ? whole.replaceAll(/\B(?=(\d{3})+$)/g, thousands) : whole
  return fraction === undefined ? grouped : `${grouped}${decimal}${fraction}`
}

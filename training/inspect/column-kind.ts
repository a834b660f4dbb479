// What the cells of a column are, by their counts, a sample of them, and the column's name.
import type { Column, ColumnKind, ColumnStatistics } from './column.ts'
import { hintOf, saysCategory, saysId, saysPlace, saysRow, saysTime, wordsOf } from './name-words.ts'
import { timeFormOf } from './time-form.ts'

/** So many of the cells must be what they are taken for; the others are mistakes. */
const SHARE_MIN = 0.98
const NEAR_EMPTY_SHARE = 0.02
const ID_LIKE_SHARE = 0.95
const CODES_MAX = 50
const BOOLEANS = [
  ['0', '1'],
  ['false', 'true'],
  ['no', 'yes'],
  ['n', 'y'],
  ['f', 't'],
]
const DECIMAL_COMMA = /^-?(\d{1,3}(\.\d{3})+|\d+),\d+$/
/** Thousands set off by commas, whole or with a decimal point. */
const THOUSANDS_COMMA = /^-?\d{1,3}(,\d{3})+(\.\d+)?$/
const PLAIN_NUMBER = /^-?\d+(\.\d+)?$/
const MONEY = /^[-+(]?\s?(?:[A-Z]{2,3}\s?)?[$€£¥₹]?\s?[-+]?\d[\d,]*(\.\d+)?\s?(?:[$€£¥₹%]|[A-Z]{3})?\)?$/
const TOKEN_ID =
  /^([0-9a-f]{8}-[0-9a-f]{4}-|[0-9a-f]{16,}$|[\w.+-]+@[\w-]+\.\w|\d{1,3}(\.\d{1,3}){3}$|\+\d[\d ()/.-]{6,}$)/i
/** Names that are made of a number: #1001, SKU-1000-M. */
const CODE = /^\S*\d{3,}\S*$/
const CODES_MIN = 30
const LONG_CODE_DIGITS = 10

/** The column with all that its statistics tell. */
export function describeColumn(statistics: ColumnStatistics): Column {
  const { rowCount, presentCount, distinctCount } = statistics
  const isDressed = hasDress(statistics)
  const decimalComma =
    !isDressed &&
    isMostly(statistics, (cell) => DECIMAL_COMMA.test(cell) || /^-?\d+$/.test(cell)) &&
    statistics.sample.some((cell) => DECIMAL_COMMA.test(cell))
  const found = kindOf(statistics, decimalComma || isDressed)
  const isUnique = presentCount > 20 && distinctCount >= ID_LIKE_SHARE * presentCount
  const isIdLike =
    isUnique &&
    (found.kind === 'id' ||
      (found.kind === 'category' && presentCount > 100) ||
      (found.kind === 'number' && isRowNumber(statistics)))
  return {
    ...statistics,
    ...found,
    decimalComma,
    isDressed: isDressed && found.kind === 'number',
    isConstant: distinctCount === 1 && presentCount > 1 && presentCount >= 0.5 * rowCount,
    isNearEmpty: presentCount < NEAR_EMPTY_SHARE * rowCount,
    isIdLike,
  }
}

function isMostly({ sample }: ColumnStatistics, test: (cell: string) => boolean): boolean {
  return sample.length > 0 && sample.filter(test).length >= SHARE_MIN * sample.length
}

/** Commas that stand before three digits in every cell set off thousands, not decimals. */
function hasDress(statistics: ColumnStatistics): boolean {
  const { sample } = statistics
  const isThousands =
    sample.some((cell) => THOUSANDS_COMMA.test(cell)) &&
    isMostly(statistics, (cell) => THOUSANDS_COMMA.test(cell) || PLAIN_NUMBER.test(cell))
  return (
    isThousands ||
    (sample.some((cell) => /[$€£¥₹%]/.test(cell)) && isMostly(statistics, (cell) => MONEY.test(cell)))
  )
}

/** Whole numbers that count rows up. */
function isRowNumber({
  rowCount,
  presentCount,
  wholeCount,
  distinctCount,
  min = 0,
  max = 0,
}: ColumnStatistics): boolean {
  return (
    presentCount === rowCount &&
    wholeCount === rowCount &&
    distinctCount >= 0.999 * rowCount &&
    max - min < 1.2 * rowCount
  )
}

interface FoundKind {
  readonly kind: ColumnKind
  readonly time?: NonNullable<Column['time']>
  readonly because: string
}

/** @param isMarked numbers, with marks that not every tool reads */
function kindOf(statistics: ColumnStatistics, isMarked: boolean): FoundKind {
  const { name, type, sample, distinctCount, presentCount, numberCount, wholeCount, rowCount, vectorLength } =
    statistics
  if (vectorLength !== undefined)
    return { kind: 'vector', because: `a list of ${vectorLength} numbers in each cell` }
  if (/^(FLOAT|DOUBLE|DECIMAL.*)\[\d*\]$/.test(type))
    return { kind: 'vector', because: `its type is ${type}` }
  if (type.endsWith('[]')) return { kind: 'list', because: `its type is ${type}` }
  if (presentCount === 0) return { kind: 'category', because: 'no cell says anything' }
  const time = timeFormOf(statistics)
  if (isMostly(statistics, (cell) => /^\[[^]*\]$/.test(cell)))
    return { kind: 'list', because: `a list, as '${(sample[0] ?? '').slice(0, 30)}'` }
  if (time !== undefined) return { kind: 'time', time: time.form, because: time.because }
  if (isBoolean(statistics)) return { kind: 'boolean', because: `only ${valuesOf(sample)}` }
  const namesId = saysId(name) || (wordsOf(name).length === 1 && /^[ui]$/i.test(name))
  if (numberCount >= SHARE_MIN * presentCount || isMarked) {
    const isWhole = !isMarked && wholeCount === numberCount
    if (isWhole && namesId)
      return { kind: 'id', because: `its name, and ${distinctCount} distinct whole numbers` }
    if (!isMarked && namesId && distinctCount > CODES_MAX)
      return { kind: 'id', because: `its name, and ${distinctCount} distinct numbers` }
    if (isWhole && areLongCodes(statistics))
      return { kind: 'id', because: `whole numbers of ${sample[0]?.length ?? 0} digits each` }
    if (isWhole && saysPlace(name))
      return { kind: codesKind(statistics), because: 'its name: numbers of places' }
    if (name === '' && isRowNumber(statistics)) return { kind: 'id', because: 'counts the rows' }
    const isBare =
      /^(user|customer|client|item|product|movie|session|order|invoice|student|visitor|member)s?$/i.test(name)
    if (isWhole && isBare && distinctCount > CODES_MAX) return { kind: 'id', because: 'its name' }
    if (isWhole && sample.some((cell) => /^0\d/.test(cell)))
      return { kind: codesKind(statistics), because: 'numbers that begin with 0 are names' }
    if (isWhole && saysCategory(name) && distinctCount <= CODES_MAX && !isOrdinal(statistics)) {
      return { kind: 'category', because: `its name, and ${distinctCount} whole numbers` }
    }
    return {
      kind: 'number',
      because: isMarked
        ? `numbers with marks, as '${sample[0] ?? ''}'`
        : numberCount === presentCount
          ? 'all cells are numbers'
          : `${share(numberCount, presentCount)} of the cells are numbers`,
    }
  }
  return textKind(statistics, {
    namesId,
    isUnique: distinctCount >= ID_LIKE_SHARE * rowCount && presentCount > 20,
  })
}

/** Numbers of bar codes, accounts and phones are as long as each other, and nothing is that exact. */
function areLongCodes({ sample, distinctCount }: ColumnStatistics): boolean {
  const [first = ''] = sample
  return (
    first.length >= LONG_CODE_DIGITS &&
    distinctCount > CODES_MIN &&
    sample.every((cell) => cell.length === first.length && /^\d+$/.test(cell))
  )
}

/** Groups of ages and the like are in order. */
function isOrdinal({ name }: ColumnStatistics): boolean {
  return wordsOf(name).includes('age')
}

function codesKind({ distinctCount, name }: ColumnStatistics): ColumnKind {
  return saysCategory(name) || saysPlace(name) || distinctCount <= CODES_MAX ? 'category' : 'id'
}

function isBoolean({ sample, distinctCount, type }: ColumnStatistics): boolean {
  if (type === 'BOOLEAN') return true
  if (distinctCount > 2) return false
  const values = new Set(sample.map((cell) => cell.toLowerCase().replace(/\.0+$/, '')))
  return values.size > 0 && BOOLEANS.some((pair) => [...values].every((value) => pair.includes(value)))
}

function textKind(
  statistics: ColumnStatistics,
  { namesId, isUnique }: { readonly namesId: boolean; readonly isUnique: boolean },
): FoundKind {
  const { name, sample, distinctCount, presentCount } = statistics
  const count = Math.max(1, sample.length)
  const words = sample.reduce((sum, cell) => sum + cell.split(/\s+/).length, 0) / count
  const length = sample.reduce((sum, cell) => sum + cell.length, 0) / count
  const distinctShare = distinctCount / Math.max(1, presentCount)
  const noBlanks = isMostly(statistics, (cell) => !/\s/.test(cell))
  const isTokens = sample.filter((cell) => !/\s/.test(cell)).length > 0.7 * count
  const separated = sample.filter((cell) => /[^|]\|[^|]/.test(cell)).length / count
  if (separated > 0.2)
    return {
      kind: 'list',
      because: `parts set off by |, as '${(sample.find((cell) => cell.includes('|')) ?? '').slice(0, 30)}'`,
    }
  if (namesId && noBlanks) return { kind: 'id', because: `its name, and ${distinctCount} distinct` }
  if (isMostly(statistics, (cell) => TOKEN_ID.test(cell)))
    return { kind: 'id', because: `looks like an id, as '${sample[0] ?? ''}'` }
  if (hintOf(name, 'user') > 0 && wordsOf(name).includes('name') && distinctCount > CODES_MIN)
    return { kind: 'id', because: `its name, and ${distinctCount} distinct` }
  if (words >= 6 || (length >= 40 && words >= 3))
    return { kind: 'text', because: `${words.toFixed(1)} words a cell` }
  if (words >= 1.5 && distinctShare > 0.3 && distinctCount > 50)
    return { kind: 'text', because: `${words.toFixed(1)} words a cell, ${distinctCount} distinct` }
  if (words >= 2 && distinctShare > 0.9 && distinctCount > 10)
    return { kind: 'text', because: `${words.toFixed(1)} words, others in every cell` }
  const codesOfRoles = hintOf(name, 'user') > 0 || hintOf(name, 'item') > 0 || saysRow(name)
  if (isTokens && codesOfRoles && distinctCount > CODES_MAX && !saysTime(name))
    return { kind: 'id', because: `its name, and ${distinctCount} distinct` }
  const areCodes = isMostly(statistics, (cell) => CODE.test(cell))
  if (areCodes && distinctCount > CODES_MIN && !saysCategory(name) && !saysPlace(name))
    return { kind: 'id', because: `codes, as '${sample[0] ?? ''}'` }
  if (isUnique && noBlanks && distinctCount > 100)
    return { kind: 'id', because: 'another in nearly every row' }
  return { kind: 'category', because: `${distinctCount} distinct` }
}

function valuesOf(sample: readonly string[]): string {
  return [...new Set(sample)].toSorted().slice(0, 4).join(' and ')
}

function share(part: number, whole: number): string {
  return `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`
}

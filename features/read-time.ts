// How a moment is written: one reading of texts and of bare numbers for HTTP and for files, whose SQL
// (training/data/cells/times.ts) is made of the same tables and the same pattern. No clock, no zones by name: what
// names no offset is handed back as the wall clock that it is.

/**
 * What a bare number counts is told by its size: each unit holds the moments from 1973-03-03 to 5138-11-16,
 * so that none can be two. Below are days and spreadsheets' serials, which no size tells apart.
 */
export const NUMBER_UNITS = [
  { unit: 's', from: 1e8, perSecond: 1 },
  { unit: 'ms', from: 1e11, perSecond: 1e3 },
  { unit: 'us', from: 1e14, perSecond: 1e6 },
  { unit: 'ns', from: 1e17, perSecond: 1e9 },
] as const
/** No number from here on is a moment. */
export const NUMBER_END = 1e20

/**
 * Digits that spell a date: 20260131 and 20260131100000 are read, being no moment of any unit. 202601311000 is
 * one in milliseconds too, so it is neither.
 */
export const DIGIT_DATES = [
  { digits: 8, from: 19700101, until: 21001231, isRead: true },
  { digits: 12, from: 197001010000, until: 210012312359, isRead: false },
  { digits: 14, from: 19700101000000, until: 21001231235959, isRead: true },
] as const

/** What a number must look like in a text. */
export const NUMBER_PATTERN = String.raw`[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?`

const DATE = String.raw`(\d{4}-\d{1,2}-\d{1,2}|\d{4}/\d{1,2}/\d{1,2}|\d{8})`
const CLOCK = String.raw`(\d{1,2}:\d{2}(?::\d{2})?|\d{6}|\d{4})(?:[.,](\d{1,9}))?`
const OFFSET = String.raw`(?:[Uu][Tt][Cc]|[Gg][Mm][Tt])?[+-](?:0\d|1[0-5])(?::?[0-5]\d)?`
const NAME = String.raw`[Zz]|[Uu][Tt][Cc]|[Gg][Mm][Tt]|[A-Za-z]+(?:/[A-Za-z0-9_+-]+)+`
/**
 * ISO 8601 and what databases and languages write like it: date, clock, fraction, zone. A zone stands only
 * after a clock, for 2026-01-31-10 may be an hour. Read alike by JavaScript and by RE2.
 */
export const TIME_PATTERN = `${DATE}(?:(?:[Tt]|[ \\t]+)${CLOCK}[ \\t]*(${OFFSET}|${NAME})?(?:\\[[^\\]]*\\])?)?`

const TIME = new RegExp(`^${TIME_PATTERN}$`)
const NUMBER = new RegExp(`^${NUMBER_PATTERN}$`)

export type ReadTime =
  /** A moment, Unix milliseconds. */
  | { readonly kind: 'moment'; readonly ms: number }
  /** A wall clock in a zone by name, or in one that is not named: milliseconds as if it were UTC. */
  | { readonly kind: 'wallClock'; readonly ms: number; readonly zone: string | undefined }
  /** A number of no unit that its size tells. */
  | { readonly kind: 'unitless' }
  | { readonly kind: 'unreadable' }

/** Reads a text, or a number as it stands. Fractions of a millisecond are cut off texts. */
export function readTime(value: string | number): ReadTime {
  const text = typeof value === 'string' ? value.trim() : ''
  if (typeof value === 'number' || NUMBER.test(text)) return readNumber(Number(value))
  return readText(text)
}

/** Reads a text that is no number, but for eight digits that spell a date. */
export function readText(text: string): ReadTime {
  const [, date, clock = '', fraction = '', zone] = TIME.exec(text) ?? []
  if (date === undefined) return { kind: 'unreadable' }
  const ms = wallClock({ date, clock, fraction })
  if (ms === undefined) return { kind: 'unreadable' }
  if (zone === undefined) return { kind: 'wallClock', ms, zone }
  const offset = offsetMs(zone)
  return offset === undefined ? { kind: 'wallClock', ms, zone } : { kind: 'moment', ms: ms - offset }
}

function readNumber(number: number): ReadTime {
  if (Number.isInteger(number)) {
    const shape = DIGIT_DATES.find(({ from, until }) => number >= from && number <= until)
    const digits = String(number)
    const ms = shape && wallClock({ date: digits.slice(0, 8), clock: digits.slice(8), fraction: '' })
    if (shape !== undefined && ms !== undefined) {
      return shape.isRead ? { kind: 'wallClock', ms, zone: undefined } : { kind: 'unitless' }
    }
  }
  const unit = NUMBER_UNITS.findLast(({ from }) => number >= from)
  if (unit === undefined || number >= NUMBER_END) return { kind: 'unitless' }
  const ms = unit.perSecond <= 1e3 ? number * (1e3 / unit.perSecond) : number / (unit.perSecond / 1e3)
  return { kind: 'moment', ms: Math.round(ms) }
}

interface Parts {
  readonly date: string
  /** 9:05, 09:05:30, 0905 or nothing. */
  readonly clock: string
  readonly fraction: string
}

/** Undefined where there is no such day or hour. 24:00 is the next midnight. */
function wallClock({ date, clock, fraction }: Parts): number | undefined {
  const [year = 0, month = 0, day = 0] = (
    /\D/.test(date) ? date : `${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}`
  )
    .split(/\D/)
    .map(Number)
  const digits = clock.replaceAll(':', '')
  const even = digits.length % 2 === 1 ? `0${digits}` : digits
  if (fraction !== '' && even.length < 6) return undefined
  const [hour = 0, minute = 0, second = 0] = [even.slice(0, 2), even.slice(2, 4), even.slice(4)].map(Number)
  const thousandth = Number(fraction.slice(0, 3).padEnd(3, '0'))
  const isDay = month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month)
  const isMidnight = hour === 24 && minute + second + Number(fraction) === 0
  if (!isDay || minute > 59 || second > 59 || (hour > 23 && !isMidnight)) return undefined
  const days = daysUntil(year, month) + day - 1
  return (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000 + thousandth
}

const MONTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const

function daysOf(year: number, month: number): number {
  return month === 2 && isLeap(year) ? 29 : (MONTHS[month - 1] ?? 0)
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

/** From 1970 until the first of a month. */
function daysUntil(year: number, month: number): number {
  const before = year - 1
  const leapDays = Math.floor(before / 4) - Math.floor(before / 100) + Math.floor(before / 400) - 477
  const ofYear = MONTHS.slice(0, month - 1).reduce<number>((sum, days) => sum + days, 0)
  return (year - 1970) * 365 + leapDays + ofYear + (month > 2 && isLeap(year) ? 1 : 0)
}

/** Of Z, UTC+01:00, -0530; undefined where the zone is one by name. */
function offsetMs(zone: string): number | undefined {
  const [, sign, hours = '0', minutes = '0'] = /^[A-Za-z]{0,3}([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? []
  if (sign === undefined) return /^(?:z|utc|gmt)$/i.test(zone) ? 0 : undefined
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000
}

// Moments as texts and numbers, in every form that is read.
import * as fc from 'fast-check'
import type { TimeUnit } from '../../../../features/source.ts'
import type { Random } from '../../../../features/random.ts'

export type TimeForm =
  /** ISO 8601 and its kin, one column in several of them. */
  | { readonly kind: 'texts' }
  /** Numbers of this unit, named by the source or told by their size. */
  | { readonly kind: 'numbers'; readonly unit: Exclude<TimeUnit, 'iso'>; readonly isSaid: boolean }
  | { readonly kind: 'formed'; readonly format: string }

const FORMATS = [
  '%d/%m/%Y %H:%M:%S',
  '%m/%d/%Y %I:%M:%S %p',
  '%d.%m.%Y %H:%M:%S.%g',
  '%b %d, %Y %H:%M:%S',
] as const

export const timeForm: fc.Arbitrary<TimeForm> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<TimeForm>({ kind: 'texts' }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('numbers' as const),
      unit: fc.constantFrom('ms' as const, 's' as const, 'us' as const, 'ns' as const),
      isSaid: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('formed' as const), format: fc.constantFrom(...FORMATS) }),
  },
)

export interface TimeSpelling {
  readonly form: TimeForm
  /** Of what names no zone. */
  readonly timeZone: string
  /** Of numbers whose unit the source names, as of all its numbers. */
  readonly decimal: string
  readonly varies: boolean
  readonly random: Random
}

export function spellTime(ms: number, { form, timeZone, decimal, varies, random }: TimeSpelling): string {
  if (form.kind === 'numbers') return spellNumber(ms, form.unit).replace('.', form.isSaid ? decimal : '.')
  const wall = wallClockIn(ms, timeZone)
  // Of the hour that comes twice the second is meant.
  const isPlain = wall !== undefined
  if (form.kind === 'formed') {
    const formed = isPlain ? spellFormed(wall, form.format) : undefined
    return formed ?? new Date(ms).toISOString()
  }
  const forms = [isoOf, ...(varies ? VARIED : [])]
  const chosen = forms[random.integer(forms.length)] ?? isoOf
  const withZone = chosen(ms, random)
  if (!varies || !isPlain || random.integer(2) === 0) return withZone
  return spellWall(wall, random)
}

function spellNumber(ms: number, unit: Exclude<TimeUnit, 'iso'>): string {
  if (unit === 'ms') return String(ms)
  if (unit === 's')
    return ms % 1000 === 0 ? String(ms / 1000) : `${Math.floor(ms / 1000)}.${pad(ms % 1000, 3)}`
  return unit === 'us' ? `${ms}000` : `${ms}000000`
}

const isoOf = (ms: number): string => new Date(ms).toISOString()

/** Forms that name a zone. */
const VARIED: readonly ((ms: number, random: Random) => string)[] = [
  (ms) => isoOf(ms).replace(/\.000Z$/, 'Z'),
  (ms) => isoOf(ms).replace('T', ' ').replace('Z', ' UTC'),
  (ms) => isoOf(ms).replace('Z', '+00:00'),
  (ms) => isoOf(ms).replace('Z', '456z').replace('T', 't'),
  (ms) => isoOf(ms).replace('.', ','),
  (ms) => isoOf(ms).replaceAll(/[-:]/g, ''),
  (ms, random) => withOffset(ms, random),
  (ms) => `${isoOf(ms).replace('T', ' ').replace('Z', '')} GMT`,
  (ms) => (ms % 60_000 === 0 ? isoOf(ms).replace(':00.000Z', 'Z') : isoOf(ms)),
  (ms) => {
    const wall = wallClockIn(ms, 'Asia/Tokyo')
    return wall === undefined ? isoOf(ms) : `${isoOf(wall).slice(0, -1)} Asia/Tokyo`
  },
]

const OFFSETS = [60, -60, 330, -210, 840, 5 * 60 + 45]

function withOffset(ms: number, random: Random): string {
  const minutes = OFFSETS[random.integer(OFFSETS.length)] ?? 0
  const clock = isoOf(ms + minutes * 60_000).slice(0, -1)
  const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60]
  const sign = minutes < 0 ? '-' : '+'
  const between = random.integer(2) === 0 ? ':' : ''
  if (random.integer(2) === 0) return `${clock}${sign}${pad(hours, 2)}${between}${pad(rest, 2)}`
  return `${clock.replace('T', ' ')} ${sign}${pad(hours, 2)}${between}${pad(rest, 2)}`
}

/** Forms that name none; the wall clock is in milliseconds as if it were UTC. */
function spellWall(wall: number, random: Random): string {
  const iso = isoOf(wall).slice(0, -1)
  const forms = [iso, iso.replace('T', ' '), iso.replaceAll('-', '/').replace('T', ' ')]
  if (wall % 1000 === 0) forms.push(iso.slice(0, -4).replace('T', '  '))
  if (wall % 86_400_000 === 0) forms.push(iso.slice(0, 10), iso.slice(0, 10).replaceAll('-', ''))
  return forms[random.integer(forms.length)] ?? iso
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Undefined where the form has no room for the milliseconds. */
function spellFormed(wall: number, format: string): string | undefined {
  const date = new Date(wall)
  const ms = date.getUTCMilliseconds()
  if (ms !== 0 && !format.includes('%g')) return undefined
  const hours = date.getUTCHours()
  const parts: Readonly<Record<string, string>> = {
    d: pad(date.getUTCDate(), 2),
    m: pad(date.getUTCMonth() + 1, 2),
    Y: pad(date.getUTCFullYear(), 4),
    H: pad(hours, 2),
    I: pad(hours % 12 === 0 ? 12 : hours % 12, 2),
    M: pad(date.getUTCMinutes(), 2),
    S: pad(date.getUTCSeconds(), 2),
    g: pad(ms, 3),
    p: hours < 12 ? 'AM' : 'PM',
    b: MONTHS[date.getUTCMonth()] ?? '',
  }
  return format.replaceAll(/%(\w)/g, (_, letter: string) => parts[letter] ?? '')
}

/** The wall clock of a moment as if it were UTC; undefined where it comes twice and this is the first time. */
export function wallClockIn(ms: number, timeZone: string): number | undefined {
  const wall = ms + offsetAt(ms, timeZone)
  // Clocks are put back by an hour: a later moment that shows the same is the one that is meant.
  const again = ms + HOUR_MS
  return again + offsetAt(again, timeZone) === wall ? undefined : wall
}

const HOUR_MS = 3_600_000

const formats = new Map<string, Intl.DateTimeFormat>()

function offsetAt(ms: number, timeZone: string): number {
  if (timeZone === 'UTC') return 0
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  formats.set(timeZone, format)
  const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]))
  const [year, month, day] = [parts['year'] ?? 0, parts['month'] ?? 1, parts['day'] ?? 1]
  const clock = Date.UTC(year, month - 1, day, parts['hour'], parts['minute'], parts['second'])
  return clock - Math.floor(ms / 1000) * 1000
}

function pad(number: number, digits: number): string {
  return String(number).padStart(digits, '0')
}

// Numbers as a reader takes them in: on the page of a card, and in what is said on the way.
import type { Interval } from './metrics/bootstrap.ts'

/** Three digits that count: '0.245', '12.3', '1,234'; '–' of nothing. */
export function digits(value: unknown): string {
  if (typeof value !== 'number' || !Number.isFinite(value)) return '–'
  if (Math.abs(value) >= 1_000) return count(Math.round(value))
  if (value === 0) return '0'
  if (Math.abs(value) < 1e-4) return value.toExponential(1)
  return Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3)
}

/** '12.3 %'. */
export function percent(share: unknown): string {
  if (typeof share !== 'number' || !Number.isFinite(share)) return '–'
  const value = 100 * share
  return `${Math.abs(value) >= 99.95 || value === 0 ? value.toFixed(0) : value.toFixed(Math.abs(value) < 0.1 ? 2 : 1)} %`
}

export function count(number: number): string {
  return number.toLocaleString('en')
}

/** '0.220 – 0.273'. */
export function range(interval: Interval | undefined, format: (value: number) => string = digits): string {
  return interval === undefined ? '' : `${format(interval[0])} – ${format(interval[1])}`
}

/** A day and minute in UTC. */
export function day(iso: string): string {
  return iso.slice(0, 16).replace('T', ' ')
}

/** '2 tasks', '1 task'. */
export function plural(number: number, thing: string): string {
  return `${count(number)} ${thing}${number === 1 ? '' : 's'}`
}

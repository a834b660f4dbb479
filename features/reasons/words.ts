// Reasons in words: "3 × cart in 7 days: +12 points". What is said is read from what was encoded, by the windows
// that the model sees.
import type { Attributes } from '../attributes.ts'
import { countedKinds } from '../counted.ts'
import { originsOf, visibleHistory } from '../encode.ts'
import type { EncodeRequest } from '../encode.ts'
import type { Event } from '../event.ts'
import type { Head } from '../heads/head.ts'
import type { Features } from '../manifest.ts'
import { DAY_MS } from '../project.ts'
import type { ReasonPart } from './parts.ts'

/** What parts are called for one request. */
export interface Teller {
  /** What is known of a part: 'plan is pro', '3 × cart in 7 days', 'view of i-7 2 hours ago'. */
  fact(part: ReasonPart): string
  /** The event that a part stands for, if it does. */
  event(part: ReasonPart): Event | undefined
}

export function createTeller(features: Features, request: EncodeRequest): Teller {
  const { atMs } = request
  const history = visibleHistory(request.history, { atMs })
  const origins: Readonly<Record<string, Attributes>> = originsOf(request, history)
  const eventOf = ({ eventRank }: ReasonPart): Event | undefined =>
    eventRank === undefined ? undefined : history.at(-eventRank)

  return {
    event: eventOf,
    fact(part) {
      const event = eventOf(part)
      if (event !== undefined) return eventWords(event, atMs)
      if (part.name === 'earlier') return 'what was done before'
      if (part.name === 'recent') return `the latest of all: ${latestTypes(history).join(', ') || 'nothing'}`
      const dot = part.name.indexOf('.')
      const [origin, name] = [part.name.slice(0, dot), part.name.slice(dot + 1)]
      if (origin === 'history') return historyWords(name, { features, history, atMs })
      const value = origins[origin]?.[name]
      const whose = origin === 'item' ? ' of the latest item' : ''
      if (value === null || value === undefined) return `${name}${whose} is unknown`
      const vector = features.vectors.find((one) => one.origin === origin && one.name === name)
      const said = vector === undefined ? cut(value) : `a vector of ${vector.length} numbers`
      return `${name}${whose} is ${said}`
    },
  }
}

/** By how much, in the unit of the answer: '+12 points' of a probability, '+3.2' of an amount. */
export function amountWords(head: Head, contribution: number): string {
  if (head.kind === 'amount') return signed(contribution)
  return `${signed(contribution * 100)} points`
}

interface Told {
  readonly features: Features
  readonly history: readonly Event[]
  readonly atMs: number
}

function historyWords(name: string, { features, history, atMs }: Told): string {
  const first = history[0]
  if (name === 'calendar') return 'the hour and the day of the week'
  if (name === 'age' && !features.eventTypes.includes('age')) {
    return first === undefined
      ? 'nothing done yet'
      : `first seen ${durationWords(atMs - first.occurredAt)} ago`
  }
  const own = name === 'any' ? history : history.filter(({ type }) => type === name)
  const called = name === 'any' ? 'events' : name
  const last = own.at(-1)
  if (last === undefined) return `no ${called} so far`
  const agoMs = atMs - last.occurredAt
  const windowMs = features.windowsMs.find((ms) => agoMs <= ms)
  if (windowMs === undefined)
    return `${countOf(own, features)} × ${called}, the last ${durationWords(agoMs)} ago`
  const within = own.filter((event) => atMs - event.occurredAt <= windowMs)
  return `${countOf(within, features)} × ${called} in ${durationWords(windowMs)}`
}

/** Counted as the features count: by moments or by lines. */
function countOf(events: readonly Event[], { counted }: Features): number {
  const { keyOf } = countedKinds[counted[0]]
  return new Set(events.map((event, place) => keyOf(event, place))).size
}

function eventWords({ type, itemId, occurredAt }: Event, atMs: number): string {
  return `${type}${itemId === undefined ? '' : ` of ${cut(itemId)}`} ${durationWords(atMs - occurredAt)} ago`
}

function latestTypes(history: readonly Event[]): string[] {
  return history
    .slice(-3)
    .map(({ type }) => type)
    .toReversed()
}

const UNITS = [
  { name: 'day', ms: DAY_MS },
  { name: 'hour', ms: 3_600_000 },
  { name: 'minute', ms: 60_000 },
  { name: 'second', ms: 1_000 },
]

/** In whole units of the greatest that fits twice: '7 days', '36 hours'. */
function durationWords(ms: number): string {
  const unit = UNITS.find((candidate) => ms >= 2 * candidate.ms) ?? UNITS.at(-1)
  const count = Math.round(ms / (unit?.ms ?? 1_000))
  return `${count} ${unit?.name ?? 'second'}${count === 1 ? '' : 's'}`
}

const TEXT_MAX = 60

function cut(value: string | number): string {
  const text = String(value)
  return text.length > TEXT_MAX ? `${text.slice(0, TEXT_MAX - 1)}…` : text
}

function signed(number: number): string {
  const rounded = Math.abs(number) >= 10 ? number.toFixed(0) : number.toFixed(1)
  if (Number(rounded) === 0) return '0'
  return number > 0 ? `+${rounded}` : rounded.replace('-', '−')
}

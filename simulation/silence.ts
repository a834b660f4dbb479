// What becomes of a silence, by formula. While no event comes, what a user does hangs on their attributes
// alone, and these change by hazards that stand still: a Markov chain of a few states, left at the rate of
// events. Where behaviour drifts on the way, one chain follows on another.
import type { Attributes } from '../features/attributes.ts'
import { DAY_MS } from '../features/project.ts'
import type { Law } from './law.ts'
import { exponential, rowTimes, solveRow } from './matrix.ts'
import type { Matrix } from './matrix.ts'
import { outlookAt } from './outlook.ts'
import type { Outlook } from './outlook.ts'
import type { Walk } from './walk.ts'

export interface SilenceEnd {
  /** The probability that no event comes within the time. */
  readonly silence: number
  /** The probabilities that one does, by its type in declared order; with the silence they sum to 1. */
  readonly types: Float64Array
}

/** Looks ahead from where the walk stands, so far as that; Infinity is allowed. */
export function endOfSilence(law: Law, walk: Walk, withinMs: number): SilenceEnd {
  const states = reachable(law, walk)
  const flows = states.map((state) => flowsFrom(law, { walk, state, states }))
  const types = new Float64Array(Object.keys(law.simulator.project.events).length)
  let silence = 0
  for (const way of ['visit', 'away'] as const) {
    let chances = states.map((_, index) => (index === 0 ? walk.outlook()[way].weight : 0))
    for (const { fromMs, lengthMs } of stretches(law, walk.nowMs, withinMs)) {
      const ways = states.map((state) => outlookOf(law, { walk, state, atMs: fromMs })[way])
      const loss = flows.map((row, i) =>
        row.map((rate, j) => (i === j ? (ways[i]?.rate ?? 0) * DAY_MS : 0) - rate),
      )
      const left = lengthMs === Infinity ? chances.map(() => 0) : remaining(chances, loss, lengthMs)
      // Days spent in each state before an event comes or the stretch ends.
      const spent = solveRow(
        loss,
        chances.map((chance, index) => chance - (left[index] ?? 0)),
      )
      for (const [index, { rate, types: next }] of ways.entries()) {
        const events = (spent[index] ?? 0) * rate * DAY_MS
        for (const [type, probability] of next.entries())
          types[type] = (types[type] ?? 0) + events * probability
      }
      chances = left
    }
    silence += chances.reduce((sum, chance) => sum + chance, 0)
  }
  return { silence, types }
}

/** The time ahead, cut where behaviour drifts. */
function stretches(
  { driftMs }: Law,
  nowMs: number,
  withinMs: number,
): { readonly fromMs: number; readonly lengthMs: number }[] {
  const untilMs = nowMs + withinMs
  if (driftMs <= nowMs || driftMs >= untilMs) return [{ fromMs: nowMs, lengthMs: withinMs }]
  return [
    { fromMs: nowMs, lengthMs: driftMs - nowMs },
    { fromMs: driftMs, lengthMs: untilMs - driftMs },
  ]
}

function remaining(chances: readonly number[], loss: Matrix, lengthMs: number): number[] {
  const days = lengthMs / DAY_MS
  return rowTimes(chances, exponential(loss.map((row) => row.map((rate) => -rate * days))))
}

/** The attributes that a user may come to without an event; those of now are the first. */
function reachable(law: Law, { attributes, moment }: Walk): Attributes[] {
  const states = [attributes]
  for (const state of states) {
    for (const change of Object.values(law.changes)) {
      if (change.perDay(state, moment) === 0) continue
      for (const value of Object.keys(change.becomes)) {
        const next = { ...state, [change.attribute]: value }
        if (!states.some((other) => isSame(other, next))) states.push(next)
      }
    }
  }
  return states
}

function isSame(left: Attributes, right: Attributes): boolean {
  return Object.keys(left).every((name) => left[name] === right[name])
}

interface FlowRequest {
  readonly walk: Walk
  readonly state: Attributes
  readonly states: readonly Attributes[]
}

/** Changes a day from a state to each; to itself, what flows away, below zero. */
function flowsFrom(law: Law, { walk, state, states }: FlowRequest): number[] {
  const flows = states.map(() => 0)
  for (const change of Object.values(law.changes)) {
    const { attribute, becomes } = change
    const rate = change.perDay(state, walk.moment)
    const whole = Object.values(becomes).reduce((sum, weight) => sum + weight, 0)
    for (const [value, weight] of rate === 0 ? [] : Object.entries(becomes)) {
      const to = states.findIndex((other) => isSame(other, { ...state, [attribute]: value }))
      flows[to] = (flows[to] ?? 0) + (rate * weight) / whole
      const from = states.indexOf(state)
      flows[from] = (flows[from] ?? 0) - (rate * weight) / whole
    }
  }
  return flows
}

function outlookOf(
  law: Law,
  { walk, state, atMs }: { readonly walk: Walk; readonly state: Attributes; readonly atMs: number },
): Outlook {
  return outlookAt(law.simulator, { behaviour: law.behaviour(state, atMs), now: walk.moment })
}

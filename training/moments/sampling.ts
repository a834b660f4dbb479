// How densely the moments of a part are drawn, so that about as many come as are wanted.
import { DAY_MS } from '../../features/project.ts'
import type { Project } from '../../features/project.ts'
import { countUntil } from './census.ts'
import type { Census } from './census.ts'
import { expectedOf, rateFor } from './from-events.ts'
import type { Part } from './parts.ts'
import type { Sampling } from './plan.ts'
import { asksRows, looksAhead, sharesOf, shortestHorizonMs } from './sources.ts'

/** One user may give this share of the examples at most, or this many. */
const USER_SHARE_MAX = 0.01
const USER_MIN = 50
/** A nightly job asks once a day; in a part of a few days so often that each user is asked in it. */
const CLOCK_MOMENTS_MIN = 20

export interface SamplingRequest {
  readonly census: Census
  readonly part: Part
  readonly knownUntilMs: number
  /** Moments that look ahead, from events and the clock together. */
  readonly wanted: number
  readonly rowsWanted: number
}

/** The densities of a part, and how many moments with a known target are expected. */
export function planSampling(
  project: Project,
  request: SamplingRequest,
): { readonly sampling: Sampling; readonly expected: number } {
  const ahead = looksAhead(project) ? planAhead(project, request) : NOTHING
  const { census, part, rowsWanted } = request
  const inPart = (atMs: number | null): boolean => atMs !== null && atMs >= part.fromMs && atMs < part.untilMs
  const rows = asksRows(project) ? census.rows.filter(({ atMs }) => inPart(atMs)).length : 0
  const rowRate = Math.min(1, rowsWanted / Math.max(1, rows))
  const { expected, ...sampling } = ahead
  return { sampling: { ...sampling, rowRate }, expected: expected + rowRate * rows }
}

type Ahead = Omit<Sampling, 'rowRate'> & { readonly expected: number }
const NOTHING: Ahead = { eventRate: 0, eventsOfUserMax: 0, clockPerMs: 0, expected: 0 }

function planAhead(project: Project, { census, part, knownUntilMs, wanted }: SamplingRequest): Ahead {
  const { users, stride } = census
  const shares = sharesOf(project)
  const ofUserMax = Math.max(USER_MIN, USER_SHARE_MAX * wanted)
  const eventsOfUserMax = shares.events * ofUserMax
  // Later in the part no target is known.
  const lastMs = Math.min(part.untilMs - 1, knownUntilMs) - shortestHorizonMs(project)
  const counts = users.map(({ times }) =>
    Math.max(0, countUntil(times, lastMs) - countUntil(times, part.fromMs - 1)),
  )
  const eventsWanted = (shares.events * wanted) / stride
  const eventRate = shares.events === 0 ? 0 : rateFor(counts, { wanted: eventsWanted, eventsOfUserMax })
  const events = stride * expectedOf(counts, { eventRate, eventsOfUserMax })

  const lengthMs = Math.max(1, lastMs + 1 - part.fromMs)
  const exposureMs =
    stride *
    users.reduce((sum, { times }) => {
      return sum + Math.max(0, lastMs + 1 - Math.max(part.fromMs, times[0] ?? Infinity))
    }, 0)
  // Half and half: a log that gives few moments of the one kind gets as few of the other.
  const clockWanted = shares.events === 0 ? wanted : events
  const densityMax = Math.min(
    (shares.clock * ofUserMax) / lengthMs,
    shares.events === 0 ? Math.max(1 / DAY_MS, CLOCK_MOMENTS_MIN / lengthMs) : Infinity,
  )
  const clockPerMs =
    shares.clock === 0 || exposureMs === 0 ? 0 : Math.min(clockWanted / exposureMs, densityMax)
  return { eventRate, eventsOfUserMax, clockPerMs, expected: events + clockPerMs * exposureMs }
}

// Two arms of which one answers more from day to day, compared on the same mix of days: else a day on which all was
// harder, and the challenger had more of the answers, would speak against it (Simpson's paradox). Of the champion each
// day weighs what it weighs for the challenger (post-stratification; Cochran, "Sampling Techniques", 1977, 5A.9).
import { plusFigures, scaleFigures } from '../live-figures.ts'
import type { Figures } from '../live-figures.ts'
import type { ArmFigures, Traffic } from './guardrail.ts'

/** What is known of an arm by day. */
export interface ArmDays {
  readonly traffic: ReadonlyMap<number, Traffic>
  /** By task. */
  readonly figures: Readonly<Record<string, ReadonlyMap<number, Figures>>>
}

export interface Arms<Arm> {
  readonly champion: Arm
  readonly challenger: Arm
}

const NO_TRAFFIC: Traffic = { requests: 0, failures: 0, latencyMs: 0, latencyMsSquared: 0 }

/**
 * Both arms over the challenger's days. Of outcomes only days count of which some are known of both; of traffic all of
 * the champion's stand in for days on which nobody asked it: a challenger that answers everybody may fail too.
 */
export function onSameDays({ champion, challenger }: Arms<ArmDays>): Arms<ArmFigures> {
  const tasks = Object.keys(challenger.figures).flatMap((task) => {
    const days = figuresOnSameDays(champion.figures[task], challenger.figures[task])
    return days === undefined ? [] : [[task, days] as const]
  })
  const of = (arm: keyof Arms<unknown>): Readonly<Record<string, Figures>> =>
    Object.fromEntries(tasks.map(([task, days]) => [task, days[arm]]))
  return {
    champion: { ...trafficOnDaysOf(challenger.traffic, champion.traffic), figures: of('champion') },
    challenger: { ...sumOf([...challenger.traffic.values()]), figures: of('challenger') },
  }
}

/** Undefined where there is no day of which outcomes of both are known. */
function figuresOnSameDays(
  champion: ReadonlyMap<number, Figures> = new Map(),
  challenger: ReadonlyMap<number, Figures> = new Map(),
): Arms<Figures> | undefined {
  let sums: Arms<Figures> | undefined
  for (const [day, now] of challenger) {
    const before = champion.get(day)
    if (before === undefined || before.loss.weight === 0 || now.loss.weight === 0) continue
    const alike = scaleFigures(before, now.loss.weight / before.loss.weight)
    sums = {
      champion: plusFigures(sums?.champion, alike),
      challenger: plusFigures(sums?.challenger, now),
    }
  }
  return sums
}

/** As many requests as tell as much as the mean over another arm's days does, with its rates. */
function trafficOnDaysOf(other: ReadonlyMap<number, Traffic>, own: ReadonlyMap<number, Traffic>): Traffic {
  const strata = new Map<Traffic, number>()
  const all = sumOf([...own.values()])
  for (const [day, { requests }] of other) {
    const ofDay = own.get(day)
    const stratum = ofDay === undefined || ofDay.requests === 0 ? all : ofDay
    strata.set(stratum, (strata.get(stratum) ?? 0) + requests)
  }
  const total = [...strata.values()].reduce((sum, count) => sum + count, 0)
  if (total === 0 || all.requests === 0) return all
  const mean = { failures: 0, latencyMs: 0, latencyMsSquared: 0 }
  let variance = 0
  for (const [stratum, count] of strata) {
    const share = count / total
    for (const name of ['failures', 'latencyMs', 'latencyMsSquared'] as const)
      mean[name] += (share * stratum[name]) / stratum.requests
    variance += share ** 2 / stratum.requests
  }
  const requests = 1 / variance
  return {
    requests,
    failures: requests * mean.failures,
    latencyMs: requests * mean.latencyMs,
    latencyMsSquared: requests * mean.latencyMsSquared,
  }
}

function sumOf(days: readonly Traffic[]): Traffic {
  return days.reduce(
    (sum, day) => ({
      requests: sum.requests + day.requests,
      failures: sum.failures + day.failures,
      latencyMs: sum.latencyMs + day.latencyMs,
      latencyMsSquared: sum.latencyMsSquared + day.latencyMsSquared,
    }),
    NO_TRAFFIC,
  )
}

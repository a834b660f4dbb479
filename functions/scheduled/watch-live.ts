// Whether the champion answers worse than its card says, by more than chance, at any look: by stretches of days
// since it answers, each with its share of the chance of a false alarm, so that a model that becomes worse late is
// seen as soon as one that was bad from the start. Of users, not of answers.
import { plusFigures, userMeanOf } from '../../features/live-figures.ts'
import type { Figures } from '../../features/live-figures.ts'
import { confidenceSequence } from '../../features/statistics/confidence-sequence.ts'
import { endAlarm, ringAlarmOf } from '../db/alarms.ts'
import { connect } from '../db/client.ts'
import { readBundle, readRoles } from '../db/deployments.ts'
import { readLive } from '../db/outcomes.ts'
import { dayOf } from '../db/predictions.ts'
import { cardLosses } from '../questions/card-losses.ts'
import type { LoopSources } from './settle-outcomes.ts'

const ALPHA = 0.05
const STRETCH_DAYS = 14
/** Of the card's loss: so much worse is borne. */
const LIMIT = 0.02

/** Gives what it did, in words. */
export async function watchLive({ binding, nowMs }: LoopSources): Promise<string> {
  const db = connect(binding)
  const { champion } = await readRoles(db)
  if (champion === undefined) return 'no champion answers'
  const { bundleId, fromAt } = champion
  const losses = cardLosses((await readBundle(db, bundleId))?.card ?? '')
  const fromDay = dayOf(fromAt)
  const stretches = new Map<string, { task: string; number: number; figures: Figures }>()
  for (const { role, task, day, figures } of await readLive(db, { bundleId, fromDay })) {
    if (role !== 'champion') continue
    const number = 1 + Math.floor((day - fromDay) / STRETCH_DAYS)
    const key = `${number} ${task}`
    stretches.set(key, { task, number, figures: plusFigures(stretches.get(key)?.figures, figures) })
  }
  const tasks = Math.max(1, losses.size)
  const worse = [...stretches.values()].flatMap(({ task, number, figures }) => {
    const said = losses.get(task)
    const known = userMeanOf(figures, 'loss')
    if (said === undefined || known === undefined) return []
    // 1/2 + 1/6 + 1/12 + … = 1.
    const alpha = ALPHA / (tasks * number * (number + 1))
    const { mean: difference, variance, effective: count } = known
    const { low } = confidenceSequence({ difference, variance, count }, { alpha, tunedFor: 500 })
    if (!(low > (1 + LIMIT) * said)) return []
    return [
      {
        task,
        number,
        words: `${task}: ${difference.toFixed(4)} (at least ${low.toFixed(4)}) where the card says ${said.toFixed(4)}`,
      },
    ]
  })
  const latest = Math.max(0, ...[...stretches.values()].map(({ number }) => number))
  // What was worse long ago and is well again does not ring for ever.
  const now = worse.filter(({ number }) => number >= latest - 1)
  if (now.length === 0) {
    await endAlarm(db, { kind: 'live', nowMs })
    return `the champion answers ${stretches.size === 0 ? 'as nobody knows yet' : 'as its card says'}`
  }
  const detail = `loss of ${now.map(({ words }) => words).join('; ')}`
  await ringAlarmOf(db, { alarm: { kind: 'live', at: nowMs, detail }, answersSince: fromAt })
  return detail
}

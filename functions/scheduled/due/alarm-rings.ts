// An alarm that began to ring after the last training that did not fail: one of before was answered by it.
import type { AlarmKind } from '../../../features/alarms.ts'
import type { DueRule } from './rule.ts'

export function alarmRings(kind: AlarmKind): DueRule {
  return ({ facts: { alarms, learned } }) => {
    const alarm = alarms.find((ringing) => ringing.kind === kind)
    if (alarm === undefined) return { isDue: false, why: `no alarm of ${kind}` }
    const isNew = alarm.at > (learned?.claimedAt ?? 0)
    const words = `the alarm of ${kind} rings: ${alarm.detail}`
    return {
      isDue: isNew,
      why: isNew ? words : `the alarm of ${kind} was answered by training ${learned?.id}`,
    }
  }
}

// The rules by name: any of them may call for a training. One more is a file and a line.
import { aftermath } from './aftermath.ts'
import { age } from './age.ts'
import { alarmRings } from './alarm-rings.ts'
import { enoughNew } from './enough-new.ts'
import type { DueRule } from './rule.ts'

export const dueRules: Readonly<Record<string, DueRule>> = {
  events: enoughNew('events', { countMin: 1_000, shareMin: 0.1 }),
  labels: enoughNew('labels', { countMin: 100, shareMin: 0.1 }),
  age: age({ daysMax: 7 }),
  live: alarmRings('live'),
  drift: alarmRings('drift'),
  aftermath: aftermath({ daysMin: 1 }),
}

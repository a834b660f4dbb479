// Tells a URL of the user's which alarms ring and which ended, signed. What it does not take is told again at the
// next turn of the clock; meanwhile the alarm `webhook` rings, which /readyz shows.
import { endAlarm, noteToldAlarm, readUntoldAlarms, ringAlarm } from '../db/alarms.ts'
import type { UntoldAlarm } from '../db/alarms.ts'
import { connect } from '../db/client.ts'
import { fail } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'
import { post } from './post.ts'
import { sign } from './sign.ts'

export interface AlarmVariables {
  /** Where alarms are told; nowhere where absent. */
  readonly ALARM_URL?: string | undefined
  /** A secret: what is told is signed with it. */
  readonly ALARM_SECRET?: string | undefined
}

export interface TellRequest {
  readonly project: { readonly name: string }
  readonly binding: D1Database
  readonly variables: AlarmVariables
  readonly nowMs: number
}

/** In one turn of the clock. */
const TOLD_MAX = 20

/** Gives what it did, in words. */
export async function tellAlarms({ project, binding, variables, nowMs }: TellRequest): Promise<string> {
  const db = connect(binding)
  if (variables.ALARM_URL === undefined) return 'alarms are told nowhere: ALARM_URL is not set'
  const alarms = await readUntoldAlarms(db, TOLD_MAX)
  if (alarms.length === 0) return 'no alarm is to be told'
  for (const alarm of alarms) {
    const told = await tellOne(alarm, { project: project.name, variables, nowMs })
    if (!told.ok) {
      await ringAlarm(db, { kind: 'webhook', at: nowMs, detail: told.reason })
      return `alarm ${alarm.id} could not be told: ${told.reason}`
    }
    await noteToldAlarm(db, { alarm, nowMs })
  }
  await endAlarm(db, { kind: 'webhook', nowMs })
  return `told ${alarms.length} changes of alarms`
}

interface Told {
  readonly project: string
  readonly variables: AlarmVariables
  readonly nowMs: number
}

async function tellOne(
  { id, kind, at, detail, untilAt }: UntoldAlarm,
  { project, variables: { ALARM_URL: url = '', ALARM_SECRET: secret = '' }, nowMs }: Told,
): Promise<Result<string, string>> {
  if (secret === '') return fail('ALARM_URL is set, but the secret ALARM_SECRET is not')
  const state = untilAt === null ? 'ringing' : 'ended'
  const text = JSON.stringify({
    // The same where it is told twice.
    id: `${id}-${state}`,
    project,
    alarm: kind,
    state,
    at: new Date(untilAt ?? at).toISOString(),
    detail,
  })
  const timestamp = String(Math.floor(nowMs / 1_000))
  const signature = await sign(text, { timestamp, secret })
  const headers = { 'presage-timestamp': timestamp, 'presage-signature': signature }
  return post({ url, headers, text })
}

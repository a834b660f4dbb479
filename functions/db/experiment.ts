// What the users of an experiment did since they were first answered, and in their own past.
import { attemptRead } from './client.ts'
import type { Database } from './client.ts'

/** A call to D1 takes so many users. */
const USERS_PER_CALL = 2_000

export interface DoneQuery {
  /** By user, when they were answered first. */
  readonly firstAt: ReadonlyMap<string, number>
  readonly type: string
  /** How many events there are, or the sum of their values. */
  readonly measure: 'count' | 'value'
  readonly untilMs: number
  /** The past: from here … */
  readonly pastFromMs: number
  /** … up to here, before which nobody was in the experiment. */
  readonly pastUntilMs: number
}

export interface Done {
  readonly userId: string
  readonly outcome: number
  readonly past: number
}

/** One row a user. */
export async function readDone(db: Database, query: DoneQuery): Promise<readonly Done[]> {
  const { firstAt, type, measure, untilMs, pastFromMs, pastUntilMs } = query
  const users = [...firstAt]
  const amount = measure === 'count' ? 'count(*)' : 'coalesce(sum(events.value), 0)'
  const sql = `select asked.value ->> 0 as user_id,
      (select ${amount} from events where user_id = asked.value ->> 0 and type = ?2
        and occurred_at > asked.value ->> 1 and occurred_at <= ?3) as outcome,
      (select ${amount} from events where user_id = asked.value ->> 0 and type = ?2
        and occurred_at > ?4 and occurred_at <= ?5) as past
    from json_each(?1) as asked`
  const done: Done[] = []
  for (let from = 0; from < users.length; from += USERS_PER_CALL) {
    const part = JSON.stringify(users.slice(from, from + USERS_PER_CALL))
    const rows = await attemptRead('what users did', () =>
      db.$client
        .prepare(sql)
        .bind(part, type, untilMs, pastFromMs, pastUntilMs)
        .raw<[userId: string, outcome: number, past: number]>(),
    )
    done.push(...rows.map(([userId, outcome, past]) => ({ userId, outcome, past })))
  }
  return done
}

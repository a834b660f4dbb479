// The moments at which one user is asked: from all sources, in order of time. Each user and source has a
// random stream of its own, by the user's place in the data: every pass chooses the same moments, and how
// ids are spelt moves nothing.
import type { Event } from '../../features/event.ts'
import type { Project } from '../../features/project.ts'
import { createRandom } from '../../features/random.ts'
import type { DataSet, UserRecord } from '../data/data-set.ts'
import { silent } from '../monitor.ts'
import type { Monitor } from '../monitor.ts'
import { countUntil } from './census.ts'
import { momentsFromClock } from './from-clock.ts'
import { momentsFromEvents } from './from-events.ts'
import { momentsFromNights } from './from-nights.ts'
import { momentsFromRows } from './from-rows.ts'
import { heardTimes } from './history-window.ts'
import type { Moment } from './moment.ts'
import { partNames } from './parts.ts'
import type { MomentPlan } from './plan.ts'
import { asksRows, looksAhead } from './sources.ts'

export interface UserMoments {
  readonly user: UserRecord
  /** In order of time. */
  readonly moments: readonly Moment[]
  /** When something new was heard of the user, from the start of the parts on. */
  readonly heard: Float64Array
  /** Whether nothing may be learned of this user. */
  readonly isHeldOut: boolean
}

interface MomentsRequest {
  readonly project: Project
  readonly plan: MomentPlan
}

/** The moments of one user, who has this place among all users. */
export function momentsOf(
  user: UserRecord,
  { project, plan, place }: MomentsRequest & { readonly place: number },
): UserMoments {
  const random = createRandom(plan.seed).fork(`moments/${place}`)
  const heard = heardFromStart(user.events, plan)
  const isHeldOut = plan.heldOut?.has(place) === true
  // Not by arguments of a call: one user may have more rows than a call takes.
  const all: readonly Moment[] = [
    ...(looksAhead(project) && project.asked !== 'daily'
      ? momentsFromEvents(heard, { plan, random: random.fork('events') })
      : []),
    ...(looksAhead(project) && project.asked !== 'afterEvents'
      ? momentsFromClock(heard[0] ?? Infinity, { plan, random: random.fork('clock') })
      : []),
    ...(asksRows(project) ? momentsFromRows(user.questions, { plan, random: random.fork('rows') }) : []),
  ]
  const moments =
    plan.nights === undefined
      ? all
      : [
          ...all.filter(({ part, from }) => part !== 'test' || from === 'row'),
          ...momentsFromNights(heard[0] ?? Infinity, plan.nights),
        ]
  const asked =
    plan.heldOut === undefined ? moments : moments.filter(({ part }) => (part === 'test') === isHeldOut)
  return { user, heard, isHeldOut, moments: asked.toSorted((left, right) => left.atMs - right.atMs) }
}

/** Strays before the start of the parts count nowhere. */
function heardFromStart(events: readonly Event[], { parts }: MomentPlan): Float64Array {
  const heard = heardTimes(events)
  const startMs = partNames.reduce((least, name) => Math.min(least, parts[name]?.fromMs ?? least), Infinity)
  return heard.subarray(countUntil(heard, startMs - 1))
}

/** All users with their moments, each user told of once it is done with. */
export async function* usersWithMoments(
  request: MomentsRequest & {
    readonly data: DataSet
    readonly label: string
    readonly monitor?: Monitor | undefined
  },
): AsyncGenerator<UserMoments> {
  const { project, plan, data, label, monitor = silent } = request
  const work = monitor.track({ label, total: data.userCount, unit: 'users' })
  let place = 0
  for await (const user of data.users()) {
    yield momentsOf(user, { project, plan, place })
    place += 1
    work.advance(1)
  }
  work.done()
}

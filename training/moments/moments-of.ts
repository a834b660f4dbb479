// The moments at which one user is asked: from all sources, in order of time.
import type { Project } from '../../features/project.ts'
import type { DataSet, UserRecord } from '../data/data-set.ts'
import { silent } from '../monitor.ts'
import type { Monitor } from '../monitor.ts'
import type { Moment } from './moment.ts'
import type { MomentPlan } from './plan.ts'

export interface UserMoments {
  readonly user: UserRecord
  /** In order of time. */
  readonly moments: readonly Moment[]
}

/** All users with their moments, each user told of once it is done with. */
export async function* usersWithMoments(request: {
  readonly project: Project
  readonly data: DataSet
  readonly plan: MomentPlan
  readonly label: string
  readonly monitor?: Monitor | undefined
}): AsyncGenerator<UserMoments> {
  const { data, label, monitor = silent } = request
  const work = monitor.track({ label, total: data.userCount, unit: 'users' })
  for await (const user of data.users()) {
    yield { user, moments: [] }
    work.advance(1)
  }
  work.done()
}

// What encode needs to know of the data, learned from the train part of a plan alone: from what was heard
// before the part ends, and from samples over all its moments and values, whatever the order of the users.
import type { CountedList } from '../../features/counted.ts'
import type { Features } from '../../features/manifest.ts'
import type { Project } from '../../features/project.ts'
import { createRandom } from '../../features/random.ts'
import type { DataSet } from '../data/data-set.ts'
import { createHistoryWindow, heardMs } from '../moments/history-window.ts'
import { usersWithMoments } from '../moments/moments-of.ts'
import type { MomentPlan } from '../moments/plan.ts'
import type { Monitor } from '../monitor.ts'
import { chooseWindows } from './choose-windows.ts'
import { createFeatureLearner } from './feature-learner.ts'

export interface LearnRequest {
  readonly project: Project
  readonly data: DataSet
  readonly plan: MomentPlan
  /** What is counted in histories; chosen by the log where absent. */
  readonly counted?: CountedList | undefined
  readonly monitor?: Monitor | undefined
}

/** One pass over the data. */
export async function learnFeatures(request: LearnRequest): Promise<Features> {
  const { project, data, plan, counted } = request
  // Rows without a time have no events either.
  const untilMs = plan.parts.train?.untilMs ?? Infinity
  const random = createRandom(plan.seed).fork('features')
  // The span is that of the whole log, so that a final fit sees what its rehearsal saw.
  const windowsMs = chooseWindows({ tasks: project.tasks, spanMs: plan.spanMs })
  const learner = createFeatureLearner(project, {
    items: data.items,
    windowsMs,
    counted,
    untilMs,
    random,
  })
  for await (const { user, moments, isHeldOut } of usersWithMoments({
    ...request,
    label: 'learning features',
  })) {
    if (isHeldOut) continue
    const events = user.events.filter((event) => heardMs(event) < untilMs)
    const asked = moments.filter(({ part }) => part === 'train')
    if (events.length === 0 && asked.length === 0) continue
    learner.seeUser({ versions: user.versions, events })
    const window = createHistoryWindow(events)
    for (const { atMs } of asked) learner.seeMoment(atMs, () => window.at(atMs))
  }
  return learner.learn()
}

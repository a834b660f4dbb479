// Examples from a log: the log is replayed user by user, three times. The first pass counts the moments
// there are; the second learns what encode needs, from the train part; the third encodes each user at
// the chosen past moments and looks ahead for the targets. Only one user's history is in memory at a
// time.
import { createEncoder, inputSpecs } from '../../features/encode.ts'
import type { Features } from '../../features/manifest.ts'
import { longestHorizonMs } from '../../features/project.ts'
import type { Project } from '../../features/project.ts'
import { createRandom } from '../../features/random.ts'
import { target } from '../../features/target.ts'
import type { EventData, UserHistory } from '../data/data-set.ts'
import { silent } from '../monitor.ts'
import type { Monitor } from '../monitor.ts'
import { chooseCutoffs, partAt } from './cutoffs.ts'
import type { Cutoff } from './cutoffs.ts'
import { createExampleCollector } from './example-set.ts'
import type { ExampleSet } from './example-set.ts'
import { createFeatureLearner } from './learn-features.ts'
import { partNames } from './parts.ts'
import type { PartName, Parts } from './parts.ts'

export interface ReplayRequest {
  readonly project: Project
  readonly data: EventData
  readonly parts: Parts
  readonly seed: number
  /** How many examples to make of each part, about. */
  readonly examplesMax: Readonly<Record<PartName, number>>
  readonly monitor?: Monitor
}

export interface Replay {
  readonly features: Features
  readonly examples: Readonly<Record<PartName, ExampleSet>>
}

/** Learns features and makes the examples of every part. */
export async function replayLog(request: ReplayRequest): Promise<Replay> {
  const rates = await countCandidates(request)
  const features = await learnFeatures(request, rates)
  return { features, examples: await encodeExamples(request, { rates, features }) }
}

type Rates = Readonly<Record<PartName, number>>

/** With which probability a candidate is taken, so that no part has more examples than wanted. */
async function countCandidates(request: ReplayRequest): Promise<Rates> {
  const { parts, examplesMax } = request
  const counts = { train: 0, validation: 0, test: 0 }
  for await (const user of usersOf(request, 'counting')) {
    for (const event of user.events) {
      const part = partAt(parts, event.occurredAt)
      if (part !== undefined) counts[part] += 1
    }
  }
  return {
    train: Math.min(1, examplesMax.train / counts.train),
    validation: Math.min(1, examplesMax.validation / counts.validation),
    test: Math.min(1, examplesMax.test / counts.test),
  }
}

async function learnFeatures(request: ReplayRequest, rates: Rates): Promise<Features> {
  const { project, data, parts, seed } = request
  const learner = createFeatureLearner(project, data.items)
  for await (const user of usersOf(request, 'learning features')) {
    const past = user.events.filter((event) => event.occurredAt < parts.train.untilMs)
    if (past.length > 0) learner.seeUser(user.attributes, past)
    for (const cutoff of cutoffsOf(user, { project, parts, rates, seed })) {
      if (cutoff.part === 'train') learner.seeMoment(past, cutoff.atMs)
    }
  }
  return learner.learn()
}

async function encodeExamples(
  request: ReplayRequest,
  { rates, features }: { readonly rates: Rates; readonly features: Features },
): Promise<Record<PartName, ExampleSet>> {
  const { project, data, parts, seed } = request
  const encode = createEncoder(features)
  const tasks = Object.entries(project.tasks)
  const newCollector = () => createExampleCollector(inputSpecs(features), Object.keys(project.tasks))
  const collectors = { train: newCollector(), validation: newCollector(), test: newCollector() }
  for await (const { userId, attributes, events } of usersOf(request, 'encoding')) {
    for (const { part, atMs } of cutoffsOf({ userId, events }, { project, parts, rates, seed })) {
      const knownUntilMs = parts[part].untilMs - 1
      const targets = Object.fromEntries(
        tasks.map(([name, task]) => [name, target(project, task, { at: atMs, events, knownUntilMs })]),
      )
      if (Object.values(targets).every((known) => known === null)) continue
      const encoded = encode({ history: events, attributes, items: data.items, at: atMs })
      collectors[part].add({ encoded, targets, userId, atMs })
    }
  }
  return Object.fromEntries(partNames.map((name) => [name, collectors[name].finish()])) as Record<
    PartName,
    ExampleSet
  >
}

/** All users, each told of once it is done with. */
async function* usersOf(
  { data, monitor = silent }: ReplayRequest,
  label: string,
): AsyncGenerator<UserHistory> {
  const work = monitor.track({ label, total: data.userCount, unit: 'users' })
  for await (const user of data.users()) {
    yield user
    work.advance(1)
  }
  work.done()
}

function cutoffsOf(
  { userId, events }: Pick<UserHistory, 'userId' | 'events'>,
  { project, parts, rates, seed }: { project: Project; parts: Parts; rates: Rates; seed: number },
): Cutoff[] {
  const random = createRandom(seed).fork(`cutoffs/${userId}`)
  return chooseCutoffs({
    events,
    parts,
    rates,
    asked: project.asked,
    longestHorizonMs: longestHorizonMs(project),
    random,
  })
}

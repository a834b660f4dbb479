// Examples from a log: the log is replayed user by user, twice. The first pass learns what encode
// needs, from the train part; the second encodes each user at the chosen past moments and looks ahead
// for the targets. Only one user's history is in memory at a time.
import { createEncoder, inputSpecs } from '../../features/encode.ts'
import type { Features } from '../../features/manifest.ts'
import { longestHorizonMs } from '../../features/project.ts'
import type { Project } from '../../features/project.ts'
import { createRandom } from '../../features/random.ts'
import { target } from '../../features/target.ts'
import type { EventData, UserHistory } from '../data/data-set.ts'
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
  /** Told after each user, in both passes, how many users are done of twice their number. */
  readonly onProgress?: (usersDone: number) => void
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
async function countCandidates({ data, parts, examplesMax }: ReplayRequest): Promise<Rates> {
  const counts = { train: 0, validation: 0, test: 0 }
  for await (const user of data.users()) {
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

async function learnFeatures(
  { project, data, parts, ...request }: ReplayRequest,
  rates: Rates,
): Promise<Features> {
  const learner = createFeatureLearner(project, data.items)
  let usersDone = 0
  for await (const user of data.users()) {
    const past = user.events.filter((event) => event.occurredAt < parts.train.untilMs)
    if (past.length > 0) learner.seeUser(user.attributes, past)
    for (const cutoff of cutoffsOf(user, { project, parts, rates, seed: request.seed })) {
      if (cutoff.part === 'train') learner.seeMoment(past, cutoff.atMs)
    }
    usersDone += 1
    request.onProgress?.(usersDone)
  }
  return learner.learn()
}

async function encodeExamples(
  { project, data, parts, ...request }: ReplayRequest,
  { rates, features }: { readonly rates: Rates; readonly features: Features },
): Promise<Record<PartName, ExampleSet>> {
  const encode = createEncoder(features)
  const tasks = Object.entries(project.tasks)
  const newCollector = () => createExampleCollector(inputSpecs(features), Object.keys(project.tasks))
  const collectors = { train: newCollector(), validation: newCollector(), test: newCollector() }
  let usersDone = data.userCount
  for await (const { userId, attributes, events } of data.users()) {
    for (const { part, atMs } of cutoffsOf(
      { userId, events },
      { project, parts, rates, seed: request.seed },
    )) {
      const knownUntilMs = parts[part].untilMs - 1
      const targets = Object.fromEntries(
        tasks.map(([name, task]) => [name, target(project, task, { at: atMs, events, knownUntilMs })]),
      )
      if (Object.values(targets).every((known) => known === null)) continue
      const encoded = encode({ history: events, attributes, items: data.items, at: atMs })
      collectors[part].add({ encoded, targets, userId, atMs })
    }
    usersDone += 1
    request.onProgress?.(usersDone)
  }
  return Object.fromEntries(partNames.map((name) => [name, collectors[name].finish()])) as Record<
    PartName,
    ExampleSet
  >
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

// From moments to examples: each user is encoded at the chosen moments, and what came after them gives the
// targets. Only one user's history is in memory at a time.
import { createEncoder, inputSpecs } from '../../features/encode.ts'
import type { Event } from '../../features/event.ts'
import type { Features } from '../../features/manifest.ts'
import type { Project } from '../../features/project.ts'
import { createRandom } from '../../features/random.ts'
import { classesOf, target } from '../../features/target.ts'
import type { DataSet } from '../data/data-set.ts'
import { createHistoryWindow } from '../moments/history-window.ts'
import type { Moment } from '../moments/moment.ts'
import { usersWithMoments } from '../moments/moments-of.ts'
import type { PartName } from '../moments/parts.ts'
import type { MomentPlan } from '../moments/plan.ts'
import type { Monitor } from '../monitor.ts'
import { createHistoryWindows } from './history-windows.ts'
import { createExampleCollector } from './example-set.ts'
import type { ExampleSet } from './example-set.ts'

/** By task, the known targets right after the first events of users. */
export type Newcomers = Readonly<Record<string, Float32Array>>

export interface EncodeMomentsRequest {
  readonly project: Project
  readonly data: DataSet
  /** Learned from the train part, or taken from a manifest. */
  readonly features: Features
  readonly plan: MomentPlan
  readonly monitor?: Monitor | undefined
}

export interface EncodedParts {
  readonly examples: Readonly<Record<PartName, ExampleSet>>
  /** Of the users whose first event lies in the train part. */
  readonly newcomers: Newcomers
  /** Windows of what all users did in the train part. */
  readonly histories: ExampleSet
}

/** The examples of one part: of any moments, with any features. */
export async function encodeMoments(
  request: EncodeMomentsRequest & { readonly part: PartName },
): Promise<ExampleSet> {
  const { examples } = await encodeParts({ ...request, parts: [request.part] })
  return examples[request.part]
}

/** The examples of these parts, by one pass over the data; of the others none. */
export async function encodeParts(
  request: EncodeMomentsRequest & { readonly parts: readonly PartName[] },
): Promise<EncodedParts> {
  const { project, data, features, plan, parts } = request
  const encode = createEncoder(features)
  const targetsAt = createTargets(project, plan)
  const newCollector = (part: PartName) =>
    createExampleCollector({
      inputs: inputSpecs(features),
      tasks: Object.keys(project.tasks),
      expected: parts.includes(part) ? plan.expected[part] : 0,
    })
  const collectors = {
    train: newCollector('train'),
    validation: newCollector('validation'),
    test: newCollector('test'),
  }
  const newcomers = createNewcomers(project)
  const untilMs = plan.parts.train?.untilMs ?? 0
  const histories = createHistoryWindows({
    features,
    items: data.items,
    untilMs,
    random: createRandom(plan.seed).fork('histories'),
  })
  for await (const asking of usersWithMoments({ ...request, label: 'encoding' })) {
    const { user, moments, heard, isHeldOut } = asking
    const { userId, versions, events } = user
    const asked = moments.filter(({ part }) => parts.includes(part))
    const window = createHistoryWindow(asked.length === 0 ? [] : events)
    for (const moment of asked) {
      const targets = targetsAt(moment, events)
      if (Object.values(targets).every((known) => known === null)) continue
      const { atMs, isFirst, from, part } = moment
      const encoded = encode({ history: window.at(atMs), user: versions, items: data.items, atMs })
      collectors[part].add({ encoded, targets, userId, atMs, isFirst, from })
    }
    const atMs = heard[0] ?? Infinity
    if (isHeldOut) continue
    if (parts.includes('train')) histories.add(userId, events)
    if (atMs >= untilMs) continue
    newcomers.add(targetsAt({ part: 'train', atMs, from: 'event', isFirst: true }, events))
  }
  return {
    examples: {
      train: collectors.train.finish(),
      validation: collectors.validation.finish(),
      test: collectors.test.finish(),
    },
    newcomers: newcomers.finish(),
    histories: histories.finish(),
  }
}

type Targets = Readonly<Record<string, number | null>>

/** Rows tell labels, what came after tells the rest: each task is asked of its own moments alone. */
function createTargets(
  project: Project,
  plan: MomentPlan,
): (moment: Moment, events: readonly Event[]) => Targets {
  const tasks = Object.entries(project.tasks).map(([name, task]) => ({
    name,
    task,
    classes: classesOf(project, task),
  }))
  return ({ part, row, atMs }, events) => {
    const knownUntilMs = Math.min((plan.parts[part]?.untilMs ?? 0) - 1, plan.knownUntilMs)
    return Object.fromEntries(
      tasks.map(({ name, task, classes }) => {
        if (task.kind === 'label') return [name, classOrNull(classes, row?.labels[name])]
        return [name, row === undefined ? target(project, task, { atMs, events, knownUntilMs }) : null]
      }),
    )
  }
}

function classOrNull(classes: readonly string[], value: string | undefined): number | null {
  const index = value === undefined ? -1 : classes.indexOf(value)
  return index < 0 ? null : index
}

function createNewcomers(project: Project): { add(targets: Targets): void; finish(): Newcomers } {
  const known = Object.keys(project.tasks).map((name) => ({ name, values: [] as number[] }))
  return {
    add: (targets) => {
      for (const { name, values } of known) {
        const value = targets[name] ?? null
        if (value !== null) values.push(value)
      }
    },
    finish: () => Object.fromEntries(known.map(({ name, values }) => [name, Float32Array.from(values)])),
  }
}

// From a data set to a bundle: rehearsal, final fit, bundle. The caller opens the data and closes it.
import { join } from 'node:path'
import type { Reference } from '../features/manifest.ts'
import type { Project } from '../features/project.ts'
import { createRandom } from '../features/random.ts'
import type { Random } from '../features/random.ts'
import { fail, succeed } from '../features/result.ts'
import type { Result } from '../features/result.ts'
import { writeBundle } from './bundle.ts'
import type { Card } from './card.ts'
import { cardPage } from './card-page/card-page.ts'
import { count } from './told-numbers.ts'
import { toldOfCard } from './card-page/told.ts'
import type { DataSet } from './data/data-set.ts'
import { skippedRows } from './data/report/report.ts'
import type { ExampleSet } from './examples/example-set.ts'
import { makeExamples, makeFinalExamples } from './examples/make-examples.ts'
import { finalFit, minutesOfRehearsal } from './final-fit.ts'
import type { FinalModel } from './final-fit.ts'
import { findFamily } from './find-family.ts'
import { importanceOf } from './importance.ts'
import type { Family, Settings } from './models/family.ts'
import type { MomentPlan } from './moments/plan.ts'
import type { ExamplesWanted } from './moments/plan.ts'
import { silent } from './monitor.ts'
import type { Monitor } from './monitor.ts'
import { referenceAnswers, referenceInputs } from './reference.ts'
import { rehearse } from './rehearse.ts'
import type { Rehearsal } from './rehearse.ts'
import type { BackendName } from './tf/backend.ts'
import { withSupport } from './support.ts'
import type { TrainFault } from './train-fault.ts'
import { uninterrupted } from './uninterrupted.ts'
import { versions } from './versions.ts'

export interface TrainRequest {
  readonly project: Project
  readonly data: DataSet
  readonly family: string
  readonly seed: number
  /** How many examples to make of each part, about. */
  readonly examples?: ExamplesWanted | undefined
  /** False deploys the rehearsed model; true unless told otherwise. */
  readonly finalFit?: boolean
  readonly settings?: Settings | undefined
  /** That fitting may take, about: the rehearsal and the final fit. */
  readonly minutes?: number | undefined
  readonly backend?: BackendName | undefined
  readonly bundlesFolder: string
  readonly monitor?: Monitor | undefined
  /** What was typed, for the page of the card. */
  readonly command?: string | undefined
}

export interface Trained {
  readonly id: string
  readonly folder: string
  readonly card: Card
}

function describeUndated(names: readonly string[]): string {
  const remedy = 'give knownAt, or declare fixed what does not change'
  return `undated: ${names.join(', ')} (taken as known ever since, which may tell the future: ${remedy})`
}

/** Trains one family and writes a bundle of it, whole or not at all. */
export async function train(request: TrainRequest): Promise<Result<Trained, TrainFault>> {
  const { project, data, seed, monitor = silent, bundlesFolder } = request
  const family = findFamily(request.family)
  if (!family.ok) return family
  if (data.undated.length > 0) monitor.say(describeUndated(data.undated))
  const minutesMax = minutesOfRehearsal(request.minutes, { finalFit: request.finalFit !== false })
  const rehearsed = await rehearseData({ ...request, family: family.value, minutesMax })
  if (!rehearsed.ok) return rehearsed
  const { rehearsal, asRehearsed } = rehearsed.value
  const deployed =
    asRehearsed === undefined
      ? await fitEverything({ ...request, family: family.value, rehearsal })
      : succeed(asRehearsed)
  if (!deployed.ok) return fail(deployed.reason)
  const { features, heads, description, proven } = deployed.value.model
  const reference = { inputs: deployed.value.inputs, ...rehearsed.value.told }
  const card: Card = {
    project: project.name,
    family: family.value.name,
    seed,
    backend: description.backend,
    settings: description.settings,
    data: dataCard(data),
    undated: data.undated,
    rehearsal: { ...rehearsal.card, importance: rehearsed.value.importance },
    deployed: {
      untilMs: deployed.value.plan.parts.train?.untilMs ?? null,
      examples: deployed.value.exampleCount,
      finalFit: request.finalFit !== false,
      parameters: description.parameters,
      steps: description.steps,
      parity: proven.parity,
    },
    versions,
  }
  const manifest = { project: project.name, family: family.value.name, features, heads, reference }
  const { model, golden } = proven
  const { id, folder } = await uninterrupted(() =>
    writeBundle(bundlesFolder, {
      model,
      manifest,
      card,
      golden,
      page: (bundle) => cardPage(toldOfCard(card, { bundle, command: request.command })),
    }),
  )
  const [size, difference] = [
    count(Math.ceil(model.length / 1_000)),
    proven.parity.difference.toExponential(1),
  ]
  monitor.say(`bundle ${id}: ${size} KB; ONNX Runtime answers as training does, within ${difference}`)
  monitor.say(`card ${join(folder, 'card.html')}`)
  return succeed({ id, folder, card })
}

/** A model that can be deployed, and what it learned from. */
interface Deployable {
  readonly model: FinalModel
  readonly plan: MomentPlan
  readonly exampleCount: number
  /** How its inputs were spread. */
  readonly inputs: Reference['inputs']
}

interface Rehearsed {
  /** Where no final fit follows. */
  readonly asRehearsed: Deployable | undefined
  readonly rehearsal: Rehearsal
  readonly importance: NonNullable<Card['rehearsal']['importance']>
  /** How its answers and what came true were spread. */
  readonly told: Pick<Reference, 'answers' | 'outcomes'>
}

type Step = Omit<TrainRequest, 'family'> & {
  readonly family: Family
  /** That the fit of the rehearsal may take. */
  readonly minutesMax?: number | undefined
}

/** Its examples are gone when it is over: those of the final fit need the room. */
async function rehearseData(request: Step): Promise<Result<Rehearsed, TrainFault>> {
  const examples = await makeExamples(request)
  if (!examples.ok) return examples
  const { features, plan, train: trainSet, test: tested } = examples.value
  const rehearsed = await rehearse({ ...request, examples: examples.value })
  if (!rehearsed.ok) return rehearsed
  const { heads, proven } = rehearsed.value
  return succeed({
    asRehearsed:
      request.finalFit === false
        ? deployableOf(request, rehearsed.value, { features, plan, learned: trainSet })
        : undefined,
    rehearsal: rehearsed.value,
    importance: await importanceOf({
      features,
      heads,
      train: trainSet,
      test: tested,
      model: proven.model,
      seed: request.seed,
    }),
    told: referenceAnswers(heads, {
      tested,
      outputs: rehearsed.value.testOutputs,
      random: ofReference(request),
    }),
  })
}

async function fitEverything(
  request: Step & { readonly rehearsal: Rehearsal },
): Promise<Result<Deployable, TrainFault>> {
  const examples = await makeFinalExamples(request)
  if (!examples.ok) return examples
  const model = await finalFit({ ...request, examples: examples.value })
  if (!model.ok) return model
  const { features, plan, all } = examples.value
  return succeed(deployableOf(request, model.value, { features, plan, learned: all }))
}

interface Learned {
  readonly features: FinalModel['features']
  readonly plan: MomentPlan
  readonly learned: ExampleSet
}

/** A model beside what its answers and its watchers need to know of the examples that it learned from. */
function deployableOf(
  request: Step,
  { heads, description, proven }: Omit<FinalModel, 'features'>,
  { features, plan, learned }: Learned,
): Deployable {
  return {
    model: { features, heads: withSupport(heads, { features, learned }), description, proven },
    plan,
    exampleCount: learned.count,
    inputs: referenceInputs(features, { learned, random: ofReference(request) }),
  }
}

function ofReference({ seed }: Pick<Step, 'seed'>): Random {
  return createRandom(seed).fork('reference')
}

/** What the files hold. */
export function dataCard(data: DataSet): Card['data'] {
  const { eventCount, userCount, questionCount, report, span, notes } = data
  return {
    events: eventCount,
    users: userCount,
    labelledRows: questionCount,
    skippedRows: skippedRows(report),
    report,
    notes: notes.map(({ text }) => text),
    ...(span !== undefined && {
      from: new Date(span.startMs).toISOString(),
      until: new Date(span.endMs).toISOString(),
    }),
  }
}

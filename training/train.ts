// From a data set to a bundle: examples, fit, calibration, export, parity, test, card.
import { fitTemperature } from '../features/calibration.ts'
import { inputSpecs } from '../features/encode.ts'
import { FEATURE_VERSION, headWidth } from '../features/manifest.ts'
import type { Features, Head, Manifest } from '../features/manifest.ts'
import type { Project } from '../features/project.ts'
import { fail, succeed } from '../features/result.ts'
import type { Result } from '../features/result.ts'
import { GOLDEN_ROWS, PARITY_MAX, parityOf, writeBundle } from './bundle.ts'
import type { Card, TaskResult } from './card.ts'
import type { DataSet } from './data/data-set.ts'
import { evaluateTasks, knownRows } from './evaluate.ts'
import type { Outputs } from './evaluate.ts'
import { makeExamples } from './examples/make-examples.ts'
import type { ExampleFault, PartExamples } from './examples/make-examples.ts'
import { createHeads } from './examples/heads.ts'
import type { NotPositive, TooFew } from './examples/heads.ts'
import { chunksOf, selectExamples } from './examples/example-set.ts'
import type { ExampleSet } from './examples/example-set.ts'
import { fit } from './fit.ts'
import { parameterCount } from './graph/parameters.ts'
import { familyByName } from './models/families.ts'
import { silent } from './monitor.ts'
import type { Monitor } from './monitor.ts'
import { checkOperators } from './onnx/check.ts'
import { exportOnnx } from './onnx/export.ts'
import { createRunner } from './onnx/run.ts'
import { startBackend } from './tf/backend.ts'
import type { BackendName } from './tf/backend.ts'
import { uninterrupted } from './uninterrupted.ts'
import { versions } from './versions.ts'

export type TrainFault =
  | ExampleFault
  | TooFew
  | NotPositive
  | { readonly kind: 'unknownFamily'; readonly family: string }
  | { readonly kind: 'parity'; readonly difference: number }

export interface TrainRequest {
  readonly project: Project
  readonly data: DataSet
  readonly family: string
  readonly seed: number
  readonly backend?: BackendName
  readonly bundlesFolder: string
  readonly monitor?: Monitor
}

export interface Trained {
  readonly id: string
  readonly folder: string
  readonly card: Card
}

/**
 * Trains one family on the train part and writes a bundle that was tested on the test part. Closes the
 * data once the examples are made: from there on it would only hold memory and temporary files.
 */
export async function train(request: TrainRequest): Promise<Result<Trained, TrainFault>> {
  const { project, data, family, seed, monitor = silent } = request
  if (!Object.hasOwn(familyByName, family)) return fail({ kind: 'unknownFamily', family })
  const made = await makeExamples({ project, data, seed, monitor })
  if (!made.ok) return made
  data.close()
  const fitted = await fitModel({ ...request, examples: made.value })
  if (!fitted.ok) return fitted
  const { model, manifest, card, golden } = fitted.value
  const parts = { model, manifest, card, golden }
  const { id, folder } = await uninterrupted(() => writeBundle(request.bundlesFolder, parts))
  monitor.say(`bundle ${id}: ${model.length} bytes, parity ${card.parity.toExponential(1)}`)
  return succeed({ id, folder, card })
}

export interface FitModelRequest {
  readonly project: Project
  readonly data: Pick<DataSet, 'skippedCount'>
  readonly family: string
  readonly seed: number
  readonly backend?: BackendName
  readonly monitor?: Monitor
  readonly examples: PartExamples
}

export interface FittedModel {
  readonly model: Uint8Array<ArrayBuffer>
  readonly manifest: Manifest
  readonly card: Card
  readonly golden: { readonly examples: ExampleSet; readonly outputs: Outputs }
  /** What ONNX Runtime answers on the test part. */
  readonly testOutputs: Outputs
}

/** Fits, calibrates on validation, exports, proves parity and tests. */
export async function fitModel(request: FitModelRequest): Promise<Result<FittedModel, TrainFault>> {
  const { project, seed, monitor = silent, examples } = request
  const family = Object.hasOwn(familyByName, request.family) ? familyByName[request.family] : undefined
  if (family === undefined) return fail({ kind: 'unknownFamily', family: request.family })
  const heads = createHeads(project, examples.train)
  if (!heads.ok) return heads
  const backend = await startBackend(request.backend)
  monitor.say(`training ${family.name} on ${examples.train.count} examples, ${backend.description}`)
  const { features } = examples
  const shape = { features, heads: heads.value }
  const { train: trainSet, validation, test } = examples
  const fitted = fit({ family, shape, train: trainSet, validation, seed, monitor })
  // A family that learns nothing is not moved by validation either: it answers the shares in training.
  const calibrated =
    family.learningRate === 0
      ? heads.value
      : calibrate(heads.value, { validation, outputs: fitted.predict(validation) })
  const manifest = manifestOf({ project, family: family.name, features, heads: calibrated })
  const model = exportOnnx(family, { shape, parameters: fitted.parameters })
  checkOperators(model)

  const goldenExamples = selectExamples(test, spread(test.count, GOLDEN_ROWS))
  const golden = { examples: goldenExamples, outputs: fitted.predict(goldenExamples) }
  fitted.dispose()
  const runner = await createRunner(model, inputSpecs(features))
  const answered = await runner.run(goldenExamples.inputs, goldenExamples.count)
  const testOutputs = await runInChunks(runner, { examples: test, monitor })
  await runner.release()
  const difference = parityOf(manifest, { rows: goldenExamples.count, left: golden.outputs, right: answered })
  if (difference > PARITY_MAX) return fail({ kind: 'parity', difference })

  const tasks = evaluateTasks(calibrated, { examples: test, outputs: testOutputs })
  for (const [task, result] of Object.entries(tasks)) monitor.say(`${task}: ${summaryOf(result)}`)
  const card: Card = {
    project: project.name,
    family: family.name,
    seed,
    backend: backend.name,
    data: examples.data,
    split: examples.split,
    examples: { train: trainSet.count, validation: validation.count, test: test.count },
    epochs: fitted.epochs.length,
    parameters: parameterCount(fitted.parameters),
    tasks,
    parity: difference,
    versions,
  }
  return succeed({ model, manifest, card, golden, testOutputs })
}

/** One line that says what is wrong and what is needed. */
export function describeTrainFault(fault: TrainFault): string {
  switch (fault.kind) {
    case 'tooShort': {
      const days = (ms: number): string => (ms / 86_400_000).toFixed(2)
      return `The log spans ${days(fault.spanMs)} days; three horizons and a bit, ${days(fault.neededMs)} days, are needed`
    }
    case 'tooFew':
      return `Task '${fault.task}': '${fault.outcome}' came true in ${fault.count} of ${fault.known} training examples; at least ${fault.needed} are needed`
    case 'notPositive':
      return `Task '${fault.task}': its totals are ${fault.mean.toPrecision(3)} on average; only totals above zero can be learned`
    case 'emptyPart':
      return `The ${fault.part} part has no examples: the data is too small to split`
    case 'wrongKind':
      return `Project and data do not fit: ${fault.expected} was expected, ${fault.got} was given`
    case 'unknownFamily':
      return `There is no family '${fault.family}'; there are ${Object.keys(familyByName).join(', ')}`
    case 'parity':
      return `TensorFlow.js and ONNX Runtime differ by ${fault.difference}; at most ${PARITY_MAX} is allowed. No bundle was written`
  }
}

function calibrate(
  heads: readonly Head[],
  { validation, outputs }: { readonly validation: ExampleSet; readonly outputs: Outputs },
): Head[] {
  return heads.map((head) => {
    if (head.kind === 'total') return head
    const targets = validation.targets[head.task] ?? new Float32Array(0)
    const rows = knownRows(targets)
    const width = headWidth(head)
    const output = outputs[head.task] ?? new Float32Array(0)
    const logits = new Float32Array(rows.length * width)
    for (const [place, row] of rows.entries()) {
      logits.set(output.subarray(row * width, (row + 1) * width), place * width)
    }
    const known = rows.map((row) => targets[row] ?? 0)
    return { ...head, temperature: fitTemperature({ logits, targets: known, bias: head.bias }) }
  })
}

function manifestOf(parts: {
  readonly project: Project
  readonly family: string
  readonly features: Features
  readonly heads: readonly Head[]
}): Manifest {
  return {
    featureVersion: FEATURE_VERSION,
    project: parts.project.name,
    family: parts.family,
    features: parts.features,
    inputs: inputSpecs(parts.features),
    heads: parts.heads,
  }
}

/** Examples at a time in ONNX Runtime. */
const TEST_ROWS = 2048

async function runInChunks(
  runner: Awaited<ReturnType<typeof createRunner>>,
  { examples, monitor }: { readonly examples: ExampleSet; readonly monitor: Monitor },
): Promise<Outputs> {
  const work = monitor.track({ label: 'testing', total: examples.count, unit: 'examples' })
  const collected: Record<string, number[]> = {}
  for (const chunk of chunksOf(examples, TEST_ROWS)) {
    for (const [task, values] of Object.entries(await runner.run(chunk.inputs, chunk.count))) {
      const column = (collected[task] ??= [])
      for (const value of values) column.push(value)
    }
    work.advance(chunk.count)
  }
  work.done()
  return Object.fromEntries(
    Object.entries(collected).map(([task, values]) => [task, Float32Array.from(values)]),
  )
}

/** At most `wanted` row numbers, evenly spread. */
function spread(count: number, wanted: number): number[] {
  const length = Math.min(count, wanted)
  return Array.from({ length }, (_, place) => Math.floor((place * count) / length))
}

function summaryOf({ model, prior }: TaskResult): string {
  return ['logLoss', 'auc', 'ece', 'mae', 'rmse']
    .filter((name) => typeof model[name] === 'number')
    .map((name) => `${name} ${Number(model[name]).toFixed(4)} (prior ${Number(prior[name]).toFixed(4)})`)
    .join(', ')
}

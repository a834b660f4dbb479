// The rehearsal: fit on the train part, calibrate and judge on validation, test once on what came last. It
// gives the card's numbers, and the settings, stopping point, calibration and basis of every task that the
// final fit takes over. What it needs of the data is in the examples.
import type { Head } from '../features/heads/head.ts'
import { readerOf } from '../features/heads/kinds.ts'
import { inputSpecs } from '../features/encode.ts'
import type { Project } from '../features/project.ts'
import { fail, succeed } from '../features/result.ts'
import type { Result } from '../features/result.ts'
import type { PartCard, RehearsalCard, TaskResult } from './card.ts'
import { evaluateTasks, withGiven } from './evaluate.ts'
import type { Answerer } from './evaluate.ts'
import { declaredSettings } from './find-family.ts'
import type { ExampleSet } from './examples/example-set.ts'
import type { PartExamples } from './examples/make-examples.ts'
import { plural } from './told-numbers.ts'
import { createHeads } from './heads/create-heads.ts'
import type { TooFew } from './heads/create-heads.ts'
import { trainingKindOf } from './heads/kinds.ts'
import { knownExamplesOf, numbersOf, outputsOf } from './heads/known-examples.ts'
import { isSkilled, skillOf } from './heads/skill.ts'
import type { Skill } from './heads/skill.ts'
import type { Thresholds } from './heads/training-kind.ts'
import { describeShortage } from './heads/describe-shortage.ts'
import { METRIC_NAMES } from './metrics/names.ts'
import type {
  Description,
  Family,
  FitFault,
  Fitted,
  Outputs,
  Settings,
  StoppingPoint,
} from './models/family.ts'
import { prior } from './models/prior.ts'
import type { MomentPlan } from './moments/plan.ts'
import { partNames } from './moments/parts.ts'
import type { PartName } from './moments/parts.ts'
import { silent } from './monitor.ts'
import type { Monitor } from './monitor.ts'
import { runExamples } from './onnx/run-examples.ts'
import { createRunner } from './onnx/run.ts'
import { qualityOf } from './quality/quality.ts'
import { exportProven } from './prove.ts'
import type { NoParity, ProvenModel } from './prove.ts'
import { fitOrFault } from './fit-or-fault.ts'
import type { BackendName } from './tf/backend.ts'

export interface RehearseRequest {
  readonly project: Project
  readonly family: Family
  readonly seed: number
  /** Those that the project declares for the family where absent. */
  readonly settings?: Settings | undefined
  /** Fitting ends after so many though it may still learn; else after those of the settings. */
  readonly minutesMax?: number | undefined
  readonly backend?: BackendName | undefined
  readonly monitor?: Monitor | undefined
  readonly examples: PartExamples
  /** Others who answered the same test. */
  readonly rivals?: Readonly<Record<string, Answerer>> | undefined
  /** From which probabilities of "yes" on metrics are told too, beside the best. */
  readonly thresholds?: readonly number[] | undefined
}

/** Nothing is known of anybody: no attribute, and no history. */
export interface NoInputs {
  readonly code: 'no_inputs'
}

export type RehearsalFault = TooFew | FitFault | NoParity | NoInputs

export interface Rehearsal {
  /** The heads as fitting started. */
  readonly created: readonly Head[]
  /** The same, calibrated, each with its basis. */
  readonly heads: readonly Head[]
  readonly stoppedAt: StoppingPoint
  /** The latest moment it was fitted on. */
  readonly fittedUntilMs: number
  readonly description: Description
  readonly proven: ProvenModel
  /** By task, from which probabilities of "yes" on metrics are told. */
  readonly thresholds: Readonly<Record<string, Thresholds>>
  /** What ONNX Runtime answers on the test part. */
  readonly testOutputs: Outputs
  readonly card: RehearsalCard
}

/** Fits, calibrates, decides which tasks the model answers, proves the export, and tests it. */
export async function rehearse(request: RehearseRequest): Promise<Result<Rehearsal, RehearsalFault>> {
  const { project, family, seed, backend, monitor = silent, examples } = request
  const { features, train, validation, test, histories } = examples
  if (inputSpecs(features).length === 0) return fail({ code: 'no_inputs' })
  const created = createHeads(project, { targets: train.targets, newcomerTargets: examples.newcomers })
  if (!created.ok) return created
  const { heads, shortages } = created.value
  for (const shortage of shortages) monitor.say(`${describeShortage(shortage)}: the prior answers`)
  monitor.say(`rehearsing ${family.name} on ${plural(train.count, 'example')}, ${examples.plan.split}`)
  const shape = { features, heads }
  const settings = settingsWithin(request)
  const fit = await fitOrFault(family, {
    shape,
    train,
    validation,
    histories,
    seed,
    settings,
    backend,
    monitor,
  })
  if (!fit.ok) return fit
  const fitted = fit.value
  try {
    const judged = await judge({ family, fitted, heads, validation })
    const proven = await exportProven({ fitted, features, heads: judged.heads, examples: test })
    if (!proven.ok) return fail(proven.reason)
    const runner = await createRunner(proven.value.model, inputSpecs(features))
    const testOutputs = await runExamples(runner, { examples: test, monitor }).finally(() => runner.release())
    const given = request.thresholds ?? []
    const thresholds = withGiven(judged.heads, { chosen: judged.thresholds, given })
    const answered = { examples: test, outputs: testOutputs, seed, thresholds, rivals: request.rivals }
    const tasks = evaluateTasks(judged.heads, answered)
    const description = fitted.describe()
    sayCurves(monitor, judged.heads)
    sayResults(monitor, { tasks, skill: judged.skill })
    return succeed({
      created: heads,
      heads: judged.heads,
      stoppedAt: fitted.stoppedAt,
      fittedUntilMs: latestOf(train.atMs),
      description,
      proven: proven.value,
      thresholds,
      testOutputs,
      card: {
        ...planCard(examples),
        stoppedAt: fitted.stoppedAt,
        steps: description.steps,
        endings: description.endings,
        skill: judged.skill,
        shortages,
        tasks,
        quality: qualityOf(judged.heads, { examples: test, outputs: testOutputs, features }),
      },
    })
  } finally {
    fitted.dispose()
  }
}

/** The settings asked for, with the limit of time where the family knows one. */
function settingsWithin(request: RehearseRequest): Settings | undefined {
  const { project, family, minutesMax } = request
  const settings = request.settings ?? declaredSettings(project, family)
  return minutesMax === undefined || !Object.hasOwn(family.settings, 'minutesMax')
    ? settings
    : { ...settings, minutesMax }
}

function latestOf(atMs: ArrayLike<number>): number {
  return Array.from(atMs).reduce((latest, ms) => Math.max(latest, ms), 0)
}

interface Judged {
  readonly heads: readonly Head[]
  /** Of the tasks with enough examples. */
  readonly skill: Readonly<Record<string, Skill>>
  /** From which probability of "yes" on it is best said, where a model answers. */
  readonly thresholds: Readonly<Record<string, Thresholds>>
}

/** Calibrated heads; those of no skill are answered by the prior. */
async function judge(request: {
  readonly family: Family
  readonly fitted: Fitted
  readonly heads: readonly Head[]
  readonly validation: ExampleSet
}): Promise<Judged> {
  const { family, fitted, heads, validation } = request
  // Who asks for the prior gets it as it is: shares in training, neither moved nor called unskilled.
  if (family.name === prior.name) return { heads, skill: {}, thresholds: {} }
  const logits = await fitted.logits(validation)
  const skill: Record<string, Skill> = {}
  const thresholds: Record<string, Thresholds> = {}
  const judged = heads.map((head): Head => {
    const { rows, known } = knownExamplesOf(validation, head.task)
    const { width } = readerOf(head)
    const outputs = outputsOf(logits[head.task] ?? new Float32Array(0), { rows, width })
    const calibrated = trainingKindOf(head).calibrate(head, { outputs, known })
    if (head.basis === 'prior') return calibrated
    const found = skillOf(calibrated, { outputs, known })
    skill[head.task] = found
    if (!isSkilled(found)) return { ...calibrated, basis: 'prior' }
    const numbers = numbersOf(calibrated, outputs)
    const threshold = trainingKindOf(head).thresholdFor(calibrated, { numbers, known })
    if (threshold !== undefined) thresholds[head.task] = { Best: threshold }
    return calibrated
  })
  return { heads: judged, skill, thresholds }
}

function planCard(examples: PartExamples): Pick<RehearsalCard, 'split' | 'parts' | 'outlying'> {
  const { plan } = examples
  const parts = partNames.map((name) => [name, partCard(plan, { name, examples: examples[name].count })])
  return {
    split: plan.split,
    parts: Object.fromEntries(parts) as RehearsalCard['parts'],
    outlying: {
      count: plan.outlying.count,
      examples: plan.outlying.examples.map(({ atMs }) => isoOf(atMs)),
    },
  }
}

function partCard(
  { parts }: MomentPlan,
  { name, examples }: { readonly name: PartName; readonly examples: number },
): PartCard {
  const part = parts[name]
  if (part === undefined) return { examples }
  return { examples, from: isoOf(part.fromMs), until: isoOf(part.untilMs) }
}

function sayCurves(monitor: Monitor, heads: readonly Head[]): void {
  for (const head of heads) {
    if (head.basis === 'prior' || !('curve' in head) || head.curve === undefined) continue
    monitor.say(`${head.task}: calibrated by temperature, intercepts and a curve of kind ${head.curve.kind}`)
  }
}

function sayResults(monitor: Monitor, { tasks, skill }: Pick<RehearsalCard, 'tasks' | 'skill'>): void {
  for (const [task, result] of Object.entries(tasks)) {
    const found = skill[task]
    if (found !== undefined && result.basis === 'prior') {
      const [gain, needed] = [found.gain, found.needed].map((value) => value.toFixed(4))
      monitor.say(
        `${task}: no better than the prior on later data (gains ${gain}, needs ${needed}): the prior answers`,
      )
    } else monitor.say(`${task}: ${summaryOf(result)}`)
  }
}

/** Losses beside the prior's, which of other metrics tells nothing; the card has the rest. */
function summaryOf({ model, prior: priorMetrics }: TaskResult): string {
  const losses = ['logLoss', 'deviance', 'rmse']
  return [...losses, 'auc', 'ece']
    .filter((name) => typeof model[name] === 'number')
    .map((name) => {
      const beside = losses.includes(name) ? ` (prior ${Number(priorMetrics[name]).toFixed(4)})` : ''
      return `${METRIC_NAMES[name]} ${Number(model[name]).toFixed(4)}${beside}`
    })
    .join(', ')
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString()
}

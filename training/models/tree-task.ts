// How trees learn a task, by the kind of its head: what they make small, where they start, and which outputs
// they add to. Classes are not weighted: the outputs are those of a model that was, so that a head is read
// alike whatever family gave them.
import type { AmountHead, Head } from '../../features/heads/head.ts'
import { amountDeviance, binaryLogLoss, softmaxLogLoss, squaredError } from '../trees/objective.ts'
import type { Objective } from '../trees/objective.ts'
import type { BoostSettings } from '../trees/settings.ts'
import { priorOutputs } from './prior-outputs.ts'

export interface TreeTask {
  readonly objective: Objective
  /** By score. */
  readonly start: readonly number[]
  /** Which output of the head each score is added to. */
  readonly outputs: readonly number[]
  /** A target as the objective counts it. */
  readonly targetOf: (target: number) => number
}

type TaskOf<Name extends Head['kind']> = (
  head: Extract<Head, { readonly kind: Name }>,
  settings: BoostSettings,
) => TreeTask

const taskKinds: { readonly [Name in Head['kind']]: TaskOf<Name> } = {
  probability: classTask,
  choice: classTask,
  amount: amountTask,
}

export function treeTaskOf(head: Head, settings: BoostSettings): TreeTask {
  // A head's own kind fits it; the compiler cannot follow that through the map.
  const taskOf = taskKinds[head.kind] as (head: Head, settings: BoostSettings) => TreeTask
  return taskOf(head, settings)
}

/** Of two classes the second alone has trees. */
function classTask(head: Extract<Head, { readonly classes: readonly string[] }>): TreeTask {
  const start = priorOutputs(head).map((output, place) => output + (head.bias[place] ?? 0))
  const targetOf = (target: number): number => target
  const [no = 0, yes = 0, ...others] = start
  if (others.length === 0) return { objective: binaryLogLoss, start: [yes - no], outputs: [1], targetOf }
  return { objective: softmaxLogLoss(start.length), start, outputs: [...start.keys()], targetOf }
}

const amountObjectives: Readonly<Record<AmountHead['link'], (settings: BoostSettings) => Objective>> = {
  softplus: ({ tweediePower }) => amountDeviance(tweediePower),
  identity: () => squaredError,
}

function amountTask(head: AmountHead, settings: BoostSettings): TreeTask {
  return {
    objective: amountObjectives[head.link](settings),
    start: priorOutputs(head),
    outputs: [0],
    targetOf: (target) => target / head.scale,
  }
}

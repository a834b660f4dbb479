// With whom a measurement is compared at the same moments: families, and bundles as they are deployed or, where
// they know the test, made again.
import type { Answerer } from '../../training/evaluate.ts'
import type { PartExamples } from '../../training/examples/make-examples.ts'
import type { MomentPlan } from '../../training/moments/plan.ts'
import type { Monitor } from '../../training/monitor.ts'
import { findBundleOf } from '../storage/find-bundle.ts'
import { readBundle } from '../storage/read-bundle.ts'
import { CommandError } from '../terminal/failure.ts'
import type { Measurement } from './measured.ts'

export interface Test {
  readonly plan: MomentPlan
  /** Made already; else they are made where a family needs them. */
  readonly parts?: PartExamples
  readonly monitor: Monitor
}

/** By what they are called on the command line. Throws CommandError where one is neither a family nor a bundle. */
export async function rivalsAt(
  { project, data, options }: Measurement,
  { plan, parts: made, monitor }: Test,
): Promise<Record<string, Answerer>> {
  const names = options.against ?? []
  if (names.length === 0) return {}
  const [{ findFamily }, { rehearse }, { examplesOfPlan }, { answersOf }, { compareTasks }, faults] =
    await Promise.all([
      import('../../training/find-family.ts'),
      import('../../training/rehearse.ts'),
      import('../../training/examples/make-examples.ts'),
      import('../../training/gate/answer-test.ts'),
      import('../../training/evaluate-bundle.ts'),
      import('../../training/train-fault.ts'),
    ])
  let parts = made
  const rivals: Record<string, Answerer> = {}
  for (const name of names) {
    const family = findFamily(name)
    if (family.ok) {
      parts ??= await examplesOfPlan({ project, data, plan, monitor })
      const rehearsed = await rehearse({
        project,
        family: family.value,
        seed: options.seed,
        minutesMax: options.minutes,
        monitor,
        examples: parts,
      })
      if (!rehearsed.ok) throw new CommandError(faults.describeTrainFault(rehearsed.reason))
      rivals[name] = { heads: rehearsed.value.heads, outputs: rehearsed.value.testOutputs }
      continue
    }
    const { bundle, checked } = await readBundle(findBundleOf(project.name, name))
    const answers = await answersOf(bundle, { project, data, plan, monitor })
    if (!answers.ok) throw new CommandError(faults.describeTrainFault(answers.reason))
    if (answers.value.how === 'made_again') {
      monitor.say(`bundle ${checked.id} knows the test: it is compared as made again from what came before`)
    }
    const { heads, outputs } = answers.value
    rivals[name] = { heads: compareTasks(project, heads).heads, outputs }
  }
  return rivals
}

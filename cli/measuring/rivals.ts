// With whom a measurement is compared at the same moments: families, and bundles as they are deployed or, where
// they know the test, made again.
import type { Answerer } from '../../training/evaluate.ts'
import type { MomentPlan } from '../../training/moments/plan.ts'
import type { Monitor } from '../../training/monitor.ts'
import { findBundleOf } from '../storage/find-bundle.ts'
import { readBundle } from '../storage/read-bundle.ts'
import { CommandError } from '../terminal/failure.ts'
import type { Measurement } from './measured.ts'

export interface Test {
  readonly plan: MomentPlan
  /** Whether families are fitted finally on all but the test, as what is measured is. */
  readonly finalFit: boolean
  readonly monitor: Monitor
}

/** By what they are called on the command line. Throws CommandError where one is neither a family nor a bundle. */
export async function rivalsAt(
  { project, data, options }: Measurement,
  { plan, finalFit, monitor }: Test,
): Promise<Record<string, Answerer>> {
  const names = options.against ?? []
  if (names.length === 0) return {}
  const [{ findFamily }, { answerMadeAgain, answersOf }, { compareTasks }, faults] = await Promise.all([
    import('../../training/find-family.ts'),
    import('../../training/answer-test.ts'),
    import('../../training/evaluate-bundle.ts'),
    import('../../training/train-fault.ts'),
  ])
  const { seed, minutes } = options
  const rivals: Record<string, Answerer> = {}
  for (const name of names) {
    const family = findFamily(name)
    if (family.ok) {
      const recipe = { family: family.value, seed, finalFit }
      const made = await answerMadeAgain(recipe, { project, data, plan, minutes, monitor })
      if (!made.ok) throw new CommandError(faults.describeTrainFault(made.reason))
      const { heads, outputs } = made.value
      rivals[name] = { heads, outputs }
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

// A bundle, as it answers at the moments of the data's test part.
import { findBundleOf } from '../storage/find-bundle.ts'
import { readBundle } from '../storage/read-bundle.ts'
import { CommandError } from '../terminal/failure.ts'
import { createMonitor } from '../terminal/monitor.ts'
import { examplesWanted, flatten, rowsOf } from './measured.ts'
import type { Measurement, Outcome } from './measured.ts'
import { rivalsAt } from './rivals.ts'

/** @param named the bundle's id or folder. */
export async function measureBundle(measurement: Measurement, named: string): Promise<Outcome> {
  const { project, data, options } = measurement
  const { describeEvaluateFault, evaluateBundle, NOT_COMPARED } =
    await import('../../training/evaluate-bundle.ts')
  const monitor = createMonitor()
  const { checked, bundle } = await readBundle(findBundleOf(project.name, named))
  const { id, manifest } = checked
  const evaluated = await evaluateBundle({
    project,
    data,
    bundle,
    seed: options.seed,
    examples: await examplesWanted(options),
    asked: options.asked,
    thresholds: options.thresholds,
    rivals: (plan) => rivalsAt(measurement, { plan, finalFit: true, monitor }),
    monitor,
  })
  if (!evaluated.ok) throw new CommandError(describeEvaluateFault(evaluated.reason))
  const { tasks, notCompared, examples, seenExamples, split, quality } = evaluated.value
  for (const [task, reason] of Object.entries(notCompared)) monitor.say(`'${task}' ${NOT_COMPARED[reason]}`)
  if (seenExamples > 0) {
    monitor.say(
      `${seenExamples} of ${examples} moments lie in the time that the bundle learned from: it does better there than on what it has not seen, which its card tells`,
    )
  }
  const { family } = manifest
  const counts = { rows: rowsOf(data), examples, seenExamples }
  return {
    measured: { bundle: id, family, split, ...counts, tasks: flatten(tasks), notCompared },
    page: { tasks, quality, shortages: [] },
  }
}

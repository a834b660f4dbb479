// A family, by a rehearsal: what is fitted here is not kept.
import type { Family } from '../../training/models/family.ts'
import { CommandError } from '../terminal/failure.ts'
import { createMonitor } from '../terminal/monitor.ts'
import { examplesWanted, flatten, rowsOf } from './measured.ts'
import type { Measurement, Outcome } from './measured.ts'
import { rivalsAt } from './rivals.ts'

export async function measureFamily(measurement: Measurement): Promise<Outcome> {
  const { project, data, options } = measurement
  const [{ makeExamples }, { rehearse }, { describeTrainFault }] = await Promise.all([
    import('../../training/examples/make-examples.ts'),
    import('../../training/rehearse.ts'),
    import('../../training/train-fault.ts'),
  ])
  const { seed, asked, thresholds, minutes: minutesMax } = options
  const monitor = createMonitor()
  const request = { project, data, seed, monitor, asked, examples: await examplesWanted(options) }
  const examples = await makeExamples(request)
  if (!examples.ok) throw new CommandError(describeTrainFault(examples.reason))
  const family = await familyNamed(options.family)
  const rivals = await rivalsAt(measurement, { plan: examples.value.plan, finalFit: false, monitor })
  const made = { project, family, seed, minutesMax, monitor, examples: examples.value, rivals, thresholds }
  const rehearsed = await rehearse(made)
  if (!rehearsed.ok) throw new CommandError(describeTrainFault(rehearsed.reason))
  const { split, tasks, quality = {}, shortages } = rehearsed.value.card
  return {
    measured: { family: family.name, split, rows: rowsOf(data), tasks: flatten(tasks) },
    page: { tasks, quality, shortages },
  }
}

/** Throws CommandError where there is none of this name. */
export async function familyNamed(name: string): Promise<Family> {
  const { findFamily } = await import('../../training/find-family.ts')
  const { describeTrainFault } = await import('../../training/train-fault.ts')
  const found = findFamily(name)
  if (!found.ok) throw new CommandError(describeTrainFault(found.reason))
  return found.value
}

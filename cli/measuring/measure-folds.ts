// A family by folds: each tested by a model that has never seen it.
import { hasEvents } from '../../features/project.ts'
import type { CrossValidationRequest } from '../../training/folds.ts'
import { CommandError } from '../terminal/failure.ts'
import { createMonitor } from '../terminal/monitor.ts'
import { readFoldFile } from './fold-file.ts'
import { familyNamed } from './measure-family.ts'
import { examplesWanted, flatten } from './measured.ts'
import type { Measurement, Outcome } from './measured.ts'
import { rivalsAt } from './rivals.ts'

/** Whether folds are asked for. */
export function isByFolds({ options }: Measurement): boolean {
  return options.folds !== undefined || options.foldFile !== undefined || options.rolling !== undefined
}

export async function measureFolds(measurement: Measurement): Promise<Outcome> {
  const { project, data, options } = measurement
  const [{ crossValidate }, { describeTrainFault }] = await Promise.all([
    import('../../training/folds.ts'),
    import('../../training/train-fault.ts'),
  ])
  const { seed, asked, thresholds, minutes } = options
  const monitor = createMonitor()
  const family = await familyNamed(options.family)
  const validated = await crossValidate({
    project,
    data,
    family,
    seed,
    minutes,
    folds: await foldsOf(measurement),
    examples: await examplesWanted(options),
    asked,
    thresholds,
    rivals: (plan) => rivalsAt(measurement, { plan, finalFit: true, monitor }),
    monitor,
  })
  if (!validated.ok) throw new CommandError(describeTrainFault(validated.reason))
  const { rows, foldCount, tasks, deviation } = validated.value
  return {
    measured: {
      family: family.name,
      split: splitOf(measurement, foldCount),
      rows,
      tasks: flatten(tasks),
      deviation,
    },
    page: { tasks, quality: {}, shortages: [] },
  }
}

async function foldsOf({ project, data, options }: Measurement): Promise<CrossValidationRequest['folds']> {
  const { folds, foldFile, rolling } = options
  if (rolling !== undefined) return { origins: rolling }
  if (folds !== undefined) return folds
  if (hasEvents(project)) throw new CommandError('--fold-file is for tables of labelled rows')
  return readFoldFile(foldFile ?? '', data.questionCount)
}

function splitOf({ project, options }: Measurement, foldCount: number): string {
  const { seed, foldFile, rolling } = options
  if (rolling !== undefined) return `rolling origin: ${foldCount} tests one after the other in time`
  if (foldFile !== undefined) return `${foldCount} folds (fold file)`
  return hasEvents(project)
    ? `${foldCount} folds of users, each tested at the latest moments (seed ${seed})`
    : `${foldCount} stratified folds (seed ${seed})`
}

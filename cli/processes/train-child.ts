// The child process of train-process.ts: reads what to train from its argument, sends the outcome.
import { describeTrainFault } from '../../training/train-fault.ts'
import { train } from '../../training/train.ts'
import { messageOf } from '../terminal/failure.ts'
import { loadProject } from '../projects/load-project.ts'
import { createMonitor } from '../terminal/monitor.ts'
import { openData } from '../storage/open-data.ts'
import { plainStderr } from '../terminal/progress.ts'
import { trainCommand } from '../terminal/typed-command.ts'
import type { Outcome, TrainRequest } from './train.ts'

async function trainHere(request: TrainRequest): Promise<Outcome> {
  const { project } = await loadProject(request.projectFile)
  const data = await openData({ project, path: request.path, skipBadRows: request.skipBadRows })
  const monitor = createMonitor(plainStderr)
  const { family, minutes, seed, bundlesFolder } = request
  try {
    const trained = await train({
      project,
      data,
      family,
      minutes,
      seed,
      bundlesFolder,
      monitor,
      command: trainCommand(request),
    })
    if (!trained.ok) return { error: describeTrainFault(trained.reason) }
    return { folder: trained.value.folder }
  } finally {
    data.close()
  }
}

const [, , request = ''] = process.argv
const outcome = await trainHere(JSON.parse(request) as TrainRequest).catch((error: unknown): Outcome => ({
  error: messageOf(error),
}))
process.send?.(outcome, () => process.disconnect())

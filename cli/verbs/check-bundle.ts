// presage check-bundle: whether a bundle may serve, and what of its project it answers. With --seal a model
// from elsewhere becomes a bundle first.
import type { Command } from 'commander'
import type { Manifest } from '../../features/manifest.ts'
import { sameMeaning } from '../../features/project.ts'
import type { Project } from '../../features/project.ts'
import { loadProject } from '../projects/load-project.ts'
import { findProjectFile, PROJECT_HELP } from '../projects/project-file.ts'
import { projectPaths } from '../storage/paths.ts'
import { openBundle } from '../storage/publish.ts'
import { sealBundle } from '../storage/seal-bundle.ts'
import { CommandError } from '../terminal/failure.ts'
import { tableOf } from '../terminal/table.ts'

interface Options {
  readonly project?: string
  readonly seal?: true
  readonly json?: true
}

export function addCheckBundle(program: Command): void {
  program
    .command('check-bundle')
    .description('check whether a bundle may serve: hashes, operators, inputs, outputs, golden rows, tasks')
    .argument('<folder>', 'of the bundle')
    .option(
      '--seal',
      'make a bundle of a model from elsewhere first (docs/bring-your-own-model.md); the folder stays as it is',
    )
    .option('--project <project>', `${PROJECT_HELP}; else the one that the manifest names`)
    .option('--json', 'end with one line of JSON')
    .action(async (folder: string, options: Options) => {
      const sealed = options.seal === undefined ? folder : await seal(folder, options)
      const { id, manifest } = await openBundle(sealed)
      const { project } = await loadProject(options.project ?? manifest.project)
      if (manifest.project !== project.name) {
        throw new CommandError(`Bundle ${id} is of project '${manifest.project}', not of ${project.name}`)
      }
      const tasks = Object.keys(project.tasks).map((task) => ({
        task,
        is: answered(project, manifest, task),
      }))
      if (!tasks.some(({ is }) => is === 'answered')) {
        throw new CommandError(
          `Bundle ${id} answers nothing that project ${project.name} asks: ${tasks.map(({ task, is }) => `${task} is ${is}`).join(', ')}`,
        )
      }
      const rows = tasks.map(({ task, is }) => [task, is])
      console.log(
        options.json
          ? JSON.stringify({ project: project.name, bundle: id, folder: sealed, tasks })
          : `${tableOf(['task', 'is'], rows)}\nBundle ${id} may serve: ${sealed}`,
      )
    })
}

/** Into the folder of the project that the manifest names. */
function seal(folder: string, { project }: Options): Promise<string> {
  return sealBundle(folder, (named) => projectPaths(findProjectFile(project ?? named).name).bundles)
}

type Answered = 'answered' | 'not in the model' | 'other than what the project asks'

function answered(project: Project, manifest: Manifest, task: string): Answered {
  const head = manifest.heads.find((candidate) => candidate.task === task)
  const declared = project.tasks[task]
  if (head === undefined || declared === undefined) return 'not in the model'
  return sameMeaning(head.declaration, declared) ? 'answered' : 'other than what the project asks'
}

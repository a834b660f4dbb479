// Lands how models are trained in the file of a project, which is its user's: all else stays as it is, and nothing
// changes unless what comes of it is the same project but for that.
import { readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { Project, TrainingDeclaration } from '../../features/project.ts'
import { fail, succeed } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'
import { uninterrupted } from '../../training/uninterrupted.ts'
import { messageOf } from '../terminal/failure.ts'
import { withTraining } from './declare-training.ts'
import { importProject } from './load-project.ts'

/** Why it could not be written, as words about the file; the file is then as it was. */
export async function saveTraining(
  { project, file }: { readonly project: Project; readonly file: string },
  training: TrainingDeclaration,
): Promise<Result<undefined, string>> {
  const target = realpathSync(file)
  const bytes = readFileSync(target)
  const text = bytes.toString('utf8')
  if (!Buffer.from(text).equals(bytes)) return fail('it is no text in UTF-8')
  const edited = withTraining(text, training)
  if (!edited.ok) return edited
  // Beside it, for what it imports is found from there; the name is no project's.
  const beside = join(dirname(target), `.${basename(target, '.ts')}-${process.pid}.ts`)
  return uninterrupted(async () => {
    try {
      writeFileSync(beside, edited.value, { mode: statSync(target).mode })
      const become = await importProject(beside)
      const wanted = { ...project, training }
      if (!become.ok || !isDeepStrictEqual(become.value, wanted)) {
        return fail('with training in it, it would declare another project')
      }
      if (!readFileSync(target).equals(bytes)) return fail('it is being changed by somebody else')
      renameSync(beside, target)
      return succeed(undefined)
    } catch (error) {
      return fail(messageOf(error))
    } finally {
      rmSync(beside, { force: true })
    }
  })
}

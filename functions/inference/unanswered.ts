// Which of the project's tasks a bundle does not answer: a bundle keeps what its tasks meant when it was
// trained, and a task that means something else by now is not answered with its numbers.
import type { Manifest } from '../../features/manifest.ts'
import { sameMeaning } from '../../features/project.ts'
import type { Project } from '../../features/project.ts'
import { classesOf } from '../../features/target.ts'

/** `changed`: the model answers another question of that name. */
export type UnansweredReason = 'changed' | 'not_in_model'

/** The tasks of the project that the bundle does not answer, in declared order. */
export function unansweredTasks(project: Project, manifest: Manifest): ReadonlyMap<string, UnansweredReason> {
  const unanswered = new Map<string, UnansweredReason>()
  for (const [name, task] of Object.entries(project.tasks)) {
    const head = manifest.heads.find((candidate) => candidate.task === name)
    if (head === undefined) unanswered.set(name, 'not_in_model')
    else if (!sameMeaning(head.declaration, task) || namesOther(head, classesOf(project, task))) {
      unanswered.set(name, 'changed')
    }
  }
  return unanswered
}

/** Whether a head chooses between names that the project no longer has. */
function namesOther(head: Manifest['heads'][number], declared: readonly string[]): boolean {
  return 'classes' in head && head.classes.some((name) => !declared.includes(name))
}

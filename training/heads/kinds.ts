// The kinds of heads by name, as training uses them: a new kind is a file and a line here.
import { headKindOfTask } from '../../features/heads/kinds.ts'
import type { Head } from '../../features/heads/head.ts'
import type { Task } from '../../features/project.ts'
import { amount } from './amount.ts'
import { choice } from './choice.ts'
import { probability } from './probability.ts'
import type { TrainingKind } from './training-kind.ts'

type KindOf<Name extends Head['kind']> = TrainingKind<Extract<Head, { readonly kind: Name }>>

const trainingKinds: { readonly [Name in Head['kind']]: KindOf<Name> } = { probability, choice, amount }

/** What trains heads of this kind. */
export function trainingKindOf(head: Pick<Head, 'kind'>): TrainingKind<Head> {
  return trainingKinds[head.kind]
}

/** What trains the head that answers a task. */
export function trainingKindOfTask(task: Task): TrainingKind<Head> {
  return trainingKindOf({ kind: headKindOfTask[task.kind] })
}

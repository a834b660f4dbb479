// Which tasks are answered with which of the kept parameters. All with those that are best for all
// together, but for tasks that are clearly better off with others: each further set is a further model in
// the bundle, so it must be worth it.
import type { KeptCheck } from './best-checks.ts'
import { meanOf } from './judge.ts'
import type { ParameterGroup } from './parameter-group.ts'

/** Gives each task to one group, in the order of training; throws where nothing was kept. */
export function chooseGroups(
  kept: readonly KeptCheck[],
  { tasks, ownShare }: { readonly tasks: readonly string[]; readonly ownShare: number },
): ParameterGroup[] {
  const [common, ...others] = kept.toSorted((a, b) => meanOf(a.losses) - meanOf(b.losses))
  if (common === undefined) throw new Error('Expected parameters to choose from, got none')
  const chosen = new Map(tasks.map((task) => [task, common]))
  for (;;) {
    const moves = others.map((check) => moveTo(check, { chosen, ownShare }))
    const [best] = moves.toSorted((a, b) => b.gain - a.gain)
    if (best === undefined || best.gain === 0) break
    for (const task of best.tasks) chosen.set(task, best.check)
  }
  const inOrder = kept.toSorted((a, b) => a.steps - b.steps)
  return inOrder.flatMap((check) => {
    const own = tasks.filter((task) => chosen.get(task) === check)
    return own.length === 0 ? [] : [{ tasks: own, parameters: check.parameters, epochs: check.epochs }]
  })
}

/** Of the prior's loss: a share of less than this is a share of next to nothing. */
const LOSS_MIN = 0.1

interface Move {
  readonly check: KeptCheck
  /** Those that would be better off by more than the share. */
  readonly tasks: readonly string[]
  /** The sum of the shares by which their losses fall. */
  readonly gain: number
}

function moveTo(
  check: KeptCheck,
  { chosen, ownShare }: { readonly chosen: ReadonlyMap<string, KeptCheck>; readonly ownShare: number },
): Move {
  const gains = [...chosen].map(([task, { losses }]) => {
    const [now, then] = [losses[task], check.losses[task]]
    if (now === undefined || then === undefined) return { task, gain: 0 }
    return { task, gain: (now - then) / Math.max(now, LOSS_MIN) }
  })
  const worthwhile = gains.filter(({ gain }) => gain > ownShare)
  return {
    check,
    tasks: worthwhile.map(({ task }) => task),
    gain: worthwhile.reduce((sum, { gain }) => sum + gain, 0),
  }
}

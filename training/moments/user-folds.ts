// Folds of users, for a log: each user's test moments are answered by a model that has learned from other users
// alone, at earlier moments.
import { createRandom, shuffle } from '../../features/random.ts'
import type { MomentPlan } from './plan.ts'

/** As many plans as folds, each user held out in one of them; seeded. */
export function userFolds(
  plan: MomentPlan,
  { userCount, foldCount }: { readonly userCount: number; readonly foldCount: number },
): MomentPlan[] {
  const random = createRandom(plan.seed).fork('user-folds')
  const places = shuffle(
    Array.from({ length: userCount }, (_, place) => place),
    random,
  )
  return Array.from({ length: foldCount }, (_fold, fold) => ({
    ...plan,
    split: `${plan.split}; fold ${fold + 1} of ${foldCount} of users`,
    heldOut: new Set(places.filter((_place, rank) => rank % foldCount === fold)),
    expected: { ...plan.expected, test: plan.expected.test / foldCount },
  }))
}

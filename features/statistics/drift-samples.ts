// What a bundle learned from beside what came since, in the same bins: of its inputs, its answers and of what came
// true. Of each user one, as in the manifest's reference. The hour and the day of the week are left out: one day is
// never as all of them.
import type { Encoded } from '../encode.ts'
import { cycleMsOf } from '../windows.ts'
import { countBetween, countInputs, inputBinsOf } from '../input-bins.ts'
import type { Manifest, Reference, ReferenceCounts } from '../manifest.ts'
import type { BinnedSamples } from './drift.ts'

/** What was seen, one a user in each list. */
export interface Seen {
  readonly inputs: readonly Encoded[]
  /** By task: all numbers that a head reports, of each answer. */
  readonly answers: Readonly<Record<string, readonly (readonly number[])[]>>
  /** By task: the index of the class that came true, or the amount. */
  readonly outcomes: Readonly<Record<string, readonly number[]>>
}

/** Named 'input user.plan', 'answer buysWithin7Days', 'answer nextAction cart', 'outcome spend28Days'. */
export function driftSamples(
  manifest: Manifest & { readonly reference: Reference },
  { inputs, answers, outcomes }: Seen,
): BinnedSamples[] {
  const { reference, features, heads } = manifest
  const bins = inputBinsOf(features)
  const counted = countInputs(bins, inputs)
  const samples: BinnedSamples[] = bins.flatMap(({ name, isOrdered }) => {
    const before = reference.inputs[name]
    return before === undefined || isCalendar(name)
      ? []
      : [{ name: `input ${name}`, reference: before, current: counted[name] ?? [], isOrdered }]
  })
  for (const head of heads) {
    const { task } = head
    const rows = answers[task] ?? []
    const first = 'classes' in head ? 1 : 0
    const parts = reference.answers[task] ?? []
    for (const [part, before] of parts.entries()) {
      const place = part + first
      const word = parts.length > 1 && 'classes' in head ? ` ${head.classes[place]}` : ''
      const values = rows.map((numbers) => numbers[place] ?? 0)
      samples.push({ ...against(before, values), name: `answer ${task}${word}`, isOrdered: true })
    }
    const cameTrue = reference.outcomes[task]
    if (cameTrue !== undefined) {
      const sample = against(cameTrue, outcomes[task] ?? [])
      samples.push({ ...sample, name: `outcome ${task}`, isOrdered: !('classes' in head) })
    }
  }
  return samples
}

function isCalendar(name: string): boolean {
  return name.startsWith('history.') && cycleMsOf(name.slice('history.'.length)) !== undefined
}

function against({ cuts, counts }: ReferenceCounts, values: readonly number[]) {
  return { reference: counts, current: countBetween(cuts, values) }
}

// Searches the settings of a family on validation. What was found before is taken over, trial by trial; what is
// found is told as it comes, so that whoever keeps it can go on after any interruption.
import type { Settings } from '../models/family.ts'
import type { SearchSpace } from '../models/search-space.ts'
import { search } from './hyperband.ts'
import type { Trial } from './hyperband.ts'
import type { Judged } from './judge-trial.ts'
import { gainOver, judgeSearch } from './verdict.ts'
import type { Contender, Verdict } from './verdict.ts'

/** What came of a trial on a share of the examples. */
export interface TrialRecord {
  readonly trial: number
  readonly share: number
  /** Those that the space names. */
  readonly settings: Settings
  /** null where it failed. */
  readonly loss: number | null
  /** By task. */
  readonly losses?: Readonly<Record<string, number>>
  readonly cause?: string
  /** Over the project's own; of trials that have seen all examples. */
  readonly gain?: number
  readonly standardError?: number
  /** Of trial 0: what each example of validation adds to its loss, as base64 of Float64Array. */
  readonly rows?: string
}

export interface TuneRequest {
  /** Every setting of the family, as the project has them. */
  readonly own: Settings
  readonly space: SearchSpace
  readonly seed: number
  readonly shares: readonly number[]
  readonly cyclesMax?: number | undefined
  /** Of the examples of validation, [n]. */
  readonly userIds: readonly string[]
  readonly known: readonly TrialRecord[]
  /** Undefined once the search is over. */
  judge(trial: Trial, share: number): Promise<Judged | undefined>
  /** Keeps it before anything goes on from it. */
  record(found: TrialRecord): void
}

/** All that is known of trials that have seen all examples; undefined where none has. */
export async function tune(request: TuneRequest): Promise<Verdict | undefined> {
  const { own, space, seed, shares, cyclesMax, userIds } = request
  const known = new Map(request.known.map((found) => [keyOf(found), found]))
  const contenders: Contender[] = []
  const tried = new Set<number>()
  let ownRows: Float64Array | undefined

  await search({
    own,
    space,
    seed,
    shares,
    cyclesMax,
    async run(trial, share) {
      const found = known.get(keyOf({ trial: trial.index, share })) ?? (await find(trial, share))
      if (found === undefined) return undefined
      if (share === 1 && found.rows !== undefined) ownRows = rowsFrom(found.rows)
      if (trial.index > 0 && found.loss !== null) tried.add(trial.index)
      const { loss, gain = 0, standardError = 0 } = found
      if (share === 1 && loss !== null) {
        contenders.push({ trial: trial.index, settings: found.settings, loss, gain, standardError })
      }
      return loss ?? Infinity
    },
  })
  return judgeSearch(
    contenders.toSorted((a, b) => a.trial - b.trial),
    { tried: tried.size },
  )

  async function find(trial: Trial, share: number): Promise<TrialRecord | undefined> {
    const judged = await request.judge(trial, share)
    if (judged === undefined) return undefined
    const found = recordOf(trial, { share, judged })
    request.record(found)
    return found
  }
  function recordOf(
    { index, settings: all }: Trial,
    { share, judged }: { readonly share: number; readonly judged: Judged },
  ): TrialRecord {
    const settings = Object.fromEntries(Object.keys(space).map((name) => [name, all[name] ?? '']))
    const common = { trial: index, share, settings }
    if ('cause' in judged) return { ...common, loss: null, cause: judged.cause }
    const { loss, losses, rows } = judged
    return {
      ...common,
      loss,
      losses,
      ...(share === 1 && index > 0 && gainOver(ownRows, { rows, userIds })),
      ...(share === 1 && index === 0 && { rows: Buffer.from(rows.buffer).toString('base64') }),
    }
  }
}

function keyOf({ trial, share }: Pick<TrialRecord, 'trial' | 'share'>): string {
  return `${trial} ${share}`
}

function rowsFrom(text: string): Float64Array {
  return new Float64Array(Uint8Array.from(Buffer.from(text, 'base64')).buffer)
}

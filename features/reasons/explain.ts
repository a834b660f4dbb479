// Why a model answers so about one row: what each part of what is known adds to the answer, beside somebody
// typical. Contributions sum to the score less the base exactly, whatever the model is.
import type { Encoded } from '../encode.ts'
import { readerOf } from '../heads/kinds.ts'
import type { Manifest } from '../manifest.ts'
import { createRandom } from '../random.ts'
import { planCoalitions } from './coalitions.ts'
import { eraseParts, isTold, reasonParts } from './parts.ts'
import type { ReasonPart } from './parts.ts'
import { numbersOfRows, repeatRow, widthsOf } from '../rows.ts'
import type { RunRows } from '../rows.ts'

export interface ExplainRequest {
  readonly encoded: Encoded
  readonly run: RunRows
  /** How many of the latest events stand for themselves. */
  readonly eventsMax: number
  /** The tasks to explain; those that the prior answers are left out. */
  readonly tasks: readonly string[]
  /** So many rows are asked at once, but for one pair of orders of very many parts; 256 where absent. */
  readonly coalitionsMax?: number
}

/** How one answer comes about, in the unit of the answer: a probability, or an amount. */
export interface Explanation {
  /** The class or amount spoken of, as a place among the head's numbers. */
  readonly told: number
  /** What the model says of somebody typical, of whom no event is known. */
  readonly base: number
  readonly score: number
  /** The greatest first; parts that are as typical are left out. */
  readonly contributions: readonly Contribution[]
}

export interface Contribution {
  readonly part: ReasonPart
  readonly contribution: number
}

const COALITIONS_MAX = 256
const SEED = 1

/** By task. Rejects where the model does, or gives numbers that are not finite. */
export async function explain(
  manifest: Pick<Manifest, 'features' | 'heads' | 'reference'>,
  { encoded, run, eventsMax, tasks, coalitionsMax = COALITIONS_MAX }: ExplainRequest,
): Promise<Readonly<Record<string, Explanation>>> {
  const heads = manifest.heads.filter(({ task, basis }) => tasks.includes(task) && basis === 'model')
  if (heads.length === 0) return {}
  const parts = reasonParts(manifest, { eventsMax }).filter((part) => isTold(part, encoded))
  const random = createRandom(SEED)
  const plan = planCoalitions(parts.length, { coalitionsMax, random })
  const rows = plan.coalitions.length
  const outputs = await run(coalitionRows(encoded, { parts, coalitions: plan.coalitions }), rows)
  return Object.fromEntries(
    heads.map((head) => {
      const numbers = numbersOfRows(head, { outputs, rows })
      const told = readerOf(head).told(numbers.at(-1) ?? [])
      const scores = numbers.map((row) => row[told] ?? Number.NaN)
      const contributions = plan
        .contributions(scores)
        .flatMap((contribution, index) =>
          parts[index] === undefined ? [] : [{ part: parts[index], contribution }],
        )
        .toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution))
      return [head.task, { told, base: scores[0] ?? 0, score: scores.at(-1) ?? 0, contributions }]
    }),
  )
}

interface Coalitions {
  readonly parts: readonly ReasonPart[]
  readonly coalitions: readonly (readonly boolean[])[]
}

/** The row once a coalition, without the parts that the coalition does not tell. */
function coalitionRows(encoded: Encoded, { parts, coalitions }: Coalitions): Encoded {
  const inputs = repeatRow(encoded, coalitions.length)
  const widths = widthsOf(encoded)
  for (const [row, mask] of coalitions.entries()) {
    eraseParts(inputs, row, { parts: parts.filter((_, index) => mask[index] !== true), widths })
  }
  return inputs
}

// Stands in for the binding AI: what is documented of @cf/baai/bge-m3, `{ shape, data, pooling }`, with vectors that
// tell texts apart.
import { hashText } from '../../features/hash.ts'
import { createRandom } from '../../features/random.ts'
import type { WorkersAi } from '../../functions/encoders/workers-ai.ts'

const DIMS = 1_024

export interface StandInAi extends WorkersAi {
  /** The texts of each call. */
  readonly calls: string[][]
  /** From now on calls in which this says yes of a text fail. */
  failWhere(fails: (text: string) => boolean): void
}

export function standInAi(): StandInAi {
  const calls: string[][] = []
  let fails = (_text: string): boolean => false
  return {
    calls,
    failWhere: (where) => {
      fails = where
    },
    async run(_model, { text }) {
      calls.push(text)
      if (text.some(fails)) throw new Error('3040: Capacity temporarily exceeded, please try again.')
      return { shape: [text.length, DIMS], data: text.map(vectorOf), pooling: 'cls' }
    },
  }
}

/** What it makes of a text. */
export function vectorOf(text: string): number[] {
  const random = createRandom(hashText(text))
  return Array.from({ length: DIMS }, () => (random.next() * 2 - 1) / Math.sqrt(DIMS))
}

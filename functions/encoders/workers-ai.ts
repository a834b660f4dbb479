// A model of Workers AI as an encoder, over the binding AI. Its documented answer is `{ shape, data }`, a row of
// numbers a text; whatever else comes is a fault, in words.
// https://developers.cloudflare.com/workers-ai/models/bge-m3/
import type { Encoder, WorkersAiEncoder } from '../../features/encoder.ts'
import { fail, succeed } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'
import { readVector } from '../../features/vectors.ts'
import { withTimeout } from '../with-timeout.ts'

/** What is used of the binding. */
export interface WorkersAi {
  run(model: string, input: { readonly text: string[]; readonly truncate_inputs: boolean }): Promise<unknown>
}

const ANSWER_MS_MAX = 30_000

/** Fails where the Worker has no binding. `encode` rejects where the model does not answer, or not so. */
export function createWorkersAi(
  { model, dims }: WorkersAiEncoder,
  ai: WorkersAi | undefined,
): Result<Encoder, string> {
  if (ai === undefined)
    return fail('the Worker has no binding AI: docs/operations.md says how to give it one')
  const encode = async (texts: readonly string[]): Promise<Float32Array[]> => {
    const answer = await withTimeout(ai.run(model, { text: [...texts], truncate_inputs: true }), {
      timeoutMs: ANSWER_MS_MAX,
      error: () => new Error(`${model} did not answer within ${ANSWER_MS_MAX / 1_000} s`),
    })
    const data = (answer as { readonly data?: unknown } | null)?.data
    if (!Array.isArray(data) || data.length !== texts.length)
      throw new Error(`${model} gave no vector for each of ${texts.length} texts`)
    return data.map((row: unknown) => {
      const read = readVector(row, dims)
      if (!read.ok || read.value === null)
        throw new Error(`${model} gave ${read.ok ? 'nothing' : read.reason} in place of ${dims} numbers`)
      return Float32Array.from(row as number[])
    })
  }
  return succeed({ id: model, dims, encode })
}

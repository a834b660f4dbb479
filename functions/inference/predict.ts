// From a bundle and what is known of a user to answers; the prior stands in where there is no model to
// ask or nothing to ask it with, and the answer says so.
import { decode, priorAnswers } from '../../features/decode.ts'
import type { DecodeOptions } from '../../features/decode.ts'
import type { EncodeRequest } from '../../features/encode.ts'
import type { Answers } from '../../features/heads/head.ts'
import type { LoadedBundle } from './bundle.ts'
import { assertAnswers } from './check-answers.ts'

/** Why the prior answered and not the model. */
export type Fallback = 'unknown_user' | 'model_failed'

export interface Prediction {
  readonly answers: Answers
  readonly fallback: Fallback | null
}

/**
 * Answers what the bundle can answer of the project's tasks. Never rejects: a model that fails, or gives
 * anything but answers, gives way to the prior.
 * @param request absent for a newcomer: someone of whom nothing has been seen
 */
export async function predict(
  bundle: LoadedBundle,
  request: EncodeRequest | undefined,
  { interval = false }: Pick<DecodeOptions, 'interval'> = {},
): Promise<Prediction> {
  const { manifest, model } = bundle
  if (request === undefined) {
    return { answers: priorAnswers(manifest, 'newcomer'), fallback: 'unknown_user' }
  }
  const failed: Prediction = { answers: priorAnswers(manifest, 'everyone'), fallback: 'model_failed' }
  if (!model.ok) return failed
  try {
    const row = bundle.encode(request)
    const answers = decode(manifest, await model.value.run(row), {
      cell: bundle.supportCellOf(row),
      interval,
    })
    assertAnswers(manifest.heads, answers)
    return { answers, fallback: null }
  } catch (error) {
    // Its message may repeat what was encoded.
    console.error(
      `Bundle ${bundle.id}: its model failed with ${error instanceof Error ? error.name : 'that'}`,
    )
    return failed
  }
}

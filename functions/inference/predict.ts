// From a bundle and what is known of a user to answers; the prior stands in where there is no model to
// ask or nothing to ask it with, and the answer says so.
import { decode, priorAnswers } from '../../features/decode.ts'
import type { Answers } from '../../features/decode.ts'
import type { EncodeRequest } from '../../features/encode.ts'
import type { LoadedBundle } from './bundle.ts'

/** Why the prior answered and not the model. */
export type Fallback = 'unknown_user' | 'model_failed'

export interface Prediction {
  readonly answers: Answers
  readonly fallback: Fallback | null
}

/**
 * Answers every task of the bundle. Never rejects: a model that fails, or gives anything but finite
 * numbers, gives way to the prior.
 * @param request absent for a user of whom nothing is known
 */
export async function predict(bundle: LoadedBundle, request: EncodeRequest | undefined): Promise<Prediction> {
  const { manifest, session } = bundle
  if (request === undefined) return { answers: priorAnswers(manifest), fallback: 'unknown_user' }
  if (session === undefined) return { answers: priorAnswers(manifest), fallback: 'model_failed' }
  try {
    return { answers: decode(manifest, await session.run(bundle.encode(request))), fallback: null }
  } catch (error) {
    console.error(`Bundle ${bundle.id}: its model failed`, error)
    return { answers: priorAnswers(manifest), fallback: 'model_failed' }
  }
}

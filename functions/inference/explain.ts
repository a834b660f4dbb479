// Why a bundle answers so: contributions and, where asked for, one change that would move the answer; in numbers
// and in words. It needs nothing but the bundle.
import type { EncodeRequest } from '../../features/encode.ts'
import type { Head } from '../../features/heads/head.ts'
import { counterfactuals } from '../../features/reasons/counterfactual.ts'
import type { Counterfactual } from '../../features/reasons/counterfactual.ts'
import { explain } from '../../features/reasons/explain.ts'
import type { Explanation } from '../../features/reasons/explain.ts'
import type { RunRows } from '../../features/rows.ts'
import { amountWords, createTeller } from '../../features/reasons/words.ts'
import type { Teller } from '../../features/reasons/words.ts'
import type { LoadedBundle } from './bundle.ts'
import type { Fallback, Prediction } from './predict.ts'

export interface ReasonsAsked {
  /** How many of the latest events stand for themselves. */
  readonly events: number
  /** Names such as 'user.plan'. */
  readonly changeable: readonly string[]
  readonly towards: 'more' | 'less'
  readonly tasks: readonly string[]
}

/** Why there are no reasons: the prior answered, too little being known or for want of skill, or the model failed when it was asked for them. */
export interface Unexplained {
  readonly unexplained: Fallback | 'prior' | 'too_little_known'
}

/** What is told of one answer. */
export interface Explained {
  /** The class whose probability is explained, where there are classes. */
  readonly of?: string
  readonly base: number
  readonly score: number
  readonly contributions: readonly ToldContribution[]
  /** Where a change is asked about: null where none moves the answer that way. */
  readonly counterfactual?: ToldChange | null
}

export interface ToldContribution {
  readonly part: string
  readonly contribution: number
  readonly text: string
  readonly event?: { readonly id: string; readonly type: string; readonly occurredAt: string }
}

export interface ToldChange extends Counterfactual {
  readonly text: string
}

export type Reasons = Readonly<Record<string, Explained | Unexplained>>

/** The reasons of an answer, by task. Never rejects: what cannot be explained says why. */
export async function explainPrediction(
  bundle: LoadedBundle,
  {
    request,
    prediction,
    asked,
  }: {
    readonly request: EncodeRequest | undefined
    readonly prediction: Prediction
    readonly asked: ReasonsAsked
  },
): Promise<Reasons> {
  const heads = bundle.manifest.heads.filter(({ task }) => asked.tasks.includes(task))
  const fallback = prediction.fallback ?? 'model_failed'
  if (prediction.fallback !== null || request === undefined || !bundle.model.ok)
    return unexplained(heads, fallback)
  const session = bundle.model.value
  const run: RunRows = (inputs, rows) => session.run(inputs, rows)
  try {
    const explained = await explain(bundle.manifest, {
      encoded: bundle.encode(request),
      run,
      eventsMax: asked.events,
      tasks: asked.tasks.filter((task) => prediction.answers[task]?.basis !== 'prior'),
    })
    const told = Object.fromEntries(Object.entries(explained).map(([task, one]) => [task, one.told]))
    const changes =
      asked.changeable.length === 0
        ? undefined
        : await counterfactuals(bundle.manifest, { ...asked, request, encode: bundle.encode, run, told })
    const teller = createTeller(bundle.manifest.features, request)
    return Object.fromEntries(
      heads.map((head) => {
        const own = explained[head.task]
        if (own === undefined) {
          return [head.task, { unexplained: prediction.answers[head.task]?.fallback ?? ('prior' as const) }]
        }
        return [
          head.task,
          {
            ...toldReasons(own, { head, teller }),
            ...(changes !== undefined && { counterfactual: toldChange(changes[head.task], { head, own }) }),
          },
        ]
      }),
    )
  } catch (error) {
    // Its message may repeat what was encoded.
    console.error(
      `Bundle ${bundle.id}: explaining failed with ${error instanceof Error ? error.name : 'that'}`,
    )
    return unexplained(heads, 'model_failed')
  }
}

function unexplained(heads: readonly Head[], reason: Unexplained['unexplained']): Reasons {
  return Object.fromEntries(heads.map(({ task }) => [task, { unexplained: reason }]))
}

interface Telling {
  readonly head: Head
  readonly teller: Teller
}

function toldReasons(
  { told, base, score, contributions }: Explanation,
  { head, teller }: Telling,
): Explained {
  return {
    ...('classes' in head && { of: head.classes[told] ?? '' }),
    base,
    score,
    contributions: contributions.map(({ part, contribution }) => {
      const event = teller.event(part)
      return {
        part: part.name,
        contribution,
        text: `${teller.fact(part)}: ${amountWords(head, contribution)}`,
        ...(event !== undefined && {
          event: { id: event.id, type: event.type, occurredAt: new Date(event.occurredAt).toISOString() },
        }),
      }
    }),
  }
}

/** Of 'user.plan' plan, as reasons call it. */
function nameOf(change: string): string {
  return change.slice(change.indexOf('.') + 1)
}

function toldChange(
  found: Counterfactual | null | undefined,
  { head, own }: { readonly head: Head; readonly own: Explanation },
): ToldChange | null {
  if (found === null || found === undefined) return null
  const difference = amountWords(head, found.score - own.score)
  return {
    ...found,
    text: `${nameOf(found.change)} ${found.to} in place of ${found.from ?? 'nothing'}: ${difference}`,
  }
}

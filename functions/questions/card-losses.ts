// The losses that a card promises, beside which live ones are held.
import { z } from 'zod'

const schema = z.object({
  rehearsal: z.object({
    tasks: z.record(
      z.string(),
      z.looseObject({
        model: z.looseObject({ logLoss: z.number().optional(), mae: z.number().optional() }),
        intervals: z.record(z.string(), z.tuple([z.number(), z.number()])).optional(),
      }),
    ),
  }),
})

/**
 * By task the log loss, of amounts the mean absolute error; the upper end of its interval where the card has one.
 * Empty where the text is no card.
 */
export function cardLosses(card: string): ReadonlyMap<string, number> {
  let json: unknown
  try {
    json = JSON.parse(card)
  } catch {
    return new Map()
  }
  const parsed = schema.safeParse(json)
  if (!parsed.success) return new Map()
  return new Map(
    Object.entries(parsed.data.rehearsal.tasks).flatMap(
      ([
        task,
        {
          model: { logLoss, mae },
          intervals,
        },
      ]) => {
        const name = logLoss === undefined ? 'mae' : 'logLoss'
        const loss = intervals?.[name]?.[1] ?? logLoss ?? mae
        return loss === undefined ? [] : [[task, loss] as const]
      },
    ),
  )
}

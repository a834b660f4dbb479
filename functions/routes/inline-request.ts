// What a request to predict brings in its body, as encode reads it.
import { undated } from '../../features/attributes.ts'
import type { EncodeRequest } from '../../features/encode.ts'
import type { Event } from '../../features/event.ts'
import { isInFuture, toAttributes } from './fields.ts'
import type { PredictBody } from './predict-schema.ts'

export interface Moments {
  /** The moment asked about. */
  readonly atMs: number
  readonly nowMs: number
}

/** Events of one moment keep the order of the list. */
export function toInlineRequest(sent: PredictBody, { atMs, nowMs }: Moments): EncodeRequest {
  const attributes = sent.attributes === undefined ? undefined : toAttributes(sent.attributes)
  const items = Object.entries(sent.items ?? {}).map(
    ([id, values]) => [id, undated(toAttributes(values))] as const,
  )
  return {
    history: (sent.history ?? []).map((event, place) => toEvent(event, { place, nowMs })),
    user: undated(attributes),
    items: new Map(items),
    atMs,
  }
}

function toEvent(
  sent: NonNullable<PredictBody['history']>[number],
  { place, nowMs }: { readonly place: number; readonly nowMs: number },
): Event {
  const { id, itemId, value, properties, receivedAt, ...event } = sent
  // As when events are posted: a sender's clock may be a little ahead, what it tells of is not.
  const occurredAt = isInFuture(event.occurredAt, nowMs)
    ? event.occurredAt
    : Math.min(event.occurredAt, nowMs)
  return {
    ...event,
    id: id ?? place.toString().padStart(8, '0'),
    userId: '',
    occurredAt,
    receivedAt: receivedAt ?? occurredAt,
    place,
    ...(itemId !== undefined && { itemId }),
    ...(value !== undefined && { value }),
    ...(properties !== undefined && { properties }),
  }
}

// Tells the service what happened, as the back end of a shop would: profiles as they change, events by the hour.
import type { Event } from '../../features/event.ts'
import type { HeardVersion, Stretch } from './world.ts'
import type { RunService } from './run-service.ts'
import { inParallel } from './in-parallel.ts'

const EVENTS_MAX = 500

/** @param options.backfill the events were known when they happened, and are only sent now */
export async function tell(
  service: RunService,
  { events, users, items }: Stretch,
  { backfill = false } = {},
): Promise<void> {
  const put =
    (kind: 'users' | 'items') =>
    async ({ id, version }: HeardVersion) => {
      const knownAt = new Date(version.knownAt).toISOString()
      await service.send('PUT', `/v1/${kind}/${id}`, { attributes: version.attributes, knownAt })
    }
  await inParallel(items, put('items'))
  await inParallel(users, put('users'))
  for (let from = 0; from < events.length; from += EVENTS_MAX) {
    const sent = events.slice(from, from + EVENTS_MAX).map(sentEvent)
    const { rejected } = await service.send('POST', '/v1/events', {
      events: sent,
      ...(backfill && { backfill }),
    })
    if (rejected.length > 0) throw new Error(`Refused: ${JSON.stringify(rejected[0])}`)
  }
}

/** When it is received the service says, and in which order it comes the list. */
function sentEvent({ id, type, userId, itemId, value, properties, occurredAt }: Event) {
  return { id, type, userId, itemId, value, properties, occurredAt: new Date(occurredAt).toISOString() }
}

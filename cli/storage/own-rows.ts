// What `npm start` sends and makes itself, to show that what is sent counts: told apart from what others did
// by the ids of its rows and the name of its keys.
import { randomUUID } from 'node:crypto'

export const OWN_NAME = 'npm start'

/** Of an event, or of a made-up user. */
export function ownId(): string {
  return `start-${randomUUID()}`
}

/** SQL: whether a row's id is none of those. */
export const IS_OTHERS = "not (id >= 'start-' and id < 'start.')"

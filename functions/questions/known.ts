// What is known of the user asked about, ready to encode: from the storage by userId, or from a request
// that brings it all.
import { attributesAt } from '../../features/attributes.ts'
import type { Attributes } from '../../features/attributes.ts'
import type { EncodeRequest } from '../../features/encode.ts'
import { hasEvents } from '../../features/project.ts'
import type { Project } from '../../features/project.ts'
import { connect } from '../db/client.ts'
import { readStoredUser } from '../db/stored-user.ts'

export interface StoredQuestion {
  readonly binding: D1Database
  readonly userId: string
  readonly atMs: number
  /** Only what was stored by this moment counts; everything where it is absent. */
  readonly storedByMs?: number
  readonly context?: Attributes
}

/** Reads what is stored of a user, in one call to D1; undefined for a newcomer. */
export async function readKnown(
  project: Project,
  { binding, userId, atMs, storedByMs, context }: StoredQuestion,
): Promise<EncodeRequest | undefined> {
  const itemCategories = Object.entries(project.item)
    .filter(([, { kind }]) => kind === 'category')
    .map(([name]) => name)
  const stored = await readStoredUser(connect(binding), {
    userId,
    atMs,
    itemCategories,
    ...(storedByMs !== undefined && { storedByMs }),
  })
  return unlessNewcomer(project, { ...stored, atMs, ...(context !== undefined && { context }) })
}

/**
 * The request, unless it is about a newcomer: where users have histories, someone who has done nothing
 * yet, whatever the profile says; in a table, someone of whom there is no row, or one who was forgotten.
 */
export function unlessNewcomer(project: Project, request: EncodeRequest): EncodeRequest | undefined {
  const { history, user, atMs } = request
  const isKnown = hasEvents(project)
    ? history.some((event) => event.occurredAt <= atMs && event.receivedAt <= atMs)
    : Object.keys(attributesAt(user, atMs)).length > 0
  return isKnown ? request : undefined
}

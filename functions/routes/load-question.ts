// What a prediction needs: the deployed bundle, and what is known of the user asked about, from the
// storage by userId or from the request alone.
import type { Event } from '../../features/event.ts'
import type { EncodeRequest } from '../../features/encode.ts'
import type { Database } from '../db/client.ts'
import type { Deployment } from '../db/deployments.ts'
import { readSubject } from '../db/subjects.ts'
import type { Subject } from '../db/subjects.ts'
import type { LoadedBundle } from '../inference/bundle.ts'
import type { Champion, LoadOptions } from './champion.ts'
import { toAttributes } from './fields.ts'
import type { PredictBody } from './predict-schema.ts'

export interface Question {
  /** Absent for a stored user of whom nothing is known. */
  readonly request: EncodeRequest | undefined
  readonly deployment: Deployment
  readonly bundle: LoadedBundle
}

export interface QuestionSources extends LoadOptions {
  readonly db: Database
  readonly champion: Champion
  /** The moment asked about, Unix milliseconds. */
  readonly at: number
  /** Measures a stage. */
  readonly time: <Value>(stage: string, work: Promise<Value>) => Promise<Value>
}

/** By userId: one call to D1, which also tells which bundle is deployed. Else no data is read. */
export function loadQuestion(sent: PredictBody, sources: QuestionSources): Promise<Question> {
  return sent.userId === undefined
    ? inlineQuestion(sent, sources)
    : storedQuestion(sent.userId, { sent, sources })
}

async function inlineQuestion(sent: PredictBody, sources: QuestionSources): Promise<Question> {
  const { champion, time, at } = sources
  const found = await time('storage', champion.deployment(sources.db))
  const { deployment, bundle } = await time('bundle', champion.load(found, sources))
  const items = Object.entries(sent.items ?? {}).map(([id, values]) => [id, toAttributes(values)] as const)
  const known = {
    history: (sent.history ?? []).map((event, index) => toEvent(event, index)),
    attributes: toAttributes(sent.attributes ?? {}),
    items: new Map(items),
  }
  return { request: toRequest(known, { sent, at }), deployment, bundle }
}

async function storedQuestion(
  userId: string,
  { sent, sources }: { readonly sent: PredictBody; readonly sources: QuestionSources },
): Promise<Question> {
  const { db, champion, time, at } = sources
  const expectedMax = champion.historyLengthMax()
  const read = await time('storage', readSubject(db, { userId, at, historyLengthMax: expectedMax }))
  champion.note(read.deployment)
  const { deployment, bundle } = await time('bundle', champion.load(read.deployment, sources))

  // A bundle seen for the first time may look at more of the history than was read.
  const { historyLengthMax } = bundle.manifest.features
  const isCut = read.subject.history.length === expectedMax && historyLengthMax > expectedMax
  const subject = isCut ? (await readSubject(db, { userId, at, historyLengthMax })).subject : read.subject
  return { request: isKnown(subject) ? toRequest(subject, { sent, at }) : undefined, deployment, bundle }
}

function isKnown(subject: Subject): boolean {
  return subject.attributes !== undefined || subject.history.length > 0
}

function toRequest(
  { history, attributes = {}, items }: Subject,
  { sent, at }: { readonly sent: PredictBody; readonly at: number },
): EncodeRequest {
  const context = sent.context === undefined ? {} : { context: toAttributes(sent.context) }
  return { history, attributes, items, at, ...context }
}

/** Events without an id keep the order of the list where they occurred at the same moment. */
function toEvent(sent: NonNullable<PredictBody['history']>[number], index: number): Event {
  const { id, itemId, value, properties, receivedAt, ...event } = sent
  return {
    ...event,
    id: id ?? index.toString().padStart(8, '0'),
    userId: '',
    receivedAt: receivedAt ?? event.occurredAt,
    ...(itemId !== undefined && { itemId }),
    ...(value !== undefined && { value }),
    ...(properties !== undefined && { properties }),
  }
}

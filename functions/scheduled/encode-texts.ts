// Asks the encoder about texts that wait, and gives versions their vectors. What a call made is written at once, so
// a turn that ends early loses none. Texts whose call failed are tried again later, among fewer others each time and at
// last alone, then given up and told.
import type { Encoder } from '../../features/encoder.ts'
import { madeVectors } from '../../features/made-vectors.ts'
import type { Project } from '../../features/project.ts'
import { packVector } from '../../features/vectors.ts'
import type { Clock } from '../clock.ts'
import { endAlarm, ringAlarm } from '../db/alarms.ts'
import { connect } from '../db/client.ts'
import type { Database } from '../db/client.ts'
import {
  countWaitingTexts,
  giveVectors,
  keepEncodings,
  noteFailedTexts,
  readWaitingTexts,
} from '../db/encodings.ts'
import type { WaitingText } from '../db/encodings.ts'
import { createEncoder, madeByWorker } from '../encoders/create-encoder.ts'
import type { EncoderBindings } from '../encoders/create-encoder.ts'

/** In one call: the model takes 60,000 tokens together, and a character may be one. */
const CALL = { texts: 32, characters: 50_000 }
const CALLS_MAX = 10
/** After which a turn waits for the next. */
const FAULTS_MAX = 3
const TRIES_MAX = 10
/** Doubles with each try, so that a text is given up after 42 hours. */
const WAIT_MS = 5 * 60_000
const GIVEN_MAX = 200

export interface EncodeRequest {
  readonly project: Project
  readonly binding: D1Database
  readonly variables: EncoderBindings
  readonly nowMs: number
  /** The turn goes on while the model is asked: a vector is stored when it is there, and not before. */
  readonly clock: Clock
}

/** Gives what it did, in words. */
export async function encodeTexts({
  project,
  binding,
  variables,
  nowMs,
  clock,
}: EncodeRequest): Promise<string> {
  const made = madeByWorker([...madeVectors(project.user), ...madeVectors(project.item)])
  if (made.length === 0) return 'no text has an encoder here'
  const db = connect(binding)
  const faults: string[] = []
  let encoded = 0
  for (const declared of new Map(made.map(({ encoder }) => [encoder.model, encoder])).values()) {
    const countMax = CALL.texts * CALLS_MAX
    const waiting = await readWaitingTexts(db, { model: declared.model, nowMs, countMax })
    if (waiting.length === 0) continue
    const created = createEncoder(declared, variables)
    if (!created.ok) {
      faults.push(created.reason)
      continue
    }
    for (const texts of inCalls(waiting).slice(0, CALLS_MAX)) {
      if (faults.length === FAULTS_MAX) break
      const fault = await encodeCall(db, { encoder: created.value, texts, nowMs })
      if (fault === undefined) encoded += texts.length
      else faults.push(fault)
    }
  }
  let given = 0
  for (const kind of ['user', 'item'] as const)
    given += await giveVectors(db, { kind, nowMs: clock(), countMax: GIVEN_MAX })
  const { waiting, givenUp } = await countWaitingTexts(db)
  const words = `encoded ${encoded} texts, gave ${given} vectors; ${waiting} texts wait, ${givenUp} of them given up`
  const detail = [words, ...new Set(faults)].join('; ')
  if (faults.length > 0 || givenUp > 0) await ringAlarm(db, { kind: 'encoding', at: nowMs, detail })
  else await endAlarm(db, { kind: 'encoding', nowMs })
  return detail
}

/** Texts by calls: those that failed as often go together, new ones first, for those that fail must hold up nobody. */
function inCalls(waiting: readonly WaitingText[]): WaitingText[][] {
  const calls: WaitingText[][] = []
  let characters = 0
  for (const text of waiting.toSorted((one, other) => one.tries - other.tries)) {
    const call = calls.at(-1)
    const isLike = call?.[0]?.tries === text.tries && call.length < textsMax(text.tries)
    if (call !== undefined && isLike && characters + text.text.length <= CALL.characters) {
      call.push(text)
      characters += text.text.length
    } else {
      calls.push([text])
      characters = text.text.length
    }
  }
  return calls
}

/** 32, 8, 2, 1: the one that fails is soon alone. */
function textsMax(tries: number): number {
  return Math.max(1, Math.floor(CALL.texts / 4 ** tries))
}

interface CallRequest {
  readonly encoder: Encoder
  readonly texts: readonly WaitingText[]
  readonly nowMs: number
}

/** Gives why it failed; undefined where it did not. */
async function encodeCall(db: Database, { encoder, texts, nowMs }: CallRequest): Promise<string | undefined> {
  let vectors: Float32Array[]
  try {
    vectors = await encoder.encode(texts.map(({ text }) => text))
  } catch (error) {
    const fault = (error instanceof Error ? error.message : String(error)).slice(0, 300)
    const failed = texts.map((text) => {
      const isLast = text.tries + 1 >= TRIES_MAX
      return { ...text, fault, dueAt: isLast ? null : nowMs + WAIT_MS * 2 ** text.tries }
    })
    await noteFailedTexts(db, failed)
    return fault
  }
  const made = texts.map((text, place) => ({ ...text, vector: packVector(vectors[place] ?? []) }))
  await keepEncodings(db, made)
  return undefined
}

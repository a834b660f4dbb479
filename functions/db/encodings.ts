// Texts that an encoder of the Worker's reads: which wait, what came of each, kept by the hash of the text, and
// which versions want it. What waits is written with the version that brought it, in one call.
import { sql } from 'drizzle-orm'
import type { SQL } from 'drizzle-orm'
import type { Attributes } from '../../features/attributes.ts'
import { sha256Hex } from '../../features/hash.ts'
import { attemptRead, attemptWrite, prepared } from './client.ts'
import type { Database } from './client.ts'
import { encodings, items, users, wantedVectors } from './schema.ts'

/** A version that lacks the vector of a text. */
export interface Wanted {
  readonly kind: 'user' | 'item'
  readonly id: string
  readonly knownAt: number
  /** Of the vector, and of the text that it is made of. */
  readonly name: string
  readonly textName: string
  readonly text: string
  /** Id of the encoder. */
  readonly model: string
}

/** What is to be run with the write of the version. A text that was given up is tried again. */
export async function wantStatements(wanted: readonly Wanted[], nowMs: number): Promise<SQL[]> {
  const statements = await Promise.all(
    wanted.map(async ({ kind, id, knownAt, name, textName, text, model }) => {
      const hash = await sha256Hex(text)
      return [
        sql`insert into ${encodings} (model, hash, text, due_at) values (${model}, ${hash}, ${text}, ${nowMs})
          on conflict (model, hash) do update set due_at = excluded.due_at, tries = 0, fault = null
          where encodings.text is not null and encodings.due_at is null`,
        sql`insert into ${wantedVectors} (kind, id, known_at, name, text_name, model, hash)
          values (${kind}, ${id}, ${knownAt}, ${name}, ${textName}, ${model}, ${hash})
          on conflict (kind, id, known_at, name) do update set model = excluded.model, hash = excluded.hash`,
      ]
    }),
  )
  return statements.flat()
}

export interface WaitingText {
  readonly model: string
  readonly hash: string
  readonly text: string
  /** How often it failed. */
  readonly tries: number
}

/** Those that are due, the longest waiting first. */
export async function readWaitingTexts(
  db: Database,
  { model, nowMs, countMax }: { readonly model: string; readonly nowMs: number; readonly countMax: number },
): Promise<WaitingText[]> {
  return attemptRead('waiting texts', () =>
    db.all<WaitingText>(sql`select model, hash, text, tries from ${encodings}
      where text is not null and due_at <= ${nowMs} and model = ${model} order by due_at, hash limit ${countMax}`),
  )
}

/** How many texts wait, and how many of them were given up. */
export async function countWaitingTexts(
  db: Database,
): Promise<{ readonly waiting: number; readonly givenUp: number }> {
  const [row] = await attemptRead('waiting texts', () =>
    db.all<{ waiting: number; givenUp: number }>(sql`select count(*) as waiting,
      count(*) - count(due_at) as givenUp from ${encodings} where text is not null`),
  )
  return row ?? { waiting: 0, givenUp: 0 }
}

/** Keeps what was made of texts. */
export async function keepEncodings(
  db: Database,
  made: readonly (Pick<WaitingText, 'model' | 'hash'> & { readonly vector: string })[],
): Promise<void> {
  await runAll(
    db,
    made.map(
      ({ model, hash, vector }) =>
        sql`update ${encodings} set vector = ${vector}, text = null, due_at = null, fault = null
          where model = ${model} and hash = ${hash}`,
    ),
  )
}

/** Notes that texts could not be encoded. @param dueAt when each is tried again; null where it is given up */
export async function noteFailedTexts(
  db: Database,
  failed: readonly (WaitingText & { readonly dueAt: number | null; readonly fault: string })[],
): Promise<void> {
  await runAll(
    db,
    failed.map(
      ({ model, hash, tries, dueAt, fault }) =>
        sql`update ${encodings} set tries = ${tries + 1}, due_at = ${dueAt}, fault = ${fault}
          where model = ${model} and hash = ${hash} and text is not null`,
    ),
  )
}

interface WantedRow extends Omit<Wanted, 'text'> {
  readonly hash: string
  readonly vector: string
  readonly heldKnownAt: number | null
  readonly heldStoredAt: number | null
  readonly attributes: string | null
}

const tables = { user: users, item: items } as const

/**
 * Gives versions the vectors that are there by now, each as a correction that is stored now: what was answered
 * before comes out again from what was known then. A version that no longer has the text is left as it is.
 * @returns how many were looked at, at most countMax
 */
export async function giveVectors(
  db: Database,
  {
    kind,
    nowMs,
    countMax,
  }: { readonly kind: Wanted['kind']; readonly nowMs: number; readonly countMax: number },
): Promise<number> {
  const table = tables[kind]
  const rows = await attemptRead('wanted vectors', () =>
    db.all<WantedRow>(sql`
      select wanted.kind, wanted.id, wanted.known_at as knownAt, name, text_name as textName, wanted.model,
        wanted.hash, encodings.vector, held.known_at as heldKnownAt, held.stored_at as heldStoredAt, held.attributes
      from ${wantedVectors} as wanted
      join encodings on encodings.model = wanted.model and encodings.hash = wanted.hash
      left join ${table} as held on held.id = wanted.id and (held.known_at, held.stored_at) = (
        select known_at, stored_at from ${table} as version
        where version.id = wanted.id and version.known_at <= wanted.known_at
        order by version.known_at desc, version.stored_at desc limit 1
      )
      where wanted.kind = ${kind} and encodings.vector is not null
      order by wanted.id, wanted.known_at, name limit ${countMax}`),
  )
  const statements = await Promise.all(rows.map((row) => giveOne(row, { table, nowMs })))
  await runAll(db, statements.flat())
  return rows.length
}

async function giveOne(
  row: WantedRow,
  { table, nowMs }: { readonly table: typeof users | typeof items; readonly nowMs: number },
): Promise<SQL[]> {
  const { kind, id, knownAt, name, textName, hash, vector, heldKnownAt, heldStoredAt, attributes } = row
  const settled = sql`delete from ${wantedVectors}
    where kind = ${kind} and id = ${id} and known_at = ${knownAt} and name = ${name} and hash = ${hash}`
  const text = attributes === null ? undefined : (JSON.parse(attributes) as Attributes)[textName]
  if (typeof text !== 'string' || (await sha256Hex(text)) !== hash) return [settled]
  // A second text of the same version finds the correction of the first, and adds to it.
  const storedAt = Math.max(nowMs, (heldStoredAt ?? 0) + 1)
  const given = sql`insert into ${table} (id, known_at, attributes, stored_at)
    select id, known_at, json_patch(attributes, json_object(${name}, ${vector})), ${storedAt} from ${table}
    where id = ${id} and known_at = ${heldKnownAt} and (stored_at = ${heldStoredAt} or stored_at = ${storedAt})
    order by stored_at desc limit 1
    on conflict (id, known_at, stored_at) do update set attributes = excluded.attributes`
  return [given, settled]
}

/** In one call, all or none. */
async function runAll(db: Database, statements: readonly SQL[]): Promise<void> {
  if (statements.length === 0) return
  await attemptWrite('encodings', () =>
    db.$client.batch(statements.map((statement) => prepared(db, statement))),
  )
}

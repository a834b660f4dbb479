// What reading must give, in a form that is compared as it is: what is missing does not stand in it.
import type { DataReport } from '../../../../training/data/report/report.ts'
import type { DataSet, UserRecord } from '../../../../training/data/data-set.ts'
import type { Attributes, Versions } from '../../../../features/attributes.ts'

export interface ReadEvent {
  /** Empty where the log gives none. */
  readonly id: string
  readonly type: string
  readonly itemId: string | null
  readonly value: number | null
  readonly properties: Attributes
  readonly occurredAt: number
  readonly receivedAt: number
}

export interface ReadUser {
  readonly userId: string
  readonly versions: Versions
  readonly events: readonly ReadEvent[]
  readonly questions: readonly {
    readonly atMs: number | null
    readonly labels: Readonly<Record<string, string>>
  }[]
}

export interface Read {
  /** In the order in which the files first name them. */
  readonly users: readonly ReadUser[]
  readonly items: readonly { readonly itemId: string; readonly versions: Versions }[]
  readonly files: readonly ReadFile[]
  /** By name: rows, present, distinct. */
  readonly attributes: Readonly<Record<string, readonly [number, number, number]>>
  readonly counts: readonly [events: number, users: number, questions: number]
  readonly span: DataSet['span'] | null
}

export interface ReadFile {
  readonly role: string
  readonly rows: number
  readonly stored: number
  readonly repeated: number
  readonly skipped: number
}

/** @param givesIds whether the log names its events */
export async function readAll(data: DataSet, givesIds: boolean): Promise<Read> {
  const users = await Array.fromAsync(data.users(), (user) => userOf(user, givesIds))
  const items = Array.from(data.items, ([itemId, versions]) => ({
    itemId,
    versions: versions.map(versionOf),
  }))
  return {
    users,
    items: items.toSorted((a, b) => (a.itemId < b.itemId ? -1 : 1)),
    files: data.report.files.map(fileOf),
    attributes: Object.fromEntries(
      data.report.attributes.map(({ name, rows, present, distinct }) => [
        name,
        [rows, present, distinct] as const,
      ]),
    ),
    counts: [data.eventCount, data.userCount, data.questionCount],
    span: data.span ?? null,
  }
}

function userOf({ userId, versions, events, questions }: UserRecord, givesIds: boolean): ReadUser {
  return {
    userId,
    versions: versions.map(versionOf),
    events: events.map(
      ({ id, type, itemId = null, value = null, properties = {}, occurredAt, receivedAt }) => ({
        id: givesIds ? id : '',
        type,
        itemId,
        value,
        properties: withoutMissing(properties),
        occurredAt,
        receivedAt,
      }),
    ),
    questions: questions.map(({ atMs, labels }) => ({ atMs, labels })),
  }
}

function versionOf({ knownAt, attributes }: Versions[number]): Versions[number] {
  return { knownAt, attributes: withoutMissing(attributes) }
}

function fileOf({ role, rows, stored, repeated, skipped }: DataReport['files'][number]): ReadFile {
  return { role, rows, stored, repeated, skipped: skipped.reduce((sum, one) => sum + one.rows, 0) }
}

export function withoutMissing(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null))
}

/** Of values by row, those of one attribute: how many rows, how many have one, how many differ. */
export function countsOf(rows: readonly Attributes[], name: string): readonly [number, number, number] {
  const present = rows.flatMap((row) => row[name] ?? [])
  return [rows.length, present.length, new Set(present).size]
}

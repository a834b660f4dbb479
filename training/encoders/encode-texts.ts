// A data set in which the texts of users and items have their vectors beside them, where the project declares an
// encoder for them: all are encoded before anything is read of it.
import type { AttributeVersion, Versions } from '../../features/attributes.ts'
import type { EncoderDeclaration } from '../../features/encoder.ts'
import { madeVectors } from '../../features/made-vectors.ts'
import type { MadeVector } from '../../features/made-vectors.ts'
import type { Project } from '../../features/project.ts'
import { fail, succeed } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'
import type { DataSet, UserRecord } from '../data/data-set.ts'
import type { DataWarning } from '../data/report/data-warning.ts'
import { createEncoder, isHere } from './create-encoder.ts'
import { openKeptEncodings } from './kept-encodings.ts'
import type { KeptEncodings } from './kept-encodings.ts'

export interface EncodeTextsOptions {
  readonly project: Project
  /** Where vectors are kept. */
  readonly folder: string
  /** Told, now and then, how many texts were encoded. */
  readonly say?: ((line: string) => void) | undefined
}

const SAY_EVERY = 1_000

/** The same data set where no text has an encoder; else fails with what is wrong with one, in words. */
export async function withEncodedTexts(
  data: DataSet,
  { project, folder, say }: EncodeTextsOptions,
): Promise<Result<DataSet, string>> {
  const made = { user: madeVectors(project.user), item: madeVectors(project.item) }
  const all = [...made.user, ...made.item]
  if (all.length === 0) return succeed(data)
  const encodings = new Map<string, KeptEncodings>()
  for (const { encoder } of all) {
    const key = keyOf(encoder)
    if (encodings.has(key) || !isHere(encoder)) continue
    const created = await createEncoder(encoder)
    if (!created.ok) return created
    encodings.set(key, openKeptEncodings(created.value, folder))
  }
  const counted = (): number =>
    [...encodings.values()].reduce((sum, { encodedCount }) => sum + encodedCount, 0)
  let said = 0
  const versionsOf = async (versions: Versions, vectors: readonly MadeVector[]): Promise<Versions> => {
    if (vectors.length === 0) return versions
    const encoded: AttributeVersion[] = []
    for (const version of versions) encoded.push(await withVectors(version, { vectors, encodings }))
    if (counted() >= said + SAY_EVERY) {
      said = counted()
      say?.(`encoded ${said.toLocaleString('en')} texts`)
    }
    return encoded
  }
  async function* users(): AsyncGenerator<UserRecord> {
    for await (const user of data.users()) {
      yield { ...user, versions: await versionsOf(user.versions, made.user) }
    }
  }
  try {
    const items = new Map<string, Versions>()
    for (const [id, versions] of data.items) items.set(id, await versionsOf(versions, made.item))
    const each = users()
    for (let isOver = false; !isOver;) isOver = (await each.next()).done === true
    say?.(
      `encoded ${counted().toLocaleString('en')} texts anew, of ${data.userCount.toLocaleString('en')} users and ${items.size.toLocaleString('en')} items`,
    )
    return succeed({ ...data, items, users, notes: [...data.notes, ...notesOf(all)] })
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error))
  }
}

function keyOf(encoder: EncoderDeclaration): string {
  return JSON.stringify(encoder)
}

interface Encodings {
  readonly vectors: readonly MadeVector[]
  readonly encodings: ReadonlyMap<string, KeptEncodings>
}

/** A version with the vector of each of its texts. */
async function withVectors(
  version: AttributeVersion,
  { vectors, encodings }: Encodings,
): Promise<AttributeVersion> {
  const made: [string, string | null][] = []
  for (const { name, text, encoder } of vectors) {
    const value = version.attributes[text]
    if (typeof value !== 'string') continue
    const kept = encodings.get(keyOf(encoder))
    if (kept !== undefined) made.push([name, await kept.vectorOf(value)])
  }
  return { ...version, attributes: { ...version.attributes, ...Object.fromEntries(made) } }
}

function notesOf(all: readonly MadeVector[]): DataWarning[] {
  return [
    ...noteOf(
      all.filter(({ encoder }) => isHere(encoder)),
      'read by an encoder beside its words; what comes over HTTP is read by its words alone until it is imported',
    ),
    ...noteOf(
      all.filter(({ encoder }) => !isHere(encoder)),
      `the encoder runs in the Worker alone, on what is put there over HTTP; ${AS_BROUGHT}`,
    ),
  ]
}

const AS_BROUGHT =
  'read by its words, and by the vector beside it where the data bring one; what a request itself brings is read by its words alone'

/** Of an export: it has the vectors that the service had, and a model must not learn from what it will not see. */
export function withNoteOfVectors(data: DataSet, project: Project): DataSet {
  const all = [...madeVectors(project.user), ...madeVectors(project.item)]
  return { ...data, notes: [...data.notes, ...noteOf(all, AS_BROUGHT)] }
}

function noteOf(vectors: readonly MadeVector[], words: string): DataWarning[] {
  const texts = [...new Set(vectors.map(({ text }) => text))].join(', ')
  return texts === '' ? [] : [{ code: 'texts_encoded', text: `${texts}: ${words}` }]
}

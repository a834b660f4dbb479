// Writes the files of a case, reads them as a user would, and compares: what was written is what is read, or it
// is refused in words that say why.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { describeDataFault } from '../../../../training/data/data-fault.ts'
import type { DataPath, Role } from '../../../../training/data/files/data-path.ts'
import { openDataSet } from '../../../../training/data/open-data-set.ts'
import { readAll } from './expected.ts'
import type { GeneratedCase, Written } from './generated-case.ts'
import { createMemoryDatabases } from './memory-databases.ts'
import { NOW_MS } from './values.ts'
import { writeSheet } from './write-sheet.ts'
import type { WrittenSheet } from './write-sheet.ts'

/** What became of a case that has no fault: read, refused for its bad row, or as its delimiter does not show. */
export type Outcome = 'read' | 'refused' | 'unclear'

export interface CaseReader {
  /** Throws where what is read is not what was written, or is refused without need. */
  check(one: GeneratedCase): Promise<Outcome>
  close(): void
}

export async function createCaseReader(): Promise<CaseReader> {
  const databases = await createMemoryDatabases()
  const root = mkdtempSync(join(tmpdir(), 'generated-'))
  let count = 0
  return {
    check: async (one) => {
      count += 1
      const folder = join(root, String(count))
      mkdirSync(folder)
      try {
        const written: Partial<Record<Role, WrittenSheet>> = {}
        for (const { sheet, dialect } of one.sheets) {
          written[sheet.role] = await writeSheet({ folder, sheet, dialect, connection: databases.connection })
        }
        const opened = await openDataSet({
          project: one.projectOf(written),
          path: pathOf(folder, written),
          skipBadRows: one.skipBadRows,
          nowMs: NOW_MS,
          openDatabase: async () => databases.open(),
        })
        if (!opened.ok)
          return judgeRefusal(describeDataFault(opened.reason).replaceAll(`${folder}/`, ''), { one, written })
        try {
          const read = await readAll(opened.value, one.givesIds)
          judgeRead(read, { one, written })
          return 'read'
        } finally {
          opened.value.close()
        }
      } finally {
        rmSync(folder, { recursive: true })
      }
    },
    close: () => {
      databases.close()
      rmSync(root, { recursive: true, force: true })
    },
  }
}

interface Judged {
  readonly one: GeneratedCase
  readonly written: Written
}

function judgeRead(read: Awaited<ReturnType<typeof readAll>>, { one, written }: Judged): void {
  const harms = harmsOf(written)
  if (harms.length > 0 && !one.skipBadRows)
    throw new Error(`Read, though ${JSON.stringify(harms)} should be refused`)
  const expected = one.expectedOf(written)
  if (isDeepStrictEqual(read, expected)) return
  const keys = Object.keys(expected) as (keyof typeof expected)[]
  const other = keys.filter((key) => !isDeepStrictEqual(read[key], expected[key]))
  const shown = other.map(
    (key) => `${key}: wrote ${JSON.stringify(expected[key])}, read ${JSON.stringify(read[key])}`,
  )
  throw new Error(shown.join('\n'))
}

function judgeRefusal(message: string, { one, written }: Judged): Outcome {
  if (/Binder|Catalog Error|Conversion|Parser Error|Invalid Input/.test(message))
    throw new Error(`Words of the database: ${message}`)
  const harms = harmsOf(written)
  if (harms.length > 0 && !one.skipBadRows) {
    const isNamed = Object.values(written).every(({ harmedAt }) =>
      harmedAt.every((place) => message.includes(place)),
    )
    if (isNamed && harms.some((harm) => saidOf(harm).test(message))) return 'refused'
  }
  const mayRefuse = Object.values(written).flatMap((sheet) => sheet.mayRefuse)
  if (mayRefuse.some((said) => said.test(message))) return 'unclear'
  throw new Error(`Refused: ${message}`)
}

function harmsOf(written: Written) {
  return Object.values(written).flatMap(({ rows }) => rows.flatMap(({ harm }) => harm ?? []))
}

function saidOf(harm: ReturnType<typeof harmsOf>[number]): RegExp {
  if (harm.kind === 'cell') return harm.said
  return harm.kind === 'notJson' ? /expected a JSON object/ : /expected \d+ cells, found '\d+ cells'/
}

/** The folder where files have the standard names, else the files by what they hold. */
function pathOf(folder: string, written: Written): DataPath {
  const sheets = Object.entries(written)
  const isStandard = sheets.every(
    ([role, { paths }]) =>
      paths.length === 1 && (paths[0] === role || paths[0]?.startsWith(`${role}.`) === true),
  )
  if (isStandard) return folder
  return {
    named: Object.fromEntries(
      sheets.map(([role, { paths }]) => [role, paths.map((path) => join(folder, path))]),
    ),
  }
}

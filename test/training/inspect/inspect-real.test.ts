// What is found in public data sets, against lists made by hand (expected-columns.ts). Skipped where the files
// are missing.
import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inspect } from '../../../training/inspect/inspect.ts'
import type { Inspection } from '../../../training/inspect/shape.ts'
import { expectedColumns, expectedShapes } from './expected-columns.ts'
import type { ExpectedShape } from './expected-columns.ts'

const dataFolder = process.env['PRESAGE_DATA'] ?? join(import.meta.dirname, '../../../../shared/data')
/** So many of all columns must be taken for what they are. */
const SHARE_MIN = 0.95

const looked = new Map<string, Inspection>()

/** Each is looked at once. */
async function look(path: string): Promise<Inspection> {
  const before = looked.get(path)
  if (before !== undefined) return before
  const inspected = await inspect({ paths: [join(dataFolder, path)] })
  if (!inspected.ok) throw new Error(`${path}: ${JSON.stringify(inspected.reason)}`)
  looked.set(path, inspected.value)
  return inspected.value
}

/** What was found, in the words of the list. */
function shapeOf({ shape }: Inspection): ExpectedShape {
  if (shape.kind === 'table') return { kind: 'table', label: shape.label.column.name }
  if (shape.kind === 'sequences') return { kind: 'sequences' }
  const [first] = shape.parts
  const label = first?.label ?? shape.users?.label
  return {
    kind: 'events',
    user: first?.user.map(({ name }) => name) ?? [],
    ...(first?.item !== undefined && { item: first.item.name }),
    ...(first?.time !== undefined && { time: first.time.name }),
    ...(first?.type !== undefined && { type: first.type.name }),
    ...(first?.value !== undefined && { value: first.value.name }),
    ...(label !== undefined && { label: label.column.name }),
  }
}

describe.skipIf(!existsSync(dataFolder))('inspect, on public data sets', () => {
  it.each(Object.entries(expectedShapes))(
    'tells what %s is, and the ids, times and label',
    async (path, expected) => {
      expect(shapeOf(await look(path))).toEqual(expected)
    },
    120_000,
  )

  it('takes 95 % of the columns and more for what they are', async () => {
    const folders = [...new Set(Object.keys(expectedColumns).map((path) => path.split('/')[0] ?? ''))]
    const wrong: string[] = []
    let count = 0
    for (const folder of folders) {
      const { files } = await look(folder)
      for (const [path, kinds] of Object.entries(expectedColumns)) {
        if (!path.startsWith(`${folder}/`)) continue
        const file = files.find((own) => basename(own.path) === basename(path))
        for (const [name, expected] of Object.entries(kinds)) {
          count += 1
          const found = file?.columns.find((column) => column.name === name)?.kind
          const isRight = found !== undefined && [expected].flat().includes(found)
          if (!isRight) wrong.push(`${path} ${name}: ${found}, not ${[expected].flat().join(' or ')}`)
        }
      }
    }
    const share = (count - wrong.length) / count
    console.log(`inspect: ${count - wrong.length} of ${count} columns right (${(100 * share).toFixed(1)} %)`)
    expect(share, wrong.join('\n')).toBeGreaterThanOrEqual(SHARE_MIN)
  }, 240_000)
})

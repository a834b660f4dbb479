// Which line a bad row stands on, whatever quotes and breaks stand before it.
import { array, assert, asyncProperty, constantFrom, tuple } from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { category, defineProject, label, number } from '../../../features/project.ts'
import { createDataFolder } from './data-folder.ts'

const folder = createDataFolder()
afterAll(() => folder.remove())

const project = defineProject({
  name: 'sizes',
  user: { name: category(), size: number() },
  tasks: { sold: label(['no', 'yes']) },
})
const HEADER = 'id,name,size,sold'

const cell = constantFrom('a', '5" tv', 'x "y" z"', '"a\nb"', ' "a,\nb"', '"say ""hi""\n\n"', '""')
const lineEnd = constantFrom('\n', '\r\n')
const start = constantFrom('', '\uFEFF', 'an "open quote\n')

describe('The line of a bad row', () => {
  it('is told past quotes that are text and breaks within quotes', async () => {
    let count = 0
    await assert(
      asyncProperty(
        array(cell, { minLength: 1, maxLength: 6 }),
        tuple(lineEnd, start),
        async (cells, how) => {
          const [end, before] = how
          const header = before.startsWith('\uFEFF') ? '"id",name,size,sold' : HEADER
          const lines = [
            header,
            ...cells.map((name, index) => `u${index},${name},1,no`),
            'short,b',
            'bad,b,big,no',
          ]
          const text = `${before.replace('\n', end)}${lines.join(end)}${end}`
          const path = folder.write(`lines-${(count += 1)}.csv`, text)
          const reading = before.includes('\n') ? { skipLines: 1 } : {}
          const source = { kind: 'table', labels: {}, reading } as const
          const expected = text.split('\n').length - 1
          const fault = await folder.faultOf(path, { project: { ...project, source } })
          expect(fault.split('\n').slice(1)).toEqual([
            `  line ${expected - 1}: line: expected 4 cells, found '2 cells'`,
            `  line ${expected}: size: expected a number, found 'big'`,
          ])
        },
      ),
      { numRuns: 15 },
    )
  })
})

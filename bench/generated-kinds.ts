// What `presage init` takes the columns of generated tables for, beside what they are: ordinary headers, three
// hundred rows, written in every dialect that a file itself shows.
//   node bench/generated-kinds.ts [--from 1] [--cases 50]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createRandom } from '../features/random.ts'
import type { Random } from '../features/random.ts'
import { inspect } from '../training/inspect/inspect.ts'
import type { ColumnKind } from '../training/inspect/column.ts'

const { values: options } = parseArgs({
  options: { from: { type: 'string', default: '1' }, cases: { type: 'string', default: '50' } },
})

const ROWS = 300

interface Kind {
  readonly name: string
  readonly kind: ColumnKind
  readonly cell: (random: Random, row: number) => string
}

const choose = (random: Random, values: readonly string[]): string =>
  values[random.integer(values.length)] ?? ''
const WORDS = 'the coat fits very well but its sleeves are too long and I sent it back after two days'.split(
  ' ',
)
const ofDay = (random: Random): number => Date.UTC(2024, 0, 1) + random.integer(400) * 86_400_000

const KINDS: readonly Kind[] = [
  { name: 'customer_id', kind: 'id', cell: (_, row) => `c${1000 + row}` },
  { name: 'age', kind: 'number', cell: (random) => String(18 + random.integer(70)) },
  { name: 'income', kind: 'number', cell: (random) => (20_000 * random.exponential(1)).toFixed(2) },
  { name: 'visits', kind: 'number', cell: (random) => String(Math.floor(random.exponential(0.1))) },
  { name: 'plan', kind: 'category', cell: (random) => choose(random, ['free', 'pro', 'team', 'trial']) },
  { name: 'Country', kind: 'category', cell: (random) => choose(random, ['FR', 'DE', 'US', 'NL', 'IT']) },
  { name: 'newsletter', kind: 'boolean', cell: (random) => choose(random, ['TRUE', 'FALSE']) },
  { name: 'is_active', kind: 'boolean', cell: (random) => choose(random, ['0', '1']) },
  { name: 'signup_date', kind: 'time', cell: (random) => new Date(ofDay(random)).toISOString().slice(0, 10) },
  { name: 'last_login', kind: 'time', cell: (random) => String(ofDay(random) + random.integer(86_400_000)) },
  {
    name: 'comment',
    kind: 'text',
    cell: (random) => Array.from({ length: 5 + random.integer(15) }, () => choose(random, WORDS)).join(' '),
  },
]

const folder = mkdtempSync(join(tmpdir(), 'generated-kinds-'))
let [right, all] = [0, 0]
const wrong = new Map<string, number>()
try {
  for (let seed = Number(options.from); seed < Number(options.from) + Number(options.cases); seed += 1) {
    const { path, kinds } = writeTable(seed)
    const found = await inspect({ paths: [path] })
    if (!found.ok) throw new Error(`seed ${seed}: ${JSON.stringify(found.reason)}`)
    for (const { name, kind } of kinds) {
      const taken = found.value.files[0]?.columns.find((column) => column.name === name)?.kind ?? 'none'
      all += 1
      if (taken === kind) right += 1
      else
        wrong.set(
          `${name}: ${kind} taken for ${taken}`,
          (wrong.get(`${name}: ${kind} taken for ${taken}`) ?? 0) + 1,
        )
    }
  }
} finally {
  rmSync(folder, { recursive: true })
}
console.log(`${right} of ${all} columns (${((100 * right) / all).toFixed(1)} %) taken for what they are`)
for (const [what, count] of wrong) console.log(`${count} × ${what}`)

/** Some of the columns and a label, with some cells missing. */
function writeTable(seed: number): { readonly path: string; readonly kinds: readonly Kind[] } {
  const random = createRandom(seed)
  const kinds = KINDS.filter(() => random.integer(3) > 0)
  const [delimiter, newline] = [choose(random, [',', ';', '\t', '|']), choose(random, ['\n', '\r\n'])]
  const missing = choose(random, ['', 'NA', 'NULL', 'NaN'])
  const quoted = (text: string): string => (text.includes(delimiter) ? `"${text}"` : text)
  const rows = Array.from({ length: ROWS }, (_, row) => [
    ...kinds.map(({ cell, kind }) =>
      kind !== 'id' && random.integer(12) === 0 ? missing : cell(random, row),
    ),
    choose(random, ['yes', 'no']),
  ])
  const header = [...kinds.map(({ name }) => name), 'churned']
  const text = [header, ...rows].map((cells) => cells.map(quoted).join(delimiter)).join(newline)
  const encoding = choose(random, ['utf8', 'marked', 'utf16le'])
  const path = join(folder, `table-${seed}.csv`)
  writeFileSync(
    path,
    Buffer.from(encoding === 'utf8' ? text : `\uFEFF${text}`, encoding === 'utf16le' ? 'utf16le' : 'utf8'),
  )
  return { path, kinds }
}

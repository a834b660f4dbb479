// What vectors of a pre-trained encoder are worth beside what a table says already: one family on the reviews of
// ../shared/data by folds, told the text, the vectors, or both.
//   node bench/vectors.ts [--family softmax] [--folds 5] [--told vectors] [--rows 23486]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { measureFolds } from '../cli/measuring/measure-folds.ts'
import { openData } from '../cli/storage/open-data.ts'
import { metricsTables } from '../cli/terminal/metrics-table.ts'
import { category, defineProject, label, number, text, vector } from '../features/project.ts'
import { openDatabase } from '../training/data/database.ts'

const { values: options } = parseArgs({
  options: {
    family: { type: 'string', default: 'softmax' },
    folds: { type: 'string', default: '5' },
    told: { type: 'string', default: 'text,vectors,both' },
    seed: { type: 'string', default: '1' },
    rows: { type: 'string', default: '1000000' },
    data: { type: 'string', default: join(import.meta.dirname, '../../shared/data/womens-clothing-reviews') },
  },
})

const plain = { Age: number(), Department: category() }
const TOLD = {
  text: { ...plain, Review: text() },
  vectors: { ...plain, Meaning: vector(128) },
  both: { ...plain, Review: text(), Meaning: vector(128) },
} as const

const folder = mkdtempSync(join(tmpdir(), 'vectors-'))
try {
  const path = await joinVectors(join(folder, 'rows.parquet'))
  for (const told of options.told.split(',') as (keyof typeof TOLD)[]) {
    const project = defineProject({
      name: 'reviews',
      user: TOLD[told],
      tasks: { recommends: label(['0', '1']) },
    })
    const data = await openData({ project, path, skipBadRows: false, say: () => {} })
    try {
      const { family, folds, seed } = options
      const measureOptions = { family, folds: Number(folds), seed: Number(seed) }
      const before = process.cpuUsage()
      const { measured } = await measureFolds({ project, data, options: measureOptions })
      const { user, system } = process.cpuUsage(before)
      console.log(`${told}, ${family}: ${((user + system) / 1e6).toFixed(0)} s of CPU`)
      console.log(metricsTables(measured.tasks, measured.deviation))
    } finally {
      data.close()
    }
  }
} finally {
  rmSync(folder, { recursive: true })
}

/** The table with the vector of each row in a column of its own. */
async function joinVectors(path: string): Promise<string> {
  const database = await openDatabase('1GB')
  try {
    await database.run(`copy (
      select "Age", "Department Name" as "Department", concat_ws(' ', "Title", "Review Text") as "Review",
        vector as "Meaning", "Recommended IND" as recommends
      from (select column00 as row, * from read_csv('${options.data}/reviews.csv.gz')) as reviews
        left join '${options.data}/minilm-128.parquet' as vectors using (row)
      order by row limit ${Number(options.rows)}) to '${path}' (format parquet)`)
  } finally {
    database.close()
  }
  return path
}

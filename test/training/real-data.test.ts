// The projects for public data on that data, where it lies beside the project or where PRESAGE_DATA says;
// else these tests are skipped.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadProject } from '../../cli/projects/load-project.ts'
import type { TaskResult } from '../../training/card.ts'
import type { DataSet } from '../../training/data/data-set.ts'
import { skippedRows } from '../../training/data/report/report.ts'
import { openDataSet } from '../../training/data/open-data-set.ts'
import { makeExamples } from '../../training/examples/make-examples.ts'
import { familyByName } from '../../training/models/families.ts'
import type { Family } from '../../training/models/family.ts'
import { rehearse } from '../../training/rehearse.ts'

const dataFolder = process.env['PRESAGE_DATA'] ?? join(import.meta.dirname, '../../../shared/data')
const files = {
  trivago: 'trivago/trivago_val_100k.parquet',
  'wikipedia-edits': 'wikipedia-edits/wikipedia.csv.gz',
  'online-shoppers': 'online-shoppers/online_shoppers_intention.csv.gz',
} as const

/** Opens a file with its project; closes it afterwards. */
async function withData<Value>(
  name: keyof typeof files,
  use: (data: DataSet) => Promise<Value>,
): Promise<Value> {
  const path = join(dataFolder, files[name])
  const { project } = await loadProject(name)
  const opened = await openDataSet({ project, path, skipBadRows: false, nowMs: Date.now() })
  if (!opened.ok) throw new Error(JSON.stringify(opened.reason))
  try {
    return await use(opened.value)
  } finally {
    opened.value.close()
  }
}

/** What the plainest family makes of the data, by task. */
async function evaluate(name: keyof typeof files, data: DataSet): Promise<Record<string, TaskResult>> {
  const { project } = await loadProject(name)
  const made = await makeExamples({ project, data, seed: 1 })
  if (!made.ok) throw new Error(JSON.stringify(made.reason))
  const examples = made.value
  const family = familyByName['softmax'] as Family
  const rehearsed = await rehearse({ project, family, seed: 1, backend: 'wasm', examples })
  if (!rehearsed.ok) throw new Error(JSON.stringify(rehearsed.reason))
  return { ...rehearsed.value.card.tasks }
}

/** The model's log loss as a share of the prior's. */
function shareOfPrior(result: TaskResult | undefined): number {
  return Number(result?.model['logLoss']) / Number(result?.prior['logLoss'])
}

function itHas(name: keyof typeof files): typeof it.skip {
  return existsSync(join(dataFolder, files[name])) ? it : it.skip
}

describe('the projects for public data', () => {
  itHas('trivago')('trivago: every action is read, and the next one told better than by the prior', () =>
    withData('trivago', async (data) => {
      expect(data).toMatchObject({ eventCount: 100_003 })
      expect(skippedRows(data.report)).toBe(0)
      const { nextAction, clicksOutInSession } = await evaluate('trivago', data)
      expect(shareOfPrior(nextAction)).toBeLessThan(0.85)
      expect(shareOfPrior(clicksOutInSession)).toBeLessThan(0.85)
    }),
  )

  itHas('wikipedia-edits')(
    'wikipedia-edits: edits and bans are read, and who edits again is told better',
    () =>
      withData('wikipedia-edits', async (data) => {
        const counts = { eventCount: 157_474 + 217, userCount: 8_227 }
        expect(data).toMatchObject(counts)
        expect(skippedRows(data.report)).toBe(0)
        const { editsWithin7Days, bannedWithin7Days } = await evaluate('wikipedia-edits', data)
        expect(shareOfPrior(editsWithin7Days)).toBeLessThan(0.8)
        expect(bannedWithin7Days?.examples).toBeGreaterThan(1_000)
      }),
  )

  itHas('online-shoppers')('online-shoppers: every visit is read, and purchases are ranked high', () =>
    withData('online-shoppers', async (data) => {
      expect(data).toMatchObject({ questionCount: 12_330 })
      expect(skippedRows(data.report)).toBe(0)
      const { buys } = await evaluate('online-shoppers', data)
      expect(Number(buys?.model['auc'])).toBeGreaterThan(0.85)
    }),
  )
})

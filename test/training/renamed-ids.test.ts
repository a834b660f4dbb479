// How ids are spelt tells nothing: users, items and events under other ids give the same bundle, but for
// the names of items in the vocabulary and what follows from its text.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { describeTrainFault } from '../../training/train-fault.ts'
import { createDataFolder } from './data/data-folder.ts'
import { buildLog } from './examples/build-log.ts'
import { trainSmall, twoTasks } from './train-small.ts'

const folder = createDataFolder()
afterAll(() => folder.remove())

const log = await Array.fromAsync(buildLog({ userCount: 25, days: 20 }).users())
// As a service writes it: in the order of time, users mixed.
const rows = log.flatMap(({ events }) => events).toSorted((a, b) => a.occurredAt - b.occurredAt)

type Rename = (id: string) => string

/** The same log, its ids changed. */
function writeLog(
  name: string,
  of: { readonly user: Rename; readonly item: Rename; readonly event: Rename },
): string {
  const events = rows.map(({ place: _place, ...event }, index) =>
    JSON.stringify({
      ...event,
      id: of.event(String(index)),
      userId: of.user(event.userId),
      ...(event.itemId !== undefined && { itemId: of.item(event.itemId) }),
    }),
  )
  const users = log.map(({ userId, versions }) =>
    JSON.stringify({ id: of.user(userId), plan: null, age: null, ...versions[0]?.attributes }),
  )
  return folder.writeAll(name, { 'events.ndjson': events.join('\n'), 'users.ndjson': users.join('\n') })
}

/** What a bundle holds, but for its items' names and what hashes them. */
async function bundleOf(path: string) {
  const opened = await folder.open(path, { project: twoTasks })
  if (!opened.ok) throw new Error(opened.reason.code)
  const data = opened.value
  const trained = await trainSmall({ data, family: 'softmax' }).finally(() => data.close())
  if (!trained.ok) throw new Error(describeTrainFault(trained.reason))
  const text = (name: string): string => readFileSync(join(trained.value.folder, name), 'utf8')
  const { files: _files, features, ...manifest } = JSON.parse(text('manifest.json'))
  const { items, ...learned } = features
  return {
    model: readFileSync(join(trained.value.folder, 'model.onnx')),
    golden: text('golden.json'),
    card: text('card.json'),
    manifest: { ...manifest, features: { ...learned, itemCount: items.length } },
  }
}

it('gives the same bundle for the same log under ids of another order', async () => {
  const same: Rename = (id) => id
  // Turns the order of ids round: digits are counted down.
  const turned: Rename = (id) => `x${id.replaceAll(/\d/g, (digit) => String(9 - Number(digit)))}`
  const first = await bundleOf(writeLog('first', { user: same, item: same, event: same }))
  const second = await bundleOf(writeLog('second', { user: turned, item: turned, event: turned }))
  expect(second).toEqual(first)
})

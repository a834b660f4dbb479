// Reads a log to its end in a process of its own, and prints what it saw and how much memory that took.
import { argv, resourceUsage, stdout } from 'node:process'
import { openDataSet } from '../../../training/data/open-data-set.ts'
import { shop } from '../../../projects/shop.ts'

const [, , path = ''] = argv
const opened = await openDataSet({
  project: shop,
  path,
  skipBadRows: false,
  memoryLimit: '100MB',
  nowMs: Date.now(),
})
if (!opened.ok) throw new Error(JSON.stringify(opened))
let [events, users, outOfOrder] = [0, 0, 0]
for await (const { events: history } of opened.value.users()) {
  events += history.length
  users += 1
  for (const [index, event] of history.entries()) {
    if (event.occurredAt < (history[index - 1]?.occurredAt ?? 0)) outOfOrder += 1
  }
}
opened.value.close()
stdout.write(JSON.stringify({ events, users, outOfOrder, peakBytes: resourceUsage().maxRSS * 1024 }))

// ONNX Runtime's answers to a whole set of examples, some at a time.
import { chunksOf } from '../examples/example-set.ts'
import type { ExampleSet } from '../examples/example-set.ts'
import { silent } from '../monitor.ts'
import type { Monitor } from '../monitor.ts'
import type { Runner } from './run.ts'

/** Examples at a time. */
const ROWS = 2048

/** Raw outputs by task, row-major [n, width]. */
export async function runExamples(
  runner: Runner,
  { examples, monitor = silent }: { readonly examples: ExampleSet; readonly monitor?: Monitor | undefined },
): Promise<Record<string, Float32Array>> {
  const work = monitor.track({ label: 'testing', total: examples.count, unit: 'examples' })
  const outputs: Record<string, Float32Array> = {}
  let from = 0
  for (const chunk of chunksOf(examples, ROWS)) {
    for (const [task, values] of Object.entries(await runner.run(chunk.inputs, chunk.count))) {
      const width = values.length / chunk.count
      const column = (outputs[task] ??= new Float32Array(width * examples.count))
      column.set(values, from * width)
    }
    from += chunk.count
    work.advance(chunk.count)
  }
  work.done()
  return outputs
}

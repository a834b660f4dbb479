// Serves to tests in workerd, which can neither train nor read files, what Node makes for them: golden
// bundles at /<family>, and worlds to replay at /replay/<seed>. Each is made when it is first asked for, so
// that tests that need none do not wait.
import { createServer } from 'node:http'
import type { TestProject } from 'vitest/node'
import type { GoldenBundle } from '../workerd/golden-bundle.ts'
import type { ReplayWorld } from '../workerd/replay-world.ts'

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  // One after the other: training has one backend, and two at once would share its state.
  let last: Promise<unknown> = Promise.resolve()
  const made = new Map<string, Promise<GoldenBundle | ReplayWorld>>()
  const server = createServer((request, response) => {
    const path = request.url?.slice(1) ?? ''
    const making = made.get(path) ?? last.then(() => make(path))
    made.set(path, making)
    last = making.catch(() => undefined)
    making.then(
      (ready) => response.end(JSON.stringify(ready)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port')
  project.provide('goldenBundlesUrl', `http://127.0.0.1:${address.port}`)
  return () => new Promise((resolve) => server.close(() => resolve()))
}

/** TensorFlow.js, ONNX Runtime and DuckDB are loaded only where something is made with them. */
async function make(path: string): Promise<GoldenBundle | ReplayWorld> {
  const seed = /^replay\/(\d+)$/.exec(path)?.[1]
  if (seed !== undefined) return (await import('./replay-world.ts')).replayWorld(Number(seed))
  const { trainGolden } = await import('./train-golden.ts')
  return trainGolden(path)
}

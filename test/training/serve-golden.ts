// Serves golden bundles to tests in workerd, which cannot train: GET /<family>. Each is trained when it
// is first asked for, so that tests that need none do not wait.
import { createServer } from 'node:http'
import type { TestProject } from 'vitest/node'
import type { GoldenBundle } from '../workerd/golden-bundle.ts'

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  // One after the other: training has one backend, and two at once would share its state.
  let last: Promise<unknown> = Promise.resolve()
  const bundles = new Map<string, Promise<GoldenBundle>>()
  const server = createServer((request, response) => {
    const family = request.url?.slice(1) ?? ''
    const bundle = bundles.get(family) ?? last.then(() => train(family))
    bundles.set(family, bundle)
    last = bundle.catch(() => undefined)
    bundle.then(
      (trained) => response.end(JSON.stringify(trained)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The server has no port')
  project.provide('goldenBundlesUrl', `http://127.0.0.1:${address.port}`)
  return () => new Promise((resolve) => server.close(() => resolve()))
}

/** TensorFlow.js and ONNX Runtime are loaded only where something is trained. */
async function train(family: string): Promise<GoldenBundle> {
  const { trainGolden } = await import('./train-golden.ts')
  return trainGolden(family)
}

// A checkout of its own, for tests that change wrangler.toml or need a Worker that is built at once.
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../..')
const COPIED = [
  'cli',
  'features',
  'functions',
  'migrations',
  'projects',
  'simulation',
  'training',
  'package.json',
  'wrangler.toml',
]

/** Answers the question whether it is there, and nothing else. */
const SMALL_WORKER = `export default { fetch: () => Response.json({ status: 'live' }) }\n`

export interface CheckoutOptions {
  /** Instead of the real Worker, which takes seconds to build. */
  readonly worker?: 'small'
  /** Changes the text of wrangler.toml. */
  readonly toml?: (text: string) => string
}

/** Copies what the command needs into a folder, with the same packages. Gives the folder. */
export function copyCheckout(folder: string, { worker, toml }: CheckoutOptions = {}): string {
  mkdirSync(folder, { recursive: true })
  for (const name of COPIED) cpSync(join(ROOT, name), join(folder, name), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  if (worker === 'small') writeFileSync(join(folder, 'functions/index.ts'), SMALL_WORKER)
  const path = join(folder, 'wrangler.toml')
  if (toml !== undefined) writeFileSync(path, toml(readFileSync(path, 'utf8')))
  return folder
}

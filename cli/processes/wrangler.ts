// Runs wrangler as a child process, with the Node that runs this.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { CommandError } from '../terminal/failure.ts'
import { rootFolder } from '../storage/paths.ts'

/** Where a verb's effect goes: the local state of a project, or the user's Cloudflare account. */
export type Place = { readonly kind: 'local'; readonly state: string } | { readonly kind: 'remote' }

const SHOWN_LINES_MAX = 5

/** Starts wrangler without a terminal of its own: it asks nothing. */
export function spawnWrangler(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [join(rootFolder, 'node_modules/wrangler/bin/wrangler.js'), ...args], {
    cwd: rootFolder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, CI: '1', WRANGLER_SEND_METRICS: 'false', X_LOCAL_OBSERVABILITY: 'false' },
  })
}

/** Runs wrangler to its end. Throws CommandError with what it said last when it fails. */
export async function runWrangler(args: readonly string[]): Promise<string> {
  const child = spawnWrangler(args)
  let output = ''
  child.stdout?.on('data', (data: Buffer) => (output += data.toString()))
  child.stderr?.on('data', (data: Buffer) => (output += data.toString()))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) {
    throw new CommandError(`wrangler ${args.slice(0, 3).join(' ')} failed: ${faultOf(output)}`)
  }
  return output
}

/** What wrangler gives as the error, else what it said last, in one line. */
function faultOf(output: string): string {
  const said = stripVTControlCharacters(output)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.includes('Logs were written'))
  const error = said.findLastIndex((line) => line.includes('[ERROR]'))
  const shown = error < 0 ? said.slice(-SHOWN_LINES_MAX) : said.slice(error, error + SHOWN_LINES_MAX)
  return shown.join(' ').replace(/^.*\[ERROR\]\s*/, '')
}

/** The options that lead wrangler to a place. */
export function placeOptions(place: Place): string[] {
  return place.kind === 'remote' ? ['--remote'] : ['--local', '--persist-to', place.state]
}

/** Brings the database up to the latest migration; does nothing where it is. */
export async function applyMigrations(place: Place): Promise<void> {
  await runWrangler(['d1', 'migrations', 'apply', 'DB', ...placeOptions(place)])
}

// Runs wrangler as a child process, with the Node that runs this.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { projectPaths, rootFolder } from '../storage/paths.ts'
import { writeWhole } from '../storage/write-whole.ts'
import { CommandError } from '../terminal/failure.ts'
import { guardChild } from './watchdog.ts'
import { makeFolder } from '../../training/make-folder.ts'

const SHOWN_LINES_MAX = 5

/** Wrangler asks nothing, reports nothing, and opens no page that takes SQL from everybody. */
export const wranglerEnv: Readonly<Record<string, string>> = {
  CI: '1',
  WRANGLER_SEND_METRICS: 'false',
  X_LOCAL_OBSERVABILITY: 'false',
  X_LOCAL_EXPLORER: 'false',
}

/**
 * What builds the Worker with this project's declaration, by its absolute path. A tsconfig, for wrangler dev
 * takes no heed of --alias.
 */
export function servedProjectArgs({
  project,
  file,
}: {
  readonly project: string
  readonly file: string
}): string[] {
  const { folder } = projectPaths(project)
  const path = join(folder, 'worker.tsconfig.json')
  const compilerOptions = { paths: { '#served-project': [file] } }
  makeFolder(folder)
  writeWhole(path, JSON.stringify({ extends: join(rootFolder, 'functions/tsconfig.json'), compilerOptions }))
  return ['--tsconfig', path]
}

/** Starts wrangler without a terminal of its own; it leads a group, and ends with this process. */
export function spawnWrangler(args: readonly string[], stdin: 'ignore' | 'pipe' = 'ignore'): ChildProcess {
  const wrangler = join(rootFolder, 'node_modules/wrangler/bin/wrangler.js')
  const child = spawn(process.execPath, [wrangler, ...args], {
    cwd: rootFolder,
    detached: true,
    stdio: [stdin, 'pipe', 'pipe'],
    env: { ...process.env, ...wranglerEnv },
  })
  guardChild(child)
  return child
}

/**
 * Runs wrangler to its end; gives what it wrote to stdout. Throws CommandError with what it said last.
 * @param input what it reads from stdin
 */
export async function runWrangler(args: readonly string[], input?: string): Promise<string> {
  const child = spawnWrangler(args, input === undefined ? 'ignore' : 'pipe')
  // Where it ends without reading, its fault tells more.
  child.stdin?.on('error', () => undefined).end(input)
  let [stdout, output] = ['', '']
  child.stdout?.on('data', (data: Buffer) => {
    stdout += data.toString()
    output += data.toString()
  })
  child.stderr?.on('data', (data: Buffer) => (output += data.toString()))
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) {
    const words = args.slice(0, 3).filter((arg) => !arg.startsWith('-'))
    throw new CommandError(`wrangler ${words.join(' ')} failed: ${faultOf(output)}`)
  }
  return stdout
}

/** The JSON that wrangler printed, after whatever it says of itself. Throws where there is none. */
export function jsonOf(stdout: string): unknown {
  const start = stdout.search(/^[[{]/m)
  if (start < 0) throw new CommandError(`wrangler said nothing that can be read: ${faultOf(stdout)}`)
  return JSON.parse(stdout.slice(start))
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

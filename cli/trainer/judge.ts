// The gate, in a process of its own, so that heartbeats go on meanwhile.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { guardChild, signalGroup } from '../processes/watchdog.ts'
import { rootFolder } from '../storage/paths.ts'
import { CommandError } from '../terminal/failure.ts'
import type { Verdict } from '../../training/gate/verdict.ts'

export interface Judgement {
  readonly isPromoted: boolean
  /** With its numbers. */
  readonly words: string
}

export interface JudgeRequest {
  /** The path of the project's declaration. */
  readonly projectFile: string
  readonly data: string
  readonly challenger: string
  readonly champion: string
  readonly seed: number
  readonly lost: AbortSignal
}

/** Throws CommandError where the gate cannot judge, with its reason. */
export async function judgeBundle(request: JudgeRequest): Promise<Judgement> {
  const { projectFile, data, challenger, champion, seed, lost } = request
  const bundles = ['--challenger', challenger, '--champion', champion]
  const args = ['gate', projectFile, '--data', data, ...bundles, '--seed', String(seed), '--json']
  const child = spawn(process.execPath, [join(rootFolder, 'cli/presage.ts'), ...args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  guardChild(child)
  const stop = (): void => signalGroup(child, 'SIGKILL')
  lost.addEventListener('abort', stop, { once: true })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (text: Buffer) => (stdout += text.toString()))
  child.stderr.on('data', (text: Buffer) => {
    stderr += text.toString()
    process.stderr.write(text)
  })
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', () => resolve())
  })
  lost.removeEventListener('abort', stop)
  lost.throwIfAborted()
  if (!stdout.startsWith('{')) {
    const said = stderr.trim().split('\n').at(-1) ?? ''
    throw new CommandError(`The gate cannot judge: ${said.replace(/^presage: /, '')}`)
  }
  const { inOneLine } = await import('../../training/gate/describe-verdict.ts')
  const { verdict } = JSON.parse(stdout) as { readonly verdict: Verdict }
  return { isPromoted: verdict.outcome === 'promote', words: inOneLine(verdict) }
}

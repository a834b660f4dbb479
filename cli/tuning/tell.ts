// What a search tells: on a terminal a table that is rewritten as trials end, elsewhere a line for each that has
// seen all examples; and at the end what was found, by how much, and whether that is more than chance.
import type { Settings } from '../../training/models/family.ts'
import type { Contender } from '../../training/tune/verdict.ts'
import { createLiveLines } from '../terminal/live-lines.ts'
import { tableOf } from '../terminal/table.ts'
import type { JournalLine } from './journal.ts'
import type { Searched } from './search.ts'

interface Running {
  readonly trial: number
  readonly share: number
}

export interface Teller {
  begins(trial: Running): void
  ends(line: JournalLine): void
  /** Leaves what it showed last; does nothing the second time. */
  stop(): void
}

interface TellerRequest {
  readonly minutes: number
  readonly searchedSeconds: () => number
  readonly known: readonly JournalLine[]
}

const REWRITTEN_MS = 500
const ROWS_SHOWN = 8

export function createTeller(request: TellerRequest): Teller {
  return process.stderr.isTTY ? createLiveTable(request) : createPlainLines(request)
}

function createPlainLines({ searchedSeconds }: TellerRequest): Teller {
  return {
    begins: () => {},
    ends(line) {
      if (line.share < 1 && line.loss !== null) return
      process.stderr.write(`[${searchedSeconds().toFixed(0)} s] ${lineOf(line)}\n`)
    },
    stop: () => {},
  }
}

function lineOf({ trial, settings, loss, gain, standardError, cause }: JournalLine): string {
  const which = trial === 0 ? "the project's own settings" : `trial ${trial} (${describeSettings(settings)})`
  if (loss === null) return `${which} failed: ${cause ?? ''}`
  const than =
    gain === undefined || standardError === undefined ? '' : `, gains ${shownGain({ gain, standardError })}`
  return `${which}: loss ${loss.toFixed(4)} of the prior's${than}`
}

function createLiveTable({ minutes, searchedSeconds, known }: TellerRequest): Teller {
  const found = [...known]
  const running = new Map<string, Running>()
  const live = createLiveLines(process.stderr, () => process.stderr.columns ?? 80)
  const show = (): void =>
    live.show(tableLines({ found, running: [...running.values()], minutes, searchedSeconds }))
  const timer = setInterval(show, REWRITTEN_MS)
  return {
    begins: (trial) => void running.set(keyOf(trial), trial),
    ends(line) {
      running.delete(keyOf(line))
      found.push(line)
    },
    stop() {
      if (timer.hasRef()) show()
      clearInterval(timer)
      timer.unref()
    },
  }
}

function tableLines(state: {
  readonly found: readonly JournalLine[]
  readonly running: readonly Running[]
  readonly minutes: number
  readonly searchedSeconds: () => number
}): string[] {
  const { found, running, minutes, searchedSeconds } = state
  const complete = found
    .filter(({ share, loss }) => share === 1 && loss !== null)
    .toSorted((a, b) => (a.loss ?? 0) - (b.loss ?? 0))
    .slice(0, ROWS_SHOWN)
  const rows = complete.map(({ trial, loss, gain, standardError, settings }) => [
    trial === 0 ? 'own' : String(trial),
    (loss ?? 0).toFixed(4),
    gain === undefined || standardError === undefined ? '' : shownGain({ gain, standardError }),
    describeSettings(settings),
  ])
  const now = running.map(({ trial, share }) => `${trial} on ${shownShare(share)}`).join(', ')
  return [
    `${found.length} trials, ${(searchedSeconds() / 60).toFixed(1)} of ${minutes} minutes; running: ${now}`,
    ...tableOf(['trial', "of the prior's loss", 'gains', 'settings'], rows).split('\n'),
  ]
}

function shownShare(share: number): string {
  return share === 1 ? 'all' : `1/${Math.round(1 / share)}`
}

function keyOf({ trial, share }: Running): string {
  return `${trial} ${share}`
}

export function describeSettings(settings: Settings): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(', ')
}

function shownGain({ gain, standardError }: Pick<Contender, 'gain' | 'standardError'>): string {
  return `${gain < 0 ? '−' : '+'}${Math.abs(gain).toFixed(4)} ± ${standardError.toFixed(4)}`
}

/** What came of it, in lines; losses are of validation, over the prior's. */
export function describeSearch({ family, verdict, settings, trials, searchedSeconds }: Searched): string[] {
  const { best, own, needed, isBetter, contenders, tried } = verdict
  const head = `${family}: ${trials} trials in ${(searchedSeconds / 60).toFixed(1)} minutes, ${contenders} beside the project's own on all examples`
  if (own === undefined) {
    return [
      head,
      `the project's own settings fail; the best found loses ${best.loss.toFixed(4)} of the prior's: ${describeSettings(settings)}`,
    ]
  }
  const ownLoss = `the project's own settings lose ${own.loss.toFixed(4)} of what the prior loses on validation`
  if (contenders === 0) {
    return [head, `${ownLoss}; no others came to all examples in time: give more (--minutes)`]
  }
  if (best === own) return [head, `${ownLoss}: nothing better was found, nothing is changed`]
  const found = `trial ${best.trial} loses ${best.loss.toFixed(4)}: it gains ${shownGain(best)} (standard error, by users)`
  const ending = isBetter
    ? `more than the ${needed.toFixed(4)} that the best of ${tried} gains by chance: ${describeSettings(settings)}`
    : `within the ${needed.toFixed(4)} that the best of ${tried} may gain by chance: nothing is changed`
  return [head, ownLoss, found, ending]
}

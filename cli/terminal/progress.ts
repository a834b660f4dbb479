// Progress on stderr: on a terminal one line that is rewritten, elsewhere a plain line now and then.

const TERMINAL_INTERVAL_MS = 100
const PLAIN_INTERVAL_MS = 5_000
/** Below it, a pace says nothing: it holds the start of the work. */
const PACE_SHARE_MIN = 0.01
/** The first line comes early, to say that work is going on and how long it will take. */
const FIRST_MS = 1_000

export interface ProgressOptions {
  readonly label: string
  /** Absent where it is not known beforehand. */
  readonly total?: number
  /** Plural: 'events'. */
  readonly unit: string
  readonly stream?: ProgressStream
  readonly now?: () => number
}

/** Of process.stderr, what is needed here. */
export interface ProgressStream {
  readonly isTTY?: boolean
  write(text: string): unknown
}

/** Stderr in plain lines, for where two processes write to one terminal. */
export const plainStderr: ProgressStream = { write: (text) => process.stderr.write(text) }

/** A line on stderr. */
export function sayPlainly(line: string): void {
  plainStderr.write(`${line}\n`)
}

export interface Progress {
  /** So many more are done. */
  advance(count: number): void
  /** Ends the line, with what came of the work where that is given. */
  done(outcome?: string): void
}

export function createProgress({
  label,
  total,
  unit,
  stream = process.stderr,
  now = () => performance.now(),
}: ProgressOptions): Progress {
  const startMs = now()
  const isTerminal = stream.isTTY === true
  const intervalMs = isTerminal ? TERMINAL_INTERVAL_MS : PLAIN_INTERVAL_MS
  let nextMs = startMs + (isTerminal ? TERMINAL_INTERVAL_MS : FIRST_MS)
  let done = 0
  const write = (text: string): void => {
    stream.write(isTerminal ? `\r\u001B[2K${text}` : `${text}\n`)
    nextMs = now() + intervalMs
  }
  return {
    advance: (count) => {
      done += count
      if (now() < nextMs) return
      write(`${label}: ${describe({ count: done, total, unit, elapsedMs: now() - startMs })}`)
    },
    done: (outcome) => {
      const seconds = (now() - startMs) / 1000
      const ending = outcome === undefined ? '' : `, ${outcome}`
      write(`${label}: ${format(done)} ${unit} in ${seconds.toFixed(1)} s${ending}`)
      if (isTerminal) stream.write('\n')
    },
  }
}

interface State {
  readonly count: number
  readonly total: number | undefined
  readonly unit: string
  readonly elapsedMs: number
}

function describe({ count, total, unit, elapsedMs }: State): string {
  const perSecond = count / (elapsedMs / 1000)
  const rate = `${format(Math.round(perSecond))} a second`
  // More than was thought: how much is left nobody knows.
  if (total === undefined || total === 0 || count > total) return `${format(count)} ${unit}, ${rate}`
  const percent = Math.floor((100 * count) / total)
  if (count < PACE_SHARE_MIN * total) return `${format(count)} of ${format(total)} ${unit} (${percent} %)`
  const remaining = perSecond > 0 ? `, ${Math.ceil((total - count) / perSecond)} s left` : ''
  return `${format(count)} of ${format(total)} ${unit} (${percent} %), ${rate}${remaining}`
}

function format(count: number): string {
  return count.toLocaleString('en-US')
}

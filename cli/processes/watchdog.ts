// Children die with the command, however it ends. A small shell waits on a pipe that this process alone
// holds: the pipe closes when this process is gone, be it by SIGKILL, and the shell then ends what is
// left and removes temporary folders. It sits in a session of its own, out of reach of Ctrl-C.
import { spawn, spawnSync } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { rmSync } from 'node:fs'

/** Reads 'start PID', 'end PID' and 'folder PATH'. Each gets 3 s to end, with the group that it may lead. */
const SCRIPT = `
pids='' folders=''
while read -r word value; do
  case $word in
    start) pids="$pids $value" ;;
    end) rest=''; for pid in $pids; do [ "$pid" = "$value" ] || rest="$rest $pid"; done; pids=$rest ;;
    folder) folders="$value
$folders" ;;
  esac
done
for pid in $pids; do kill -TERM "$pid"; done
tries=0
while [ $tries -lt 30 ]; do
  alive=''
  for pid in $pids; do { kill -0 "$pid" || kill -0 -- "-$pid"; } && alive=yes; done
  [ -n "$alive" ] || break
  sleep 0.1
  tries=$((tries + 1))
done
for pid in $pids; do kill -KILL "$pid"; kill -KILL -- "-$pid"; done
printf '%s' "$folders" | while IFS= read -r folder; do rm -rf -- "$folder"; done
`

/** Gives what tells the watchdog a line; it is started by the first, and once in a process. */
const tell = ((): ((line: string) => void) => {
  let input: NodeJS.WritableStream | undefined
  return (line) => {
    input ??= startWatchdog()
    input.write(`${line}\n`)
  }
})()

function startWatchdog(): NodeJS.WritableStream {
  const child = spawn('/bin/sh', ['-c', SCRIPT], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  child.unref()
  // A pipe to a child is a socket, which would keep this process from ending.
  const input = child.stdin as NodeJS.WritableStream & { unref?: () => void }
  input.unref?.()
  input.on('error', () => undefined)
  return input
}

/** Ends the child with this process. It must lead a group of its own: spawn it `detached`. */
export function guardChild(child: ChildProcess): void {
  if (child.pid === undefined) return
  const { pid } = child
  tell(`start ${pid}`)
  child.once('close', () => tell(`end ${pid}`))
}

/**
 * Does work that starts children which nobody hands over, and ends those with this process. Gives what the
 * work gives, and what to call once they have ended.
 */
export async function guardChildrenOf<Outcome>(
  work: () => Promise<Outcome>,
): Promise<{ readonly outcome: Outcome; release: () => void }> {
  const before = new Set(childrenOfThis())
  const outcome = await work()
  const started = childrenOfThis().filter((pid) => !before.has(pid))
  for (const pid of started) tell(`start ${pid}`)
  return { outcome, release: () => started.forEach((pid) => tell(`end ${pid}`)) }
}

/** The ids of this process's children; none where the system has no ps. */
function childrenOfThis(): string[] {
  const { stdout, pid: ownPid } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
  return Array.from((stdout ?? '').matchAll(/^\s*(\d+)\s+(\d+)\s*$/gm))
    .filter(([, pid, parent]) => Number(parent) === process.pid && Number(pid) !== ownPid)
    .map(([, pid]) => pid ?? '')
}

/** Removes the folder with this process. */
export function guardFolder(folder: string): void {
  tell(`folder ${folder}`)
  process.once('exit', () => {
    try {
      rmSync(folder, { recursive: true, force: true })
    } catch {
      // A child still writes there: the watchdog ends it first.
    }
  })
}

/** Sends a signal to a child's whole group; does nothing where it has ended. */
export function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, signal)
  } catch {
    // None of the group is left.
  }
}

/** Whether there is a process of this id. */
export function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

// Builds tfjs-node's binding against the TensorFlow library that Python's package index carries, for
// tfjs-node's own installer fetches a far older one. `npm run native`; Linux, with Python 3's pip, make
// and a C++ compiler. What it makes lies inside the installed tfjs-node, so `npm ci` takes it away.
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { argv, execPath, exit, platform, stderr, stdout } from 'node:process'
import { startBackend } from './backend.ts'

/** The CPU build of TensorFlow whose library is linked. */
const WHEEL = 'tensorflow-cpu==2.21.0'
/** One build at this level serves Node 20 and all later ones. */
const NAPI_VERSION = 8
/** The names that the binding and its loader look for, by the library that answers to them. */
const LIBRARY_NAMES: Readonly<Record<string, readonly string[]>> = {
  'libtensorflow_cc.so.2': ['libtensorflow.so', 'libtensorflow.so.2'],
  'libtensorflow_framework.so.2': ['libtensorflow_framework.so'],
}

const require = createRequire(import.meta.url)

/** Downloads, unpacks, compiles and tries the result. Throws with the failing command's own words. */
async function buildNative({ again }: { readonly again: boolean }): Promise<string> {
  if (platform !== 'linux') throw new Error(`Native TensorFlow is built on Linux only, not on ${platform}`)
  const folder = dirname(require.resolve('@tensorflow/tfjs-node/package.json'))
  const binding = join(folder, 'lib', `napi-v${NAPI_VERSION}`)
  if (again || !existsSync(join(binding, 'tfjs_binding.node'))) {
    const library = join(folder, 'deps')
    say(`downloading ${WHEEL}`)
    unpackLibrary(library)
    say('compiling the binding')
    compileBinding({ folder, library, binding })
  }
  return (await startBackend('native')).description
}

/** Puts `lib` and `include` of the wheel into a folder, whole or not at all. */
function unpackLibrary(folder: string): void {
  const draft = mkdtempSync(`${folder}.draft-`)
  try {
    const pip = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary', ':all:']
    run('python3', [...pip, '--dest', draft, WHEEL])
    run('python3', ['-c', UNPACK, draft])
    mkdirSync(join(draft, 'lib'))
    for (const [file, names] of Object.entries(LIBRARY_NAMES)) {
      renameSync(join(draft, 'tensorflow', file), join(draft, 'lib', file))
      for (const name of names) symlinkSync(file, join(draft, 'lib', name))
    }
    renameSync(join(draft, 'tensorflow', 'include'), join(draft, 'include'))
    rmSync(join(draft, 'tensorflow'), { recursive: true })
    rmSync(folder, { recursive: true, force: true })
    renameSync(draft, folder)
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}

/** Of the one wheel in a folder, the library and its headers; then the wheel is deleted. */
const UNPACK = `
import glob, os, sys, zipfile
(wheel,) = glob.glob(os.path.join(sys.argv[1], '*.whl'))
with zipfile.ZipFile(wheel) as archive:
    archive.extractall(sys.argv[1], [
        name for name in archive.namelist()
        if name.startswith(('tensorflow/include/', 'tensorflow/libtensorflow_'))
    ])
os.remove(wheel)
`

function compileBinding(paths: {
  readonly folder: string
  readonly library: string
  readonly binding: string
}): void {
  const nodeFolder = dirname(dirname(execPath))
  const headers = existsSync(join(nodeFolder, 'include', 'node', 'node_api.h'))
    ? [`--nodedir=${nodeFolder}`]
    : []
  const options = [
    `--napi_build_version=${NAPI_VERSION}`,
    '--module_name=tfjs_binding',
    `--module=${join(paths.binding, 'tfjs_binding.node')}`,
    `--module_path=${paths.binding}`,
  ]
  // Without old-style tags the loader would look for the second library in vain.
  const linking = `-Wl,--disable-new-dtags -Wl,--no-as-needed -Wl,-rpath-link,${join(paths.library, 'lib')}`
  const gyp = require.resolve('node-gyp/bin/node-gyp.js')
  run(execPath, [gyp, 'rebuild', '--silent', ...headers, ...options], {
    cwd: paths.folder,
    env: { ...process.env, LDFLAGS: linking },
  })
}

function run(
  command: string,
  words: readonly string[],
  options: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): void {
  execFileSync(command, words, { ...options, stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 64 * 1024 * 1024 })
}

function say(line: string): void {
  stdout.write(`${line}\n`)
}

try {
  say(`${await buildNative({ again: argv.includes('--again') })} is ready`)
} catch (error) {
  stderr.write(
    `presage: native TensorFlow could not be built: ${error instanceof Error ? error.message : String(error)}\n`,
  )
  exit(1)
}

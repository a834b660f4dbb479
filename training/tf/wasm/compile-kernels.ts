// Compiles the kernels with AssemblyScript. `npm run kernels` writes them where training finds them; the
// result is kept with the source, so that nothing but a change of the kernels needs the compiler.
import { readFileSync, writeFileSync } from 'node:fs'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'

/** Where the compiled kernels lie. */
export const KERNELS_FILE: URL = new URL('kernels.wasm', import.meta.url)

const SOURCE = new URL('assembly/', import.meta.url)

/** Named apart, for the types of the compiler's package are not made for this one. */
const COMPILER: string = 'assemblyscript/asc'

const OPTIONS = [
  ['-O3', '--noAssert'],
  // Neither memory nor a collector of its own.
  ['--runtime', 'stub', '--importMemory', '--noExportMemory'],
  ['--enable', 'simd'],
].flat()

/** What of the compiler is used. */
interface Compiler {
  main(
    words: readonly string[],
    files: {
      readonly readFile: (name: string) => string | null
      readonly writeFile: (name: string, contents: Uint8Array) => void
      readonly listFiles: () => string[]
    },
  ): Promise<{ readonly error: Error | null; readonly stderr: { toString(): string } }>
}

/** The compiled bytes; the same for the same source. Throws with the compiler's words when it refuses. */
export async function compileKernels(): Promise<Uint8Array> {
  const compiler = (await import(COMPILER)) as Compiler
  let compiled: Uint8Array | undefined
  const { error, stderr } = await compiler.main(['index.ts', '--outFile', 'kernels.wasm', ...OPTIONS], {
    readFile: (name) => readSource(name),
    writeFile: (_, contents) => {
      compiled = contents
    },
    listFiles: () => [],
  })
  if (error !== null || compiled === undefined) {
    throw new Error(`The kernels do not compile: ${error?.message ?? 'no output'}\n${stderr.toString()}`)
  }
  return compiled
}

function readSource(name: string): string | null {
  try {
    return readFileSync(new URL(name, SOURCE), 'utf8')
  } catch {
    // The compiler asks for several names before it finds one.
    return null
  }
}

if (argv[1] === fileURLToPath(import.meta.url)) writeFileSync(KERNELS_FILE, await compileKernels())

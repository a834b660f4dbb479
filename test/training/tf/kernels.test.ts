import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { KERNELS_FILE, compileKernels } from '../../../training/tf/wasm/compile-kernels.ts'

describe('kernels.wasm', () => {
  it("is what its source compiles to; 'npm run kernels' writes it", async () => {
    const compiled = await compileKernels()
    expect(Buffer.from(compiled).equals(readFileSync(KERNELS_FILE))).toBe(true)
  })
})

// Encodes in Node before any test starts, so that tests in every runtime compare with it.
import type { TestProject } from 'vitest/node'
import { hashOfEncoded } from './generated.ts'

declare module 'vitest' {
  interface ProvidedContext {
    hashOfEncodedInNode: string
  }
}

export async function setup(project: TestProject): Promise<void> {
  project.provide('hashOfEncodedInNode', await hashOfEncoded())
}

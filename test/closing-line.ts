// Ends a run with the one line that tells how it went, over all projects together.
import type { Reporter, TestModule } from 'vitest/node'

export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const states = modules
      .flatMap((module) => [...module.children.allTests()])
      .map((test) => test.result().state)
    const count = (state: string): number => states.filter((other) => other === state).length
    // A file that could not even be loaded has no tests, but it has failed.
    const broken = modules.filter(
      (module) => module.state() === 'failed' && module.children.size === 0,
    ).length
    const line = `${count('passed')} passed, ${count('failed') + broken} failed, ${count('skipped')} skipped`
    process.on('exit', () => process.stdout.write(`\n${line}\n`))
  }
}

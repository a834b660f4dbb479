import { describe, expect, it } from 'vitest'
import { createMonitor, withPrefix } from '../../../cli/terminal/monitor.ts'

function record(isTTY: boolean) {
  const written: string[] = []
  return { written, stream: { isTTY, write: (text: string) => written.push(text) } }
}

describe('createMonitor', () => {
  it('writes whole lines where there is no terminal', () => {
    const { written, stream } = record(false)
    const monitor = createMonitor(stream)
    monitor.say('training')
    const work = monitor.track({ label: 'epoch 1', total: 5, unit: 'examples' })
    for (let example = 0; example < 5; example += 1) work.advance(1)
    work.done('loss 0.5')
    expect(written).toEqual([
      'training\n',
      expect.stringMatching(/^epoch 1: 5 examples in 0\.0 s, loss 0\.5\n$/),
    ])
  })

  it('clears what is being rewritten on a terminal before it says something', () => {
    const { written, stream } = record(true)
    createMonitor(stream).say('a line')
    expect(written).toEqual(['\r\u001B[2Ka line\n'])
  })
})

describe('withPrefix', () => {
  it('begins every line with it', () => {
    const { written, stream } = record(false)
    const monitor = withPrefix('seed 1', createMonitor(stream))
    monitor.say('fitting')
    monitor.track({ label: 'epoch 1', total: 0, unit: 'examples' }).done()
    expect(written).toEqual(['seed 1: fitting\n', 'seed 1: epoch 1: 0 examples in 0.0 s\n'])
  })
})

#!/usr/bin/env node
// The presage command. Each verb registers itself; what it does lies in its own file.
import { Command } from 'commander'
import { addDev } from './verbs/dev.ts'
import { runCommand } from './terminal/failure.ts'
import { addEvaluate } from './verbs/evaluate.ts'
import { addImport } from './verbs/import.ts'
import { addKey } from './verbs/key.ts'
import { addPredict } from './verbs/predict.ts'
import { addPublish } from './verbs/publish.ts'
import { addSimulate } from './verbs/simulate.ts'
import { addStart } from './verbs/start.ts'
import { addTrain } from './verbs/train.ts'

const program = new Command('presage')
  .description('Behaviour prediction: trained here, answered at the edge.')
  .version('0.1.0')
  .showHelpAfterError('(presage --help lists the verbs)')

addStart(program)
addSimulate(program)
addTrain(program)
addEvaluate(program)
addImport(program)
addPublish(program)
addKey(program)
addPredict(program)
addDev(program)

await runCommand(() => program.parseAsync())

#!/usr/bin/env node
// The presage command. Each verb registers itself; what it does lies in its own file.
import { Command } from 'commander'
import { addDev } from './dev.ts'
import { runCommand } from './failure.ts'
import { addEvaluate } from './evaluate.ts'
import { addImport } from './import.ts'
import { addKey } from './key.ts'
import { addPredict } from './predict.ts'
import { addPublish } from './publish.ts'
import { addSimulate } from './simulate.ts'
import { addStart } from './start.ts'
import { addTrain } from './train.ts'

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

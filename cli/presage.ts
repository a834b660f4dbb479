#!/usr/bin/env node
// The presage command. Each verb registers itself; what it does lies in its own file.
import { Command } from 'commander'
import { openHome } from './storage/home.ts'
import { describeMisuse, runCommand } from './terminal/failure.ts'
import { addBundles } from './verbs/bundles.ts'
import { addCanary } from './verbs/canary.ts'
import { addCheck } from './verbs/check.ts'
import { addCheckBundle } from './verbs/check-bundle.ts'
import { addDeploy } from './verbs/deploy.ts'
import { addDev } from './verbs/dev.ts'
import { addEvaluate } from './verbs/evaluate.ts'
import { addGate } from './verbs/gate.ts'
import { addExperiment } from './verbs/experiment.ts'
import { addExport } from './verbs/export.ts'
import { addImport } from './verbs/import.ts'
import { addInit } from './verbs/init.ts'
import { addKey } from './verbs/key.ts'
import { addPredict } from './verbs/predict.ts'
import { addPromote } from './verbs/promote.ts'
import { addPublish } from './verbs/publish.ts'
import { addRollback } from './verbs/rollback.ts'
import { addShadow } from './verbs/shadow.ts'
import { addSimulate } from './verbs/simulate.ts'
import { addStart } from './verbs/start.ts'
import { addTrain } from './verbs/train.ts'
import { addTrainer } from './verbs/trainer.ts'
import { addTune } from './verbs/tune.ts'

const program = new Command('presage')
  .description('Behaviour prediction: trained here, answered at the edge.')
  .version('0.1.0')
  .addHelpText(
    'after',
    `
Environment:
  PRESAGE_HOME   folder for data, databases, bundles and temporary files (.presage in the checkout)
  PRESAGE_KEY    the key that verbs ask a running service with
  PRESAGE_DEBUG  where it is set, errors show where they arose`,
  )
  .hook('preAction', (_, verb) => {
    // Predict only asks, and is used where nothing can be written.
    if (verb.name() !== 'predict') openHome()
  })

addStart(program)
addInit(program)
addCheck(program)
addCheckBundle(program)
addSimulate(program)
addTrain(program)
addTune(program)
addTrainer(program)
addEvaluate(program)
addImport(program)
addGate(program)
addExport(program)
addPublish(program)
addBundles(program)
addPromote(program)
addCanary(program)
addShadow(program)
addRollback(program)
addExperiment(program)
addKey(program)
addPredict(program)
addDev(program)
addDeploy(program)
describeMisuse(program)

await runCommand(() => program.parseAsync())

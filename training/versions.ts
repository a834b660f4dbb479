// The versions that a result depends on, from the project's own lock on them.
import packageJson from '../package.json' with { type: 'json' }

export const versions: Readonly<Record<string, string>> = {
  presage: packageJson.version,
  tfjs: packageJson.dependencies['@tensorflow/tfjs'],
  onnxruntime: packageJson.dependencies['onnxruntime-node'],
  node: process.versions.node,
}

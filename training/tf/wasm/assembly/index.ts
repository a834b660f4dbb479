// The kernels, in AssemblyScript. They work on the memory of TensorFlow.js's WebAssembly backend, hold
// nothing between calls and allocate nothing: whoever calls passes addresses in bytes.
// `npm run kernels` compiles this folder to ../kernels.wasm.
export { product, productScratchBytes } from './product'
export { addRowsById, pickRows } from './rows'
export { sumRows } from './sums'

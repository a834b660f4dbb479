// Sixteen numbers turned in registers: what every change of row and column order is made of.

/** Four rows of four numbers, written as four columns. */
export function turn(target: usize, targetStep: i32, source: usize, sourceStep: i32): void {
  const a = v128.load(source)
  const b = v128.load(source + sourceStep)
  const c = v128.load(source + 2 * sourceStep)
  const d = v128.load(source + 3 * sourceStep)
  const ab = v128.shuffle<f32>(a, b, 0, 4, 1, 5)
  const cd = v128.shuffle<f32>(c, d, 0, 4, 1, 5)
  const abHigh = v128.shuffle<f32>(a, b, 2, 6, 3, 7)
  const cdHigh = v128.shuffle<f32>(c, d, 2, 6, 3, 7)
  v128.store(target, v128.shuffle<f32>(ab, cd, 0, 1, 4, 5))
  v128.store(target + targetStep, v128.shuffle<f32>(ab, cd, 2, 3, 6, 7))
  v128.store(target + 2 * targetStep, v128.shuffle<f32>(abHigh, cdHigh, 0, 1, 4, 5))
  v128.store(target + 3 * targetStep, v128.shuffle<f32>(abHigh, cdHigh, 2, 3, 6, 7))
}

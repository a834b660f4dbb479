// Products of matrices by 4 × 8 tiles that stay in registers. The right operand is copied once per block
// into panels of eight columns, so that a tile reads it in order; the left one is read where it lies.
// The order of every sum is fixed by the shapes alone, and no relaxed instruction is used, which some
// processors round differently: same input, same bytes, everywhere.
import { turn } from './turn'

/** Depth of a block: 4 rows of the left and 8 columns of the right operand stay in the first cache. */
const DEPTH_MAX = 256
/** Columns of a block: a block of the right operand stays in the second cache. */
const COLUMNS_MAX = 512
/** Bytes at the start of the scratch memory that hold the results of a tile cut off by the edge. */
const TILE_BYTES = 32

/** Bytes of scratch memory that a product of this depth and width needs. */
export function productScratchBytes(columns: i32, depth: i32): i32 {
  return TILE_BYTES + min(depth, DEPTH_MAX) * roundUpTo8(min(columns, COLUMNS_MAX)) * 4
}

/**
 * out [rows, columns] = left [rows, depth] × right [depth, columns]. Addresses are in bytes; steps are the
 * distances in bytes to the next row, column or depth, so that a transposed operand is one with its steps
 * exchanged.
 */
export function product(
  out: usize,
  left: usize,
  right: usize,
  scratch: usize,
  rows: i32,
  columns: i32,
  depth: i32,
  leftRowStep: i32,
  leftDepthStep: i32,
  rightColumnStep: i32,
  rightDepthStep: i32,
): void {
  const panels = scratch + TILE_BYTES
  for (let column = 0; column < columns; column += COLUMNS_MAX) {
    const width = min(columns - column, COLUMNS_MAX)
    let from = 0
    // Once even for depth 0, whose sums are zeros.
    do {
      const length = min(depth - from, DEPTH_MAX)
      const block = right + column * rightColumnStep + from * rightDepthStep
      for (let panel = 0; panel < width; panel += 8) {
        const target = panels + panel * length * 4
        const source = block + panel * rightColumnStep
        pack(target, source, min(width - panel, 8), length, rightColumnStep, rightDepthStep)
      }
      for (let row = 0; row < rows; row += 4) {
        const source = left + row * leftRowStep + from * leftDepthStep
        for (let panel = 0; panel < width; panel += 8) {
          tile(
            out + (row * columns + column + panel) * 4,
            columns * 4,
            source,
            leftRowStep,
            leftDepthStep,
            panels + panel * length * 4,
            scratch,
            min(rows - row, 4),
            min(width - panel, 8),
            length,
            from > 0,
          )
        }
      }
      from += DEPTH_MAX
    } while (from < depth)
  }
}

/** Up to eight columns as [depth, 8], with zeros beyond the last. */
function pack(target: usize, source: usize, columns: i32, depth: i32, columnStep: i32, depthStep: i32): void {
  if (columns == 8 && columnStep == 4) packRows(target, source, depth, depthStep)
  else if (columns == 8 && depthStep == 4) packColumns(target, source, depth, columnStep)
  else {
    for (let place = 0; place < depth; place++) {
      for (let column = 0; column < 8; column++) {
        const value = column < columns ? load<f32>(source + column * columnStep + place * depthStep) : 0
        store<f32>(target + (place * 8 + column) * 4, value)
      }
    }
  }
}

/** Eight columns that lie side by side. */
function packRows(target: usize, source: usize, depth: i32, depthStep: i32): void {
  for (let place = 0; place < depth; place++) {
    v128.store(target, v128.load(source))
    v128.store(target, v128.load(source, 16), 16)
    target += 32
    source += depthStep
  }
}

/** Eight columns each of which lies in one piece: four by four numbers are turned at a time. */
function packColumns(target: usize, source: usize, depth: i32, columnStep: i32): void {
  const whole = depth & ~3
  for (let half = 0; half < 2; half++) {
    const columns = source + half * 4 * columnStep
    const panel = target + half * 16
    for (let place = 0; place < whole; place += 4) {
      turn(panel + place * 32, 32, columns + place * 4, columnStep)
    }
    for (let place = whole; place < depth; place++) {
      for (let column = 0; column < 4; column++) {
        store<f32>(panel + place * 32 + column * 4, load<f32>(columns + column * columnStep + place * 4))
      }
    }
  }
}

/** Up to 4 × 8 numbers of the product, set or added to what is there. */
function tile(
  out: usize,
  outStep: i32,
  left: usize,
  leftRowStep: i32,
  leftDepthStep: i32,
  panel: usize,
  scratch: usize,
  rows: i32,
  columns: i32,
  depth: i32,
  isSum: bool,
): void {
  // Rows beyond the edge repeat the last one; what comes of them is not stored.
  let a = left
  let b = left + min(1, rows - 1) * leftRowStep
  let c = left + min(2, rows - 1) * leftRowStep
  let d = left + min(3, rows - 1) * leftRowStep
  let a0 = f32x4.splat(0),
    a1 = a0,
    b0 = a0,
    b1 = a0
  let c0 = a0,
    c1 = a0,
    d0 = a0,
    d1 = a0
  for (const end = panel + depth * 32; panel < end; panel += 32) {
    const right0 = v128.load(panel)
    const right1 = v128.load(panel, 16)
    let value = v128.load_splat<f32>(a)
    a0 = f32x4.add(a0, f32x4.mul(value, right0))
    a1 = f32x4.add(a1, f32x4.mul(value, right1))
    value = v128.load_splat<f32>(b)
    b0 = f32x4.add(b0, f32x4.mul(value, right0))
    b1 = f32x4.add(b1, f32x4.mul(value, right1))
    value = v128.load_splat<f32>(c)
    c0 = f32x4.add(c0, f32x4.mul(value, right0))
    c1 = f32x4.add(c1, f32x4.mul(value, right1))
    value = v128.load_splat<f32>(d)
    d0 = f32x4.add(d0, f32x4.mul(value, right0))
    d1 = f32x4.add(d1, f32x4.mul(value, right1))
    a += leftDepthStep
    b += leftDepthStep
    c += leftDepthStep
    d += leftDepthStep
  }
  put(out, a0, a1, scratch, columns, isSum)
  if (rows > 1) put(out + outStep, b0, b1, scratch, columns, isSum)
  if (rows > 2) put(out + 2 * outStep, c0, c1, scratch, columns, isSum)
  if (rows > 3) put(out + 3 * outStep, d0, d1, scratch, columns, isSum)
}

/** One row of a tile. */
function put(out: usize, low: v128, high: v128, scratch: usize, columns: i32, isSum: bool): void {
  if (columns == 8) {
    v128.store(out, isSum ? f32x4.add(v128.load(out), low) : low)
    v128.store(out, isSum ? f32x4.add(v128.load(out, 16), high) : high, 16)
    return
  }
  v128.store(scratch, low)
  v128.store(scratch, high, 16)
  for (let column = 0; column < columns; column++) {
    const value = load<f32>(scratch + column * 4)
    const target = out + column * 4
    store<f32>(target, isSum ? load<f32>(target) + value : value)
  }
}

function roundUpTo8(count: i32): i32 {
  return (count + 7) & ~7
}

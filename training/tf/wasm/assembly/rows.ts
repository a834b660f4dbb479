// Whole rows of a table, picked by their ids and given back to them.

/** out [count, width] = the rows of table [..., width] with these ids. */
export function pickRows(out: usize, table: usize, ids: usize, count: i32, width: i32): void {
  const bytes = width << 2
  for (let place = 0; place < count; place++) {
    memory.copy(out, table + load<i32>(ids) * bytes, bytes)
    out += bytes
    ids += 4
  }
}

/**
 * out [tableRows, width] = for each row of the table the sum, in order, of the rows of x [count, width]
 * that have its id; ids outside of the table count for nothing.
 */
export function addRowsById(out: usize, x: usize, ids: usize, count: i32, width: i32, tableRows: i32): void {
  const bytes = width << 2
  memory.fill(out, 0, <usize>tableRows * bytes)
  for (let place = 0; place < count; place++) {
    const id = load<i32>(ids + (place << 2))
    if (<u32>id >= <u32>tableRows) continue
    const target = out + id * bytes
    const source = x + place * bytes
    let at = 0
    for (; at + 16 <= bytes; at += 16) {
      v128.store(target + at, f32x4.add(v128.load(target + at), v128.load(source + at)))
    }
    for (; at < bytes; at += 4) {
      store<f32>(target + at, load<f32>(target + at) + load<f32>(source + at))
    }
  }
}

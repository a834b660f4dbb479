// A log whose texts would break SQL that is put together or cut apart carelessly.

const TRICKY = [
  `it's "user"; é 🛒`,
  `'); drop table events; --`,
  'begin; commit; end;',
  'create trigger t begin select 1; end; /* case',
  'a\\b\r\nc ? ?1 :x',
] as const

/** NDJSON of searches by users with such ids, and the ids. */
export function trickyLog(count: number): { readonly ids: readonly string[]; readonly text: string } {
  const lines = Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      id: `e${index}`,
      type: 'search',
      userId: TRICKY[index % TRICKY.length],
      occurredAt: 1700000001000 + index,
    }),
  )
  return { ids: TRICKY, text: lines.join('\n') }
}

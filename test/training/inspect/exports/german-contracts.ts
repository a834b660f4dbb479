// A German provider's contracts and who left, as a spreadsheet saves them: semicolons, decimal commas.
import { createRandom } from '../../../../features/random.ts'
import { DAY_MS, csvOf, dayAs, pick } from './an-export.ts'
import type { Export } from './an-export.ts'

const random = createRandom(110)
const comma = (amount: number): string => amount.toFixed(2).replace('.', ',')

function contracts(): (string | number | undefined)[][] {
  return Array.from({ length: 1000 }, (_, index) => {
    const began = Date.UTC(2019, 0, 1) + random.next() * 2000 * DAY_MS
    const calls = Math.floor(random.exponential(0.8))
    const tariff = pick(random, ['Flat S', 'Flat M', 'Flat L', 'Prepaid'])
    const left = random.next() < Math.min(0.9, 0.08 + calls * 0.1 + (tariff === 'Prepaid' ? 0.15 : 0))
    return [
      `V-${String(400_000 + index * 3)}`,
      pick(random, ['m', 'w', 'd']),
      1940 + random.integer(65),
      String(1_067 + random.integer(98_000)).padStart(5, '0'),
      tariff,
      dayAs(began, 'D.M.Y'),
      pick(random, [12, 24]),
      comma({ 'Flat S': 9.99, 'Flat M': 19.99, 'Flat L': 34.99, Prepaid: 0 }[tariff] ?? 0),
      comma(random.exponential(1 / 4)),
      comma(Math.max(0, 8 + 6 * random.normal())),
      calls,
      pick(random, ['Ja', 'Nein']),
      pick(random, ['Lastschrift', 'Rechnung', 'Kreditkarte']),
      left ? dayAs(began + (400 + 300 * random.next()) * DAY_MS, 'D.M.Y') : '',
      left ? pick(random, ['Preis', 'Umzug', 'Netzqualität', 'keine Angabe']) : '',
      left ? 'Ja' : 'Nein',
    ]
  })
}

export const germanContracts: Export = {
  name: 'contracts of a German provider',
  files: {
    'Vertraege_Kuendigung.csv': csvOf(
      [
        [
          'Vertragsnummer',
          'Geschlecht',
          'Geburtsjahr',
          'PLZ',
          'Tarif',
          'Vertragsbeginn',
          'Laufzeit (Monate)',
          'Grundgebühr',
          'Zusatzkosten',
          'Datenverbrauch GB',
          'Anrufe Hotline',
          'Newsletter',
          'Zahlungsart',
          'Kündigungsdatum',
          'Kündigungsgrund',
          'Gekündigt',
        ],
        ...contracts(),
      ],
      ';',
    ),
  },
  columns: {
    'Vertraege_Kuendigung.csv': {
      Vertragsnummer: 'id',
      Geschlecht: 'category',
      Geburtsjahr: ['number', 'time'],
      PLZ: ['category', 'id'],
      Tarif: 'category',
      Vertragsbeginn: 'time',
      'Laufzeit (Monate)': ['number', 'category'],
      Grundgebühr: 'number',
      Zusatzkosten: 'number',
      'Datenverbrauch GB': 'number',
      'Anrufe Hotline': 'number',
      Newsletter: ['boolean', 'category'],
      Zahlungsart: 'category',
      Kündigungsdatum: 'time',
      Kündigungsgrund: 'category',
      Gekündigt: ['boolean', 'category'],
    },
  },
  roles: { kind: 'table', id: ['Vertragsnummer'], label: ['Gekündigt'], at: ['Vertragsbeginn'] },
  leaks: ['Kündigungsdatum', 'Kündigungsgrund'],
}

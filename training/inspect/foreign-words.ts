// Words of columns in other languages, as the English words that hints are written in: 'Kundennr' and
// 'Número de cliente' name a customer as 'customer_no' does.

/** Parts of German names, which are written together: Kundennummer is Kunden and nummer. */
const GERMAN_STEMS: readonly (readonly [RegExp, string])[] = [
  [/^(?:be)?nutzer/, 'user'],
  [/^kunden?/, 'customer'],
  [/^k(?:ä|ae)ufer/, 'buyer'],
  [/^mitglieds?/, 'member'],
  [/^(?:studenten|studierenden?|matrikel|sch(?:ü|ue)ler)/, 'student'],
  [/^(?:artikel|waren)/, 'article'],
  [/^produkt/, 'product'],
  [/^(?:bestellungs?|bestell|auftrags?|kauf)/, 'order'],
  [/^rechnungs?/, 'invoice'],
]

const GERMAN_ENDS = new Map([
  ['', ''],
  ['nummer', 'nr'],
  ['nr', 'nr'],
  ['id', 'id'],
  ['code', 'code'],
  ['datum', 'date'],
  ['zeit', 'time'],
  ['zeitpunkt', 'time'],
  ['am', 'at'],
])

const WORDS = new Map([
  ...['nummer', 'numéro', 'numero', 'número'].map((word) => [word, 'nr'] as const),
  ...['datum', 'fecha'].map((word) => [word, 'date'] as const),
  ...['zeit', 'zeitpunkt', 'uhrzeit', 'zeitstempel', 'hora', 'heure'].map((word) => [word, 'time'] as const),
  ...['cliente', 'klant'].map((word) => [word, 'customer'] as const),
  ...['usuario', 'utilisateur', 'utente', 'gebruiker'].map((word) => [word, 'user'] as const),
  ...['produit', 'producto', 'prodotto'].map((word) => [word, 'product'] as const),
  ...['artículo', 'articulo', 'articolo'].map((word) => [word, 'article'] as const),
  ...['commande', 'pedido', 'ordine'].map((word) => [word, 'order'] as const),
  ...['betrag', 'montant', 'importe', 'importo', 'umsatz'].map((word) => [word, 'amount'] as const),
  ...['summe', 'gesamt', 'gesamtbetrag'].map((word) => [word, 'total'] as const),
  ...['preis', 'prix', 'precio', 'prezzo'].map((word) => [word, 'price'] as const),
  ...['menge', 'anzahl', 'quantité', 'quantite', 'cantidad'].map((word) => [word, 'quantity'] as const),
])

/** The English words of a word in lower case; itself where it is none of another language. */
export function englishOf(word: string): readonly string[] {
  const known = WORDS.get(word)
  if (known !== undefined) return [known]
  for (const [stem, english] of GERMAN_STEMS) {
    const start = stem.exec(word)?.[0]
    const end = start === undefined ? undefined : GERMAN_ENDS.get(word.slice(start.length))
    if (end !== undefined) return end === '' ? [english] : [english, end]
  }
  return [word]
}

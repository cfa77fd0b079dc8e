/** Made-up stock over real, long out-of-copyright books. */
const byId = (rows) => new Map(rows.map((row) => [row.id, row]));

export const authors = byId([
  { id: 1, name: 'Mary Shelley', born: 1797, country: 'GB' },
  { id: 2, name: 'Jules Verne', born: 1828, country: 'FR' },
  { id: 3, name: 'Jane Austen', born: 1775, country: 'GB' },
  { id: 4, name: 'Edgar Allan Poe', born: 1809, country: 'US' },
  { id: 5, name: 'Herman Melville', born: 1819, country: 'US' },
]);

const book = (id, title, authorId, genre, priceEur, published, stock, translations = {}) => ({
  id,
  title,
  authorId,
  genre,
  priceEur,
  published,
  stock,
  isbn: null,
  translations,
});

export const books = byId([
  book(1, 'Frankenstein', 1, 'science-fiction', 9.5, '1818-01-01', 12, { de: 'Frankenstein', fr: 'Frankenstein' }),
  book(2, 'Twenty Thousand Leagues Under the Seas', 2, 'science-fiction', 11.9, '1870-06-20', 7, {
    fr: 'Vingt mille lieues sous les mers',
    de: '20.000 Meilen unter dem Meer',
  }),
  book(3, 'Around the World in Eighty Days', 2, 'adventure', 8.9, '1873-01-30', 20, {
    fr: 'Le Tour du monde en quatre-vingts jours',
  }),
  book(4, 'Pride and Prejudice', 3, 'novel', 7.5, '1813-01-28', 31, { de: 'Stolz und Vorurteil' }),
  book(5, 'Emma', 3, 'novel', 7.9, '1815-12-23', 4),
  book(6, 'The Narrative of Arthur Gordon Pym', 4, 'adventure', 6.9, '1838-07-01', 3),
  book(7, 'Tales of the Grotesque and Arabesque', 4, 'short-stories', 10.5, '1840-01-01', 9),
  book(8, 'Moby-Dick', 5, 'adventure', 12.5, '1851-10-18', 15, { de: 'Moby-Dick; oder: Der Wal' }),
  book(9, 'Journey to the Center of the Earth', 2, 'science-fiction', 9.9, '1864-11-25', 0, {
    fr: 'Voyage au centre de la Terre',
  }),
  book(10, 'The Last Man', 1, 'science-fiction', 8.5, '1826-02-01', 2),
  book(11, 'Persuasion', 3, 'novel', 7.2, '1817-12-20', 11),
  book(12, 'Bartleby, the Scrivener', 5, 'short-stories', 5.5, '1853-11-01', 18),
]);

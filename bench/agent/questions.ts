/** What a person may have told, about people that all differ. */
export const memoryText = (n: number): string => `Person${n} likes ${things[n % things.length]} and lives in house number ${n}`
export const question = (n: number): string => `What does Person${n} like?`

const things = ['tulips', 'chess', 'green tea', 'old maps', 'rain', 'jazz', 'bread', 'kites']
/** Remembered before anything is asked. */
export const memoryCount = 1000
/** An answer of the starter model has fewer; a model that finds no end has this one. */
export const maxTokens = 64
